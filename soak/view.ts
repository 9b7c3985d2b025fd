/**
 * What one client has received, checked line by line.
 *
 * @module
 */

import { HOSTILE_START } from "./hostile.ts";
import type { Oracle, Retirement, Sender } from "./oracle.ts";
import { readToken } from "./token.ts";

/** Gaps remembered per sender, to tell a late token from one that came twice. */
const MAX_REMEMBERED_GAPS = 1000;
const HOSTILE_BYTES = new TextEncoder().encode(HOSTILE_START);
const BANG = 0x21;
const CONTROLLER_ID = 0;

/** What a receiver knows of one sender. */
interface Track {
  /** The number that came first; undefined before. */
  first: number | undefined;
  /** The number expected next, likewise. */
  next: number | undefined;
  /** The first token's number may not be higher. */
  readonly floor: number;
  missing: Set<number> | undefined;
}

/** What a receiver must have got when it is done; see {@linkcode View.expectations}. */
export type Expectation = readonly [sender: Sender, tokens: number];

/** One receiver's view of the room. */
export class View {
  /** Its name in reports. */
  readonly name: string;
  readonly #oracle: Oracle;
  readonly #self: Sender;
  /** By sender's id; senders are removed when they are retired. */
  readonly #tracks = new Map<number, Track>();
  /** Senders from this id on joined after this receiver; undefined before it has got a line. */
  #newcomersFrom: number | undefined;
  #retired = 0;
  #marker = -1;
  /** What the relay said last in a line `!ERR`. */
  relayError: string | undefined;

  /**
   * @param oracle Knows the senders and is told of faults.
   * @param self The receiver as a sender.
   * @param kind What it is, for reports.
   */
  constructor(oracle: Oracle, self: Sender, kind: string) {
    this.#oracle = oracle;
    this.#self = self;
    this.name = `client ${self.id} (${kind})`;
  }

  /** Whether it has received a line, and thus is in the room. */
  get isConfirmed(): boolean {
    return this.#newcomersFrom !== undefined;
  }

  /** Takes the line `bytes[start..end)`, LF excluded. */
  line(bytes: Uint8Array, start: number, end: number): void {
    if (bytes[start] === BANG && this.#control(bytes.subarray(start, end))) return;
    if (isHostile(bytes, start)) return;
    const label = readToken(bytes, start, end);
    const sender = label && this.#oracle.senders[label.sender];
    if (!sender || label.sequence >= sender.offered) {
      const what = label
        ? `token ${label.sequence} of ${label.sender}`
        : excerpt(bytes, start, end);
      return this.#oracle.fault("foreign", `${this.name} got ${what}, which nobody sent`);
    }
    if (sender === this.#self) {
      return this.#oracle.fault("foreign", `${this.name} got its own token ${label.sequence}`);
    }
    this.#oracle.deliveries++;
    this.#oracle.bytes += end - start + 1;
    if (!this.isConfirmed) this.#confirm();
    this.#token(sender, label.sequence);
    if (sender.id === CONTROLLER_ID) this.#passMarker(label.sequence);
  }

  /** Notes bytes without LF at the end of its input. */
  unfinished(bytes: Uint8Array): void {
    const what = excerpt(bytes, 0, bytes.length);
    this.#oracle.fault("foreign", `${this.name} got a line without end: ${what}`);
  }

  /** What must have come by the time that everything sent until now has been delivered. */
  expectOffered(): Expectation[] {
    return [...this.#oracle.active].map((sender) => [sender, sender.offered]);
  }

  /** What must come even if this client leaves now: others have got it already. */
  expectSeen(): Expectation[] {
    return this.isConfirmed ? [...this.#oracle.active].map((s) => [s, s.seen]) : [];
  }

  /** How many of the tokens are missing of one sender's first `tokens`. */
  missing([sender, tokens]: Expectation): number {
    if (sender === this.#self) return 0;
    const track = this.#track(sender);
    // A sender that was retired meanwhile has been checked then.
    if (!track) return 0;
    return Math.max(0, tokens - (track.next ?? track.floor));
  }

  /** Reports what is missing. */
  check(expectations: readonly Expectation[], when: string): void {
    for (const expectation of expectations) {
      const missing = this.missing(expectation);
      if (missing === 0) continue;
      const [sender, tokens] = expectation;
      const what = `the last ${missing} of ${tokens} tokens of ${sender.id}`;
      this.#oracle.fault("lost", `${this.name} misses ${what} ${when}`, missing);
    }
  }

  /** Reports that it never got a line. */
  reportSilence(): void {
    this.#oracle.fault("other", `${this.name} never got a line`);
  }

  #control(line: Uint8Array): boolean {
    const text = new TextDecoder().decode(line);
    if (!/^!ERR \d{3} [ -~]+$/.test(text)) return false;
    this.relayError = text;
    return true;
  }

  /** It is in the room: what is offered from now on must come. */
  #confirm(): void {
    this.#newcomersFrom = this.#oracle.senders.length;
    for (const { id, offered } of this.#oracle.active) {
      this.#tracks.set(id, {
        first: undefined,
        next: undefined,
        floor: offered,
        missing: undefined,
      });
    }
  }

