import assert from "node:assert/strict";
import { ASK_AGAIN_MS, MAX_AGE_SECONDS } from "../../lib/client/limits.ts";
import { ALICE, EPOCH, EVE, OTHER_EPOCH, TIME } from "../support/fixed_members.ts";
import { brief, OWN, READY, setUpInbox, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

const OFF = TIME - MAX_AGE_SECONDS - 1;

/** A message of presence of alice's. */
function says(kind: string, sequence: number, changes: Parameters<typeof signed>[0] = {}) {
  return signed({ kind, sequence, text: undefined, ...changes });
}

/** What asks for messages from one to another number. */
function asks(
  window: { id: string; epoch: string },
  [from, to]: readonly [number, number],
  changes: Parameters<typeof signed>[0] = {},
) {
  const text = JSON.stringify({ id: window.id, e: window.epoch, from, to });
  return says("again", 0, { ...changes, text });
}

pureTest("Inbox.take() tells who joins, is renamed and leaves", async () => {
  const { take, roster, told } = await setUpInbox();
  const events = take(
    "live",
    says("join", 0, { cid: 7, agreementKey: EVE.id }),
    says("here", 1, { cid: 7, agreementKey: EVE.id }),
    says("nick", 2, { nickname: "alicia" }),
    says("here", 3, { nickname: "alicia" }),
  );
  assert.deepEqual(brief(events), ["joined alice verified", "renamed alice alicia verified"]);
  assert.deepEqual(told, ["arrival"]);
  const [entry] = roster.list();
  assert.deepEqual([entry!.nickname, entry!.cid, entry!.agreementKey], ["alicia", 7, EVE.id]);
  const left = take("live", says("leave", 4, { nickname: "alicia" }));
  assert.deepEqual(brief(left), ["left alicia verified"]);
  assert.equal(roster.size, 0);
  assert.deepEqual(take("live", says("leave", 5)), [], "once");
});

pureTest("Inbox.take() does not say that one joined who was here before", async () => {
  const { take, told } = await setUpInbox();
  assert.deepEqual(take("live", says("here", 7)), []);
  // It joins again after a reconnect: it wants answers, and that is all.
  const carol = { epoch: OTHER_EPOCH, nickname: "carol" };
  take("live", signed(carol));
  assert.deepEqual(take("live", says("join", 1, carol)), []);
  assert.deepEqual(told, ["arrival"]);
});

pureTest("Inbox.take() tells of one that comes back after it was lost", async () => {
  const { take, roster, told } = await setUpInbox();
  take("live", says("join", 0, { cid: 7 }));
  roster.gone(7);
  assert.deepEqual(brief(take("live", says("join", 1, { cid: 8 }))), ["returned alice verified"]);
  roster.gone(8);
  // When this client comes back, it goes without saying who is still here.
  assert.deepEqual(take("catch-up", says("join", 2, { cid: 9 })), []);
  assert.deepEqual(told, ["arrival", "arrival"]);
});

pureTest("Inbox.take() lets presence that is old have no effect", async () => {
  const { take, roster, told } = await setUpInbox();
  const kinds = ["join", "here", "nick", "leave"];
  for (const [i, kind] of kinds.entries()) {
    assert.deepEqual(take("live", says(kind, i, { time: OFF })), [], kind);
  }
  assert.deepEqual(take("live", asks(OWN, [0, 1], { sequence: 4, time: OFF })), []);
  assert.deepEqual([roster.size, told], [0, []]);
  take("live", says("here", 5));
  take("live", says("leave", 6, { time: OFF }));
  assert.equal(roster.size, 1);
});

pureTest("Inbox.take() marks the presence of another key", async () => {
  const { take } = await setUpInbox();
  take("live", says("join", 0));
  const eve = { id: EVE.id, nickname: "alice" };
  assert.deepEqual(brief(take("live", says("join", 0, eve), says("leave", 1, eve))), [
    "impostor alice",
    "joined alice changed",
    "left alice changed",
  ]);
});

pureTest("Inbox.take() tells of what others ask this client for", async () => {
  const { take, told } = await setUpInbox();
  assert.deepEqual(take("live", asks(OWN, [3, 5])), []);
  assert.deepEqual(told, [[3, 5]]);
});

pureTest("Inbox.take() does nothing when others are asked, or nothing is asked well", async () => {
  const { take, told } = await setUpInbox();
  take("live", asks({ id: ALICE.id, epoch: OTHER_EPOCH }, [0, 1]));
  take("live", asks({ ...OWN, epoch: OTHER_EPOCH }, [0, 1], { sequence: 1 }));
  take("live", asks({ ...OWN, id: ALICE.id }, [0, 1], { sequence: 2 }));
  const { id, epoch: e } = OWN;
  const bad = [
    undefined,
    "",
    "null",
    "[]",
    "7",
    '"x"',
    "{",
    JSON.stringify({ id, e, from: 5, to: 4 }),
    JSON.stringify({ id, e, from: -1, to: 4 }),
    JSON.stringify({ id, e, from: 0.5, to: 4 }),
    JSON.stringify({ id, e, from: "0", to: "4" }),
    JSON.stringify({ id, e, from: 0, to: 2 ** 53 }),
    JSON.stringify({ id, e, from: 0 }),
    JSON.stringify({ id, from: 0, to: 4 }),
    JSON.stringify({ e, from: 0, to: 4 }),
    JSON.stringify({ id: [id], e, from: 0, to: 4 }),
    `{"__proto__":${JSON.stringify({ id, e, from: 0, to: 4 })}}`,
  ];
  for (const [i, text] of bad.entries()) {
    assert.deepEqual(take("live", says("again", 3 + i, { text })), [], text);
  }
  assert.deepEqual(told, []);
});

pureTest("Inbox.take() leaves it to another who has asked for the same", async () => {
  const { take, inbox, clock } = await setUpInbox();
  take("live", says("here", 0), signed({ sequence: 3 }));
  const eve = { id: EVE.id, nickname: "eve" };
  take("live", asks({ id: ALICE.id, epoch: EPOCH }, [1, 2], eve));
  assert.deepEqual(inbox.tick(READY).asks, []);
  clock.now = ASK_AGAIN_MS;
  assert.deepEqual(inbox.tick(READY).asks.map(({ range }) => range), [[1, 2]]);
});

pureTest("Inbox.take() notes who is away by join and here alone", async () => {
  const { take, roster } = await setUpInbox();
  const away = () => roster.list()[0]!.away;
  take("live", says("join", 0, { text: "lunch" }));
  assert.equal(away(), "lunch");
  take("live", signed({ sequence: 1 }), says("nick", 2, { nickname: "alicia" }));
  assert.equal(away(), "lunch");
  take("live", says("here", 3, { text: "late", time: OFF }));
  assert.equal(away(), "lunch", "what is old has no effect");
  take("live", says("here", 4, { text: "" }));
  assert.equal(away(), "");
  take("live", says("here", 5));
  assert.equal(away(), undefined);
});

pureTest("Inbox.take() tells whose key comes and goes", async () => {
  const { take } = await setUpInbox();
  const events = take(
    "live",
    says("join", 0),
    says("nick", 1, { nickname: "alicia" }),
    says("leave", 2, { nickname: "alicia" }),
  );
  const ids = events.map((event) => "id" in event ? event.id : undefined);
  assert.deepEqual(ids, [ALICE.id, ALICE.id, ALICE.id]);
});
