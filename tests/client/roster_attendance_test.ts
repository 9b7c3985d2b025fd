import assert from "node:assert/strict";
import { type Arrival, Attendance, Roster } from "../../lib/client/roster.ts";
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
    onArrival: () => void told.arrivals++,
  });
  const take = (kind: string, arrival: Partial<Arrival> = {}, nickname = "alice") => {
    const { header } = signed({ kind, nickname, cid: 7, text: undefined });
    return brief(attendance.take(header, { ...LIVE, ...arrival }));
  };
  return { attendance, roster, told, take };
}

pureTest("Attendance.take() tells who joins, returns, is renamed and leaves", () => {
  const { take, told } = setUp();
  assert.deepEqual(take("join"), ["joined alice verified"]);
  assert.deepEqual(take("nick", {}, "al"), ["renamed alice al verified"]);
  assert.deepEqual(take("leave", {}, "al"), ["left al verified"]);
  assert.deepEqual(take("leave", {}, "al"), []);
  assert.deepEqual(take("join", { isFirst: false, trust: "changed" }), ["returned alice changed"]);
  assert.equal(told.arrivals, 2);
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
