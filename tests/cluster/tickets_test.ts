import assert from "node:assert/strict";
import { Tickets } from "../../lib/cluster/tickets.ts";
import { pureTest } from "../support/pure.ts";

pureTest("Tickets lets each connection wait for its own last part", async () => {
  const tickets = new Tickets();
  const done: string[] = [];
  const wait = (name: string, local: number) => tickets.wait(local)?.then(() => done.push(name));
  assert.equal(wait("none", 1), undefined);
  tickets.note(1, 1);
  tickets.note(2, 2);
  const first = wait("a", 1);
  tickets.note(1, 3);
  const waits = [wait("b", 2), wait("c", 1)];
  tickets.take(1);
  await first;
  assert.deepEqual(done, ["a"]);
  tickets.take(3);
  await Promise.all(waits);
  assert.deepEqual(done, ["a", "b", "c"]);
  assert.equal(tickets.taken, 3);
  assert.equal(tickets.wait(1), undefined);
});
