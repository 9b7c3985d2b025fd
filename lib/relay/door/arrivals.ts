/**
 * Serving new connections: soon, and with every line that was sent after them.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import {
  MAX_ACCEPT_STEPS,
  MAX_ACCEPT_TURNS,
  MAX_SERVED_IF_FULL,
  MAX_SERVED_PER_TURN,
  MAX_UNSERVED,
} from "../limits.ts";

/** Turns in which nobody came, one after the other, that tell that nobody waits: the runtime may ask
 * the system and be told of some connections alone. */
const CALM_TURNS = 4;

/**
 * Serves connections in the order in which they were accepted.
 *
 * A burst of connections is accepted before it is served. The system holds only some connections
 * that wait to be accepted; a further one has to try again after a second. Few connections are
 * therefore served in one turn of the event loop, and more once no more can be accepted.
 *
 * A connection has its place in the log as soon as it is accepted. So a line need not wait until it
 * is served. In one turn the runtime hands out what has come to all sockets, and a line takes fewer
 * steps from its socket to the log than a new connection takes to be accepted. Without a wait, a line
 * would overtake a connection that was made before the line was sent. It waits until all that the
 * system held then are accepted.
 */
export class Arrivals<C = Deno.Conn> {
  readonly #serve: (conn: C) => void;
  readonly #unserved: C[] = [];
  #accepted = 0;
  /** `#accepted` when the present turn began; undefined if nothing waits for the turn's end. */
  #acceptedBefore: number | undefined;
  /** Settles at the end of the present turn; shared by all that wait for it. */
  #endOfTurn: PromiseWithResolvers<void> | undefined;
  /** Settles when the system was asked; until then no turn is begun to serve somebody. */
  #asked: PromiseWithResolvers<void> | undefined;

  /** @param serve Lets a connection in. */
  constructor(serve: (conn: C) => void) {
    this.#serve = serve;
  }

  /** How many connections are accepted and not served yet. */
  get unserved(): number {
    return this.#unserved.length;
  }

  /**
   * Serves a connection. The first one of a turn is served at once.
   *
   * @param conn A connection that was just accepted.
   * @returns When another one may be accepted.
   */
  async take(conn: C): Promise<void> {
    this.#unserved.push(conn);
    if (this.#unserved.length === 1 && this.#acceptedBefore === undefined) this.#serveSome(1);
    this.#beginTurn();
    this.#accepted++;
    while (this.#isFull()) await this.#untilEndOfTurn();
  }

  /** Serves all connections that wait. */
  serveAll(): void {
    this.#serveSome(this.#unserved.length);
  }

  /**
   * Waits for the connections that come in this turn. If there are any, or some are not served yet,
   * it waits until none came though they could: for 40 turns at most. Else no time passes.
   */
  async settled(): Promise<void> {
    let before = this.#accepted;
    for (let step = 0; step < MAX_ACCEPT_STEPS; step++) await undefined;
    if (this.#accepted === before && this.#unserved.length === 0) return;
    for (let turn = 0, calm = 0; turn < MAX_ACCEPT_TURNS && calm < CALM_TURNS; turn++) {
      before = this.#accepted;
      await this.#untilEndOfTurn();
      if (this.#accepted === before) await this.#untilAsked();
      calm = this.#accepted !== before || this.#isFull() ? 0 : calm + 1;
    }
  }

  /**
   * Waits until the runtime has asked the system for connections. While it has something to do, it
   * asks after some turns only, and then nobody comes though many wait.
   */
  #untilAsked(): Promise<void> {
    if (!this.#asked) {
      this.#asked = Promise.withResolvers();
      // The system is asked before the timer ends; what it answered is told after, in that turn.
      setTimeout(() => {
        setImmediate(() => {
          this.#asked?.resolve();
          this.#asked = undefined;
          if (this.#unserved.length > 0) this.#beginTurn();
        });
      }, 0);
    }
    return this.#asked.promise;
  }

  #untilEndOfTurn(): Promise<void> {
    this.#beginTurn();
    return (this.#endOfTurn ??= Promise.withResolvers()).promise;
  }

  #beginTurn(): void {
    if (this.#acceptedBefore !== undefined) return;
    this.#acceptedBefore = this.#accepted;
    // Not a timer: it would delay each line by more than a millisecond.
    setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    const isCalm = this.#accepted === this.#acceptedBefore;
    this.#acceptedBefore = undefined;
    const mayServe = isCalm ? MAX_SERVED_PER_TURN : 1;
    this.#serveSome(this.#isFull() ? MAX_SERVED_IF_FULL : mayServe);
    if (this.#unserved.length > 0 && !this.#asked) this.#beginTurn();
    this.#endOfTurn?.resolve();
    this.#endOfTurn = undefined;
  }

  #isFull(): boolean {
    return this.#unserved.length >= MAX_UNSERVED;
  }

  #serveSome(count: number): void {
    for (const conn of this.#unserved.splice(0, count)) this.#serve(conn);
  }
}
