import assert from "node:assert/strict";
import { Archive } from "../../lib/cluster/archive.ts";
import { pureTest } from "../support/pure.ts";

function entry(n: number, storedAt: number, bytes = 1) {
  const flags = { isStored: true, isBack: true, ticket: 0, bytes: 0 };
  return { n, payload: new Uint8Array(bytes), storedAt, ...flags };
}

pureTest("Archive finds what it keeps by its number", () => {
  const archive = new Archive();
  assert.equal(archive.oldest, undefined);
  assert.equal(archive.find(1), undefined);
  for (const n of [4, 5, 6]) archive.add(entry(n, 0));
  assert.equal(archive.oldest, 4);
  assert.deepEqual([3, 4, 6, 7].map((n) => archive.find(n)?.n), [undefined, 4, 6, undefined]);
});

pureTest("Archive keeps 8 MiB", () => {
  const archive = new Archive();
  archive.add(entry(1, 0, 4 * 2 ** 20));
  archive.add(entry(2, 0, 4 * 2 ** 20));
  assert.equal(archive.oldest, 1);
  archive.add(entry(3, 0));
  assert.equal(archive.oldest, 2);
});

pureTest("Archive keeps an entry for a minute", () => {
  const archive = new Archive();
  archive.add(entry(1, 0));
  archive.add(entry(2, 1));
  archive.expire(60_000);
  assert.equal(archive.oldest, 1);
  archive.expire(60_001);
  assert.equal(archive.oldest, 2);
});
