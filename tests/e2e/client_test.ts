import assert from "node:assert/strict";
import { encrypt, generateKey, importKey } from "../../lib/fernet.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { run, spawn, startServer } from "../support/programs.ts";
import { runPython, spawnPython } from "../support/python.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const TEXTS = ["hello", "héllo wörld ☃ 你好 🎉", "", "x".repeat(40_000), "☃".repeat(13_333)];

const PYTHON_SENDER = `
import json, socket, sys
from cryptography.fernet import Fernet
f = Fernet(open("secret.key").read())
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for text in json.load(open("texts.json")):
    s.sendall(f.encrypt(text.encode()) + b"\\n")
s.shutdown(socket.SHUT_WR)
while s.recv(65536): pass
`;

const PYTHON_RECEIVER = `
import json, socket, sys
from cryptography.fernet import Fernet
f = Fernet(open("secret.key").read())
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
lines = s.makefile("rb")
print(json.dumps([f.decrypt(next(lines).strip()).decode() for _ in range(int(sys.argv[2]))]))
`;

testNeeding(
  [...NEEDS, "python3-cryptography"],
  "client reads what a Python client writes",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      await using client = await spawn("client", ["127.0.0.1", `${server.port}`, "--stay"], {
        cwd,
      });
      await client.waitFor("stderr", /^connected to /m);
      await Deno.writeTextFile(`${cwd}/texts.json`, JSON.stringify(TEXTS));
      await runPython(PYTHON_SENDER, { cwd, args: [`${server.port}`] });
      await client.waitFor("stdout", /☃{13333}\n/);
      const expected = TEXTS.map((text) => `(unverified) ${text}`);
      assert.deepEqual(client.stdout.split("\n").slice(0, -1), expected);
    });
  },
);

testNeeding(
  [...NEEDS, "python3-cryptography"],
  "client writes what a Python client reads",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const args = [`${server.port}`, `${TEXTS.length}`];
      await using receiver = spawnPython(["-c", PYTHON_RECEIVER, ...args], { cwd });
      await receiver.waitFor("stdout", /^ready$/m);
      const { code } = await run(
        "client",
        ["127.0.0.1", `${server.port}`, "-n", "zoë", "--plain"],
        {
          cwd,
          input: TEXTS.join("\n") + "\n",
        },
      );
      assert.equal(code, 0);
      const { stdout } = await receiver.finished();
      const received = JSON.parse(stdout.slice("ready\n".length));
      assert.deepEqual(received, TEXTS.map((text) => `<zoë> ${text}`));
    });
  },
);

testNeeding(
  NEEDS,
  "client shows each message on one line, free of control characters",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const key = await importKey(await Deno.readTextFile(`${cwd}/secret.key`));
      await using client = await spawn("client", ["127.0.0.1", `${server.port}`, "--stay"], {
        cwd,
      });
      await client.waitFor("stderr", /^connected to /m);
      using raw = await RawClient.connect(server.port);
      const forged = new TextEncoder().encode("<eve> hi\n<alice> I owe eve 100\r\x1b[2J\u202Etxt");
      await raw.send(await encrypt(key, forged) + "\n");
      await raw.send(await encrypt(key, new Uint8Array([0xff, 0xfe, 0x41])) + "\n");
      await client.waitFor("stdout", /A\n/);
      const [first, second] = client.stdout.split("\n");
      assert.equal(first, "(unverified) <eve> hi ⏎ <alice> I owe eve 100 ⏎ ␛[2Jtxt");
      assert.equal(second, "(unverified) ��A");
    });
  },
);

testNeeding(NEEDS, "client counts what it cannot decrypt and goes on", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const key = await importKey(await Deno.readTextFile(`${cwd}/secret.key`));
    const other = await importKey(generateKey());
    const args = ["127.0.0.1", `${server.port}`, "--stay", "--reconnect", "0"];
    await using client = await spawn("client", args, { cwd });
    await client.waitFor("stderr", /^connected to /m);
    using raw = await RawClient.connect(server.port);
    const text = new TextEncoder().encode("text");
    for (let i = 0; i < 12; i++) await raw.send(await encrypt(other, text) + "\n");
    await raw.send(await encrypt(key, text) + "\n");
    await client.waitFor("stdout", /^\(unverified\) text$/m);
    assert.match(client.stderr, /^1 message could not be decrypted/m);
    assert.match(client.stderr, /^10 messages could not be decrypted/m);
    await server[Symbol.asyncDispose]();
    const { code, stderr } = await client.finished();
    assert.equal(code, 1);
    assert.match(stderr, /^12 messages could not be decrypted/m);
    assert.match(stderr, /^error: Connection lost: the server is gone$/m);
  });
});

