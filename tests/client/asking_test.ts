import assert from "node:assert/strict";
import { Asking } from "../../lib/client/asking.ts";
import {
  ASK_AGAIN_MS,
  ASK_JITTER_MS,
  ASK_JITTER_PER_CLIENT_MS,
  ASK_RATE,
  ASK_RATE_OF_ONE_WRITER,
  MAX_ASK_JITTER_MS,
} from "../../lib/client/limits.ts";
import { pureTest } from "../support/pure.ts";

function make(members = 0): Asking {
  return new Asking({ random: () => 1, members: () => members });
}

pureTest("Asking.first() waits the longer the more may ask", () => {
  const waits = [0, 30, 31, 100, 1000, 1_000_000].map((members) => make(members).first(5) - 5);
  const most = MAX_ASK_JITTER_MS;
  const each = ASK_JITTER_PER_CLIENT_MS;
  assert.deepEqual(waits, [ASK_JITTER_MS, ASK_JITTER_MS, 31 * each, 100 * each, most, most]);
  const asking = new Asking({ random: () => 0, members: () => 1000 });
  assert.deepEqual([asking.first(5), asking.again(5)], [5, 5 + ASK_AGAIN_MS]);
});

pureTest("Asking.again() waits twice as long each time, and 24 s at most", () => {
  const waits = [0, 1, 2, 3, 4, 5, 1000].map((asked) => make().again(5, asked) - 5);
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 16, 16].map((times) => times * ASK_AGAIN_MS));
});

pureTest("Asking.afterAnother() waits for the answer, and then as at first", () => {
  assert.equal(make().afterAnother(5), 5 + ASK_AGAIN_MS + ASK_JITTER_MS);
});

pureTest("Asking.mayAsk() bounds questions for each writer, and for all", () => {
  const asking = make();
  const asked = (writer: string, times: number, now: number) =>
    Array.from({ length: times }, () => asking.mayAsk(writer, now)).filter(Boolean).length;
  assert.equal(asked("mallory", 1000, 0), ASK_RATE_OF_ONE_WRITER.burst);
  const rest = ASK_RATE.burst - ASK_RATE_OF_ONE_WRITER.burst;
  const others = Array.from({ length: rest + 10 }, (_, i) => asked(`${i}`, 1, 0));
  assert.equal(others.filter((count) => count === 1).length, rest, "refused ones cost nothing");
  assert.equal(asked("alice", 1, 0), 0);
  assert.equal(asked("mallory", 1000, 1000), ASK_RATE_OF_ONE_WRITER.perSecond);
  assert.equal(asked("alice", 1, 1000), 1);
  const more = Array.from({ length: 200 }, (_, i) => asked(`more ${i}`, 1, 1000));
  assert.equal(more.filter((count) => count === 1).length, ASK_RATE.perSecond - 2);
});