  /** The track of a sender; undefined when it was retired, for this receiver. */
  #track(sender: Sender): Track | undefined {
    const known = this.#tracks.get(sender.id);
    if (known) return known;
    if ((sender.retiredAt ?? Infinity) < this.#retired) return undefined;
    const isNewcomer = sender.id >= (this.#newcomersFrom ?? Infinity);
    const track = {
      first: undefined,
      next: undefined,
      floor: isNewcomer ? 0 : Infinity,
      missing: undefined,
    };
    this.#tracks.set(sender.id, track);
    return track;
  }

  #token(sender: Sender, sequence: number): void {
    const track = this.#track(sender);
    const what = `${this.name} got token ${sequence} of ${sender.id}`;
    if (!track) {
      return this.#oracle.fault("duplicate", `${what} long after that one's end`);
    }
    const expected = track.next ?? Math.min(sequence, track.floor);
    if (sequence < expected) {
      const wasMissing = track.missing?.delete(sequence) ?? false;
      if (!wasMissing && sequence >= (track.first ?? 0)) {
        return this.#oracle.fault("duplicate", `${what} again; expected ${expected}`);
      }
      if (wasMissing) this.#oracle.faults.lost--;
      return this.#oracle.fault("order", `${what} late; expected ${expected}`);
    }
    if (sequence > expected) {
      this.#oracle.fault("lost", `${what}; expected ${expected}`, sequence - expected);
      track.missing ??= new Set();
      for (let i = expected; i < sequence && track.missing.size < MAX_REMEMBERED_GAPS; i++) {
        track.missing.add(i);
      }
    }
    track.first ??= sequence;
    track.next = sequence + 1;
    if (track.next > sender.seen) sender.seen = track.next;
  }

  #passMarker(marker: number): void {
    if (marker <= this.#marker) return;
    this.#marker = marker;
    const { retirements } = this.#oracle;
    for (; this.#retired < retirements.length; this.#retired++) {
      const retirement = retirements[this.#retired]!;
      if (retirement.marker > marker) break;
      if (retirement.sender !== this.#self) this.#retire(retirement);
    }
  }

  #retire(retirement: Retirement): void {
    const { sender, isClean } = retirement;
    const track = this.#track(sender);
    if (!track) return;
    this.#tracks.delete(sender.id);
    const got = track.next ?? track.floor;
    if (got === Infinity) return;
    if (isClean) {
      const missing = sender.offered - got;
      if (missing <= 0) return;
      const what = `the last ${missing} of ${sender.offered} tokens of ${sender.id}`;
      this.#oracle.fault("lost", `${this.name} misses ${what}, which left in peace`, missing);
    } else if (track.next !== undefined || track.floor === 0) {
      retirement.total ??= got;
      if (retirement.total === got) return;
      const what = `${got} tokens of ${sender.id}, another client ${retirement.total}`;
      this.#oracle.fault("other", `${this.name} got ${what}`);
    }
  }
}

function isHostile(bytes: Uint8Array, start: number): boolean {
  return HOSTILE_BYTES.every((byte, i) => bytes[start + i] === byte);
}

function excerpt(bytes: Uint8Array, start: number, end: number): string {
  const text = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 80)));
  return `${JSON.stringify(text)} (${end - start} bytes)`;
}
