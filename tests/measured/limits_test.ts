import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { GUEST_RATE, SLOW_READER_WINDOW_MS, SWEEP_MS } from "../../lib/relay/limits.ts";
import { METRICS, metricsUrl, scrape } from "../support/metrics.ts";
import { testNeeding } from "../support/needs.ts";
import {
  openConnections,
  peakResidentBytes,
  residentBytes,
  until,
} from "../support/process_info.ts";
import { type Program, startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { startCountingReaders, startGreedyReader } from "../support/readers.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const MIB = 1024 * 1024;

/** Starts a server and connects clients to it. */
async function withClients(
  count: number,
  args: readonly string[],
  fn: (clients: RawClient[], server: { port: number; program: Program }) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args });
    const clients: RawClient[] = [];
    try {
      for (let i = 0; i < count; i++) clients.push(await RawClient.connect(server.port));
      await clients[0]!.send(fakeToken("-hello-") + "\n");
      await Promise.all(clients.slice(1).map((client) => client.waitForLines(1)));
      await fn(clients, server);
    } finally {
      for (const client of clients) client[Symbol.dispose]();
    }
  });
}

/** Waits until no more sockets are open. */
async function untilClosed(port: number, count: number): Promise<void> {
  const [major, minor, patch] = Deno.version.deno.split(".").map(Number) as [
    number,
    number,
    number,
  ];
  if (major * 1e6 + minor * 1e3 + patch < 2_009_005) return;
  await until(async () => (await openConnections(port)).length === count, "the socket closed");
}

/** Sends lines, each portion once the one before has arrived; gives how long it took, in s. */
async function relayInPortions(lines: readonly string[], portionSize: number): Promise<number> {
  let seconds = NaN;
  await withClients(2, [], async ([reader, sender]) => {
    const start = performance.now();
    for (let sent = 0; sent < lines.length; sent += portionSize) {
      const portion = lines.slice(sent, sent + portionSize);
      await sender!.send(portion.map((line) => `${line}\n`).join(""));
      await reader!.waitForLines(sent + portion.length);
    }
    seconds = (performance.now() - start) / 1000;
    assert.deepEqual(reader!.lines(), lines);
  });
  return seconds;
}

/** What takes the relay some seconds of waiting. */
const TIMED: Readonly<Record<string, () => Promise<void>>> = {
  // The relay passes on what it has read before it pauses for it: all but the last portion takes
  // time.
  "a guest is slowed down to its lines a second, and loses nothing": async () => {
    const { linesBurst, linesPerSecond } = GUEST_RATE;
    const lines = Array<string>(linesBurst + 2.5 * linesPerSecond).fill(fakeToken("-n-"));
    const seconds = await relayInPortions(lines, linesPerSecond / 2);
    assert.ok(seconds > 1.9 && seconds < 10, `${seconds} s`);
  },

  "a guest is slowed down to its bytes a second, and loses nothing": async () => {
    const token = fakeToken("-big-", 65_484);
    const { bytesBurst, bytesPerSecond } = GUEST_RATE;
    const count = Math.ceil((bytesBurst + 2.5 * bytesPerSecond) / token.length);
    const seconds = await relayInPortions(Array<string>(count).fill(token), 2);
    assert.ok(seconds > 1.9 && seconds < 10, `${seconds} s`);
  },

  "who begins a line and does not end it in time is closed": async () => {
    await withClients(3, ["--line-timeout", "1"], async ([idle, slow, steady]) => {
      await slow!.send(fakeToken("-half-").slice(0, 50));
      const start = performance.now();
      await slow!.waitForEnd();
      const seconds = (performance.now() - start) / 1000;
      assert.equal(slow!.lines().at(-1), "!ERR 408 timeout");
      assert.ok(seconds > 0.9 && seconds < 4, `${seconds} s`);
      // Neither an idle client nor one whose lines end in time is closed.
      await steady!.send(fakeToken("-end-") + "\n" + fakeToken("-next-").slice(0, 9));
      await idle!.waitForLines(1);
      assert.deepEqual([idle!.isEnded, steady!.isEnded], [false, false]);
    });
  },

  "a half-closed peer that does not read is waited for 2 s at most": async () => {
    await withClients(2, ["--no-rate-limit"], async ([sender], { port, program }) => {
      const deaf = await Deno.connect({ hostname: "127.0.0.1", port });
      // Whoever ends before that is a check of the port.
      await program.waitFor("stderr", /client 3 joined/);
      const token = fakeToken("-big-", 65_484);
      await sender!.send(`${token}\n`.repeat(300));
      const start = performance.now();
      await deaf.closeWrite();
      await program.waitFor("stderr", /client 3 left/);
      await untilClosed(port, 2);
      const seconds = (performance.now() - start) / 1000;
      assert.ok(seconds > 1 && seconds < 6, `${seconds} s`);
      deaf.close();
    });
  },
};

