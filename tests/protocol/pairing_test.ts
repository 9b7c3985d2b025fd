import assert from "node:assert/strict";
import { PairingSide } from "../../lib/protocol/pairing.ts";
import { ALICE, BOB, SECRET } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const CODE = { slot: "acorn", password: "cable-dwarf-ship" };
const INVITER = { id: ALICE.id, nickname: "alice", privateKey: ALICE.signing.privateKey };
const JOINER = { id: BOB.id, nickname: "bob", privateKey: BOB.signing.privateKey };

async function agree(inviterCode = CODE, joinerCode = CODE) {
  const inviter = await PairingSide.begin("inviter", inviterCode);
  const joiner = await PairingSide.begin("joiner", joinerCode);
  return {
    inviter: await inviter.agree(joiner.share),
    joiner: await joiner.agree(inviter.share),
  };
}

pureTest("two sides with one code confirm, and hand over the key and who they are", async () => {
  const { inviter, joiner } = await agree();
  assert.ok(await joiner.isConfirmed(await inviter.confirm()));
  assert.ok(await inviter.isConfirmed(await joiner.confirm()));
  const handover = await inviter.seal(INVITER, SECRET);
  const answer = await joiner.seal(JOINER);
  assert.deepEqual([handover.length, answer.length], [176, 144]);
  assert.deepEqual(await joiner.openInviter(handover), {
    keyText: SECRET,
    id: ALICE.id,
    nickname: "alice",
  });
  assert.deepEqual(await inviter.openJoiner(answer), { id: BOB.id, nickname: "bob" });
});

pureTest("sides with other words or another slot do not confirm, and open nothing", async () => {
  for (
    const other of [
      { ...CODE, password: "cable-dwarf-shop" },
      { ...CODE, slot: "acid" },
    ]
  ) {
    const { inviter, joiner } = await agree(CODE, other);
    assert.equal(await joiner.isConfirmed(await inviter.confirm()), false);
    assert.equal(await inviter.isConfirmed(await joiner.confirm()), false);
    assert.equal(await joiner.openInviter(await inviter.seal(INVITER, SECRET)), undefined);
    assert.equal(await inviter.openJoiner(await joiner.seal(JOINER)), undefined);
  }
});

pureTest("a side takes nothing of its own that comes back to it", async () => {
  const { inviter, joiner } = await agree();
  assert.equal(await joiner.isConfirmed(await joiner.confirm()), false);
  assert.equal(await inviter.openJoiner(await inviter.seal(INVITER)), undefined);
  assert.equal(await joiner.openInviter(await joiner.seal(JOINER, SECRET)), undefined);
  // A share that comes back does not make a side talk to itself.
  for (const role of ["inviter", "joiner"] as const) {
    const side = await PairingSide.begin(role, CODE);
    const keys = await side.agree(side.share);
    assert.equal(await keys.isConfirmed(await keys.confirm()), false);
  }
});

pureTest("nothing of one pairing is good in another one", async () => {
  const [first, second] = [await agree(), await agree()];
  assert.equal(await second.joiner.isConfirmed(await first.inviter.confirm()), false);
  assert.equal(
    await second.joiner.openInviter(await first.inviter.seal(INVITER, SECRET)),
    undefined,
  );
  assert.equal(await second.inviter.openJoiner(await first.joiner.seal(JOINER)), undefined);
});

pureTest("each byte of a tag or a box counts, and so does the length", async () => {
  const { inviter, joiner } = await agree();
  const tag = await inviter.confirm();
  const [handover, answer] = [await inviter.seal(INVITER, SECRET), await joiner.seal(JOINER)];
  const alter = (bytes: Uint8Array, i: number) => bytes.with(i, bytes[i]! ^ 1);
  for (let i = 0; i < handover.length; i++) {
    if (i < tag.length) assert.equal(await joiner.isConfirmed(alter(tag, i)), false);
    assert.equal(await joiner.openInviter(alter(handover, i)), undefined);
    if (i < answer.length) assert.equal(await inviter.openJoiner(alter(answer, i)), undefined);
  }
  for (const length of [0, 1, 16, 63]) {
    assert.equal(await joiner.isConfirmed(tag.slice(0, length)), false);
    assert.equal(await joiner.openInviter(handover.slice(0, length)), undefined);
    assert.equal(await inviter.openJoiner(answer.slice(0, length)), undefined);
  }
  assert.equal(await joiner.isConfirmed(new Uint8Array([...tag, 0])), false);
  assert.equal(await joiner.openInviter(answer), undefined);
  assert.equal(await inviter.openJoiner(handover), undefined);
});

pureTest("a side that does not have the private half of its id is not taken for it", async () => {
  const { inviter, joiner } = await agree();
  const liar = { ...JOINER, id: ALICE.id };
  assert.equal(await inviter.openJoiner(await joiner.seal(liar)), undefined);
  assert.equal(
    await joiner.openInviter(await inviter.seal({ ...INVITER, id: BOB.id }, SECRET)),
    undefined,
  );
});
