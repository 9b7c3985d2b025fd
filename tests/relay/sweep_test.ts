import assert from "node:assert/strict";
import {
  DEAD_AFTER_MS,
  GUEST_PROBE_MS,
  MIN_SLOW_READER_BYTES,
  PING_AFTER_MS,
  SLOW_READER_LAG_BYTES,
  SLOW_READER_WINDOW_MS,
  STALLED_LAG_BYTES,
  SWEEP_MS,
} from "../../lib/relay/limits.ts";
import { Sweeper, type SweptPeer } from "../../lib/relay/sweep.ts";
import { pureTest } from "../support/pure.ts";

/** A guest who does nothing. */
function createPeer(
  { pace, ...state }: Partial<Omit<SweptPeer, "pace">> & { pace?: Partial<SweptPeer["pace"]> } = {},
): SweptPeer {
  return {
    cursor: { lag: 0 },
    bytesOut: 0,
    peerClass: "guest",
    isReading: true,
    pace: { isThrottled: false, lineBegunAt: undefined, inputAt: 0, ...pace },
    deadline: undefined,
    bytesSwept: 0,
    quietSince: 0,
    isStalled: false,
    ...state,
  };
}

/** Sweeps a peer once a second for a minute; returns when it was cut, in ms, or undefined. */
function sweepFor(
  state: (now: number) => { lag: number; bytesOut: number; lineBegunAt?: number },
  lineTimeoutMs = 15_000,
): number | undefined {
  const peer = createPeer();
  const sweeper = new Sweeper(lineTimeoutMs);
  for (let now = 0; now <= 60_000; now += SWEEP_MS) {
    const { lag, bytesOut, lineBegunAt } = state(now);
    Object.assign(peer, { cursor: { lag }, bytesOut, pace: { ...peer.pace, lineBegunAt } });
    if (sweeper.judge(peer, now)) return now;
  }
}

pureTest("judge() leaves a peer alone that is behind by the limit and does not move", () => {
  assert.equal(sweepFor(() => ({ lag: SLOW_READER_LAG_BYTES, bytesOut: 0 })), undefined);
});

pureTest("judge() cuts a peer that is further behind and does not move", () => {
  const cut = sweepFor(() => ({ lag: SLOW_READER_LAG_BYTES + 1, bytesOut: 0 }));
  assert.equal(cut, SLOW_READER_WINDOW_MS);
});

pureTest("judge() draws the line at 640 KiB in any 11 s", () => {
  const drain = (perWindow: number) => (now: number) => ({
    lag: 2 * SLOW_READER_LAG_BYTES,
    bytesOut: Math.floor(now / SLOW_READER_WINDOW_MS) * perWindow,
  });
  assert.equal(sweepFor(drain(MIN_SLOW_READER_BYTES)), undefined);
  assert.equal(sweepFor(drain(MIN_SLOW_READER_BYTES - 1)), SLOW_READER_WINDOW_MS);
});

