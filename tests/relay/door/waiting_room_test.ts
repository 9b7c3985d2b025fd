import assert from "node:assert/strict";
import { WaitingRoom } from "../../../lib/relay/door/waiting_room.ts";
import { ANSWER_MS, CROWD_ANSWER_MS, CROWD_SHARE, MAX_WAITING } from "../../../lib/relay/limits.ts";
import { pureTest } from "../../support/pure.ts";

interface Visitor {
  readonly network: string;
}

/** A full waiting room of visitors that came at 0, each from another network. */
function fill(places?: number): { room: WaitingRoom<Visitor>; visitors: Visitor[] } {
  const room = new WaitingRoom<Visitor>(places);
  const visitors: Visitor[] = [];
  while (room.hasRoom(0, 0)) {
    const visitor = { network: `${visitors.length}` };
    assert.equal(room.enter(visitor, 0), undefined);
    visitors.push(visitor);
  }
  return { room, visitors };
}

pureTest("enter() lets as many wait as there are places, and the oldest go first", () => {
  const { room, visitors } = fill();
  assert.equal(room.size, MAX_WAITING);
  for (let i = 0; i < 3; i++) {
    assert.equal(room.enter({ network: `new ${i}` }, ANSWER_MS + 1), visitors[i]);
  }
  assert.equal(room.size, MAX_WAITING);
});

pureTest("hasRoom() lets nobody take the place of one that may be answering", () => {
  const { room } = fill(4);
  assert.equal(room.hasRoom(0, ANSWER_MS), false);
  assert.equal(room.hasRoom(0, ANSWER_MS + 1), true);
  // As many can come as have had their time.
  assert.equal(room.hasRoom(3, ANSWER_MS + 1), true);
  assert.equal(room.hasRoom(4, ANSWER_MS + 1), false);
});

pureTest("hasRoom() counts those that are about to come", () => {
  const room = new WaitingRoom<Visitor>(4);
  assert.equal(room.hasRoom(3, 0), true);
  assert.equal(room.hasRoom(4, 0), false);
});

pureTest("noteStep() gives a visitor time for its next step", () => {
  const { room, visitors } = fill(2);
  room.noteStep(visitors[0]!, 200);
  assert.deepEqual([...room], [visitors[1], visitors[0]]);
  const now = ANSWER_MS + 1;
  assert.equal(room.enter({ network: "new" }, now), visitors[1]);
  assert.equal(room.hasRoom(0, now), false);
  assert.equal(room.hasRoom(0, 200 + ANSWER_MS + 1), true);
  room.noteStep({ network: "nobody" }, now);
  assert.equal(room.size, 2);
});

pureTest("enter() lets a crowd from one network push out nobody else", () => {
  const room = new WaitingRoom<Visitor>(4);
  const alone = { network: "member" };
  room.enter(alone, 0);
  for (let i = 0; i < 100; i++) {
    assert.notEqual(room.enter({ network: "crowd" }, i * ANSWER_MS), alone, `${i}`);
  }
  assert.ok([...room].includes(alone));
});

pureTest("the members of a crowd have less time, so that it does not hold others up", () => {
  const crowd = new WaitingRoom<Visitor>(2 * CROWD_SHARE);
  for (let i = 0; i < 2 * CROWD_SHARE; i++) {
    crowd.enter({ network: i < 3 ? "crowd" : `${i}` }, 0);
  }
  assert.equal(crowd.hasRoom(0, CROWD_ANSWER_MS), false);
  assert.equal(crowd.hasRoom(0, CROWD_ANSWER_MS + 1), true);
  const { room } = fill(8);
  assert.equal(room.hasRoom(0, CROWD_ANSWER_MS + 1), false);
});

pureTest("a household has as much time as who comes alone", () => {
  const room = new WaitingRoom<Visitor>(2 * CROWD_SHARE);
  const alone = { network: "alone" };
  room.enter(alone, 0);
  for (let i = 1; i < 2 * CROWD_SHARE; i++) {
    room.enter({ network: i < 3 ? "household" : `${i}` }, 1);
  }
  assert.equal(room.hasRoom(0, ANSWER_MS), false);
  assert.equal(room.enter({ network: "new" }, ANSWER_MS + 1), alone);
});

pureTest("enter() keeps to its places where nobody asked whether there is room", () => {
  const { room, visitors } = fill(2);
  assert.equal(room.enter({ network: "new" }, 0), visitors[0]);
  assert.equal(room.size, 2);
});

pureTest("leave() makes room, and tells who was there", () => {
  const { room, visitors } = fill(1);
  assert.equal(room.leave(visitors[0]!), true);
  assert.equal(room.leave(visitors[0]!), false);
  assert.equal(room.hasRoom(0, 0), true);
});
