import assert from "node:assert/strict";
import { testNeeding } from "../support/permissions.ts";
import { startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
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

/** Writes text in pieces that end anywhere, so that lines are cut and merged. */
async function sendInPieces(client: RawClient, text: string, random: () => number): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + Math.floor(random() * 700);
    await client.send(bytes.subarray(start, end));
    start = end;
  }
}

/** A small generator of numbers from 0 to 1, the same for every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4_294_967_296;
  };
}

testNeeding(
  ["net", "read", "write", "run", "env"],
  "relay passes 50 tokens of each of 100 clients to every other once, whole and in order",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const clients = await Promise.all(
        Array.from({ length: CLIENTS }, () => RawClient.connect(server.port)),
      );
      // Connected is not yet accepted: one line around tells that all are served.
      await clients[0]!.send(fakeToken("-hello-") + "\n");
      await Promise.all(clients.slice(1).map((client) => client.waitForLines(1)));

      const refused = await RawClient.connect(server.port);
      await refused.ended;
      assert.equal(refused.text(), "!ERR 503 full\n");

      await Promise.all(
        clients.map((client, i) =>
          sendInPieces(client, tokensOf(i).map((token) => token + "\n").join(""), seeded(i))
        ),
      );
      const others = (CLIENTS - 1) * TOKENS;
      await Promise.all(
        clients.map((client, i) => client.waitForLines(others + (i === 0 ? 0 : 1))),
      );

      for (const [i, client] of clients.entries()) {
        const lines = client.lines().slice(i === 0 ? 0 : 1);
        assert.equal(lines.length, others);
        const bySender = Map.groupBy(lines, (line) => Number(/-s(\d+)-/.exec(line)?.[1]));
        assert.equal(bySender.has(i), false, "its own lines came back");
        for (const [sender, received] of bySender) assert.deepEqual(received, tokensOf(sender));
        client[Symbol.dispose]();
      }
      refused[Symbol.dispose]();
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
      await sender.closeWrite();
      await Promise.all([reader.ended, sender.ended]);

      assert.deepEqual(sender.lines(), [fakeToken("-last-words-")]);
      await witness.waitForLines(102);
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
