/**
 * What a room costs on several relays: beside one relay that is alone, in one run.
 *
 * @module
 */

import { Nats } from "../tests/support/nats.ts";
import { writeKey } from "../tests/support/member_client.ts";
import { declare } from "../tests/support/needs.ts";
import { processorSeconds, residentBytes } from "../tests/support/process_info.ts";
import { type Server, startServer } from "../tests/support/programs.ts";
import { fakeToken, RawClient } from "../tests/support/raw_client.ts";
import { withDirectory } from "../tests/support/temporary.ts";
import { duration, type Section } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

const MIB = 1024 * 1024;
/** Guests that listen, over all relays. */
const RECEIVERS = 99;
/** Lines that are sent one by one, each after a pause in ms. */
const [PACED, PACE_MS] = [500, 10];
/** Lines that are sent one by one without a pause. */
const SERIAL = 3000;
/** Lines that are sent at once, and how often. */
const [BULK, BULKS] = [100_000, 3];
/** Longest wait for the last line, in ms. */
const MAX_WAIT_MS = 60_000;
/** Time in which a relay comes to rest, in ms. */
const REST_MS = 3000;

/** A room: how many relays it has, and whether they are in a cluster. */
interface Room {
  readonly name: string;
  readonly relays: number;
  readonly isCluster: boolean;
}

const ROOMS: readonly Room[] = [
  { name: "one relay, alone", relays: 1, isCluster: false },
  { name: "one relay, --cluster", relays: 1, isCluster: true },
  { name: "three relays, --cluster", relays: 3, isCluster: true },
];

interface Figures {
  readonly idleBytes: number;
  /** Times from the sending of a line to each receiver, in s. */
  readonly latencies: readonly number[];
  /** Processor time of the relays for each delivery, in s: lines with pauses, without, and at once. */
  readonly paced: number;
  readonly serial: number;
  readonly bulk: number;
  /** The same of the server of NATS, of lines with pauses. */
  readonly nats: number;
}

/** Measures each room in rounds, in turns. */
export async function runCluster({ rounds, share }: Effort): Promise<Section> {
  declare("nats");
  const all = ROOMS.map((room) => ({ room, figures: [] as Figures[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { room, figures } of all) figures.push(await measure(room, share));
  }
  const [alone] = all;
  const of = (figures: readonly Figures[], read: (each: Figures) => number) => {
    return median(figures.map(read));
  };
  const rows = all.map(({ room, figures }) => {
    const ratio = (read: (each: Figures) => number) => {
      return `${(of(figures, read) / of(alone!.figures, read)).toFixed(2)} x`;
    };
    const p50 = ({ latencies }: Figures) => quantile(latencies, 0.5);
    const p99 = ({ latencies }: Figures) => quantile(latencies, 0.99);
    return [
      room.name,
      duration(of(figures, p50)),
      duration(of(figures, p99)),
      microseconds(of(figures, ({ paced }) => paced)),
      ratio(({ paced }) => paced),
      microseconds(of(figures, ({ serial }) => serial)),
      ratio(({ serial }) => serial),
      microseconds(of(figures, ({ bulk }) => bulk)),
      ratio(({ bulk }) => bulk),
      room.isCluster ? microseconds(of(figures, ({ nats }) => nats)) : "-",
      `${Math.round(of(figures, ({ idleBytes }) => idleBytes) / MIB)} MiB`,
    ];
  });
  return {
    title: `(l) A room on several relays: ${RECEIVERS} receivers, lines of 140 characters`,
    head: [
      ...["room", "p50", "p99", "CPU a delivery, with pauses", "ratio", "without", "ratio"],
      ...["at once", "ratio"],
      ...["CPU of NATS", "idle RSS of a relay"],
    ],
    rows,
    notes: [
      `With pauses: ${PACED} lines, each ${PACE_MS} ms after the one before has come. Without: ${SERIAL} lines, each
when the one before has come. Each of these is an entry of the stream. At once: ${BULKS} times ${BULK}
lines. CPU is that of all relays of the room, without NATS, which runs on the same machine. Latency
is from the sending of a line to each receiver, with all of them in one process, with pauses.`,
    ],
  };
}

async function measure({ relays, isCluster }: Room, share: number): Promise<Figures> {
  return await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using nats = isCluster ? await Nats.start({ directory: cwd }) : undefined;
    await using stack = new AsyncDisposableStack();
    const servers: Server[] = [];
    for (let i = 0; i < relays; i++) {
      const cluster = nats ? ["--cluster", nats.urls, "--cluster-name", `r${i}`] : [];
      const args = ["--no-rate-limit", "--max-clients", "500", "--log-level", "warn", ...cluster];
      servers.push(stack.use(await startServer({ cwd, args })));
    }
    const pids = servers.map(({ program }) => program.child.pid);
    await pause(REST_MS);
    const idle = await Promise.all(pids.map(residentBytes));
    const receivers = await Promise.all(
      Array.from({ length: RECEIVERS }, (_, i) => RawClient.connect(servers[i % relays]!.port)),
    );
    const sender = await RawClient.connect(servers[0]!.port);
    stack.defer(() => [sender, ...receivers].forEach((each) => each[Symbol.dispose]()));
    await pause(500);
    const count = async () => {
      return (await Promise.all(pids.map(processorSeconds))).reduce((a, b) => a + b);
    };
    const talk = new Talk(sender, receivers);
    const paced = Math.round(PACED * share);
    const serial = Math.round(SERIAL * share);
    const bulk = Math.round(BULK * share);
    // A relay runs for months: what the engine takes to compile it is no part of a delivery.
    for (let i = 0; i < BULKS; i++) await talk.bulk(bulk);
    await talk.oneByOne(serial, 0);
    const [before, natsBefore] = [await count(), await natsSeconds(nats)];
    const latencies = await talk.oneByOne(paced, PACE_MS);
    const [afterPaced, natsAfter] = [await count(), await natsSeconds(nats)];
    await talk.oneByOne(serial, 0);
    const afterSerial = await count();
    for (let i = 0; i < BULKS; i++) await talk.bulk(bulk);
    const after = await count();
    return {
      idleBytes: Math.max(...idle),
      latencies,
      paced: (afterPaced - before) / paced / RECEIVERS,
      serial: (afterSerial - afterPaced) / serial / RECEIVERS,
      bulk: (after - afterSerial) / BULKS / bulk / RECEIVERS,
      nats: (natsAfter - natsBefore) / paced / RECEIVERS,
    };
  });
}

