import assert from "node:assert/strict";
import {
  MAX_INVITER_MESSAGES,
  MAX_SLOT_SECONDS,
  MAX_SLOT_TRIES,
  MEETING_TIMEOUT_MS,
  RELAY_ANSWER_MS,
} from "../../../lib/client/limits.ts";
import { Invitations, type OpenInvitation } from "../../../lib/client/pairing/invitations.ts";
import { JoinerTalk } from "../../../lib/client/pairing/joiner_talk.ts";
import type { ClientControl, RelayControl } from "../../../lib/protocol/control.ts";
import { ALICE, BOB, SECRET } from "../../support/fixed_members.ts";
import { pureTest } from "../../support/pure.ts";
import { within } from "../../support/within.ts";

const BOB_SAYS = { id: BOB.id, nickname: "bob", privateKey: BOB.signing.privateKey };
const BYTES = new Uint8Array(32).fill(9);

type Answer = (RelayControl & { verb: "SLOT" })["answer"] | "nothing";

/** Invitations over a link that notes what is said, and gives each slot one of the answers. */
function create(...answers: readonly Answer[]) {
  const invitations = new Invitations({
    handover: () => Promise.resolve(SECRET),
    introduce: () => ({ id: ALICE.id, nickname: "alice", privateKey: ALICE.signing.privateKey }),
  });
  const said: ClientControl[] = [];
  const state = { isBroken: false, isSilent: false };
  let asked = 0;
  let waiting = Promise.withResolvers<void>();
  const attached = invitations.attach({
    say(control) {
      if (state.isBroken) return Promise.reject(new Error("broken"));
      said.push(control);
      waiting.resolve();
      if (control.verb === "SLOT") {
        const answer = answers[asked++] ?? answers.at(-1) ?? 600;
        if (answer !== "nothing") invitations.take({ ...control, answer });
      }
      if (control.verb === "PING" && !state.isSilent) {
        invitations.take({ verb: "PONG", n: control.n });
      }
      return Promise.resolve();
    },
  });
  /** Waits until so much was said of that verb, and returns the last of it. */
  const hear = async <V extends ClientControl["verb"]>(verb: V, count = 1) => {
    const find = () => said.filter((control) => control.verb === verb);
    const wait = async () => {
      while (find().length < count) {
        await waiting.promise;
        waiting = Promise.withResolvers();
      }
    };
    await within(5, () => `${verb} was not said`, wait());
    return find().at(-1) as ClientControl & { verb: V };
  };
  return { invitations, attached, said, state, hear };
}

/** Has somebody come with that code, and go as far as to have the tag of the inviter. */
async function meet(setup: ReturnType<typeof create>, { code }: OpenInvitation) {
  const joiner = await JoinerTalk.begin(code, () => BOB_SAYS);
  const { slot } = code;
  setup.invitations.take({ verb: "MEET", slot, message: joiner.opening });
  const { message } = await setup.hear("PASS");
  return { joiner, slot, turn: await joiner.take(message) };
}

/** Shortens the waits of that length while `fn` runs. */
async function withShort(ms: number, fn: () => Promise<void>): Promise<void> {
  const setTimer = globalThis.setTimeout;
  const speedUp = (callback: () => void, wait = 0) => setTimer(callback, wait === ms ? 20 : wait);
  globalThis.setTimeout = speedUp as typeof setTimeout;
  try {
    await fn();
  } finally {
    globalThis.setTimeout = setTimer;
  }
}

pureTest("invite() opens a slot, and hands the room over to who comes with the code", async () => {
  const setup = create();
  const { invitations, said, hear } = setup;
  const invitation = await invitations.invite();
  assert.equal(invitation.seconds, 600);
  assert.deepEqual(said.map(({ verb }) => verb), ["SLOT", "PING"]);
  assert.ok("slot" in said[0]! && said[0].slot === invitation.code.slot);
  const { joiner, slot, turn } = await meet(setup, invitation);
  invitations.take({ verb: "PASS", slot, message: turn.reply });
  const { reply, handover } = await joiner.take((await hear("PASS", 2)).message);
  assert.equal(handover?.keyText, SECRET);
  invitations.take({ verb: "PASS", slot, message: reply });
  invitations.take({ verb: "PARTED", slot });
  assert.deepEqual(await invitation.joined, { id: BOB.id, nickname: "bob" });
  invitation.withdraw();
  assert.equal(said.length, 4);
});

pureTest("invite() takes another word for a slot that is taken, MAX_SLOT_TRIES times", async () => {
  const { invitations, said } = create("taken", "taken", 600);
  const invitation = await invitations.invite();
  const slots = said.flatMap((control) => control.verb === "SLOT" ? [control.slot] : []);
  assert.deepEqual([slots.length, slots[2]], [3, invitation.code.slot]);
  invitation.withdraw();
  await assert.rejects(invitation.joined, { failure: "withdrawn" });
  const full = create("taken");
  await assert.rejects(full.invitations.invite(), { name: "InviteError", failure: "full" });
  const tries = full.said.filter(({ verb }) => verb === "SLOT");
  assert.equal(tries.length, MAX_SLOT_TRIES);
});

pureTest("invite() tells why the relay gives no slot", async () => {
  const failures = [["full", "full"], ["off", "off"], ["nothing", "old relay"]] as const;
  for (const [answer, failure] of failures) {
    await assert.rejects(create(answer).invitations.invite(), { name: "InviteError", failure });
  }
});

