import assert from "node:assert/strict";
import { concat } from "../../lib/bytes/concat.ts";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { invite } from "../../lib/client/pairing/invite.ts";
import { InviterTalk } from "../../lib/client/pairing/inviter_talk.ts";
import { join } from "../../lib/client/pairing/join.ts";
import { JoinerTalk } from "../../lib/client/pairing/joiner_talk.ts";
import type { InvitationCode } from "../../lib/protocol/invitation_code.ts";
import { PairingSide } from "../../lib/protocol/pairing.ts";
import { EvilRelay, pass, type Plan } from "../support/evil_relay.ts";
import { ALICE, BOB, EVE, ROOM, SECRET } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { within } from "../support/within.ts";

const MESSAGES = 5;

function introduce({ id, signing: { privateKey } }: typeof ALICE, nickname: string) {
  return { id, nickname, privateKey };
}

interface Outcome {
  readonly code: InvitationCode;
  /** Who the inviter takes the joiner for, or why it failed. */
  readonly inviter: unknown;
  /** What the joiner has, or why it failed. */
  readonly joiner: unknown;
  /** The messages that came. */
  readonly seen: readonly Uint8Array[];
  readonly heard: string;
}

/** Has alice invite and bob join at a relay with that plan. */
async function pair(plan: Plan): Promise<Outcome> {
  using relay = new EvilRelay(plan);
  const at = { hostname: "127.0.0.1", port: relay.port };
  const admitted = relay.admitInviter();
  const keys = {
    handover: () => Promise.resolve(SECRET),
    room: ROOM,
    introduce: () => introduce(ALICE, "alice"),
  };
  using invitation = await invite({ ...at, ...keys });
  await admitted;
  const serving = relay.serveJoiner();
  const joining = join({ ...at, code: invitation.code, introduce: () => introduce(BOB, "bob") });
  const settle = (promise: Promise<unknown>) =>
    promise.catch((error) => `${error.name}: ${error.failure ?? error.message}`);
  const [inviter, joiner] = await within(
    20,
    () => "one side still waits",
    Promise.all([settle(invitation.joined), settle(joining), serving]),
  );
  return { code: invitation.code, inviter, joiner, seen: relay.seen, heard: relay.heard.join("") };
}

const HONEST = {
  inviter: { id: BOB.id, nickname: "bob" },
  joiner: { keyText: SECRET, fingerprint: ROOM.fingerprint, id: ALICE.id, nickname: "alice" },
};

const attackTest = (name: string, fn: () => Promise<void>) => testNeeding(["net"], name, fn);

/** Asserts that nobody has anything but what is true, and tells whether each side has it. */
function assertTrue({ inviter, joiner }: Outcome, what: string): boolean[] {
  if (typeof inviter !== "string") assert.deepEqual(inviter, HONEST.inviter, what);
  if (typeof joiner !== "string") assert.deepEqual(joiner, HONEST.joiner, what);
  return [typeof inviter !== "string", typeof joiner !== "string"];
}

attackTest("a relay that only reads learns no key, no name, no id and no word", async () => {
  const outcome = await pair(pass);
  assert.deepEqual([outcome.inviter, outcome.joiner], [HONEST.inviter, HONEST.joiner]);
  assert.equal(outcome.seen.length, MESSAGES);
  const bytes = new TextDecoder("latin1").decode(concat(...outcome.seen));
  const key = new TextDecoder("latin1").decode(
    Uint8Array.fromBase64(SECRET, { alphabet: "base64url" }),
  );
  const id = (member: typeof ALICE) => new TextDecoder("latin1").decode(member.signing.publicKey);
  const secrets = [key.slice(0, 8), "alice", id(ALICE).slice(0, 8), id(BOB).slice(0, 8)];
  for (const secret of secrets) assert.ok(!bytes.includes(secret));
  for (const secret of [SECRET.slice(0, 12), ALICE.id.slice(0, 12), BOB.id.slice(0, 12), "alice"]) {
    assert.ok(!outcome.heard.includes(secret));
  }
});

attackTest("two pairings have no message in common", async () => {
  const [first, second] = [await pair(pass), await pair(pass)];
  const texts = [...first.seen, ...second.seen].map(formatBase64Url);
  assert.equal(new Set(texts).size, 2 * MESSAGES);
});

/** What a relay can do with one message. `past`: the messages of a pairing before. */
const DEEDS: Readonly<
  Record<string, (message: Uint8Array, index: number, past: readonly Uint8Array[]) => Uint8Array[]>
