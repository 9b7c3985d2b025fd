/**
 * What one client sends in one go.
 *
 * @module
 */

import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import { MAX_CHARS, type TokenMaker } from "./token.ts";

const LF = new Uint8Array([0x0a]);
const CRLF = new Uint8Array([0x0d, 0x0a]);
/** A client sends no more than about this in one go, in bytes. */
const MAX_BATCH_BYTES = 128 * 1024;
/** The relay ignores each of these. */
const CONTROL_LINES = ["!SOAK", "!SOAK 1 more", "!x", `!${"~".repeat(500)}`, "!PING", "!"];
/** The relay drops it, unless it is the first line: that is a probe, which is answered and closed. */
const HTTP_LINE = "GET / HTTP/1.1";
/** The relay drops each of these, and counts it. */
const NOISE_LINES = [
  "hello",
  "",
  "gAAAAA",
  `gAAAAA${"A".repeat(95)}`,
  `gAAAAA${"A".repeat(90)}?===`,
  `g${"-".repeat(139)}`,
  "\x00\xff\x01",
  "x".repeat(20_000),
];

/** Bytes to be sent, and where in them tokens end. */
export interface Batch {
  readonly bytes: Uint8Array;
  /** For each token, in order, the offset after its LF. */
  readonly tokenEnds: readonly number[];
}

/** Makes the next batch of one sender: one line, or a burst. */
export function makeBatch(
  maker: TokenMaker,
  plan: Plan,
  random: Random,
  sender: { readonly id: number; readonly offered: number },
  noiseSent: number,
): { batch: Batch; noise: number } {
  const parts: Uint8Array[] = [];
  const tokenEnds: number[] = [];
  let length = 0;
  let noise = 0;
  const add = (line: Uint8Array) => {
    const ending = random.chance(plan.crlfShare) ? CRLF : LF;
    parts.push(line, ending);
    length += line.length + ending.length;
  };
  const addText = (lines: readonly string[]) =>
    add(new TextEncoder().encode(lines[random.int(0, lines.length - 1)]!));
  const count = random.chance(0.75) ? 1 : Math.round(random.scale(2, 60));
  for (let i = 0; i < count && length < MAX_BATCH_BYTES; i++) {
    const sequence = sender.offered + tokenEnds.length;
    if (random.chance(0.02)) addText(CONTROL_LINES);
    if (noiseSent + noise < plan.noiseLines && random.chance(0.05)) {
      addText(sequence > 0 ? [...NOISE_LINES, HTTP_LINE] : NOISE_LINES);
      noise++;
    }
    add(maker.make({ sender: sender.id, sequence }, drawChars(random), random));
    tokenEnds.push(length);
  }
  return { batch: { bytes: concat(parts, length), tokenEnds }, noise };
}

/** Mostly short, at times of any length, now and then the longest. */
function drawChars(random: Random): number {
  const kind = random.pick({ short: 940, any: 50, long: 9, longest: 1 });
  if (kind === "short") return random.int(100, 500);
  if (kind === "any") return Math.round(random.scale(500, MAX_CHARS));
  return kind === "long" ? random.int(30_000, MAX_CHARS) : MAX_CHARS;
}

/** Where a batch is cut into writes: nowhere, at one byte, or at many. */
export function drawCuts(length: number, random: Random): number[] {
  const kind = random.pick({ whole: 70, once: 20, often: 10 });
  const count = kind === "whole" ? 0 : kind === "once" ? 1 : random.int(2, 30);
  const cuts = Array.from({ length: count }, () => random.int(1, length));
  return [...cuts, length].sort((a, b) => a - b);
}

/**
 * The waits between the writes of a batch, in ms: none, short, or once a long
 * one. The relay ends a connection that takes 15 s for a line.
 */
export function drawPauses(count: number, random: Random): number[] {
  const long = random.chance(0.03 * count) ? random.int(0, count - 1) : -1;
  return Array.from({ length: count }, (_, i) => {
    if (i === long) return random.int(1000, 6000);
    return random.chance(0.4) ? random.int(1, 30) : 0;
  });
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
