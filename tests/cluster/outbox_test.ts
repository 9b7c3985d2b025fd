import assert from "node:assert/strict";
import type { LinesPart } from "../../lib/cluster/entry.ts";
import { Outbox } from "../../lib/cluster/outbox.ts";
import { pureTest } from "../support/pure.ts";
import { fakeToken } from "../support/raw_client.ts";

const KIB = 1024;
const ALICE = { cid: 5 * 2 ** 25 + 7, peerClass: "member" } as const;
const BOB = { cid: 5 * 2 ** 25 + 8, peerClass: "guest" } as const;

function run(count: number, chars = 140): Uint8Array {
  return new TextEncoder().encode(`${fakeToken("x", chars)}\n`.repeat(count));
}

pureTest("Outbox puts neighbours of one connection together, and nothing else", () => {
  const outbox = new Outbox();
  outbox.putLines(ALICE, run(1), 1, false);
  outbox.putLines(ALICE, run(2), 2, false);
  outbox.putLines(BOB, run(1), 1, false);
  outbox.putLines(ALICE, run(2), 2, true);
  outbox.putAttendance("JOINED", BOB.cid);
  outbox.putLines({ ...BOB, peerClass: "member" }, run(1), 1, false);
  const { parts, ticket } = outbox.take()!;
  const told = parts.map((part) =>
    part.kind === "lines" ? [part.local, part.peerClass, part.isKept, part.lines] : part
  );
  assert.deepEqual(told, [
    [7, "member", true, 3],
    [8, "guest", true, 1],
    [7, "member", false, 1],
    [7, "member", true, 1],
    { kind: "JOINED", local: 8 },
    [8, "member", true, 1],
  ]);
  assert.equal((parts[0] as LinesPart).bytes.length, 3 * 141);
  assert.equal(ticket, outbox.ticket);
  assert.equal(outbox.bytes, 0);
  assert.equal(outbox.take(), undefined);
});

pureTest("Outbox counts a lone fleeting line as all of a run", () => {
  const outbox = new Outbox();
  outbox.putLines(ALICE, run(1), 1, true);
  assert.deepEqual(outbox.take()!.parts.map((part) => [part.kind, (part as LinesPart).isKept]), [
    ["lines", false],
  ]);
});

pureTest("Outbox fills entries with 256 KiB, and cuts longer runs between lines", () => {
  const outbox = new Outbox();
  const chars = 65_468;
  const long = `${"gAAAAA".padEnd(chars, "A")}\n`;
  const bytes = new TextEncoder().encode(long.repeat(8));
  outbox.putLines(ALICE, bytes, 8, false);
  assert.equal(outbox.bytes, bytes.length + 2 * 128);
  const sizes: number[][] = [];
  for (let batch = outbox.take(); batch; batch = outbox.take()) {
    const lines = batch.parts as LinesPart[];
    sizes.push(lines.map((part) => part.lines));
    assert.ok(batch.bytes <= 256 * KIB, `${batch.bytes}`);
    for (const part of lines) assert.equal(part.bytes.length % long.length, 0);
  }
  assert.deepEqual(sizes, [[4], [4]]);
  for (let i = 0; i < 2000; i++) outbox.putLines(ALICE, run(1), 1, false);
  assert.equal((outbox.take()!.parts[0] as LinesPart).lines, Math.floor(256 * KIB / (141 + 128)));
});

pureTest("Outbox lets a part be longer than an entry where it cannot be cut", () => {
  const outbox = new Outbox();
  for (let i = 0; i < 20_000; i++) outbox.putAttendance("JOINED", i);
  while (outbox.take()!.parts[0]!.kind !== "members");
  assert.equal(outbox.take(), undefined);
});

pureTest("Outbox lists all members in place of more than 10,000 that come and go", () => {
  const outbox = new Outbox();
  for (let i = 0; i < 10_000; i++) outbox.putAttendance(i % 2 ? "GONE" : "JOINED", i >> 1);
  outbox.putAttendance("JOINED", 9);
  assert.equal(outbox.members, 1);
  const kinds: string[] = [];
  for (let batch = outbox.take(); batch; batch = outbox.take()) {
    kinds.push(...batch.parts.map(({ kind }) => kind));
  }
  assert.equal(kinds.length, 10_001);
  assert.equal(kinds.at(-1), "members");
  assert.equal(outbox.take(), undefined);
  outbox.putMembers();
  assert.deepEqual(outbox.take()!.parts, [{ kind: "members", locals: [9] }]);
});
