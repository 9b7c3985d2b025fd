/**
 * The files that this client offers, and their way to those who take them.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { formatBase64Url } from "../../bytes/base64url.ts";
import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import { PIPE_NAME_BYTES } from "../../protocol/control.ts";
import {
  countFrames,
  FRAME_BYTES,
  FrameCipher,
  TRANSFER_KEY_BYTES,
} from "../../protocol/file_frames.ts";
import {
  FILE_ID_BYTES,
  type FileMessage,
  type FileOffer,
  type FileRefusal,
} from "../../protocol/file_messages.ts";
import type { SourceFile } from "../../storage/source_file.ts";
import type { FileMove, FileNote } from "../events.ts";
import {
  MAX_PIPE_TRIES,
  MAX_QUEUED_TAKERS,
  MAX_SENDING,
  MAX_SHARES,
  NO_PIPE_WAIT_MS,
} from "./limits.ts";
import { sendFile } from "./outgoing.ts";
import { NoPipesError, type PipeLink } from "./pipe_link.ts";
import type { Addressee } from "./post.ts";
import { explainFailure, isNoPipe, refusalFor } from "./refusal.ts";
import { Transfer } from "./transfer.ts";

/** A file that is offered. */
export interface Share {
  /** By which the user speaks of it. */
  readonly number: number;
  readonly offer: FileOffer;
  readonly source: SourceFile;
  /** For whom alone: an Ed25519 key in base64url; undefined for all. */
  readonly to: string | undefined;
  /** How often it was taken whole. */
  taken: number;
}

/** A file on its way to one taker. */
interface Sending {
  readonly share: Share;
  readonly taker: Addressee & Pick<FileNote, "nickname">;
  /** Its name, which the taker chose. */
  readonly id: string;
  frame: number;
  readonly transfer: Transfer;
}

/** What {@linkcode Shares} work with. */
export interface SharesParts {
  /** Writes to a member. */
  readonly tell: (to: Addressee, message: FileMessage) => Promise<void>;
  readonly openPipe: (name: Uint8Array, signal: AbortSignal) => Promise<PipeLink>;
  readonly report: (event: FileMove) => void;
  /** Tells this member's X25519 key of now, in base64url. */
  readonly ownKey: () => string;
}

/** Sends files, to three takers at once; the others wait for their turn. */
export class Shares {
  readonly #parts: SharesParts;
  readonly #shares = new Map<string, Share>();
  /** Offers that were withdrawn. */
  readonly #withdrawn = new Set<string>();
  /** By the name that the taker chose. */
  readonly #sendings = new Map<string, Sending>();

  constructor(parts: SharesParts) {
    this.#parts = parts;
  }

