import assert from "node:assert/strict";
import {
  SLOW_READER_BYTES_PER_SECOND,
  SLOW_READER_LAG_BYTES,
  SLOW_READER_WINDOW_MS,
  SWEEP_MS,
} from "../../lib/limits.ts";
import { Sweeper } from "../../lib/relay/sweep.ts";

function pureTest(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

/** Sweeps a peer once a second for a minute; returns when it was cut, in ms, or undefined. */
function sweepFor(
  state: (now: number) => { lag: number; bytesOut: number; lineBegunAt?: number },
  lineTimeoutMs = 15_000,
): number | undefined {
  const lineBegunAt: number | undefined = undefined;
  const peer = { cursor: { lag: 0 }, bytesOut: 0, lineBegunAt, isStalled: false };
  const sweeper = new Sweeper(lineTimeoutMs);
  for (let now = 0; now <= 60_000; now += SWEEP_MS) {
    const { lag, bytesOut, lineBegunAt } = state(now);
    Object.assign(peer, { cursor: { lag }, bytesOut, lineBegunAt });
    if (sweeper.judge(peer, now)) return now;
  }
}

pureTest("judge() leaves a peer alone that is behind by the limit and does not move", () => {
  assert.equal(sweepFor(() => ({ lag: SLOW_READER_LAG_BYTES, bytesOut: 0 })), undefined);
});

pureTest("judge() cuts a peer that is further behind and does not move for 10 s", () => {
  const cut = sweepFor(() => ({ lag: SLOW_READER_LAG_BYTES + 1, bytesOut: 0 }));
  assert.equal(cut, SLOW_READER_WINDOW_MS);
});

pureTest("judge() draws the line at 64 KiB a second on average", () => {
  const drain = (perSecond: number) => (now: number) => ({
    lag: 2 * SLOW_READER_LAG_BYTES,
    bytesOut: Math.floor(now / 1000) * perSecond,
  });
  assert.equal(sweepFor(drain(SLOW_READER_BYTES_PER_SECOND)), undefined);
  assert.equal(sweepFor(drain(SLOW_READER_BYTES_PER_SECOND - 1)), SLOW_READER_WINDOW_MS);
});

pureTest("judge() forgives a peer that catches up in between", () => {
  const lag = (now: number) => now % 9000 === 0 ? 0 : 5 * SLOW_READER_LAG_BYTES;
  assert.equal(sweepFor((now) => ({ lag: lag(now), bytesOut: 0 })), undefined);
});

pureTest("judge() cuts a peer whose line is not ended in time", () => {
  const begun = (lineBegunAt?: number) => () => ({ lag: 0, bytesOut: 0, lineBegunAt });
  assert.equal(sweepFor(begun()), undefined);
  assert.equal(sweepFor(begun(0)), 16_000);
  assert.equal(sweepFor(begun(4000), 3000), 8000);
});
