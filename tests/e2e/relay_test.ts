import assert from "node:assert/strict";
import { METRICS, metricsUrl, untilClients } from "../support/metrics.ts";
import { testNeeding } from "../support/needs.ts";
import { startServer } from "../support/programs.ts";
import { fakeToken, RawClient, sendInPieces } from "../support/raw_client.ts";
import { seeded } from "../support/seeded.ts";
import { withDirectory } from "../support/temporary.ts";

const CLIENTS = 100;
const TOKENS = 50;
const SIZES = [140, 332, 1356, 16_332];

/** Tokens of several lengths, each saying who wrote it and as which one. */
function tokensOf(sender: number): string[] {
  return Array.from({ length: TOKENS }, (_, i) => {
    const chars = SIZES[(sender + i) % (i % 25 === 0 ? 4 : 3)]!;
    return fakeToken(`-s${sender}-i${i}-`, chars);
  });
}

testNeeding(
  ["net", "read", "write", "run", "env"],
  "relay passes 50 tokens of each of 100 clients to every other once, whole and in order",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: METRICS });
      const clients = await Promise.all(
        Array.from({ length: CLIENTS }, () => RawClient.connect(server.port)),
      );
      await untilClients(await metricsUrl(server), CLIENTS);

      // A simple client finds the room full as soon as it says something, or after 3 s.
      const [refused, silent] = [
        await RawClient.connect(server.port),
        await RawClient.connect(server.port),
      ];
      const start = performance.now();
      await refused.send(fakeToken("-too-many-") + "\n");
      await refused.waitForEnd();
      assert.ok(performance.now() - start < 2500, "a full room is not said at once");
      await silent.waitForEnd();
      const seconds = (performance.now() - start) / 1000;
      assert.ok(seconds > 2.5 && seconds < 8, `${seconds} s`);
      for (const client of [refused, silent]) {
        assert.equal(client.text(), "!ERR 503 full\n");
        client[Symbol.dispose]();
      }

      const sent = clients.map((_, i) => tokensOf(i));
      await Promise.all(
        clients.map((client, i) =>
          sendInPieces(client, sent[i]!.map((token) => token + "\n").join(""), 700, seeded(i))
        ),
      );
      const others = (CLIENTS - 1) * TOKENS;
      await Promise.all(clients.map((client) => client.waitForLines(others)));

      for (const [i, client] of clients.entries()) {
        const lines = client.lines();
        assert.equal(lines.length, others);
        const bySender = Map.groupBy(lines, (line) => Number(/-s(\d+)-/.exec(line)?.[1]));
        assert.equal(bySender.has(i), false, "its own lines came back");
        for (const [sender, received] of bySender) assert.deepEqual(received, sent[sender]);
        client[Symbol.dispose]();
      }
    });
  },
);

testNeeding(
  ["net", "read", "write", "run", "env"],
  "relay keeps 50 senders of long lines and 50 of short ones apart",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: ["--no-rate-limit", ...METRICS] });
      const clients = await Promise.all(
        Array.from({ length: CLIENTS }, () => RawClient.connect(server.port)),
      );
      await untilClients(await metricsUrl(server), CLIENTS);
      const linesOf = (i: number) =>
        i % 2 === 0
          ? [0, 1, 2].map((n) => fakeToken(`-s${i}-i${n}-`, 59_980))
          : Array.from({ length: 100 }, (_, n) => fakeToken(`-s${i}-i${n}-`));
      const sent = clients.map((_, i) => linesOf(i));
      const total = CLIENTS / 2 * 103;
      await Promise.all(clients.map((client, i) => {
        const text = sent[i]!.map((line) => line + "\n").join("");
        return sendInPieces(client, text, i % 2 === 0 ? 40_000 : 200, seeded(i));
      }));
      // All of them before any is compared: that takes seconds in which nothing is read.
      await Promise.all(
        clients.map((client, i) => client.waitForLines(total - sent[i]!.length)),
      );
      for (const client of clients) {
        const lines = client.lines();
        const bySender = Map.groupBy(lines, (line) => Number(/-s(\d+)-/.exec(line)?.[1]));
        assert.equal(bySender.size, CLIENTS - 1);
        for (const [sender, received] of bySender) assert.deepEqual(received, sent[sender]);
        client[Symbol.dispose]();
      }
    });
  },
);

testNeeding(
  ["net", "read", "write", "run", "env"],
  "relay writes what is queued for a peer that half-closes, then closes it",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      using reader = await RawClient.connect(server.port);
      using sender = await RawClient.connect(server.port);
      using witness = await RawClient.connect(server.port);
      await sender.send(fakeToken("-ready-") + "\n");
      await Promise.all([reader.waitForLines(1), witness.waitForLines(1)]);

      const token = fakeToken("-big-", 16_332);
      const batch = `${token}\n`.repeat(100);
      await sender.send(batch);
      await reader.send(fakeToken("-last-words-") + "\n" + fakeToken("-cut-off-"));
      await reader.closeWrite();
      // The relay has the last words, so that they are queued for the sender.
      await witness.waitForLines(102);
      await sender.closeWrite();
      await Promise.all([reader.ended, sender.ended]);

      assert.deepEqual(sender.lines(), [fakeToken("-last-words-")]);
      const received = new Set(witness.lines());
      assert.deepEqual(
        [...received].toSorted(),
        [fakeToken("-ready-"), fakeToken("-last-words-"), token].toSorted(),
      );
    });
  },
);

testNeeding(
  ["net", "read", "write", "run", "env"],
  "relay drops CR before LF and passes tokens on with LF alone",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      using reader = await RawClient.connect(server.port);
      using sender = await RawClient.connect(server.port);
      const [a, b, c] = [fakeToken("-a-"), fakeToken("-b-"), fakeToken("-c-")];
      await sender.send(`${a}\r\n${b}\n${c}\r\n`);
      await reader.waitForLines(3);
      assert.equal(reader.text(), `${a}\n${b}\n${c}\n`);
    });
  },
);
