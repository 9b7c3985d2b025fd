import assert from "node:assert/strict";
import { HELD_MESSAGE_CHARS, MAX_HELD_OF_ONE_KEY } from "../../lib/client/limits.ts";
import { Queues } from "../../lib/client/queues.ts";
import { Waiting } from "../../lib/client/waiting.ts";
import { pureTest } from "../support/pure.ts";

function queueOf(id: string, epoch = ""): Waiting<string> {
  const window = { id, epoch, next: 0, missing: [], seenAt: 0 };
  return new Waiting<string>(window, { now: 0, askAt: 0 });
}

pureTest("Queues keep what waits until it is taken out", () => {
  const queues = new Queues<string>((item) => item.length);
  const queue = queueOf("a");
  queues.begin(queue);
  for (const [sequence, item] of [[7, "7"], [5, "5"], [7, "7"]] as const) {
    queues.hold(queue, sequence, { item, from: sequence });
  }
  assert.deepEqual([queues.heldCount, queues.find(queue.window)], [2, queue]);
  assert.deepEqual([queues.shift(queue), queues.shift(queue)], ["5", "7"]);
  queues.end(queue);
  assert.deepEqual([queues.heldCount, queues.find(queue.window)], [0, undefined]);
  assert.deepEqual([...queues.values()], []);
});

pureTest(
  "Queues.excessive() is the oldest of who has too much, and a long message is several",
  () => {
    const queues = new Queues<string>((item) => item.length);
    const [first, second, other] = [queueOf("a", "1"), queueOf("a", "2"), queueOf("b")];
    for (const queue of [first, second, other]) queues.begin(queue);
    queues.hold(first, 1, { item: "", from: 1 });
    queues.hold(other, 1, { item: "", from: 1 });
    const item = "x".repeat(HELD_MESSAGE_CHARS * (MAX_HELD_OF_ONE_KEY - 1));
    queues.hold(second, 1, { item, from: 1 });
    assert.equal(queues.excessive(), undefined);
    queues.hold(second, 2, { item: "", from: 2 });
    assert.equal(queues.excessive(), first);
  },
);
