import assert from "node:assert/strict";
import {
  MAX_AWAY_CHARS,
  MAX_CLIENTS_OF_ONE_MEMBER,
  MAX_ROSTER_ENTRIES,
  ROSTER_TTL_MS,
  UNHEARD_MS,
} from "../../lib/client/limits.ts";
import { Roster, type Sighting } from "../../lib/client/roster.ts";
import { pureTest } from "../support/pure.ts";

function sighting(changes: Partial<Sighting> = {}): Sighting {
  return {
    id: "i",
    epoch: "e",
    nickname: "al",
    agreementKey: undefined,
    cid: undefined,
    ...changes,
  };
}

pureTest("Roster.see() tells who is away, and who is back", () => {
  const roster = new Roster();
  const kinds = [undefined, "lunch", undefined, "", "", null, null].map((away) => {
    return roster.see(sighting({ away }), 0).kind;
  });
  assert.deepEqual(kinds, ["joined", "away", "none", "away", "none", "back", "none"]);
});

pureTest("Roster.see() tells who joined, who was renamed, and nothing else", () => {
  const roster = new Roster();
  const kinds = [
    roster.see(sighting(), 0).kind,
    roster.see(sighting(), 1).kind,
    roster.see(sighting({ epoch: "other" }), 2).kind,
    roster.see(sighting({ id: "other" }), 3).kind,
  ];
  assert.deepEqual(kinds, ["joined", "none", "joined", "joined"]);
  const change = roster.see(sighting({ nickname: "alice" }), 4);
  assert.ok(change.kind === "renamed");
  assert.deepEqual([change.before, change.entry.nickname], ["al", "alice"]);
  assert.equal(roster.size, 3);
});

pureTest("Roster.see() keeps what a sighting does not tell", () => {
  const roster = new Roster();
  const here = { isIntroduced: true, silenceSeconds: undefined };
  roster.see(sighting({ agreementKey: "x", cid: 7 }), 0);
  roster.see(sighting(), 1);
  assert.deepEqual(roster.list(), [{
    ...sighting({ agreementKey: "x", keyDay: undefined, cid: 7 }),
    ...here,
    expiresAt: 1 + ROSTER_TTL_MS,
  }]);
  roster.see(sighting({ agreementKey: "y", cid: 8 }), 2);
  assert.deepEqual(roster.list(), [{
    ...sighting({ agreementKey: "y", keyDay: undefined, cid: 8 }),
    ...here,
    expiresAt: 2 + ROSTER_TTL_MS,
  }]);
});

pureTest("Roster.list() is by nickname, whatever the letter case", () => {
  const roster = new Roster();
  for (const nickname of ["carol", "Bob", "alice", "émile", "Dan"]) {
    roster.see(sighting({ id: nickname, nickname }), 0);
  }
  const names = roster.list().map(({ nickname }) => nickname);
  assert.deepEqual(names, ["alice", "Bob", "carol", "Dan", "émile"]);
});

pureTest("Roster.leave() and gone() take one client out, and say whom", () => {
  const roster = new Roster();
  for (const cid of [1, 2, 3]) {
    roster.see(sighting({ id: String(cid), epoch: String(cid), cid }), 0);
  }
  assert.equal(roster.leave("1", "1")?.cid, 1);
  assert.equal(roster.leave("1", "1"), undefined);
  assert.equal(roster.leave("other", "2"), undefined);
  assert.equal(roster.gone(2)?.epoch, "2");
  assert.equal(roster.gone(2), undefined);
  assert.deepEqual(roster.list().map(({ cid }) => cid), [3]);
});

pureTest("Roster.leave(), gone() and expire() return a member's last client alone", () => {
  const roster = new Roster();
  for (const cid of [1, 2, 3, 4, 5]) roster.see(sighting({ epoch: String(cid), cid }), cid);
  assert.equal(roster.leave("i", "1"), undefined);
  assert.equal(roster.gone(2), undefined);
  assert.deepEqual(roster.expire(ROSTER_TTL_MS + 4), []);
  assert.deepEqual(roster.list().map(({ cid }) => cid), [4, 5]);
  assert.deepEqual(roster.expire(ROSTER_TTL_MS + 6).map(({ cid }) => cid), [5]);
  assert.equal(roster.size, 0);
});