  /** The files that are offered, the oldest first. */
  list(): readonly Share[] {
    return [...this.#shares.values()];
  }

  /** The transfers that are not over. */
  get transfers(): readonly Transfer[] {
    return [...this.#sendings.values()].map(({ transfer }) => transfer);
  }

  /**
   * Adds a file.
   *
   * @param to For whom alone.
   * @throws {ChatError} If there are too many.
   */
  add(number: number, source: SourceFile, to: Addressee | undefined): Share {
    if (this.#shares.size >= MAX_SHARES) throw new ChatError(worded("you offer too many files"));
    const id = formatBase64Url(crypto.getRandomValues(new Uint8Array(FILE_ID_BYTES)));
    const { name, size, hash } = source;
    const offer = { id, name, size, hash, agreementKey: this.#parts.ownKey() };
    const share = { number, offer, source, to: to?.id, taken: 0 };
    this.#shares.set(id, share);
    return share;
  }

  /** Withdraws an offer, and ends its transfers. Returns whether there was one of that number. */
  remove(number: number): boolean {
    const share = this.list().find((each) => each.number === number);
    if (!share) return false;
    this.#shares.delete(share.offer.id);
    this.#withdrawn.add(share.offer.id);
    if (this.#withdrawn.size > MAX_SHARES) {
      this.#withdrawn.delete(this.#withdrawn.values().next().value!);
    }
    for (const sending of this.#sendings.values()) {
      if (sending.share === share) this.#end(sending, "gone");
    }
    return true;
  }

  /** Takes what a taker says. */
  receive({ id, nickname, message }: FileNote): void {
    if (message.kind === "stop") {
      const sending = this.#sendings.get(message.transfer);
      if (sending?.taker.id === id) this.#end(sending, undefined);
    }
    if (message.kind !== "take") return;
    this.#queue({ id, nickname, agreementKey: message.agreementKey }, message);
  }

  /** Ends all. */
  close(): void {
    for (const sending of this.#sendings.values()) this.#end(sending, undefined);
    this.#shares.clear();
  }

  #queue(
    taker: Sending["taker"],
    { offer, transfer: id, frame }: FileMessage & { kind: "take" },
  ): void {
    const share = this.#shares.get(offer);
    if (!share || share.to !== undefined && share.to !== taker.id) {
      // Another client of this member's may have the offer, if this one never had it.
      if (share || this.#withdrawn.has(offer)) this.#refuse(taker, id, "gone");
      return;
    }
    const known = this.#sendings.get(id);
    if (known && known.taker.id !== taker.id) return;
    if (known?.transfer.state === "waiting") {
      known.frame = frame;
      return;
    }
    // Asked again: its pipe broke.
    if (known) this.#end(known, undefined, true);
    if (this.#sendings.size >= MAX_QUEUED_TAKERS) return this.#refuse(taker, id, "no pipe");
    const { number, source: { name, size } } = share;
    const facts = { number, direction: "out", nickname: taker.nickname, name, size } as const;
    const transfer = new Transfer(facts, this.#parts.report);
    const sending = { share, taker, id, frame, transfer };
    this.#sendings.set(id, sending);
    this.#pump();
    if (transfer.state === "waiting") transfer.tell();
  }

  #pump(): void {
    const all = [...this.#sendings.values()];
    let free = MAX_SENDING - all.filter(({ transfer }) => transfer.state === "running").length;
    for (const sending of all) {
      if (free <= 0) return;
      if (sending.transfer.state !== "waiting") continue;
      free--;
      void this.#send(sending);
    }
  }

  async #send(sending: Sending): Promise<void> {
    const { share: { source, offer }, transfer } = sending;
    const frame = Math.min(sending.frame, countFrames(offer.size) - 1);
    transfer.bytes = frame * FRAME_BYTES;
    transfer.become("running");
    try {
      await source.check();
      using link = await this.#join(sending);
      const { pipe, cipher } = link;
      const onProgress = (bytes: number) => void (transfer.bytes = bytes);
      const isWhole = await sendFile({ source, pipe, cipher, frame, onProgress });
      if (isWhole) sending.share.taken++;
      const reason = worded("the taker did not confirm it");
      transfer.become(isWhole ? "done" : "failed", isWhole ? {} : { reason });
    } catch (error) {
      const isHopeless = error instanceof NoPipesError;
      transfer.become("failed", {
        reason: explainFailure(error),
        ...isHopeless ? { isHopeless } : {},
      });
      const why = refusalFor(error);
      if (why) this.#refuse(sending.taker, sending.id, why);
    } finally {
      if (this.#sendings.get(sending.id) === sending) this.#sendings.delete(sending.id);
      this.#pump();
    }
  }

  /** Has the taker come to a new pipe, again if the relay has none free. */
  async #join({ taker, id, transfer }: Sending): Promise<
    { readonly pipe: PipeLink; readonly cipher: FrameCipher } & Disposable
  > {
    const { tell, openPipe } = this.#parts;
    const { signal } = transfer.abort;
    for (let tries = 1;; tries++) {
      const name = crypto.getRandomValues(new Uint8Array(PIPE_NAME_BYTES));
      const key = crypto.getRandomValues(new Uint8Array(TRANSFER_KEY_BYTES));
      const cipher = await FrameCipher.import(key);
      // The relay may have no pipe for this end: the taker is only called when it is there.
      const opening = openPipe(name, signal);
      opening.catch(() => {});
      await tell(taker, { kind: "pipe", transfer: id, name, key });
      key.fill(0);
      try {
        const pipe = await opening;
        return { pipe, cipher, [Symbol.dispose]: () => pipe[Symbol.dispose]() };
      } catch (error) {
        const mayRetry = isNoPipe(error) && tries < MAX_PIPE_TRIES && !signal.aborted;
        if (!mayRetry) throw error;
        await new Promise((resolve) => setTimeout(resolve, NO_PIPE_WAIT_MS));
        // Asked again meanwhile, the taker has a newer pipe.
        signal.throwIfAborted();
      }
    }
  }

  #end(sending: Sending, why: FileRefusal | undefined, isQuiet = false): void {
    const { transfer, taker, id } = sending;
    this.#sendings.delete(id);
    if (isQuiet) transfer.state = "cancelled";
    transfer.become("cancelled");
    transfer.abort.abort();
    if (why) this.#refuse(taker, id, why);
    this.#pump();
  }

  #refuse(taker: Addressee, transfer: string, reason: FileRefusal): void {
    // Whoever is gone need not be told.
    this.#parts.tell(taker, { kind: "no", transfer, reason }).catch(() => {});
  }
}
