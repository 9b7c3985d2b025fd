/**
 * The faults: what happens while members talk, and what may come of it.
 *
 * @module
 */

import { connectMember } from "../tests/support/member_client.ts";
import { peakResidentBytes, residentBytes } from "../tests/support/process_info.ts";
import type { Nats } from "../tests/support/nats.ts";
import type { RawClient } from "../tests/support/raw_client.ts";
import { type Finding, Talkers } from "../tests/support/talkers.ts";
import { type MemberFinding, MemberTalk } from "./members.ts";
import { sleep, Stage } from "./stage.ts";

/** What came of a fault. */
export interface Outcome {
  /** The oracle's numbers, in the order in which they are shown. */
  readonly numbers: Readonly<Record<string, number>>;
  /** What is wrong; nothing if all is as promised. */
  readonly wrong: readonly string[];
}

/** A fault. */
export interface Row {
  readonly name: string;
  /** Whether it takes minutes, and runs only if it is asked for. */
  readonly isLong?: boolean;
  /** Whether what comes of it is told, and promised by nobody. */
  readonly isToldOnly?: boolean;
  readonly run: () => Promise<Outcome>;
}

const MIB = 1024 * 1024;
/** Members at three relays, as many lines a second each. */
const [TALKERS, EVERY_MS] = [9, 20];
/** Longest wait for the last lines, in s. */
const SETTLE_SECONDS = 60;

/** Has members talk at all relays while a fault happens. */
async function talk(
  servers: number,
  fault: (stage: Stage) => Promise<void>,
  maxPongMs: number,
): Promise<Outcome> {
  return await Stage.with({ servers, relays: 3 }, async (stage) => {
    const ports = Array.from({ length: TALKERS }, (_, i) => stage.ports[i % 3]!);
    using talkers = await Talkers.gather({ ports, everyMs: EVERY_MS });
    talkers.start();
    await sleep(1000);
    await fault(stage);
    talkers.stop();
    await talkers.settle(SETTLE_SECONDS);
    return judge(talkers.judge(), maxPongMs, stage);
  });
}

function judge(finding: Finding, maxPongMs: number, stage: Stage): Outcome {
  const { sent, received: _, ...numbers } = finding;
  const { lost, twice, shuffled, disordered, cut } = finding;
  const wrong = Object.entries({ lost, twice, shuffled, disordered, cut })
    .flatMap(([name, count]) => count === 0 ? [] : [`${count} ${name}`]);
  if (finding.longestPongMs > maxPongMs) wrong.push(`PONG after ${finding.longestPongMs} ms`);
  return { numbers: { sent, ...numbers }, wrong: [...wrong, ...stage.trouble()] };
}

/** Has real members talk who know all relays while a fault happens to these. */
async function talkAsMembers(fault: (stage: Stage) => Promise<void>): Promise<Outcome> {
  return await Stage.with({ servers: 1, relays: 3 }, async (stage) => {
    await using members = await MemberTalk.gather(stage.ports, TALKERS);
    members.start(100);
    await sleep(1000);
    await fault(stage);
    return judgeMembers(await members.settle(SETTLE_SECONDS));
  });
}

function judgeMembers({ sent, lost, twice, shuffled, settledMs }: MemberFinding): Outcome {
  const wrong = Object.entries({ lost, twice, shuffled })
    .flatMap(([name, count]) => count === 0 ? [] : [`${count} ${name}`]);
  return { numbers: { sent, lost, twice, shuffled, settledMs }, wrong };
}

/** Kills the server that leads, or the only one, several times. */
async function killLeaders({ nats }: Stage, times: number, restMs: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const victim = await findLeader(nats);
    await nats.kill(victim);
    await sleep(500 + Math.random() * 2500);
    await nats.run(victim);
    await findLeader(nats);
    await sleep(restMs);
  }
}

/** Waits until a server leads. */
async function findLeader(nats: Nats): Promise<number> {
  if (nats.ports.length === 1) return 0;
  for (;;) {
    const leader = await nats.leader();
    if (leader !== undefined) return leader;
    await sleep(200);
  }
}

async function killAllServers({ nats }: Stage): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await Promise.all(nats.ports.map((_, server) => nats.kill(server)));
    await sleep(500 + Math.random() * 1500);
    await Promise.all(nats.ports.map((_, server) => nats.run(server)));
    await sleep(8000);
  }
}

async function freezeLeader({ nats }: Stage): Promise<void> {
  const leader = (await nats.leader())!;
  nats.signal(leader, "SIGSTOP");
  await sleep(6000);
  nats.signal(leader, "SIGCONT");
  await sleep(12_000);
}

async function killRelays(stage: Stage): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await stage.killRelay(i % 3);
    await sleep(3000);
    await stage.startRelay(i % 3);
    await sleep(3000);
  }
}

