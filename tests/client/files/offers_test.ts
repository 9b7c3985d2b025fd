import assert from "node:assert/strict";
import { type Offered, Offers } from "../../../lib/client/files/offers.ts";
import { pureTest } from "../../support/pure.ts";

const FILE = { id: "1", name: "../a\u202e.bin", size: 9, hash: "h", agreementKey: "y" };

function offer(more: Partial<Offered>): Omit<Offered, "number" | "name"> {
  const facts = { id: "A", epoch: "e", nickname: "alice", trust: "verified" } as const;
  return { ...facts, isPrivate: false, file: FILE, ...more };
}

/** Numbers from 1 on. */
function count(): () => number {
  let last = 0;
  return () => ++last;
}

pureTest("note() gives each offer a number and a safe name", () => {
  const [offers, next] = [new Offers(), count()];
  assert.equal(offers.note(offer({}), next)?.name, "a.bin");
  assert.equal(offers.note(offer({ file: { ...FILE, id: "2" } }), next)?.number, 2);
  assert.deepEqual(offers.list().map(({ number }) => number), [1, 2]);
});

pureTest("note() takes an offer of another run for the one before, if the file is the same", () => {
  const [offers, next] = [new Offers(), count()];
  const first = offers.note(offer({}), next);
  const later = { epoch: "later", nickname: "alicia", isPrivate: true };
  const renewed = offers.note(offer({ ...later, file: { ...FILE, id: "2" } }), next);
  assert.equal(renewed, first);
  assert.deepEqual(
    [first?.number, first?.file.id, first?.epoch, first?.nickname, first?.isPrivate],
    [1, "2", "later", "alicia", true],
  );
  assert.equal(offers.note(offer({ ...later, file: { ...FILE, id: "2" } }), next), undefined);
  const others: Partial<Offered>[] = [
    { id: "B" },
    { epoch: "later" },
    { file: { ...FILE, size: 10 } },
    { file: { ...FILE, name: "b.bin" } },
    { file: { ...FILE, hash: "i" } },
  ];
  for (const [i, other] of others.entries()) {
    const noted = offers.note(
      offer({ ...other, file: { ...FILE, ...other.file, id: `x${i}` } }),
      next,
    );
    assert.equal(noted?.number, i + 2);
  }
});

pureTest("note() takes the place of all offers of runs that are over, or of the one taken", () => {
  for (const taken of [undefined, 1]) {
    const [offers, next] = [new Offers(), count()];
    for (const id of ["1", "2", "3"]) offers.note(offer({ file: { ...FILE, id } }), next);
    const later = offer({ epoch: "later", file: { ...FILE, id: "4" } });
    const renewed = offers.note(later, next, (number) => number === taken);
    assert.equal(renewed?.number, taken ?? 3);
    assert.deepEqual(offers.list(), [renewed]);
  }
});

pureTest("forget() takes an offer out", () => {
  const [offers, next] = [new Offers(), count()];
  const offered = offers.note(offer({}), next)!;
  offers.forget(offered);
  assert.deepEqual(offers.list(), []);
  assert.equal(offers.note(offer({}), next)?.number, 2);
});
