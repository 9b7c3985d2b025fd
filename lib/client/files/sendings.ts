/**
 * Files on their way to those who take them.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { worded } from "../../messages/wording.ts";
import { countFrames, FRAME_BYTES } from "../../protocol/file_frames.ts";
import type { FileOffer, FileRefusal } from "../../protocol/file_messages.ts";
import type { SourceFile } from "../../storage/source_file.ts";
import type { FileMove, FileNote } from "../events.ts";
import { MAX_QUEUED_TAKERS, MAX_SENDING, UNCONFIRMED_MS } from "./limits.ts";
import { type MeetingParts, meetTaker } from "./meeting.ts";
import { sendFile } from "./outgoing.ts";
import { NoPipesError } from "./pipe_link.ts";
import type { Addressee } from "./post.ts";
import { explainFailure, refusalFor } from "./refusal.ts";
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

/** Who takes a file. */
export type Taker = Addressee & Pick<FileNote, "nickname">;

/** A file on its way to one taker. */
interface Sending {
  readonly share: Share;
  readonly taker: Taker;
  /** Its name, which the taker chose. */
  readonly id: string;
  frame: number;
  readonly transfer: Transfer;
  /** When all of it had gone and no answer came, in ms. */
  unconfirmedAt: number | undefined;
}

/** What {@linkcode Sendings} work with. */
export interface SendingsParts extends MeetingParts {
  readonly report: (event: FileMove) => void;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** Sends files, to three takers at once; the others wait for their turn. */
export class Sendings {
  readonly #parts: SendingsParts;
  /** By the name that the taker chose. */
  readonly #sendings = new Map<string, Sending>();

  constructor(parts: SendingsParts) {
    this.#parts = parts;
  }

  /** The transfers that are not over. */
  get transfers(): readonly Transfer[] {
    return [...this.#sendings.values()].map(({ transfer }) => transfer);
  }

  /**
   * Begins to send a file, or has its taker wait.
   *
   * @param wanted The name of the transfer, and the frame to begin with.
   */
  queue(
    share: Share,
    taker: Taker,
    { transfer: id, frame }: { readonly transfer: string; readonly frame: number },
  ): void {
    const known = this.#sendings.get(id);
    if (known && known.taker.id !== taker.id) return;
    if (known && isQueued(known)) {
      known.frame = frame;
      return;
    }
    // Asked again: its pipe broke.
    if (known) this.#end(known, undefined, true);
    if (this.#sendings.size >= MAX_QUEUED_TAKERS) return this.refuse(taker, id, "no pipe");
    const { number, source: { name, size } } = share;
    const facts = { number, direction: "out", nickname: taker.nickname, name, size } as const;
    const transfer = new Transfer(facts, this.#parts.report);
    const sending: Sending = { share, taker, id, frame, transfer, unconfirmedAt: undefined };
    this.#sendings.set(id, sending);
    this.#pump();
    if (transfer.state === "waiting") transfer.tell();
  }

  /** Ends a transfer whose taker says so. */
  stop(id: string, takerId: string): void {
    const sending = this.#find(id, takerId);
    if (!sending) return;
    this.#end(sending, undefined);
    this.#pump();
  }

  /** Counts a file whose taker says that it is whole, whatever became of the pipe. */
  confirm(id: string, takerId: string): void {
    const sending = this.#find(id, takerId);
    if (sending) this.#finish(sending);
  }

  /** Ends the transfers of an offer that is withdrawn. */
  withdraw(share: Share): void {
    for (const sending of this.#sendings.values()) {
      if (sending.share === share) this.#end(sending, "gone");
    }
    this.#pump();
  }

  /** Tells a taker that it gets nothing. */
  refuse(taker: Addressee, transfer: string, reason: FileRefusal): void {
    // Whoever is gone need not be told.
    this.#parts.tell(taker, { kind: "no", transfer, reason }).catch(() => {});
  }

  /** Gives up takers that do not say that they have the file whole. */
  tick(): void {
    const now = this.#parts.monotonic();
    for (const sending of this.#sendings.values()) {
      const { unconfirmedAt = Infinity } = sending;
      if (now - unconfirmedAt <= UNCONFIRMED_MS) continue;
      this.#sendings.delete(sending.id);
      sending.transfer.become("failed", { reason: worded("the taker did not confirm it") });
    }
  }

  /** Ends all. */
  close(): void {
    for (const sending of this.#sendings.values()) this.#end(sending, undefined);
  }

  #find(id: string, takerId: string): Sending | undefined {
    const sending = this.#sendings.get(id);
    return sending?.taker.id === takerId ? sending : undefined;
  }

  #pump(): void {
    const all = [...this.#sendings.values()];
    let free = MAX_SENDING - all.filter(({ transfer }) => transfer.state === "running").length;
    for (const sending of all) {
      if (free <= 0) return;
      if (!isQueued(sending)) continue;
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
      using link = await meetTaker(sending, this.#parts);
      const { pipe, cipher } = link;
      const onProgress = (bytes: number) => void (transfer.bytes = bytes);
      const isAnswered = await sendFile({ source, pipe, cipher, frame, onProgress });
      if (transfer.isOver) return;
      if (isAnswered) return this.#finish(sending);
      // The pipe broke on the way back, or just before: the taker says which.
      sending.unconfirmedAt = this.#parts.monotonic();
      transfer.become("waiting");
    } catch (error) {
      if (this.#sendings.get(sending.id) === sending) this.#sendings.delete(sending.id);
      const isHopeless = error instanceof NoPipesError;
      transfer.become("failed", {
        reason: explainFailure(error),
        ...isHopeless ? { isHopeless } : {},
      });
      const why = refusalFor(error);
      if (why) this.refuse(sending.taker, sending.id, why);
    } finally {
      this.#pump();
    }
  }

  #finish(sending: Sending): void {
    const { share, transfer } = sending;
    this.#sendings.delete(sending.id);
    share.taken++;
    transfer.become("done");
    // A pipe that is still there is of no more use.
    transfer.abort.abort();
    this.#pump();
  }

  #end(sending: Sending, why: FileRefusal | undefined, isQuiet = false): void {
    const { transfer, taker, id } = sending;
    this.#sendings.delete(id);
    if (isQuiet) transfer.state = "cancelled";
    transfer.become("cancelled");
    transfer.abort.abort();
    if (why) this.refuse(taker, id, why);
  }
}

/** Whether it waits for its turn, and not for the taker's word. */
function isQueued({ transfer, unconfirmedAt }: Sending): boolean {
  return transfer.state === "waiting" && unconfirmedAt === undefined;
}
