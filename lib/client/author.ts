/**
 * Writing messages. Each message gets the next number of this run, is signed, and goes to the
 * outbox in order.
 *
 * @module
 * @see docs/PROTOCOL.md, "Envelope"
 */

import type { GenerationName } from "../crypto/room_secret.ts";
import { sealEnvelope } from "../protocol/envelope.ts";
import { makeEpoch } from "../protocol/epoch.ts";
import type { HeaderFields, MessageKind } from "../protocol/header.ts";
import type { Outbox } from "./outbox.ts";

/** Fields that the author adds. */
type OwnFields = "id" | "nickname" | "epoch" | "sequence" | "time" | "fleetingBefore";

/** What a message says, apart from who wrote it and when. */
export interface NewMessage extends Omit<HeaderFields, OwnFields> {
  /** Bytes that do not fit JSON. */
  readonly body?: Uint8Array;
  /** The generation under whose key it is written; that of the time of writing by default. */
  readonly under?: GenerationName;
}

/** Kinds that are nothing to those who come later: who is here now, and what is missed now. */
const FLEETING_KINDS: readonly MessageKind[] = ["join", "here", "leave", "again", "file"];

/** What an {@linkcode Author} is made of. */
export interface AuthorParts {
  /** This member's Ed25519 key, in base64url. */
  readonly id: string;
  /** The private half of that key. */
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

/** Writes the messages of one run of a member's client. */
export class Author {
  /** The epoch of this run, in base64url. */
  readonly epoch: string;
  /** The name of the messages that are written from now on. */
  nickname: string;
  /** When it wrote a message that is kept for those who come later; by the clock in ms. */
  wroteAt = -Infinity;
  readonly #parts: AuthorParts;
  #sequence = 0;
  /** Fleeting messages since the last that was not. */
  #fleetingBefore = 0;
  /** The last batch begun: batches go out in the order of the calls. */
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: AuthorParts) {
    this.#parts = parts;
    this.nickname = parts.nickname;
    this.epoch = makeEpoch(parts.now());
  }

  /** Whether the author writes plain text, which says nothing of the member's presence. */
  get isPlain(): boolean {
    return this.#parts.isPlain;
  }

  /**
   * Writes messages.
   *
   * @param drafts What they say; each must fit a token.
   * @param isKept Whether they are kept for those who come later, also if such kinds are not.
   * @returns Their marks, when they are in the outbox; none of plain text.
   */
  async write(drafts: readonly NewMessage[], isKept = false): Promise<string[]> {
    const { outbox, monotonic } = this.#parts;
    const previous = this.#writing;
    const sealing = Promise.all(drafts.map(async (draft) => {
      const isFleeting = !isKept && FLEETING_KINDS.includes(draft.kind);
      const fleetingBefore = this.#fleetingBefore || undefined;
      this.#fleetingBefore = isFleeting ? this.#fleetingBefore + 1 : 0;
      if (!isFleeting) this.wroteAt = monotonic();
      const sequence = this.#sequence++;
      const plaintext = await this.#seal(draft, { sequence, fleetingBefore });
      const { under } = draft;
      const entry = { sequence, plaintext, isFleeting, isNumbered: !this.isPlain };
      return under ? { ...entry, under } : entry;
    }));
    const writing = (async () => {
      const sealed = await sealing;
      await previous;
      for (const each of sealed) outbox.add({ ...each, at: monotonic() });
    })();
    this.#writing = writing.catch(() => {});
    await writing;
    const run = `${this.#parts.id} ${this.epoch}`;
    return this.isPlain ? [] : (await sealing).map(({ sequence }) => `${run} ${sequence}`);
  }

  async #seal(
    draft: NewMessage,
    numbers: Pick<HeaderFields, "sequence" | "fleetingBefore">,
  ): Promise<Uint8Array> {
    const { id, privateKey, roomId, now, isPlain } = this.#parts;
    const { nickname, epoch } = this;
    if (isPlain) {
      const text = draft.kind === "act" ? `* ${nickname} ${draft.text}` : draft.text;
      const line = draft.kind === "act" ? text : `<${nickname}> ${text}`;
      return new TextEncoder().encode(line);
    }
    const time = Math.floor(now() / 1000);
    const { body, under: _, ...said } = draft;
    const fields = { ...said, ...numbers, id, nickname, epoch, time };
    return await sealEnvelope(fields, { privateKey, roomId }, body);
  }
}
