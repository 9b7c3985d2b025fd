/**
 * Writing messages: each gets the next number of this run, is signed, and goes
 * to the outbox in order.
 *
 * @module
 * @see docs/PROTOCOL.md, "Envelope"
 */

import { formatBase64Url } from "../bytes/base64url.ts";
import { sealEnvelope } from "../protocol/envelope.ts";
import { EPOCH_BYTES, type HeaderFields } from "../protocol/header.ts";
import type { Outbox } from "./outbox.ts";

/** What a message says, apart from who wrote it and when. */
export type Draft = Omit<HeaderFields, "id" | "nickname" | "epoch" | "sequence" | "time">;

/** What an {@linkcode Author} is made of. */
export interface AuthorParts {
  /** This member's Ed25519 key in base64url, and its private half. */
  readonly id: string;
  readonly privateKey: CryptoKey;
  /** 16 bytes. */
  readonly roomId: Uint8Array;
  readonly nickname: string;
  /** Whether to write `<nickname> text`, for rooms of simple clients. */
  readonly isPlain: boolean;
  readonly outbox: Outbox;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/**
 * One run of a member's client.
 */
export class Author {
  /** This run: when it began, and 16 random bits. */
  readonly epoch: string;
  /** Under which name it writes. */
  nickname: string;
  readonly #parts: AuthorParts;
  #sequence = 0;
  /** The last batch begun: batches go out in the order of the calls. */
  #writing: Promise<void> = Promise.resolve();

  /** @param parts What it is made of. */
  constructor(parts: AuthorParts) {
    this.#parts = parts;
    this.nickname = parts.nickname;
    this.epoch = makeEpoch(parts.now());
  }

  /** Whether it writes plain text: then nothing is known of its presence. */
  get isPlain(): boolean {
    return this.#parts.isPlain;
  }

  /**
   * Writes messages.
   *
   * @param drafts What they say; each must fit a token.
   * @returns When they are in the outbox.
   */
  async write(drafts: readonly Draft[]): Promise<void> {
    const { outbox, monotonic } = this.#parts;
    const previous = this.#writing;
    const sealing = Promise.all(drafts.map((draft) => this.#seal(draft, this.#sequence++)));
    const writing = (async () => {
      const plaintexts = await sealing;
      await previous;
      for (const { plaintext, sequence } of plaintexts) {
        outbox.add({ sequence, plaintext, at: monotonic(), isNumbered: !this.isPlain });
      }
    })();
    this.#writing = writing.catch(() => {});
    await writing;
  }

  async #seal(
    draft: Draft,
    sequence: number,
  ): Promise<{ sequence: number; plaintext: Uint8Array }> {
    const { id, privateKey, roomId, now, isPlain } = this.#parts;
    const { nickname, epoch } = this;
    if (isPlain) {
      const text = draft.kind === "act" ? `* ${nickname} ${draft.text}` : draft.text;
      const line = draft.kind === "act" ? text : `<${nickname}> ${text}`;
      return { sequence, plaintext: new TextEncoder().encode(line) };
    }
    const time = Math.floor(now() / 1000);
    const fields = { ...draft, id, nickname, epoch, sequence, time };
    return { sequence, plaintext: await sealEnvelope(fields, { privateKey, roomId }) };
  }
}

/** 48 bits of the time in ms, then 16 random ones. */
function makeEpoch(now: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(EPOCH_BYTES));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  return formatBase64Url(bytes);
}