pureTest("invite() waits RELAY_ANSWER_MS for a relay that says nothing", async () => {
  const { invitations, state } = create("nothing");
  state.isSilent = true;
  await withShort(RELAY_ANSWER_MS, async () => {
    await assert.rejects(invitations.invite(), { failure: "unanswered" });
  });
});

pureTest("invite() fails without a connection, and when it breaks", async () => {
  const { invitations, attached, state } = create("nothing");
  state.isSilent = true;
  const asking = invitations.invite();
  const failed = assert.rejects(asking, { failure: "lost" });
  while (!state.isBroken) {
    await Promise.resolve();
    state.isBroken = true;
  }
  attached[Symbol.dispose]();
  await failed;
  await assert.rejects(invitations.invite(), { failure: "lost" });
  const broken = create();
  broken.state.isBroken = true;
  await assert.rejects(broken.invitations.invite(), { failure: "lost" });
});

pureTest("all invitations fail when the connection ends", async () => {
  const { invitations, attached } = create();
  const both = [await invitations.invite(), await invitations.invite()];
  attached[Symbol.dispose]();
  for (const { joined } of both) await assert.rejects(joined, { failure: "lost" });
});

pureTest(
  "an invitation is over when the relay says so, or after the time that was said",
  async () => {
    const { invitations } = create(3);
    const first = await invitations.invite();
    invitations.take({ verb: "PARTED", slot: first.code.slot });
    await assert.rejects(first.joined, { name: "InviteError", failure: "expired" });
    await withShort(3000, async () => {
      const { joined, seconds } = await invitations.invite();
      assert.equal(seconds, 3);
      await assert.rejects(joined, { failure: "expired" });
    });
  },
);

pureTest("an invitation does not wait longer than MAX_SLOT_SECONDS", async () => {
  const { invitations } = create(999_999_999);
  await withShort(1000 * MAX_SLOT_SECONDS, async () => {
    const { joined, seconds } = await invitations.invite();
    assert.equal(seconds, MAX_SLOT_SECONDS);
    await assert.rejects(joined, { failure: "expired" });
  });
});

pureTest("a wrong code ends the invitation, and the visitor with it", async () => {
  const setup = create();
  const { invitations, hear } = setup;
  const invitation = await invitations.invite();
  const { slot } = invitation.code;
  const guess = { ...invitation, code: { slot, password: "zoom-zoom-zoom" } };
  const { turn } = await meet(setup, guess);
  assert.equal(turn.failure?.failure, "wrong code");
  invitations.take({ verb: "PASS", slot, message: turn.reply });
  await assert.rejects(invitation.joined, { failure: "wrong code" });
  assert.deepEqual(await hear("PARTED"), { verb: "PARTED", slot });
});

pureTest("an invitation tells whether who left has the key", async () => {
  const setup = create();
  const { invitations, said, hear } = setup;
  const early = await invitations.invite();
  await meet(setup, early);
  invitations.take({ verb: "PARTED", slot: early.code.slot });
  await assert.rejects(early.joined, { failure: "other gone" });
  said.length = 0;
  const late = await invitations.invite();
  const { slot, turn } = await meet(setup, late);
  invitations.take({ verb: "PASS", slot, message: turn.reply });
  // It comes while the answer is under way.
  invitations.take({ verb: "PARTED", slot });
  await hear("PASS", 2);
  await assert.rejects(late.joined, { failure: "no introduction" });
});

pureTest("an invitation talks to a visitor for MEETING_TIMEOUT_MS", async () => {
  await withShort(MEETING_TIMEOUT_MS, async () => {
    const { invitations, hear } = create();
    const { code: { slot }, joined } = await invitations.invite();
    invitations.take({ verb: "MEET", slot, message: BYTES });
    await assert.rejects(joined, { failure: "other gone" });
    await hear("PARTED");
  });
});

pureTest("an invitation has one visitor, and reads MAX_INVITER_MESSAGES of it", async () => {
  const setup = create();
  const { invitations, said } = setup;
  const invitation = await invitations.invite();
  const { slot } = invitation.code;
  invitations.take({ verb: "PASS", slot, message: BYTES });
  invitations.take({ verb: "MEET", slot: slot === "zoom" ? "zone" : "zoom", message: BYTES });
  const { joiner, turn } = await meet(setup, invitation);
  invitations.take({ verb: "MEET", slot, message: BYTES });
  invitations.take({ verb: "PASS", slot, message: turn.reply });
  const { reply } = await joiner.take((await setup.hear("PASS", 2)).message);
  invitations.take({ verb: "PASS", slot, message: reply });
  for (let i = 0; i < 100; i++) invitations.take({ verb: "PASS", slot, message: BYTES });
  assert.deepEqual(await invitation.joined, { id: BOB.id, nickname: "bob" });
  assert.equal(said.filter(({ verb }) => verb === "PASS").length, MAX_INVITER_MESSAGES - 1);
});

pureTest("take() passes over what is about no invitation", () => {
  const { invitations, said } = create();
  invitations.take({ verb: "PONG", n: 7 });
  invitations.take({ verb: "SLOT", slot: "acorn", answer: 600 });
  invitations.take({ verb: "PARTED", slot: "acorn" });
  invitations.take({ verb: "PASS", slot: "acorn", message: BYTES });
  invitations.take({ verb: "LIVE" });
  assert.deepEqual(said, []);
});