pureTest("Roster.doubt() keeps the clients for 75 s, whose numbers mean nothing more", () => {
  const roster = new Roster();
  roster.see(sighting({ cid: 7, silenceSeconds: 600 }), 0);
  roster.see(sighting({ id: "gone", silenceSeconds: 600 }), 0);
  roster.doubt(1000);
  assert.equal(roster.gone(7), undefined);
  assert.equal(roster.size, 2);
  roster.see(sighting({ cid: 9 }), 2000);
  assert.deepEqual(roster.expire(1000 + UNHEARD_MS), []);
  assert.deepEqual(roster.expire(1001 + UNHEARD_MS).map(({ id }) => id), ["gone"]);
  assert.equal(roster.gone(9)?.nickname, "al");
});

pureTest("Roster.see() does not let the past prolong what is listed", () => {
  const roster = new Roster();
  roster.see(sighting({ isPast: true, silenceSeconds: 600 }), 0);
  roster.see(sighting({ isPast: true, silenceSeconds: 600 }), 50_000);
  assert.deepEqual(roster.expire(UNHEARD_MS), []);
  assert.equal(roster.expire(UNHEARD_MS + 1).length, 1);
});

pureTest("Roster.expire() goes by how long each client said that it may be silent", () => {
  const roster = new Roster();
  const seconds = [undefined, 0, 60, 600, 3600, Number.MAX_SAFE_INTEGER];
  const times = [150, 0, 120, 1200, 7200, 7200].map((each) => each * 1000);
  for (const [i, silenceSeconds] of seconds.entries()) {
    roster.see(sighting({ id: `${i}`, silenceSeconds }), 0);
  }
  const left = () => [...roster.values()].map(({ id }) => Number(id));
  for (const time of [0, 1, 120_000, 150_000, 150_001, 1_200_001, 7_200_000, 7_200_001]) {
    roster.expire(time);
    assert.deepEqual(left(), [0, 1, 2, 3, 4, 5].filter((i) => times[i]! >= time), `${time}`);
  }
});

pureTest("Roster.leave(), gone() and expire() are silent about one that was not introduced", () => {
  const roster = new Roster();
  const brief = { isIntroduction: false };
  roster.see(sighting({ ...brief, id: "a" }), 0);
  roster.see(sighting({ ...brief, id: "b" }), 0);
  assert.deepEqual(roster.list().map(({ id }) => id), ["a", "b"]);
  assert.equal(roster.leave("a", "e"), undefined);
  assert.deepEqual(roster.expire(ROSTER_TTL_MS + 1), []);
  assert.equal(roster.size, 0);
  for (const isIntroduction of [true, false]) roster.see(sighting({ isIntroduction }), 0);
  assert.ok(roster.leave("i", "e"));
});

pureTest("Roster.isImpatient tells whether somebody promises nothing", () => {
  const roster = new Roster();
  assert.equal(roster.isImpatient, false);
  roster.see(sighting({ id: "new", silenceSeconds: 600 }), 0);
  assert.equal(roster.isImpatient, false);
  roster.see(sighting({ id: "old", isIntroduction: false }), 0);
  assert.equal(roster.isImpatient, false);
  roster.see(sighting({ id: "old" }), 0);
  roster.see(sighting({ id: "old", isIntroduction: false }), 0);
  assert.equal(roster.isImpatient, true);
  roster.leave("old", "e");
  assert.equal(roster.isImpatient, false);
});

pureTest("Roster.expire() takes those out that were not heard of for 150 s", () => {
  const roster = new Roster();
  roster.see(sighting({ id: "old" }), 0);
  roster.see(sighting({ id: "new" }), 1000);
  roster.see(sighting({ id: "again" }), 0);
  roster.see(sighting({ id: "again" }), 2000);
  assert.deepEqual(roster.expire(ROSTER_TTL_MS), []);
  const names = (now: number) => roster.expire(now).map(({ id }) => id);
  assert.deepEqual(names(ROSTER_TTL_MS + 1), ["old"]);
  assert.deepEqual(names(ROSTER_TTL_MS + 2001), ["new", "again"]);
  assert.equal(roster.size, 0);
});