async function natsSeconds(nats: Nats | undefined): Promise<number> {
  return nats ? await processorSeconds(nats.pid(0)) : 0;
}

/** One sender, and who gets its lines. */
class Talk {
  readonly #sender: RawClient;
  /** Lines that came, over all receivers. */
  #received = 0;
  #expected = 0;
  #onLine: (count: number) => void = () => {};

  constructor(sender: RawClient, receivers: readonly RawClient[]) {
    this.#sender = sender;
    for (const receiver of receivers) {
      receiver.onChunk = (chunk) => {
        let lines = 0;
        for (let i = chunk.indexOf(10); i >= 0; i = chunk.indexOf(10, i + 1)) lines++;
        this.#received += lines;
        this.#onLine(lines);
      };
    }
  }

  /** Sends lines at once, and waits until all have come. */
  async bulk(count: number): Promise<void> {
    this.#expected += count * RECEIVERS;
    await this.#sender.send(`${fakeToken("bulk")}\n`.repeat(count));
    await this.#settle();
  }

  /** Sends lines, each when the one before has come, and after a pause. Returns how long each took to
   * each receiver, in s. */
  async oneByOne(count: number, pauseMs: number): Promise<number[]> {
    const latencies: number[] = [];
    for (let i = 0; i < count; i++) {
      this.#expected += RECEIVERS;
      const sentAt = performance.now();
      this.#onLine = (lines) => {
        for (let k = 0; k < lines; k++) latencies.push((performance.now() - sentAt) / 1000);
      };
      await this.#sender.send(`${fakeToken(`one${i}x`)}\n`);
      await this.#settle();
      await pause(pauseMs);
    }
    this.#onLine = () => {};
    return latencies;
  }

  async #settle(): Promise<void> {
    const until = performance.now() + MAX_WAIT_MS;
    while (this.#received < this.#expected) {
      if (performance.now() > until) throw new Error("Cannot go on: lines have not come");
      await pause(1);
    }
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function microseconds(seconds: number): string {
  return `${(seconds * 1e6).toFixed(2)} µs`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