testNeeding([...NEEDS, "ss"], "relay keeps to its times", async (t) => {
  // Each has a relay of its own; all of them mostly wait.
  const outcomes = await Promise.allSettled(Object.values(TIMED).map((run) => run()));
  for (const [i, name] of Object.keys(TIMED).entries()) {
    const outcome = outcomes[i]!;
    await t.step(name, () => {
      if (outcome.status === "rejected") throw outcome.reason;
    });
  }
});

testNeeding(
  [...NEEDS, "ss"],
  "relay cuts a reader that is stuck, closes its socket, delays nobody",
  async () => {
    const args = ["--no-rate-limit", "--max-log", "16"];
    await withClients(3, args, async ([sender, reader], { port, program }) => {
      const deaf = await Deno.connect({ hostname: "127.0.0.1", port });
      const before = reader!.lineCount;
      const token = fakeToken("-big-", 65_484);
      const lines = 100 * 16;
      await until(async () => (await openConnections(port)).length === 4, "all connected");
      await sender!.send(`${token}\n`.repeat(lines));
      await reader!.waitForLines(before + lines);
      assert.ok(reader!.lines().slice(before).every((line) => line === token));
      await program.waitFor("stderr", /too slow/);
      await untilClosed(port, 3);
      assert.ok(await residentBytes(program.child.pid) < 256 * MIB);
      deaf.close();
    });
  },
);

testNeeding(
  [...NEEDS, "python3", "ss"],
  "relay cuts a reader that is stopped amid 500 MB; the others get every byte",
  async () => {
    await withDirectory(async (cwd) => {
      const count = 10;
      const lines = Array.from(
        { length: Math.ceil(500e6 / count / 65_485) },
        (_, i) => `${fakeToken(`-n${i}-`, 65_484)}\n`,
      );
      const total = lines.length * 65_485;
      await using server = await startServer({ cwd, args: ["--no-rate-limit", ...METRICS] });
      const { port, program } = server;
      const url = await metricsUrl(server);
      await using others = await startCountingReaders(port, { count, total });
      await using stopped = await startGreedyReader(port);
      using sender = await RawClient.connect(port);
      await program.waitFor("stderr", RegExp(`client ${count + 2} joined`));

      const send = async (some: readonly string[]) => {
        for (const line of some) await sender.send(line);
      };
      const half = Math.ceil(lines.length / 2);
      await send(lines.slice(0, half));
      await others.waitFor("stdout", /^half$/m);
      stopped.child.kill("SIGSTOP");
      const stoppedAt = performance.now();
      await send(lines.slice(half));
      await others.waitFor("stdout", /^all$/m);
      const digest = createHash("sha256").update(lines.join("")).digest("hex");
      const [, got] = await others.waitFor("stdout", /^got (.*)$/m);
      assert.equal(got, `${total} ${digest}`);

      await program.waitFor("stderr", RegExp(`client ${count + 1} left.*: too slow`));
      const seconds = (performance.now() - stoppedAt) / 1000;
      const allowed = (SLOW_READER_WINDOW_MS + 2 * SWEEP_MS) / 1000;
      // Three seconds more for a busy machine.
      assert.ok(seconds < allowed + 3, `cut after ${seconds} s`);
      assert.ok((await scrape(url)).get("chat_log_bytes")! <= MIB, "the log is still held");
      assert.ok(await peakResidentBytes(program.child.pid) < 256e6);
      await untilClosed(port, count + 1);
    });
  },
);
