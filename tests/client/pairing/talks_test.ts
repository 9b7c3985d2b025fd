import assert from "node:assert/strict";
import { InviterTalk } from "../../../lib/client/pairing/inviter_talk.ts";
import { JoinerTalk } from "../../../lib/client/pairing/joiner_talk.ts";
import { ALICE, BOB, SECRET } from "../../support/fixed_members.ts";
import { pureTest } from "../../support/pure.ts";

const CODE = { slot: "acorn", password: "cable-dwarf-ship" };
const OTHER_CODE = { slot: "acorn", password: "cable-dwarf-shop" };
const BOB_SAYS = { id: BOB.id, nickname: "bob", privateKey: BOB.signing.privateKey };

function createInviter(nickname = () => "alice"): InviterTalk {
  const { id, signing: { privateKey } } = ALICE;
  return new InviterTalk({
    code: CODE,
    handover: () => Promise.resolve(SECRET),
    introduce: () => ({ id, nickname: nickname(), privateKey }),
  });
}

async function reply(talk: InviterTalk, message: Uint8Array): Promise<Uint8Array> {
  const turn = await talk.take(message);
  assert.ok("reply" in turn);
  return turn.reply;
}

pureTest(
  "inviter and joiner come to the key, and to who the other is, in five messages",
  async () => {
    let nickname = "al";
    const inviter = createInviter(() => nickname);
    const joiner = await JoinerTalk.begin(CODE, () => BOB_SAYS);
    const answer = await reply(inviter, joiner.opening);
    const confirmed = await joiner.take(answer);
    assert.deepEqual([confirmed.handover, confirmed.failure], [undefined, undefined]);
    nickname = "alice";
    const box = await reply(inviter, confirmed.reply);
    const { reply: last, handover } = await joiner.take(box);
    assert.deepEqual(handover, { keyText: SECRET, id: ALICE.id, nickname: "alice" });
    assert.deepEqual(await inviter.take(last), { joiner: { id: BOB.id, nickname: "bob" } });
    assert.deepEqual(
      [joiner.opening, answer, confirmed.reply, box, last].map(({ length }) => length),
      [32, 96, 64, 176, 144],
    );
  },
);

pureTest("with a wrong code both sides are told, and no box goes out", async () => {
  const inviter = createInviter();
  const joiner = await JoinerTalk.begin(OTHER_CODE, () => BOB_SAYS);
  const { reply: tag, failure, handover } = await joiner.take(
    await reply(inviter, joiner.opening),
  );
  assert.equal(failure?.failure, "wrong code");
  assert.equal(handover, undefined);
  await assert.rejects(inviter.take(tag), { name: "InviteError", failure: "wrong code" });
  // Neither goes on after that.
  await assert.rejects(inviter.take(tag), { failure: "other gone" });
  await assert.rejects(joiner.take(new Uint8Array(176)), { failure: "garbled" });
});

pureTest("an inviter takes nothing in the place of what it waits for", async () => {
  const garbage = [0, 1, 31, 33, 64, 144, 366].map((length) => new Uint8Array(length).fill(9));
  const lowOrder = [new Uint8Array(32), new Uint8Array(32).with(0, 1)];
  for (const message of [...garbage.filter(({ length }) => length !== 32), ...lowOrder]) {
    await assert.rejects(createInviter().take(message), { failure: "wrong code" });
  }
  for (const message of garbage) {
    const inviter = createInviter();
    const joiner = await JoinerTalk.begin(CODE, () => BOB_SAYS);
    const answer = await reply(inviter, joiner.opening);
    await assert.rejects(inviter.take(message), { failure: "wrong code" });
    // The right tag does not come too late by accident.
    await assert.rejects(inviter.take((await joiner.take(answer)).reply), {
      failure: "other gone",
    });
  }
  for (const message of garbage) {
    const inviter = createInviter();
    const joiner = await JoinerTalk.begin(CODE, () => BOB_SAYS);
    await reply(inviter, (await joiner.take(await reply(inviter, joiner.opening))).reply);
    await assert.rejects(inviter.take(message), { failure: "no introduction" });
  }
});

pureTest("a joiner takes nothing in the place of what it waits for", async () => {
  const garbage = [0, 32, 64, 95, 97, 175, 177, 366].map((length) =>
    new Uint8Array(length).fill(9)
  );
  for (const message of [...garbage, new Uint8Array(96)]) {
    const joiner = await JoinerTalk.begin(CODE, () => BOB_SAYS);
    await assert.rejects(joiner.take(message), { name: "JoinError", failure: "garbled" });
  }
  for (const message of [...garbage, new Uint8Array(176)]) {
    const joiner = await JoinerTalk.begin(CODE, () => BOB_SAYS);
    await joiner.take(await reply(createInviter(), joiner.opening));
    await assert.rejects(joiner.take(message), { failure: "garbled" });
  }
});

pureTest("end() tells whether the key was handed over", async () => {
  assert.equal(createInviter().end().failure, "other gone");
  const inviter = createInviter();
  const joiner = await JoinerTalk.begin(CODE, () => BOB_SAYS);
  const { reply: tag } = await joiner.take(await reply(inviter, joiner.opening));
  await inviter.take(tag);
  assert.equal(inviter.end().failure, "no introduction");
  await assert.rejects(inviter.take(tag), { failure: "no introduction" });
});
