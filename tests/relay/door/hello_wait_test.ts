import assert from "node:assert/strict";
import { HelloWait } from "../../../lib/relay/door/hello_wait.ts";
import { pureTest } from "../../support/pure.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

pureTest("HelloWait calls back in order, each after its time", async () => {
  const start = performance.now();
  const over: [string, number][] = [];
  const wait = new HelloWait<string>(60, (item) => over.push([item, performance.now() - start]));
  wait.add("a");
  wait.add("b");
  await sleep(30);
  const addedAt = performance.now() - start;
  wait.add("c");
  while (over.length < 3) await sleep(5);
  assert.deepEqual(over.map(([item]) => item), ["a", "b", "c"]);
  assert.ok(over[0]![1] >= 58 && over[2]![1] >= addedAt + 58);
});

pureTest("remove() forgets one item, and the others keep their time", async () => {
  const over: string[] = [];
  const wait = new HelloWait<string>(10, (item) => over.push(item));
  wait.add("a");
  wait.add("b");
  wait.remove("a");
  while (over.length === 0) await sleep(5);
  assert.deepEqual(over, ["b"]);
});

pureTest("remove() of the last item leaves no timer, and another can be added", async () => {
  const over: string[] = [];
  const wait = new HelloWait<string>(10, (item) => over.push(item));
  wait.add("a");
  wait.remove("a");
  wait.add("b");
  while (over.length === 0) await sleep(5);
  wait.add("c");
  wait.remove("c");
  assert.deepEqual(over, ["b"]);
});
