/**
 * The whole soak: keeps a room of clients busy, then settles and compares.
 *
 * @module
 */

import { Client, type Room } from "./client.ts";
import { harass } from "./hostile.ts";
import { Load } from "./load.ts";
import type { Oracle } from "./oracle.ts";
import { drawPlan, STEADY_PLAN } from "./plan.ts";
import { Random } from "./random.ts";
import { sleep } from "./sleep.ts";
import { TokenMaker } from "./token.ts";

/** Time, in ms, between two tokens of the controller. */
const MARKER_MS = 250;
/** Time, in ms, between two shares of the load. */
const HAND_MS = 5;
/** Time, in ms, between two looks at how many clients are wanted. */
const CROWD_MS = 50;
/** Clients that connect in one go, at most. */
const MAX_ARRIVALS = 8;
/** Longest wait for all to arrive once nobody sends any more, in ms. */
const SETTLE_MS = 30_000;
/** Longest wait for all clients to be gone, in ms. */
const GONE_MS = 30_000;

/** Streams of the seed: clients have those from `CLIENTS` on. */
const STREAM = { tokens: 0, crowd: 1, controller: 2, hostile: 3, clients: 10 } as const;

/** Settings of {@linkcode soak}. */
export interface SoakOptions {
  /** Where the relay listens, on this machine. */
  readonly port: number;
  readonly seed: number;
  /** Ends the load; what follows takes some seconds more. */
  readonly signal: AbortSignal;
  /** Fewest and most clients wanted at a time. */
  readonly crowd: readonly [min: number, max: number];
  readonly oracle: Oracle;
  /** The room's key: with it, some come who keep no rule. */
  readonly keyText?: string;
  /** Longest wait for all to arrive once nobody sends any more, in ms. */
  readonly settleMs?: number;
}

/** What the soak says while it runs. */
export interface SoakProgress {
  /** Clients there now. */
  readonly clients: number;
}

/**
 * Drives a relay until the signal, then waits until everything has arrived.
 *
 * @param options Where and how.
 * @param onProgress Called about 20 times a second.
 */
export async function soak(
  { port, seed, signal, crowd, oracle, keyText, settleMs = SETTLE_MS }: SoakOptions,
  onProgress: (progress: SoakProgress) => void = () => {},
): Promise<void> {
  const room: Room = {
    port,
    oracle,
    load: new Load(new Random(seed, STREAM.crowd), crowd),
    maker: new TokenMaker(new Random(seed, STREAM.tokens)),
  };
  const controller = new Client(room, STEADY_PLAN, new Random(seed, STREAM.controller));
  const quiet = new AbortController();
  const marking = sendMarkers(controller, quiet.signal, oracle);
  const hostile = new Random(seed, STREAM.hostile);
  const harassing = keyText === undefined
    ? undefined
    : harass({ port, keyText, random: hostile, signal });
  const clients = new Set<Client>();
  const handing = setInterval(() => room.load.hand(), HAND_MS);
  while (!signal.aborted) {
    const arrivals = Math.min(MAX_ARRIVALS, room.load.wanted - clients.size);
    for (let i = 0; i < arrivals; i++) {
      const random = new Random(seed, STREAM.clients + oracle.senders.length);
      const client = new Client(room, drawPlan(random), random);
      clients.add(client);
      client.done.then(() => clients.delete(client));
    }
    room.load.clients = clients.size + 1;
    onProgress({ clients: clients.size });
    await sleep(CROWD_MS, signal);
  }
  clearInterval(handing);
  oracle.hostile = await harassing ?? 0;
  for (const client of clients) client.settle();
  await Promise.race([Promise.all([...clients].map((each) => each.sending)), sleep(settleMs)]);
  // Whoever came last is in the room before the controller falls silent.
  await sleep(4 * MARKER_MS);
  quiet.abort();
  await marking;
  const everyone = [...clients, controller];
  await compareAll(everyone.filter(({ isConnected }) => isConnected), clients, settleMs);
  for (const client of everyone) client.finish();
  const gone = Promise.all(everyone.map((client) => client.done)).then(() => true);
  if (await Promise.race([gone, sleep(GONE_MS)])) return;
  oracle.fault("other", `${clients.size} clients were still there in the end`);
}

async function sendMarkers(controller: Client, signal: AbortSignal, oracle: Oracle): Promise<void> {
  try {
    while (!signal.aborted) {
      if (controller.isConnected) await controller.sendMarker();
      await sleep(MARKER_MS, signal);
    }
  } catch (error) {
    oracle.fault("other", `the controller could not send: ${Deno.inspect(error)}`);
  }
}

/** Waits until every client has every token, or reports what is missing. */
async function compareAll(
  everyone: readonly Client[],
  alive: Set<Client>,
  settleMs: number,
): Promise<void> {
  const deadline = performance.now() + settleMs;
  for (const client of everyone) {
    const isThere = () => client === everyone.at(-1) || alive.has(client);
    const isMissing = () =>
      !client.view.isConfirmed ||
      client.view.expectOffered().some((each) => client.view.missing(each) > 0);
    while (isThere() && isMissing() && performance.now() < deadline) await sleep(20);
    if (isThere()) client.view.check(client.view.expectOffered(), "in the end");
    if (isThere() && !client.view.isConfirmed) client.view.reportSilence();
  }
}
