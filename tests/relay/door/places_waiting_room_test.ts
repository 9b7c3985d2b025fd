import assert from "node:assert/strict";
import { WaitingRoom } from "../../../lib/relay/door/places.ts";
import { MAX_WAITING } from "../../../lib/relay/limits.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("enter() lets as many wait as there are places, and the oldest go first", () => {
  const room = new WaitingRoom<{ network: string; number: number }>();
  const visitors = Array.from({ length: 100 }, (_, number) => ({ network: "a", number }));
  for (const [i, visitor] of visitors.entries()) {
    assert.equal(room.enter(visitor)?.number, i < MAX_WAITING ? undefined : i - MAX_WAITING);
  }
  assert.equal(room.size, MAX_WAITING);
  assert.deepEqual([...room], visitors.slice(-MAX_WAITING));
});

pureTest("enter() lets a crowd from one network push out nobody else", () => {
  const room = new WaitingRoom<{ network: string }>(4);
  const alone = { network: "member" };
  room.enter(alone);
  for (let i = 0; i < 100; i++) assert.notEqual(room.enter({ network: "crowd" }), alone);
  assert.ok([...room].includes(alone));
});

pureTest("leave() makes room, and tells who was there", () => {
  const room = new WaitingRoom<{ network: string }>(1);
  const [first, second] = [{ network: "a" }, { network: "a" }];
  room.enter(first);
  assert.equal(room.leave(first), true);
  assert.equal(room.leave(first), false);
  assert.equal(room.enter(second), undefined);
});
