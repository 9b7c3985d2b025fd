import assert from "node:assert/strict";
import { METRICS, metricsUrl, scrape } from "../support/metrics.ts";
import { modeOf, namesIn } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { openConnections, until } from "../support/process_info.ts";
import { Program, spawn, startServer } from "../support/programs.ts";
import { runPython } from "../support/python.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";
import { within } from "../support/within.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

testNeeding(
  [...NEEDS, "ss", "prlimit"],
  "relay goes on after it ran out of file descriptors",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: METRICS });
      const metrics = new URL(await metricsUrl(server));
      const { pid } = server.program.child;
      using before = await RawClient.connect(server.port);
      using other = await RawClient.connect(server.port);
      await before.send(fakeToken("-a-") + "\n");
      await other.waitForLines(1);
      const list = await new Deno.Command("ls", { args: [`/proc/${pid}/fd`] }).output();
      const open = new TextDecoder().decode(list.stdout).trim().split("\n").length;
      await using limiting = Program.spawn(["prlimit", `--pid=${pid}`, `--nofile=${open + 3}`]);
      assert.equal((await limiting.finished()).code, 0);

      const crowd = await Promise.all(
        Array.from({ length: 20 }, () => RawClient.connect(server.port)),
      );
      await server.program.waitFor("stderr", /cannot accept|accept failed/i);
      // A supervisor waits meanwhile: it is answered when there are descriptors again.
      const health = fetch(`${metrics.origin}/healthz`);
      await server.program.waitFor(
        "stderr",
        / error cannot accept connections to the metrics: .*\n/,
      );
      await before.send(fakeToken("-b-") + "\n");
      await other.waitForLines(2);
      for (const client of crowd) client[Symbol.dispose]();
      const isQuiet = async () => (await openConnections(server.port)).length <= 2;
      await until(isQuiet, "the crowd gone");
      assert.equal(await (await within(30, () => "/healthz", health)).text(), "ok\n");
      assert.ok((await scrape(metrics.origin)).has("chat_lines_in_total"));
      using after = await RawClient.connect(server.port);
      await after.send(fakeToken("-c-") + "\n");
      await Promise.all([before.waitForLines(1), other.waitForLines(3)]);
      const complaints = server.program.stderr.match(/cannot accept connections:|accept failed/gi);
      assert.equal(complaints!.length, 1);
    });
  },
);

testNeeding(NEEDS, "two who read nothing do not make a sender of much wait for ever", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args: ["--no-rate-limit"] });
    const where = { hostname: "127.0.0.1", port: server.port };
    using _first = await Deno.connect(where);
    using _second = await Deno.connect(where);
    using sender = await RawClient.connect(server.port);
    const line = fakeToken("-much-", 65_484) + "\n";
    const sending = (async () => {
      for (let i = 0; i < 100; i++) await sender.send(line.repeat(10));
    })();
    await within(30, () => "60 MB were not taken from the sender", sending);
  });
});

testNeeding(
  [...NEEDS, "ss"],
  "relay survives peers that reset in the middle of a write",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: ["--no-rate-limit"] });
      using sender = await RawClient.connect(server.port);
      using reader = await RawClient.connect(server.port);
      const token = fakeToken("-big-", 65_484);
      const rounds = 20;
      for (let i = 0; i < rounds; i++) {
        // Closed with unread input, the socket answers with a reset.
        const victim = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
        await sender.send(`${token}\n`.repeat(100));
        victim.close();
      }
      await reader.waitForLines(100 * rounds);
      const isQuiet = async () => (await openConnections(server.port)).length === 2;
      await until(isQuiet, "the victims' sockets closed");
    });
  },
);

