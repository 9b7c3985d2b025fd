import assert from "node:assert/strict";
import { type PlacePeer, Places } from "../../../lib/relay/door/places.ts";
import { FULL_ROOM_WAIT_MS, PROOF_TIMEOUT_MS } from "../../../lib/relay/limits.ts";
import type { CloseReason, PeerClass } from "../../../lib/relay/watch/events.ts";
import { pureTest } from "../../support/pure.ts";

/** A peer without a place. */
function createPeer(peerClass: PeerClass = "guest"): PlacePeer & { ends: CloseReason[] } {
  const ends: CloseReason[] = [];
  return { network: "a", peerClass, hasPlace: false, ends, expel: (reason) => ends.push(reason) };
}

pureTest("deadlineOutside() asks for a proof only where the last place is taken", () => {
  const places = new Places({ mode: "open", maxClients: 2 });
  const [first, second] = [createPeer(), createPeer()];
  places.occupy(first);
  assert.equal(places.deadlineOutside(5), undefined);
  places.occupy(second);
  assert.deepEqual(places.deadlineOutside(5), { at: 5 + FULL_ROOM_WAIT_MS, reason: "full" });
  places.vacate(first);
  assert.equal(first.hasPlace, false);
  assert.equal(second.hasPlace, true);
  assert.equal(places.deadlineOutside(5), undefined);
});

pureTest("deadlineOutside() asks everyone for a proof where only members are served", () => {
  const places = new Places({ mode: "members", maxClients: 2 });
  assert.deepEqual(places.deadlineOutside(5), { at: 5 + PROOF_TIMEOUT_MS, reason: "auth" });
});

pureTest("deadlineOutside() takes the times of its options", () => {
  const times = { proofTimeoutMs: 7, fullRoomWaitMs: 3 };
  const members = new Places({ mode: "members", maxClients: 1, ...times });
  assert.deepEqual(members.deadlineOutside(10), { at: 17, reason: "auth" });
  const open = new Places({ mode: "open", maxClients: 0, ...times });
  assert.deepEqual(open.deadlineOutside(10), { at: 13, reason: "full" });
});

pureTest("vacate() gives a place back once", () => {
  const places = new Places({ mode: "open", maxClients: 1 });
  const [first, second] = [createPeer(), createPeer()];
  places.vacate(first);
  places.occupy(first);
  assert.ok(places.deadlineOutside(0));
  places.vacate(first);
  places.vacate(first);
  places.occupy(second);
  assert.ok(places.deadlineOutside(0));
});

pureTest("claim() takes a free place, and sends nobody away for it", () => {
  const places = new Places({ mode: "open", maxClients: 2 });
  const [guest, member] = [createPeer(), createPeer("member")];
  places.occupy(guest);
  assert.equal(places.claim(member, new Set([guest])), true);
  assert.equal(member.hasPlace, true);
  assert.deepEqual(guest.ends, []);
  assert.ok(places.deadlineOutside(0));
});

pureTest("claim() takes the place of the newest guest who has one", () => {
  const places = new Places({ mode: "open", maxClients: 3 });
  const room = [createPeer(), createPeer(), createPeer("member")] as const;
  for (const peer of room) places.occupy(peer);
  const leaving = createPeer();
  const peers = new Set([...room, leaving]);
  const members = [createPeer("member"), createPeer("member"), createPeer("member")] as const;
  assert.equal(places.claim(members[0], peers), true);
  assert.deepEqual(room.map(({ ends }) => ends), [[], ["full"], []]);
  assert.deepEqual([members[0].hasPlace, room[1].hasPlace], [true, false]);
  assert.equal(places.claim(members[1], peers), true);
  assert.deepEqual(room.map(({ ends }) => ends), [["full"], ["full"], []]);
  assert.equal(places.claim(members[2], peers), false);
  assert.equal(members[2].hasPlace, false);
  assert.deepEqual(leaving.ends, []);
});
