/**
 * The relays of one room: which of them a client talks to.
 *
 * @module
 * @see docs/PROTOCOL.md, "Rooms on several relays"
 */

import { ChatError, RefusedError } from "../errors.ts";

/** Where a relay listens. */
export interface RelayAddress {
  /** An IPv4 or IPv6 address without brackets, or a host name. */
  readonly hostname: string;
  readonly port: number;
}

/**
 * Tries relays in turn. After a connection the next one is tried first: the last has just lost it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const at = (port: number) => ({ hostname: "127.0.0.1", port });
 * const relays = new Relays([at(1), at(2)]);
 * const ports = async () => (await relays.connect((each) => Promise.resolve(each))).port;
 * assert.deepEqual([await ports(), await ports(), await ports()], [1, 2, 1]);
 * ```
 */
export class Relays {
  readonly #addresses: readonly RelayAddress[];
  /** The place of the relay that a client was connected to last. */
  #current = 0;
  /** The place that is tried first. */
  #first = 0;

  /** @param addresses The relays, one at least. */
  constructor(addresses: readonly RelayAddress[]) {
    this.#addresses = addresses;
  }

  /** The relay of the last connection; the first one before there was any. */
  get current(): RelayAddress {
    return this.#addresses[this.#current]!;
  }

  /**
   * Connects to the first relay that serves this client.
   *
   * @param attempt Connects to one relay.
   * @param mayTryNext Whether another relay may serve this client after an error of one.
   * @throws {unknown} The error of the relay that was tried last, if none serves. At once:
   * what says that no relay of the room can, and what is no {@linkcode ChatError}.
   */
  async connect<T>(
    attempt: (address: RelayAddress) => Promise<T>,
    mayTryNext: (error: unknown) => boolean = isOfOne,
  ): Promise<T> {
    const count = this.#addresses.length;
    for (let tried = 0;; tried++) {
      const place = (this.#first + tried) % count;
      try {
        const connection = await attempt(this.#addresses[place]!);
        this.#current = place;
        this.#first = (place + 1) % count;
        return connection;
      } catch (error) {
        if (tried === count - 1 || !mayTryNext(error)) throw error;
      }
    }
  }

  /**
   * Connects where the other end of a pipe does, too. Whoever has the same list tries it in the same
   * order, wherever it is connected itself.
   *
   * @param attempt Connects to one relay.
   * @throws {RefusedError} If a relay answers, and refuses: the other end gets as far as this one.
   * @throws {unknown} As `connect()` does.
   */
  async meet<T>(attempt: (address: RelayAddress) => Promise<T>): Promise<T> {
    const spelled = this.#addresses.map((address) => {
      return { address, spelling: `${address.hostname} ${address.port}` };
    });
    spelled.sort((a, b) => a.spelling < b.spelling ? -1 : 1);
    const sorted = new Relays(spelled.map(({ address }) => address));
    return await sorted.connect(attempt, (error) => {
      return error instanceof ChatError && !(error instanceof RefusedError);
    });
  }
}

/** A relay that is full or stops says nothing of the others. */
function isOfOne(error: unknown): boolean {
  return error instanceof ChatError && !(error instanceof RefusedError && error.isFinal);
}