pureTest("judge() cuts a quick peer 10 to 12 s after it stopped, whenever that was", () => {
  for (let stoppedAt = 20_050; stoppedAt < 22_000; stoppedAt += 100) {
    const cut = sweepFor((now) => ({
      lag: 2 * SLOW_READER_LAG_BYTES,
      bytesOut: Math.min(now, stoppedAt) * 10 * SLOW_READER_LAG_BYTES / 1000,
    }));
    assert.ok(cut! - stoppedAt >= 10_000 && cut! - stoppedAt <= 12_000, `${cut! - stoppedAt} ms`);
  }
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

pureTest("judge() cuts a peer that does not prove the key in time, and says why", () => {
  for (const reason of ["auth", "full"] as const) {
    const sweeper = new Sweeper(15_000);
    const peer = createPeer({ deadline: { at: 3000, reason } });
    assert.equal(sweeper.judge(peer, 3000), undefined);
    assert.equal(sweeper.judge(peer, 3001), reason);
  }
});

pureTest("judge() takes a member for dead after 90 s without input, and a guest never", () => {
  const sweeper = new Sweeper(15_000);
  const member = createPeer({ peerClass: "member", pace: { inputAt: 1000 } });
  assert.equal(sweeper.judge(member, 1000 + DEAD_AFTER_MS), undefined);
  assert.equal(sweeper.judge(member, 1001 + DEAD_AFTER_MS), "timeout");
  assert.equal(sweeper.judge(createPeer(), 1e9), undefined);
});

pureTest("judge() lets deadlines stand still while the relay does not read", () => {
  const sweeper = new Sweeper(15_000);
  const peer = createPeer({
    peerClass: "member",
    isReading: false,
    pace: { lineBegunAt: 0 },
    deadline: { at: 0, reason: "auth" },
  });
  assert.equal(sweeper.judge(peer, 1e9), undefined);
  assert.equal(sweeper.isPingDue(peer, 1e9), false);
});

pureTest("judge() lets nobody gain time for the proof by being over the rate", () => {
  const sweeper = new Sweeper(15_000);
  const deadline = { at: 3000, reason: "auth" } as const;
  const peer = createPeer({
    isReading: false,
    pace: { isThrottled: true, lineBegunAt: 0 },
    deadline,
  });
  assert.equal(sweeper.judge(peer, 3000), undefined);
  assert.equal(sweeper.judge(peer, 3001), "auth");
});

pureTest("judge() notes who is behind and was written nothing since the last time", () => {
  const sweeper = new Sweeper(15_000);
  const peer = createPeer();
  const isStalled = (lag: number, bytesOut: number) => {
    Object.assign(peer, { cursor: { lag }, bytesOut });
    sweeper.judge(peer, 0);
    return peer.isStalled;
  };
  assert.equal(isStalled(STALLED_LAG_BYTES + 1, 1), false);
  assert.equal(isStalled(STALLED_LAG_BYTES + 1, 1), true);
  assert.equal(isStalled(STALLED_LAG_BYTES + 1, 2), false);
  assert.equal(isStalled(STALLED_LAG_BYTES, 2), false);
});

pureTest("isPingDue() asks a member that is silent for 30 s once, and a guest never", () => {
  const sweeper = new Sweeper(15_000);
  const member = createPeer({ peerClass: "member" });
  const asked: number[] = [];
  for (let now = 0; now <= DEAD_AFTER_MS; now += SWEEP_MS) {
    if (sweeper.isPingDue(member, now)) asked.push(now);
  }
  assert.deepEqual(asked, [PING_AFTER_MS + SWEEP_MS]);
  Object.assign(member.pace, { inputAt: 40_000 });
  assert.equal(sweeper.isPingDue(member, 40_000 + PING_AFTER_MS), false);
  assert.equal(sweeper.isPingDue(member, 40_001 + PING_AFTER_MS), true);
  assert.equal(sweeper.isPingDue(createPeer(), 1e9), false);
});

pureTest("isProbeDue() has something written to a guest after each 120 s of quiet", () => {
  const sweeper = new Sweeper(15_000);
  const probe = (peer: SweptPeer, seconds: number, writes: number[] = []) => {
    const probed: number[] = [];
    for (let second = 0; second <= seconds; second++) {
      const bytesOut = writes.filter((each) => each <= second).length;
      Object.assign(peer, { bytesOut });
      sweeper.judge(peer, second * 1000);
      if (sweeper.isProbeDue(peer, second * 1000)) probed.push(second);
    }
    return probed;
  };
  assert.equal(GUEST_PROBE_MS, 120_000);
  assert.deepEqual(probe(createPeer(), 370), [121, 242, 363]);
  assert.deepEqual(probe(createPeer(), 370, [100, 200]), [321]);
  assert.deepEqual(probe(createPeer({ pace: { inputAt: 100_000 } }), 230), [221]);
  assert.deepEqual(probe(createPeer({ isReading: false }), 130), [121]);
  assert.deepEqual(probe(createPeer({ peerClass: "member", isReading: false }), 1000), []);
  const deadline = { at: 1e9, reason: "auth" } as const;
  assert.deepEqual(probe(createPeer({ deadline }), 1000), []);
});

pureTest("begin() tells for how long the process has stood still", () => {
  const sweeper = new Sweeper(15_000);
  const late = [5000, 6000, 7900, 9900, 11_901, 30_000].map((now) => sweeper.begin(now));
  assert.deepEqual(late, [0, 0, 0, 0, 1001, 17_099]);
});