> = {
  "drop": () => [],
  "change the first bit of": (message) => [message.with(0, message[0]! ^ 1)],
  "change the last bit of": (message) => [message.with(-1, message.at(-1)! ^ 0x80)],
  "cut": (message) => [message.slice(0, -1)],
  "lengthen": (message) => [concat(message, new Uint8Array(1))],
  "replay": (_, index, past) => [past[index]!],
  "replay before": (message, index, past) => [past[index]!, message],
  "put zeros for": (message) => [new Uint8Array(message.length)],
};

attackTest("a relay that drops, changes, cuts or replays a message completes nothing", async () => {
  const { seen: past } = await pair(pass);
  const targets = Array.from({ length: MESSAGES }, (_, target) => target);
  for (const [deed, make] of Object.entries(DEEDS)) {
    await Promise.all(targets.map(async (target) => {
      const outcome = await pair((index, message) => {
        if (index !== target) return pass(index, message);
        return make(message, index, past).flatMap((each) => pass(index, each));
      });
      const what = `${deed} message ${target}: ${outcome.inviter}, ${outcome.joiner}`;
      // Before its last message the joiner has the key.
      assert.deepEqual(assertTrue(outcome, what), [false, target === 4], what);
      if (target === 4) assert.equal(outcome.inviter, "InviteError: no introduction");
    }));
  }
});

attackTest(
  "a relay that sends messages back, twice, or in another order completes nothing",
  async () => {
    for (let target = 0; target < MESSAGES; target++) {
      const back = await pair((index, message) =>
        index === target ? pass(index + 1, message) : pass(index, message)
      );
      assert.deepEqual(assertTrue(back, `back ${target}`), [false, target === 4]);
      // The second copy comes in the place of what is waited for next, if anything is.
      const twice = await pair((index, message) => {
        const passed = pass(index, message);
        return index === target ? [...passed, ...passed] : passed;
      });
      assert.deepEqual(assertTrue(twice, `twice ${target}`), [target >= 3, target >= 2]);
    }
    for (let late = 0; late < MESSAGES - 2; late++) {
      // A message waits for the next one of the same side, which never comes.
      const outcome = await pair((index, message, seen) => {
        if (index === late) return [];
        return index === late + 2
          ? [...pass(index, message), ...pass(index, seen[late]!)]
          : pass(index, message);
      });
      assert.deepEqual(assertTrue(outcome, `late ${late}`), [false, false]);
    }
  },
);

attackTest("a relay that plays both sides with a guess is found out by both", async () => {
  const guess = (slot: string) => ({ slot, password: "zoom-zoom-zoom" });
  const eve = introduce(EVE, "eve");
  const alike = introduce(EVE, "alice");
  // To the inviter it is a joiner, and to the joiner an inviter, each with the slot's true name.
  const inviter = new InviterTalk({
    code: { slot: "acorn", password: "cable-dwarf-ship" },
    handover: () => Promise.resolve(SECRET),
    introduce: () => introduce(ALICE, "alice"),
  });
  const falseJoiner = await JoinerTalk.begin(guess("acorn"), () => eve);
  const turn = await inviter.take(falseJoiner.opening);
  assert.ok("reply" in turn);
  const { reply, failure } = await falseJoiner.take(turn.reply);
  assert.equal(failure?.failure, "wrong code");
  await assert.rejects(inviter.take(reply), { failure: "wrong code" });

  const joiner = await JoinerTalk.begin(
    { slot: "acorn", password: "cable-dwarf-ship" },
    () => introduce(BOB, "bob"),
  );
  const falseInviter = new InviterTalk({
    code: guess("acorn"),
    handover: () => Promise.resolve(`${"A".repeat(43)}=`),
    introduce: () => alike,
  });
  const answer = await falseInviter.take(joiner.opening);
  assert.ok("reply" in answer);
  const found = await joiner.take(answer.reply);
  assert.equal(found.failure?.failure, "wrong code");
  await assert.rejects(joiner.take(new Uint8Array(176)), { failure: "garbled" });
});

attackTest("a recorded pairing opens to nobody who learns the code later", async () => {
  const { seen, code } = await pair(pass);
  const [opening, answer, , box] = seen;
  // Whoever has all messages and the code still has neither secret number.
  for (const role of ["joiner", "inviter"] as const) {
    const side = await PairingSide.begin(role, code);
    const keys = await side.agree(role === "joiner" ? answer!.subarray(0, 32) : opening!);
    assert.equal(await keys.openInviter(box!), undefined);
    assert.equal(await keys.openJoiner(seen[4]!), undefined);
  }
});
