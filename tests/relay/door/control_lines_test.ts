import assert from "node:assert/strict";
import { ControlLines, type ControlPeer } from "../../../lib/relay/door/control_lines.ts";
import { PROOF_TIMEOUT_MS } from "../../../lib/relay/limits.ts";
import type { Handshake } from "../../../lib/relay/peer/handshake.ts";
import type { CloseReason } from "../../../lib/relay/watch/events.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { pureTest } from "../../support/pure.ts";

const HELLO = `!HELLO 1 ${"A".repeat(22)} backlog=7`;
const AUTH = `!AUTH ${"A".repeat(86)}`;

/** A peer that notes what is done to it. */
class FakePeer implements ControlPeer {
  readonly cid = 7;
  readonly peerClass: "guest" | "member" = "guest";
  readonly network = "192.0.2.1";
  isVisitor = false;
  isExpelled = false;
  isNextFleeting = false;
  handshake: Handshake | undefined;
  deadline: ControlPeer["deadline"];
  proof: Promise<void> | undefined;
  isBehind = false;
  readonly ends: CloseReason[] = [];
  /** What is said, and `pump` where it is sent. */
  readonly said: string[] = [];
  readonly writer = {
    hold: () => ({ from: 3, to: 5 }),
    say: (bytes: Uint8Array) => {
      this.said.push(new TextDecoder().decode(bytes));
      return !this.isBehind;
    },
    pump: () => void this.said.push("pump"),
  };

  expel(reason: CloseReason): void {
    this.isExpelled = true;
    this.ends.push(reason);
  }
}

function create(isGood = true, mode: "open" | "members" = "open") {
  const stats = createStats();
  const proved: (readonly [FakePeer, Handshake])[] = [];
  const steps: FakePeer[] = [];
  const verifier = { verify: () => Promise.resolve(isGood) };
  const lines = new ControlLines<FakePeer>({
    mode,
    verifier,
    stats,
    onStep: (peer) => steps.push(peer),
    onProved: (peer, handshake) => proved.push([peer, handshake]),
    onVisit: () => {},
    report: () => {},
  });
  const take = (peer: FakePeer, line: string) => lines.take(peer, new TextEncoder().encode(line));
  return { lines, stats, proved, steps, verifier, take };
}

pureTest("take() answers the first !HELLO alone with a challenge", () => {
  const { take } = create();
  const peer = new FakePeer();
  const start = performance.now();
  take(peer, HELLO);
  assert.match(peer.said[0]!, /^!CHAL 1 [\w-]{43} open\n$/);
  const { handshake, deadline } = peer;
  assert.equal(handshake?.backlog, 7);
  assert.deepEqual(handshake.seen, { from: 3, to: 5 });
  assert.equal(deadline?.reason, "auth");
  assert.equal(deadline.at, handshake.dueAt);
  assert.ok(deadline.at >= start + PROOF_TIMEOUT_MS);
  assert.ok(deadline.at <= performance.now() + PROOF_TIMEOUT_MS);
  take(peer, HELLO);
  assert.equal(peer.handshake, handshake);
  assert.deepEqual(peer.said.slice(1), ["pump"]);
});

pureTest("take() gives no more time to a peer that has a deadline", () => {
  const { take } = create();
  const peer = new FakePeer();
  peer.deadline = { at: 1, reason: "full" };
  take(peer, HELLO);
  assert.deepEqual(peer.deadline, { at: 1, reason: "full" });
});

pureTest("take() lets a peer in whose proof is good", async () => {
  const { take, stats, proved } = create();
  const peer = new FakePeer();
  take(peer, HELLO);
  take(peer, AUTH);
  await peer.proof;
  assert.deepEqual(proved, [[peer, peer.handshake]]);
  assert.deepEqual(peer.ends, []);
  assert.equal(stats.proofs.good, 1);
});

pureTest("take() lets nobody in who was sent away meanwhile", async () => {
  const { take, proved } = create();
  const peer = new FakePeer();
  take(peer, HELLO);
  take(peer, AUTH);
  peer.expel("stopped");
  await peer.proof;
  assert.deepEqual(proved, []);
  assert.deepEqual(peer.ends, ["stopped"]);
});

pureTest("take() judges each answer, and a second one ends the connection", async () => {
  const { take, stats, proved } = create();
  const peer = new FakePeer();
  take(peer, HELLO);
  take(peer, AUTH);
  take(peer, AUTH);
  await peer.proof;
  assert.deepEqual([stats.proofs.good, stats.proofs.unasked], [1, 1]);
  assert.equal(proved.length, 0);
  assert.deepEqual(peer.ends, ["auth"]);
});

pureTest("take() takes a good proof whatever failed before", async () => {
  const { take, stats, proved, verifier } = create(false);
  for (let i = 0; i < 100; i++) {
    const peer = new FakePeer();
    take(peer, HELLO);
    take(peer, AUTH);
    await peer.proof;
    assert.deepEqual(peer.ends, ["auth"]);
  }
  verifier.verify = () => Promise.resolve(true);
  const peer = new FakePeer();
  take(peer, HELLO);
  take(peer, AUTH);
  await peer.proof;
  assert.deepEqual(proved, [[peer, peer.handshake]]);
  assert.deepEqual([stats.proofs.wrong, stats.proofs.good], [100, 1]);
});