async function restartRelays(stage: Stage): Promise<void> {
  for (const i of stage.ports.keys()) {
    await stage.stopRelay(i);
    await stage.startRelay(i);
    await sleep(4000);
  }
}

/** Members flood while the server freezes for 8 s, and is dead for 6 s. */
function floodFrozenServer(): Promise<Outcome> {
  return Stage.with({ servers: 1, relays: 3 }, async (stage) => {
    const { nats, ports } = stage;
    const options = { ports: [...ports, ...ports], everyMs: 4, chars: 2060 };
    using talkers = await Talkers.gather(options);
    const pids = ports.map((_, i) => stage.relay(i).program.child.pid);
    talkers.start();
    await sleep(2000);
    nats.signal(0, "SIGSTOP");
    await sleep(8000);
    await nats.kill(0);
    await sleep(6000);
    const held = Math.max(...await Promise.all(pids.map(residentBytes)));
    await nats.run(0);
    await sleep(5000);
    talkers.stop();
    await talkers.settle(SETTLE_SECONDS);
    const outcome = judge(talkers.judge(), 60_000, stage);
    const peak = Math.max(...await Promise.all(pids.map(peakResidentBytes)));
    const [heldMib, peakMib] = [held, peak].map((bytes) => Math.round(bytes / MIB));
    const wrong = peakMib! > 250 ? [`${peakMib} MiB`] : [];
    return {
      numbers: { ...outcome.numbers, heldMib: heldMib!, peakMib: peakMib! },
      wrong: [...outcome.wrong, ...wrong],
    };
  });
}

/** A thousand members come, and go again; one at each relay counts them. */
function comeAndGo(): Promise<Outcome> {
  return Stage.with({ servers: 1, relays: 3 }, async ({ ports }) => {
    const watchers = await Promise.all(ports.map((port) => connectMember(port)));
    const members: RawClient[] = [];
    while (members.length < 1000) {
      const some = Array.from({ length: 20 }, (_, i) => ports[(members.length + i) % 3]!);
      members.push(...await Promise.all(some.map((port) => connectMember(port))));
    }
    await sleep(2000);
    for (const member of members) member[Symbol.dispose]();
    await sleep(4000);
    const wrong: string[] = [];
    const numbers = { members: members.length, joined: 0, gone: 0 };
    for (const watcher of watchers) {
      const cids = (verb: string) => {
        return watcher.lines().filter((line) => line.startsWith(`!${verb} `));
      };
      const [joined, gone] = [cids("JOINED"), cids("GONE")];
      numbers.joined += joined.length;
      numbers.gone += gone.length;
      if (new Set(gone).size !== 1000 || gone.length !== 1000) wrong.push(`${gone.length} GONE`);
      // Watchers have seen each other come, too.
      if (joined.length < 1000 || joined.length > 1002) wrong.push(`${joined.length} JOINED`);
      if (new Set(joined).size !== joined.length) wrong.push("JOINED twice");
      watcher[Symbol.dispose]();
    }
    return { numbers, wrong };
  });
}

async function staySilent({ nats }: Stage): Promise<void> {
  await nats.kill(0);
  await sleep(10 * 60_000);
  await nats.run(0);
  await sleep(5000);
}

/** Real members through 10 minutes without NATS. */
function outlast(): Promise<Outcome> {
  return Stage.with({ servers: 1, relays: 3 }, async (stage) => {
    await using members = await MemberTalk.gather(stage.ports, TALKERS);
    members.start(2000);
    await sleep(1000);
    await staySilent(stage);
    return judgeMembers(await members.settle(120));
  });
}

/** All faults, in the order in which they are shown. */
export const ROWS: readonly Row[] = [
  {
    name: "the only server killed, 5 times",
    run: () => talk(1, (stage) => killLeaders(stage, 5, 2000), 5000),
  },
  {
    name: "the leader of three killed, 4 times",
    run: () => talk(3, (stage) => killLeaders(stage, 4, 4000), 15_000),
  },
  {
    // Two elections make one outage.
    name: "each leader of three killed as soon as it leads, 4 times",
    run: () => talk(3, (stage) => killLeaders(stage, 4, 0), 25_000),
  },
  { name: "all three servers killed, 4 times", run: () => talk(3, killAllServers, 25_000) },
  { name: "a relay killed, 5 times", run: () => talkAsMembers(killRelays) },
  { name: "three relays restarted in turn", run: () => talkAsMembers(restartRelays) },
  { name: "the server frozen 8 s, then dead 6 s, in a flood", run: floodFrozenServer },
  { name: "1,000 members come and go", run: comeAndGo },
  {
    name: "the leader of three frozen 6 s",
    isToldOnly: true,
    run: () => talk(3, freezeLeader, 60_000),
  },
  { name: "no server for 10 minutes", isLong: true, run: outlast },
];
