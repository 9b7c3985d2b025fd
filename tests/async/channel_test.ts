import assert from "node:assert/strict";
import { Channel } from "../../lib/async/channel.ts";
import { letOthersRun } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

pureTest("Channel.read() gives all that was pushed, in order", async () => {
  const channel = new Channel<number>();
  channel.push([1]);
  channel.push([]);
  channel.push([2, 3]);
  const reader = channel.read();
  assert.deepEqual(await reader.next(), { done: false, value: [1, 2, 3] });
  const waiting = reader.next();
  channel.push([4]);
  assert.deepEqual(await waiting, { done: false, value: [4] });
  channel.push([5]);
  channel.close();
  assert.deepEqual(await reader.next(), { done: false, value: [5] });
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
});

pureTest("Channel.push() settles when the reader comes for more", async () => {
  const channel = new Channel<number>();
  let isSettled = false;
  channel.push([1]).then(() => isSettled = true);
  const reader = channel.read();
  await reader.next();
  await letOthersRun();
  assert.equal(isSettled, false, "the reader is still busy with it");
  const waiting = reader.next();
  await letOthersRun();
  assert.equal(isSettled, true);
  channel.close();
  await waiting;
});

pureTest("Channel.push() settles at once until more wait than may", async () => {
  const channel = new Channel<number>(2);
  await channel.push([1]);
  await channel.push([2]);
  let isSettled = false;
  channel.push([3]).then(() => isSettled = true);
  await letOthersRun();
  assert.equal(isSettled, false);
  const reader = channel.read();
  assert.deepEqual(await reader.next(), { done: false, value: [1, 2, 3] });
  await channel.push([4]);
  assert.equal(isSettled, false, "the reader is still busy with the others");
  assert.deepEqual(await reader.next(), { done: false, value: [4] });
  channel.close();
  await reader.next();
  await letOthersRun();
  assert.equal(isSettled, true);
});

pureTest(
  "Channel.close() gives an error after what was pushed, and lets pushers go on",
  async () => {
    const channel = new Channel<number>();
    const pushing = channel.push([1]);
    channel.close(new Error("first"));
    channel.close(new Error("second"));
    await pushing;
    await channel.push([2]);
    const reader = channel.read();
    assert.deepEqual(await reader.next(), { done: false, value: [1] });
    await assert.rejects(reader.next(), { name: "Error", message: "first" });
  },
);

pureTest("Channel.close() ends a reader that waits", async () => {
  const channel = new Channel<number>();
  const waiting = channel.read().next();
  channel.close();
  assert.deepEqual(await waiting, { done: true, value: undefined });
});