pureTest("Roster.see() holds 10,000 clients: the one not heard of for longest goes", () => {
  const roster = new Roster();
  for (let i = 0; i < MAX_ROSTER_ENTRIES; i++) roster.see(sighting({ id: String(i) }), i);
  roster.see(sighting({ id: "0" }), MAX_ROSTER_ENTRIES);
  roster.see(sighting({ id: "one more" }), MAX_ROSTER_ENTRIES + 1);
  assert.equal(roster.size, MAX_ROSTER_ENTRIES);
  const ids = new Set([...roster.values()].map(({ id }) => id));
  assert.deepEqual([ids.has("0"), ids.has("1")], [true, false]);
});

pureTest("Roster.see() holds 64 clients of one member, and pushes out none of others", () => {
  const roster = new Roster();
  roster.see(sighting({ id: "other" }), 0);
  for (let i = 0; i <= MAX_CLIENTS_OF_ONE_MEMBER; i++) {
    if (i === MAX_CLIENTS_OF_ONE_MEMBER) roster.see(sighting({ epoch: "0" }), i);
    roster.see(sighting({ epoch: String(i), cid: i }), i);
  }
  const clients = roster.list().filter(({ id }) => id === "i").map(({ epoch }) => epoch);
  assert.equal(clients.length, MAX_CLIENTS_OF_ONE_MEMBER);
  assert.deepEqual(["0", "1", "2"].map((epoch) => clients.includes(epoch)), [true, false, true]);
  assert.equal(roster.size, MAX_CLIENTS_OF_ONE_MEMBER + 1);
  assert.equal(roster.gone(1), undefined, "it is no longer known");
});

pureTest("Roster.gone() goes by the last that a client said of its connection", () => {
  const roster = new Roster();
  roster.see(sighting({ id: "a", cid: 1 }), 0);
  roster.see(sighting({ id: "a", cid: 2 }), 0);
  roster.see(sighting({ id: "b", cid: 3 }), 0);
  assert.equal(roster.gone(1), undefined);
  assert.equal(roster.gone(2)?.id, "a");
  roster.see(sighting({ id: "b" }), 0);
  assert.equal(roster.gone(3)?.id, "b");
});

pureTest("Roster.see() keeps 200 characters of why a member is away, until it is back", () => {
  const roster = new Roster();
  const away = () => roster.list()[0]!.away;
  roster.see(sighting(), 0);
  assert.equal(away(), undefined);
  roster.see(sighting({ away: "x".repeat(MAX_AWAY_CHARS + 1) }), 1);
  assert.equal(away(), "x".repeat(MAX_AWAY_CHARS));
  roster.see(sighting({ nickname: "alice" }), 2);
  assert.equal(away(), "x".repeat(MAX_AWAY_CHARS));
  roster.see(sighting({ away: "" }), 3);
  assert.equal(away(), "");
  roster.see(sighting({ away: null }), 4);
  assert.equal(away(), undefined);
});

pureTest("Roster.values() is by when a client was heard of, the last one at the end", () => {
  const roster = new Roster();
  for (const id of ["a", "b", "a"]) roster.see(sighting({ id }), 0);
  assert.deepEqual([...roster.values()].map(({ id }) => id), ["b", "a"]);
});

pureTest("Roster tells nobody of the other clients of its own member", () => {
  const roster = new Roster("i");
  const change = roster.see(sighting(), 0);
  assert.ok(change.kind === "joined" && change.isMember);
  assert.equal(roster.leave("i", "e"), undefined);
  roster.see(sighting({ cid: 7 }), 0);
  assert.equal(roster.gone(7), undefined);
  roster.see(sighting({ id: "other" }), 0);
  assert.ok(roster.leave("other", "e"));
});