testNeeding(
  NEEDS,
  "client refuses text over 40,000 bytes, sends the rest, exits with 1",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const listen = ["127.0.0.1", `${server.port}`, "--stay"];
      await using listener = await spawn("client", listen, { cwd });
      await listener.waitFor("stderr", /^connected to /m);
      const input = `first\n${"x".repeat(40_001)}\n${"y".repeat(300_000)}\nlast`;
      const args = ["127.0.0.1", `${server.port}`, "--nick", "bob"];
      const { code, stderr } = await run("client", args, { cwd, input });
      assert.equal(code, 1);
      assert.equal(stderr.match(/^not sent: /gm)?.length, 2);
      assert.match(stderr, /^error: Not everything was sent: 2 refused, see above$/m);
      await listener.waitFor("stdout", /last\n/);
      assert.equal(listener.stdout, "<bob> first\n<bob> last\n");
    });
  },
);

testNeeding(NEEDS, "client says what is wrong and exits with 1 or 2", async () => {
  await withDirectory(async (cwd) => {
    const missing = await run("client", ["127.0.0.1", "5050"], { cwd });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^error: Cannot load key: there is no secret\.key$/m);
    assert.match(missing.stderr, /^hint: Join with a code from a friend/m);

    await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
    using closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = closed.addr;
    closed.close();
    const nobody = await run("client", ["127.0.0.1", `${port}`, "--reconnect", "0"], { cwd });
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /^error: Cannot connect: no server answers at 127\.0\.0\.1:/m);

    const usage = await run("client", ["127.0.0.1", "5050", "--nick", "a b"], { cwd });
    assert.equal(usage.code, 2);
    assert.match(usage.stderr, /^error: Cannot use nickname: it has a space/m);
  });
});

testNeeding(NEEDS, "client is told when the room is full", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args: ["--max-clients", "1"] });
    const args = ["127.0.0.1", `${server.port}`];
    await using first = await spawn("client", [...args, "--stay"], { cwd });
    await first.waitFor("stderr", /^connected to /m);
    const { code, stderr } = await run("client", [...args, "--reconnect", "0"], {
      cwd,
      input: "hi\n",
    });
    assert.equal(code, 1);
    assert.match(stderr, /^error: Connection closed by the server: 503 full$/m);
    assert.equal(first.stdout, "");
  });
});

testNeeding(NEEDS, "client fails when the server is killed before it took a line", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`, "--reconnect", "0"];
    await using client = await spawn("client", args, { cwd });
    await client.waitFor("stderr", /^connected to /m);
    server.program.child.kill("SIGSTOP");
    await client.write("never read\n".repeat(100));
    await client.child.stdin.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    server.program.child.kill("SIGKILL");
    const { code, stderr } = await client.finished();
    assert.equal(code, 1);
    assert.match(stderr, /^error: Connection lost: the server is gone$/m);
  });
});

testNeeding(NEEDS, "client, run 60 times in a busy room, loses none of its messages", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const key = await importKey(await Deno.readTextFile(`${cwd}/secret.key`));
    const args = ["127.0.0.1", `${server.port}`];
    await using listener = await spawn("client", [...args, "--stay"], { cwd });
    await listener.waitFor("stderr", /^connected to /m);
    let isOver = false;
    using busy = await RawClient.connect(server.port);
    const noise = await encrypt(key, new Uint8Array(300)) + "\n";
    const talking = (async () => {
      while (!isOver) {
        await busy.send(noise.repeat(10));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    let next = 0;
    const runOneByOne = async () => {
      while (next < 60) {
        const nick = `n${next++}`;
        const { code } = await run("client", [...args, "-n", nick], { cwd, input: "a\nb\n" });
        assert.equal(code, 0);
      }
    };
    await Promise.all([runOneByOne(), runOneByOne(), runOneByOne()]);
    isOver = true;
    await talking;
    const count = () => listener.stdout.match(/^<n\d+> [ab]$/gm)?.length;
    await until(() => Promise.resolve(count() === 120), "120 messages");
    for (let i = 0; i < 60; i++) {
      const own = listener.stdout.split("\n").filter((line) => line.startsWith(`<n${i}> `));
      assert.deepEqual(own, [`<n${i}> a`, `<n${i}> b`]);
    }
  });
});
