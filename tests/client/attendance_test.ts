import assert from "node:assert/strict";
import { type Arrival, Attendance } from "../../lib/client/attendance.ts";
import { Roster } from "../../lib/client/roster.ts";
import type { Header } from "../../lib/protocol/header.ts";
import { ALICE } from "../support/fixed_members.ts";
import { brief, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

const LIVE: Arrival = { isLive: true, trust: "verified", isFirst: true };

/** An attendance, and how many have come that want an answer. */
function setUp() {
  const roster = new Roster();
  const told = { arrivals: 0 };
  const attendance = new Attendance({
    ...{ roster, monotonic: () => 0 },
    presence: { noteArrival: () => void told.arrivals++ },
  });
  const take = (kind: string, arrival: Partial<Arrival> = {}, fields: Partial<Header> = {}) => {
    const { header } = signed({ kind, nickname: "alice", cid: 7, text: undefined, ...fields });
    return brief(attendance.take(header, { ...LIVE, ...arrival }));
  };
  return { attendance, roster, told, take };
}

pureTest("Attendance.take() tells who joins, returns, is renamed and leaves", () => {
  const { take, told } = setUp();
  const al = { nickname: "al" };
  assert.deepEqual(take("join"), ["joined alice verified"]);
  assert.deepEqual(take("nick", {}, al), ["renamed alice al verified"]);
  assert.deepEqual(take("leave", {}, al), ["left al verified"]);
  assert.deepEqual(take("leave", {}, al), []);
  assert.deepEqual(take("join", { isFirst: false, trust: "changed" }), ["returned alice changed"]);
  assert.equal(told.arrivals, 2);
});

pureTest("Attendance.take() tells of a member's first and last client alone", () => {
  const { take, roster, told } = setUp();
  const second = { epoch: "AZ-8VkwAAAI" };
  assert.deepEqual(take("join"), ["joined alice verified"]);
  assert.deepEqual(take("join", {}, second), []);
  assert.deepEqual(take("join", { isFirst: false }, second), []);
  assert.deepEqual([roster.size, told.arrivals], [2, 3]);
  assert.deepEqual(take("leave", {}, second), []);
  assert.deepEqual(take("join", {}, second), []);
  assert.deepEqual(take("leave"), []);
  assert.deepEqual(take("leave", {}, second), ["left alice verified"]);
});

pureTest("Attendance.take() tells who goes away and comes back, once each", () => {
  const { take } = setUp();
  assert.deepEqual(take("here", {}, { text: "lunch" }), []);
  assert.deepEqual(take("here", {}, { text: "lunch" }), []);
  assert.deepEqual(take("here", {}, { text: "dinner" }), ["away alice verified dinner"]);
  assert.deepEqual(take("nick"), []);
  assert.deepEqual(take("here"), ["back alice verified"]);
  assert.deepEqual(take("here"), []);
  assert.deepEqual(take("here", { trust: "changed" }, { text: "" }), ["away alice changed "]);
});

pureTest("Attendance.take() does not tell of the past, or of other kinds", () => {
  const { take, told, roster } = setUp();
  assert.deepEqual([...take("again"), ...take("file")], []);
  assert.equal(roster.size, 0);
  assert.deepEqual(take("join", { isLive: false }), []);
  assert.deepEqual([told.arrivals, roster.list()[0]!.cid], [0, undefined]);
});

pureTest("Attendance.see() takes who is away from join and here alone", () => {
  const { attendance, roster } = setUp();
  const aways = (["join", "chat", "nick", "here"] as const).map((kind, i) => {
    attendance.see(signed({ kind, text: kind === "here" ? undefined : `${i}` }).header, true);
    return roster.list()[0]!.away;
  });
  assert.deepEqual(aways, ["0", "0", "0", undefined]);
  assert.equal(roster.list()[0]!.id, ALICE.id);
});

pureTest("Attendance.take() is silent about one that leaves without an introduction", () => {
  const { attendance, roster, take } = setUp();
  attendance.see(signed({ kind: "chat" }).header, true);
  assert.equal(roster.size, 1);
  assert.deepEqual(take("leave"), []);
  assert.equal(roster.size, 0);
});
