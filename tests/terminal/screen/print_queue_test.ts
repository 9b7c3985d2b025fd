import assert from "node:assert/strict";
import {
  MAX_LAYOUT_MS,
  MAX_REPAINT_CHARS,
  MAX_REPAINT_ITEMS,
  MAX_UNDRAWN_ITEMS,
  PrintQueue,
} from "../../../lib/terminal/screen/print_queue.ts";
import { pureTest } from "../../support/pure.ts";

const still = () => 0;
const quietly = (printed: Promise<void>) => printed.catch(() => {});

pureTest("PrintQueue.take() lays items out in order, for the width of now", async () => {
  const queue = new PrintQueue();
  const printed = [queue.push((columns) => [`${columns}`, "b"]), queue.push(() => ["c"])];
  assert.equal(queue.size, 2);
  const { text, settle } = queue.take(40, still);
  assert.deepEqual([text, queue.size], ["40\r\nb\r\nc\r\n", 0]);
  settle();
  await Promise.all(printed);
});

pureTest("PrintQueue.take() takes MAX_REPAINT_ITEMS items at most", () => {
  const queue = new PrintQueue();
  for (let i = 0; i <= MAX_REPAINT_ITEMS; i++) quietly(queue.push(() => ["x"]));
  assert.equal(queue.take(80, still).text, "x\r\n".repeat(MAX_REPAINT_ITEMS));
  assert.equal(queue.size, 1);
});

pureTest("PrintQueue.take() takes no item more once it has MAX_REPAINT_CHARS", () => {
  for (const [chars, size] of [[MAX_REPAINT_CHARS - 2, 1], [MAX_REPAINT_CHARS - 3, 0]] as const) {
    const queue = new PrintQueue();
    quietly(queue.push(() => ["x".repeat(chars)]));
    quietly(queue.push(() => ["y"]));
    queue.take(80, still);
    assert.equal(queue.size, size);
  }
});

pureTest("PrintQueue.take() stops laying out after MAX_LAYOUT_MS, but takes one item", () => {
  for (const [ms, size] of [[MAX_LAYOUT_MS, 2], [MAX_LAYOUT_MS - 1, 1]] as const) {
    const queue = new PrintQueue();
    let now = 0;
    const slow = () => {
      now += ms;
      return ["x"];
    };
    for (let i = 0; i < 3; i++) quietly(queue.push(slow));
    queue.take(80, () => now);
    assert.equal(queue.size, size);
  }
});

pureTest("PrintQueue.push() rejects beyond MAX_UNDRAWN_ITEMS", async () => {
  const queue = new PrintQueue();
  for (let i = 0; i < MAX_UNDRAWN_ITEMS; i++) quietly(queue.push(() => []));
  await assert.rejects(queue.push(() => []), {
    name: "RangeError",
    message: "Cannot print: too much waits for the terminal",
  });
  assert.equal(queue.size, MAX_UNDRAWN_ITEMS);
});

pureTest(
  "PrintQueue.push() rejects with what its item throws, and others are printed",
  async () => {
    const queue = new PrintQueue();
    const failing = queue.push(() => {
      throw new Error("planned");
    });
    const printed = queue.push(() => ["x"]);
    const { text, settle } = queue.take(80, still);
    assert.equal(text, "x\r\n");
    settle();
    await assert.rejects(failing, { message: "planned" });
    await printed;
  },
);

pureTest("PrintQueue.push() rejects with what printing failed with", async () => {
  const queue = new PrintQueue();
  const printed = queue.push(() => ["x"]);
  queue.take(80, still).fail(new Error("gone"));
  await assert.rejects(printed, { message: "gone" });
});