testNeeding(
  NEEDS,
  "kill -9 under load damages nothing: clients see the end, the same port and key serve on",
  async () => {
    await withDirectory(async (cwd) => {
      const keyPath = `${cwd}/secret.key`;
      await using first = await startServer({ cwd, args: ["--no-rate-limit"] });
      const { port } = first;
      const created = await Deno.readFile(keyPath);
      const listening = ["--stay", "--plain", "--ephemeral", "--reconnect", "0"];
      await using client = await spawn("client", ["127.0.0.1", `${port}`, ...listening], { cwd });
      await client.waitFor("stderr", /^connected/m);
      using sender = await RawClient.connect(port);
      using reader = await RawClient.connect(port);
      const token = fakeToken("-n-");
      let isOver = false;
      const sending = (async () => {
        while (!isOver) await sender.send(`${token}\n`.repeat(100));
      })().catch(() => {});
      await reader.waitForLines(10_000);
      first.program.child.kill("SIGKILL");
      await Promise.all([reader.waitForEnd(), sender.waitForEnd()]);
      isOver = true;
      await sending;
      const received = reader.text().split("\n");
      const unfinished = received.pop()!;
      assert.ok(received.every((line) => line === token), "a line was damaged");
      assert.ok(token.startsWith(unfinished), "the unfinished line was damaged");
      const { code, stdout, stderr } = await client.finished();
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^error: Connection lost: the server is gone$/m);

      // The clients' ends of the old connections are still open.
      await using second = await startServer({ cwd, port });
      assert.deepEqual(await Deno.readFile(keyPath), created);
      assert.equal(await modeOf(keyPath), 0o600);
      assert.deepEqual(await namesIn(cwd), ["secret.key"]);
      using again = await RawClient.connect(second.port);
      using listener = await RawClient.connect(second.port);
      await again.send(token + "\n");
      await listener.waitForLines(1);
    });
  },
);

const RESETTER = `
import socket, struct, sys
for _ in range(200):
    client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
`;

testNeeding(
  [...NEEDS, "python3"],
  "relay is not held up by clients that reset before they are accepted",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      using reader = await RawClient.connect(server.port);
      await runPython(RESETTER, { cwd, args: [`${server.port}`] });
      const start = performance.now();
      using late = await RawClient.connect(server.port);
      await late.send(fakeToken("-late-") + "\n");
      await reader.waitForLines(1);
      const seconds = (performance.now() - start) / 1000;
      // Were each reset a failure to accept, it would be 20 s.
      assert.ok(seconds < 10, `served after ${seconds} s`);
      assert.doesNotMatch(server.program.stderr, /accept/);
    });
  },
);

const HIT_AND_RUN = `
import socket, sys
for number in range(200):
    client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    lines = [(b"gAAAAA-run%d-%d-" % (number, i)).ljust(140, b"A") for i in range(20)]
    client.sendall(b"\\n".join(lines) + b"\\n")
    client.close()
`;

testNeeding(
  [...NEEDS, "python3", "ss"],
  "relay takes what a client sent before it closed its socket",
  async () => {
    await withDirectory(async (cwd) => {
      const args = ["--no-rate-limit", "--max-clients", "300"];
      await using server = await startServer({ cwd, args });
      using reader = await RawClient.connect(server.port);
      using talker = await RawClient.connect(server.port);
      let isOver = false;
      const talking = (async () => {
        while (!isOver) {
          await talker.send(fakeToken("-talk-") + "\n");
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      })();
      await runPython(HIT_AND_RUN, { cwd, args: [`${server.port}`] });
      isOver = true;
      await talking;
      const count = () => reader.lines().filter((line) => line.startsWith("gAAAAA-run")).length;
      await until(() => Promise.resolve(count() === 200 * 20), "all lines");
      const isQuiet = async () => (await openConnections(server.port)).length === 2;
      await until(isQuiet, "their sockets closed");
    });
  },
);

testNeeding(
  NEEDS,
  "what is queued for a client arrives though it goes on sending at the stop",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: ["--no-rate-limit"] });
      using sender = await RawClient.connect(server.port);
      using chatty = await RawClient.connect(server.port);
      using witness = await RawClient.connect(server.port);
      const token = fakeToken("-queued-");
      await sender.send(`${token}\n`.repeat(40));
      await witness.waitForLines(40);
      const chatting = (async () => {
        while (!chatty.isEnded) await chatty.send(`${fakeToken("-chat-")}\n`.repeat(20));
      })().catch(() => {});
      await witness.waitForLines(1000);
      server.program.child.kill("SIGTERM");
      assert.equal((await server.program.finished()).code, 0);
      await Promise.all([chatting, chatty.ended]);
      const lines = chatty.lines();
      assert.deepEqual(lines.slice(0, 40), Array(40).fill(token));
      assert.deepEqual(lines.slice(40), ["!ERR 503 stopping"]);
    });
  },
);
