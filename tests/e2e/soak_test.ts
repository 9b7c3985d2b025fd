import assert from "node:assert/strict";
import { classifyLine } from "../../lib/protocol/wire.ts";
import { makeBatch } from "../../soak/batch.ts";
import { FaultyRelay, type Sabotage } from "../../soak/faulty_relay.ts";
import { judgeMemory, type Sample } from "../../soak/memory.ts";
import { type FaultKind, Oracle } from "../../soak/oracle.ts";
import { drawPlan } from "../../soak/plan.ts";
import { Random } from "../../soak/random.ts";
import { soak } from "../../soak/room.ts";
import { MAX_CHARS, readToken, TokenMaker, validLength } from "../../soak/token.ts";
import { View } from "../../soak/view.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";

const MIB = 1024 * 1024;

/** Lets a small crowd talk over a relay that spoils each 97th delivery. */
async function soakFaulty(sabotage: Sabotage): Promise<Oracle> {
  const oracle = new Oracle();
  await using relay = new FaultyRelay(sabotage, 97);
  const { port } = relay;
  const enough = new AbortController();
  const { signal } = enough;
  const soaking = soak({ port, seed: 1, signal, crowd: [6, 10], oracle, settleMs: 3000 });
  const hasEnough = until(() => oracle.deliveries > 1500, "1,500 deliveries", 60);
  await Promise.race([hasEnough, soaking]).finally(() => enough.abort());
  await soaking;
  return oracle;
}

Deno.test({
  name: "soak tokens have every valid length, and the relay's shape",
  permissions: "none",
  fn() {
    const random = new Random(1);
    const maker = new TokenMaker(random);
    const lengths = new Set<number>();
    for (let chars = 1; chars < 1000; chars++) lengths.add(validLength(chars).length);
    assert.deepEqual([...lengths].slice(0, 5), [100, 120, 140, 164, 184]);
    for (const chars of [...lengths, 65_000, MAX_CHARS, MAX_CHARS + 1]) {
      const token = maker.make({ sender: 2 ** 24 - 1, sequence: chars }, chars, random);
      assert.equal(classifyLine(token, 0, token.length), "token");
      assert.deepEqual(readToken(token, 0, token.length), {
        sender: 2 ** 24 - 1,
        sequence: chars,
      });
    }
  },
});

Deno.test({
  name: "soak clients send an HTTP request among their lines, and never as the first",
  permissions: "none",
  fn() {
    const random = new Random(3);
    const maker = new TokenMaker(random);
    let requests = 0;
    for (let id = 0; id < 1000; id++) {
      const plan = { ...drawPlan(random), noiseLines: Infinity };
      const [first, second] = [0, 1].map((offered) => {
        const { batch } = makeBatch(maker, plan, random, { id, offered }, 0);
        return new TextDecoder().decode(batch.bytes);
      }) as [string, string];
      assert.doesNotMatch(first, /^GET /);
      requests += [first, second].filter((text) => /^GET /m.test(text)).length;
    }
    assert.ok(requests > 10, `${requests} requests`);
  },
});

Deno.test({
  name: "soak tokens tell whenever one byte was altered, lost or added",
  permissions: "none",
  fn() {
    const random = new Random(2);
    const token = new TokenMaker(random).make({ sender: 7, sequence: 9 }, 184, random);
    for (let i = 0; i < token.length; i++) {
      for (const flip of [1, 2, 32, 128]) {
        const altered = token.slice();
        altered[i]! ^= flip;
        assert.equal(readToken(altered, 0, altered.length), undefined, `byte ${i} ^ ${flip}`);
      }
      const shorter = new Uint8Array([...token.subarray(0, i), ...token.subarray(i + 1)]);
      assert.equal(readToken(shorter, 0, shorter.length), undefined, `without byte ${i}`);
      const longer = new Uint8Array([...token.subarray(0, i), 65, ...token.subarray(i)]);
      assert.equal(readToken(longer, 0, longer.length), undefined, `one more at ${i}`);
    }
  },
});

Deno.test({
  name: "soak decisions repeat with the seed and differ between clients",
  permissions: "none",
  fn() {
    const draw = (seed: number, stream: number) => drawPlan(new Random(seed, stream));
    assert.deepEqual(draw(5, 3), draw(5, 3));
    const lifetimes = new Set<number>();
    for (let i = 0; i < 100; i++) lifetimes.add(draw(5, i).lifetimeMs).add(draw(6, i).lifetimeMs);
    assert.ok(lifetimes.size > 190);
  },
});

/** A receiver and, as two senders, the controller (0) and another (1), without a network. */
function stage() {
  const oracle = new Oracle();
  const random = new Random(3);
  const maker = new TokenMaker(random);
  const [controller, sender] = [oracle.join(), oracle.join()];
  const newView = () => new View(oracle, oracle.join(), "test");
  const get = (view: View, from: { readonly id: number }, sequence: number) => {
    const token = maker.make({ sender: from.id, sequence }, 140, random);
    view.line(token, 0, token.length);
  };
  return { oracle, controller, sender, newView, get };
}

/** The kinds of fault that were counted, with their numbers. */
function faultsOf(oracle: Oracle): Partial<Record<FaultKind, number>> {
  return Object.fromEntries(Object.entries(oracle.faults).filter(([, count]) => count !== 0));
}

