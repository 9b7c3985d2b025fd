/**
 * Who waits until what a connection has sent is taken.
 *
 * @module
 */

/**
 * Parts of the outbox are numbered; a part is taken when all up to it are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const tickets = new Tickets();
 * tickets.note(7, 1);
 * const taken = tickets.wait(7);
 * tickets.take(1);
 * await taken;
 * assert.equal(tickets.wait(7), undefined);
 * ```
 */
export class Tickets {
  /** All parts up to this one are taken. */
  #taken = 0;
  /** The last part of each connection that is not taken. */
  readonly #last = new Map<number, number>();
  #waiting: { readonly ticket: number; readonly resolve: () => void }[] = [];

  /** The number of the last part that is taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Notes the last part of a connection. */
  note(local: number, ticket: number): void {
    this.#last.set(local, ticket);
  }

  /** Settles when all parts of a connection are taken; undefined if they are. */
  wait(local: number): Promise<void> | undefined {
    const ticket = this.#last.get(local);
    if (ticket === undefined) return undefined;
    return new Promise((resolve) => this.#waiting.push({ ticket, resolve }));
  }

  /** Takes all parts up to a number. */
  take(ticket: number): void {
    this.#taken = ticket;
    for (const [local, last] of this.#last) if (last <= ticket) this.#last.delete(local);
    const ready = this.#waiting.filter((each) => each.ticket <= ticket);
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => each.ticket > ticket);
    for (const { resolve } of ready) resolve();
  }
}
