/**
 * How a room's secret moves on: to a later day, to a new generation, and together with what another
 * client of the same member has done. Each function makes a new secret, and leaves the old one as it is.
 *
 * @module
 * @see docs/PROTOCOL.md, "Keys that move on"
 */

import { advanceChain, CHAIN_BYTES, dayOf, markChain } from "./key_chain.ts";
import {
  type Generation,
  type GenerationName,
  isBefore,
  isFirstForm,
  isSameGeneration,
  MAX_GENERATIONS,
  type RoomSecret,
} from "./room_secret.ts";

/** How long a generation is read after another has come in its place, in s: two days. */
export const KEEP_PARENT_SECONDS = 172_800;

/**
 * Makes a new generation, whose first value is of yesterday: so whose clock is behind by some hours
 * can write under it, too.
 *
 * @param parent The one in whose place it comes.
 * @param today In days since 1970.
 */
export async function beginGeneration(
  parent: Pick<GenerationName, "number">,
  today: number,
): Promise<Generation> {
  const chain = crypto.getRandomValues(new Uint8Array(CHAIN_BYTES));
  const mark = await markChain(chain);
  return { number: parent.number + 1, day: today - 1, chain, mark, isUnannounced: true };
}

/**
 * Adds a generation. What is written under from then on is the first in order; all others are read
 * for two days.
 *
 * @param secret The secret.
 * @param generation The new one. It may be known already, at another day.
 * @param now The time, in unix seconds.
 */
export function addGeneration(
  secret: RoomSecret,
  generation: Generation,
  now: number,
): RoomSecret {
  return joinSecrets(secret, { root: secret.root, generations: [generation] }, now);
}

/**
 * Joins two secrets of one room. Of a generation that both have, the later day counts; unless it has
 * not come, as after two clocks were wrong together: then the other's value mends it.
 *
 * @param now The time, in unix seconds: what loses its place now is read for two days more.
 */
export function joinSecrets(a: RoomSecret, b: RoomSecret, now: number): RoomSecret {
  const joined: Generation[] = [];
  for (const each of [...a.generations, ...b.generations]) {
    const index = joined.findIndex((other) => isSameGeneration(each, other));
    if (index < 0) joined.push(each);
    else joined[index] = joinGenerations(joined[index]!, each, dayOf(now) + 1);
  }
  joined.sort((x, y) => isBefore(x, y) ? -1 : 1);
  const generations = joined.slice(0, MAX_GENERATIONS).map((each, i) => {
    if (i > 0) return each.until === undefined ? retire(each, now + KEEP_PARENT_SECONDS) : each;
    const { until: _, ...newest } = each;
    return newest;
  });
  return { root: a.root, generations: generations as [Generation] };
}

/**
 * Moves a secret on to a day: what is needed of the day before stays, and all that is older goes.
 *
 * @param today In days since 1970. A value of a later day is left as it is.
 * @param now The time, in unix seconds: generations that are over by then are dropped, and
 * none is read for more than two days from then.
 * @returns The same object if nothing has changed.
 */
export async function moveOn(secret: RoomSecret, today: number, now: number): Promise<RoomSecret> {
  if (isFirstForm(secret)) return secret;
  const latest = now + KEEP_PARENT_SECONDS;
  const isStale = (each: Generation) => isBehind(each, today) || (each.until ?? 0) > latest;
  if (!secret.generations.some((each) => isStale(each) || isOver(each, now))) return secret;
  const kept = secret.generations.filter((each) => !isOver(each, now));
  const generations = await Promise.all(kept.map(async (each) => {
    const until = each.until === undefined ? {} : { until: Math.min(each.until, latest) };
    if (!isBehind(each, today)) return { ...each, ...until };
    const chain = await advanceChain(each.chain, today - 1 - each.day);
    return { ...each, ...until, chain, day: today - 1 };
  }));
  return { root: secret.root, generations: generations as [Generation] };
}

/** Overwrites, in memory, the values that a secret had and another one that came of it has not. */
export function wipeDropped(before: RoomSecret, after: RoomSecret): void {
  const kept = new Set([after.root, ...after.generations.map(({ chain }) => chain)]);
  for (const value of [before.root, ...before.generations.map(({ chain }) => chain)]) {
    if (!kept.has(value)) value.fill(0);
  }
}

/** Notes that the newest generation's rotation was told to the others. */
export function announce(secret: RoomSecret): RoomSecret {
  const [{ isUnannounced: _, ...newest }, ...others] = secret.generations;
  return { root: secret.root, generations: [newest, ...others] };
}

/** Tells whether a generation's value is older than of yesterday. The first form has no days. */
function isBehind({ number, day }: Generation, today: number): boolean {
  return number > 0 && day < today - 1;
}

function isOver({ until }: Generation, now: number): boolean {
  return until !== undefined && until <= now;
}

function retire({ isUnannounced: _, ...rest }: Generation, until: number): Generation {
  return { ...rest, until };
}

/** @param last The last day that may have come by some clock. */
function joinGenerations(a: Generation, b: Generation, last: number): Generation {
  // What one of the two has told to the others is told; what one has as over is over.
  const [late, early] = a.day >= b.day ? [a, b] : [b, a];
  const { isUnannounced: _, until: __, ...rest } = late.day > last ? early : late;
  const until = Math.min(a.until ?? Infinity, b.until ?? Infinity);
  const isUnannounced = a.isUnannounced && b.isUnannounced;
  return {
    ...rest,
    ...Number.isFinite(until) ? { until } : {},
    ...isUnannounced ? { isUnannounced } : {},
  };
}