pureTest("take() tells of each step of a handshake", async () => {
  const { take, steps } = create();
  const peer = new FakePeer();
  take(peer, "!PING 4");
  assert.equal(steps.length, 0);
  take(peer, HELLO);
  take(peer, HELLO);
  assert.deepEqual(steps, [peer]);
  take(peer, AUTH);
  assert.deepEqual(steps, [peer, peer]);
  await peer.proof;
});

pureTest("take() answers !PING after !HELLO alone", () => {
  const { take } = create();
  const peer = new FakePeer();
  take(peer, "!PING 4");
  assert.deepEqual(peer.said, []);
  take(peer, HELLO);
  take(peer, "!PING 4");
  assert.deepEqual(peer.said.slice(2), ["!PONG 4\n", "pump"]);
});

pureTest("take() ends a peer that reads no answers", () => {
  const { take } = create();
  const peer = new FakePeer();
  take(peer, HELLO);
  peer.isBehind = true;
  take(peer, "!PING 4");
  assert.deepEqual(peer.ends, ["too slow"]);
});

pureTest("take() does nothing for unknown verbs, nor for a peer that is sent away", () => {
  const { take } = create();
  const peer = new FakePeer();
  take(peer, "!WHAT 1");
  peer.expel("stopped");
  take(peer, HELLO);
  assert.deepEqual(peer.said, []);
  assert.equal(peer.handshake, undefined);
});

pureTest("take() hands lines about slots on, and notes the step of who visits one", () => {
  const { take, lines, steps } = create();
  const alice = new FakePeer();
  Object.assign(alice, { peerClass: "member" });
  take(alice, "!SLOT acorn");
  assert.deepEqual(alice.said, ["!SLOT acorn 600\n", "pump"]);
  assert.equal(lines.slots.size, 1);
  take(new FakePeer(), "!MEET cable AAAA");
  const visitor = new FakePeer();
  take(visitor, "!MEET acorn AAAA");
  assert.deepEqual([visitor.isVisitor, steps], [true, [visitor]]);
});

pureTest("take() gives a visitor no challenge, and refuse() sends it away", () => {
  const { take, lines } = create();
  for (const [kind, ends] of [["token", ["auth"]], ["noise", []]] as const) {
    const peer = new FakePeer();
    peer.isVisitor = true;
    take(peer, HELLO);
    assert.deepEqual(peer.said, []);
    lines.refuse(peer, kind);
    assert.deepEqual(peer.ends, ends);
  }
});

pureTest("ping() asks at once", () => {
  const { lines } = create();
  const peer = new FakePeer();
  lines.ping(peer, 9);
  assert.deepEqual(peer.said, ["!PING 9\n", "pump"]);
});

pureTest("refuse() sends away by what the mode allows", () => {
  const cases = [
    ["open", "token", ["full"]],
    ["open", "noise", ["full"]],
    ["members", "token", ["auth"]],
    ["members", "noise", []],
  ] as const;
  for (const [mode, kind, ends] of cases) {
    const peer = new FakePeer();
    create(true, mode).lines.refuse(peer, kind);
    assert.deepEqual(peer.ends, ends);
  }
});

/** A peer whose lines are taken when a test says so. */
function createHeld() {
  const waiting: (() => void)[] = [];
  let isHeld = true;
  const lines = new ControlLines<FakePeer>({
    ...{ mode: "open", stats: createStats(), verifier: { verify: () => Promise.resolve(true) } },
    taken: () => isHeld ? new Promise((resolve) => waiting.push(resolve)) : undefined,
    ...{ onStep: () => {}, onProved: () => {}, onVisit: () => {}, report: () => {} },
  });
  const peer = new FakePeer();
  const take = (line: string) => lines.take(peer, new TextEncoder().encode(line));
  take(HELLO);
  peer.said.length = 0;
  const release = async () => {
    isHeld = false;
    for (const resolve of waiting.splice(0)) resolve();
    await undefined;
  };
  return { peer, take, release };
}

pureTest("take() answers a !PING when the lines before it are taken, in order", async () => {
  const { peer, take, release } = createHeld();
  take("!PING 1");
  take("!PING 2");
  assert.deepEqual(peer.said, []);
  await release();
  assert.deepEqual(peer.said, ["!PONG 1\n", "pump", "!PONG 2\n", "pump"]);
  take("!PING 3");
  assert.equal(peer.said.at(-2), "!PONG 3\n");
});

pureTest("take() has 4,096 answers of a peer wait for its lines, and no more", async () => {
  const { peer, take, release } = createHeld();
  for (let n = 0; n < 4096; n++) take(`!PING ${n}`);
  assert.deepEqual(peer.ends, []);
  take("!PING 5000");
  assert.deepEqual(peer.ends, ["too slow"]);
  await release();
  assert.equal(peer.said.filter((each) => each !== "pump").length, 4096);
});