Deno.test({
  name: "soak oracle holds a receiver to what was offered after it was in the room",
  permissions: "none",
  fn() {
    const { oracle, controller, sender, newView, get } = stage();
    controller.offered = 1;
    sender.offered = 5;
    const [early, late] = [newView(), newView()];
    get(early, controller, 0);
    get(late, controller, 0);
    sender.offered = 9;
    get(early, sender, 5);
    assert.deepEqual(faultsOf(oracle), {});
    get(late, sender, 6);
    assert.deepEqual(faultsOf(oracle), { lost: 1 });
    early.check(early.expectOffered(), "in the end");
    assert.deepEqual(faultsOf(oracle), { lost: 1 + 3 });
  },
});

Deno.test({
  name: "soak oracle misses the tail of a sender that left in peace, once its marker is passed",
  permissions: "none",
  fn() {
    const { oracle, controller, sender, newView, get } = stage();
    controller.offered = 1;
    const [whole, short] = [newView(), newView()];
    for (const view of [whole, short]) get(view, controller, 0);
    sender.offered = 3;
    for (const sequence of [0, 1, 2]) get(whole, sender, sequence);
    for (const sequence of [0, 1]) get(short, sender, sequence);
    oracle.leave(sender, true);
    oracle.beforeMarker(1);
    controller.offered = 2;
    get(whole, controller, 1);
    assert.deepEqual(faultsOf(oracle), {});
    get(short, controller, 1);
    assert.deepEqual(faultsOf(oracle), { lost: 1 });
    get(whole, sender, 2);
    assert.deepEqual(faultsOf(oracle), { lost: 1, duplicate: 1 });
  },
});

Deno.test({
  name: "soak oracle tells lost, late, repeated and foreign tokens apart",
  permissions: "none",
  fn() {
    const { oracle, sender, newView, get } = stage();
    const view = newView();
    sender.offered = 10;
    for (const sequence of [0, 2, 1, 3, 3, 5]) get(view, sender, sequence);
    assert.deepEqual(faultsOf(oracle), { order: 1, duplicate: 1, lost: 1 });
    get(view, sender, 10);
    get(view, { id: 99 }, 0);
    const junk = new TextEncoder().encode("hello");
    view.line(junk, 0, junk.length);
    assert.equal(oracle.faults.foreign, 3);
  },
});

Deno.test({
  name: "judgeMemory() finds a leak and a jump, and lets a flat line pass",
  permissions: "none",
  fn() {
    const judge = (bytesAt: (seconds: number) => number) =>
      judgeMemory(
        Array.from({ length: 600 }, (_, s) => ({ seconds: s, bytes: bytesAt(s), cpuSeconds: 0 })),
      ).fault;
    assert.equal(judge((s) => 100 * MIB + (s % 7) * MIB), undefined);
    assert.match(judge((s) => (s < 300 ? 100 : 140) * MIB)!, /^rose from 100.0 MiB to 140.0 MiB/);
    const leak = (s: number) => (s < 120 ? 150 : 100) * MIB + s / 8 * MIB;
    assert.match(judge(leak)!, /^rises by 7.5 MiB a minute/);
  },
});

/** Half an hour of an engine that takes and gives back 6 to 23 MiB, for two minutes on average. */
function* halfAnHour(seed: number, leakPerMinute: number): Generator<Sample> {
  const random = new Random(seed);
  let extra = 0;
  let until = 0;
  for (let seconds = 0; seconds < 1800; seconds++) {
    if (seconds >= until) {
      extra = extra === 0 ? random.int(6, 23) : 0;
      until = seconds - 120 * Math.log(1 - random.next());
    }
    const mib = 82 + extra + 4 * random.next() + leakPerMinute * seconds / 60;
    yield { seconds, bytes: mib * MIB, cpuSeconds: 0 };
  }
}

Deno.test({
  name: "judgeMemory() tells 1 MiB a minute from what the engine takes and gives back",
  permissions: "none",
  fn() {
    for (let seed = 1; seed <= 20; seed++) {
      const judge = (leak: number) => judgeMemory([...halfAnHour(seed, leak)]).fault;
      assert.equal(judge(0), undefined, `seed ${seed}`);
      assert.match(judge(1)!, /^(rises by|rose from)/, `seed ${seed}`);
    }
  },
});

testNeeding(["net"], "soak sees each kind of sabotage, and none where there is none", async () => {
  const expected: Record<Sabotage, readonly FaultKind[]> = {
    none: [],
    drop: ["lost"],
    duplicate: ["duplicate"],
    swap: ["order"],
    alter: ["foreign", "lost"],
    echo: ["foreign"],
    cut: ["cut"],
  };
  const sabotages = Object.keys(expected) as Sabotage[];
  const oracles = await Promise.all(sabotages.map(soakFaulty));
  for (const [i, sabotage] of sabotages.entries()) {
    const { faults, deliveries, details } = oracles[i]!;
    const label = `${sabotage}: ${JSON.stringify(faults)} ${details.join("\n")}`;
    assert.ok(deliveries > 500, label);
    for (const kind of expected[sabotage]) assert.ok(faults[kind] > 0, label);
    if (sabotage === "none") assert.deepEqual(details, []);
    const main = ["duplicate", "order", "foreign", "cut"] as const;
    for (const kind of main) {
      if (!expected[sabotage].includes(kind)) assert.equal(faults[kind], 0, label);
    }
  }
});
