/**
 * The files of others that this client takes.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { ChatError, reasonOf } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import { FRAME_BYTES, FrameCipher } from "../../protocol/file_frames.ts";
import type { FileMessage } from "../../protocol/file_messages.ts";
import { PartFile } from "../../storage/part_file.ts";
import type { FileMove, FileNote } from "../events.ts";
import { MAX_ANSWER_MS } from "../limits.ts";
import { receiveFile, TornError } from "./incoming.ts";
import { ASK_SENDER_MS, MAX_TAKING, SENDER_GONE_MS, TORN_RETRY_MS } from "./limits.ts";
import { type Offered, Offers } from "./offers.ts";
import { NoPipesError, type PipeLink } from "./pipe_link.ts";
import { explainRefusal } from "./refusal.ts";
import { Requests, type RequestsParts } from "./requests.ts";
import { Transfer } from "./transfer.ts";

/** A file that is being taken. */
interface Taking {
  readonly offered: Offered;
  /** Its name, which this client chose. */
  readonly id: string;
  readonly part: PartFile;
  readonly transfer: Transfer;
  /** Ends the pipe of now, if there is one. */
  attempt: AbortController | undefined;
  /** When the sender was last asked, in ms. */
  askedAt: number;
  /** When the sender was last known to be here, in ms. */
  seenAt: number;
}

/** What {@linkcode Takes} work with. */
export interface TakesParts extends RequestsParts {
  /** Whether a run of a member's client is here. */
  readonly isHere: (id: string, epoch: string) => boolean;
  readonly openPipe: (name: Uint8Array, signal: AbortSignal) => Promise<PipeLink>;
  readonly report: (event: FileMove) => void;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** Takes files, three at once. What is interrupted goes on when the sender is back. */
export class Takes {
  readonly #parts: TakesParts;
  readonly #requests: Requests;
  readonly #offers = new Offers();
  /** By number of the offer. */
  readonly #takings = new Map<number, Taking>();
  /** The numbers of those whose part is being opened. */
  readonly #opening = new Set<number>();
  /** Those who are here say so within a time. */
  readonly #begunAt: number;
  #isClosed = false;

  constructor(parts: TakesParts) {
    this.#parts = parts;
    this.#requests = new Requests(parts);
    this.#begunAt = parts.monotonic();
  }

  /** What others offer. */
  get offers(): readonly Offered[] {
    return this.#offers.list();
  }

  /** The transfers that are not over. */
  get transfers(): readonly Transfer[] {
    return [...this.#takings.values()].map(({ transfer }) => transfer);
  }

  /**
   * Notes an offer, as `Offers.note()` does. The sender of one that is made anew is asked at once, if
   * the file is being taken; and is told, if this client has it whole.
   *
   * @returns The offer if the user is to be told of it.
   */
  note(offer: Omit<Offered, "number" | "name">, nextNumber: () => number): Offered | undefined {
    const offered = this.#offers.note(offer, nextNumber, (number) => this.#takings.has(number));
    if (offered?.isTaken) return void this.#requests.haveAlready(offered);
    const taking = offered && this.#takings.get(offered.number);
    if (!taking) return offered;
    // A pipe that is not seen to be torn yet ends by itself.
    if (taking.transfer.state === "waiting") taking.askedAt = -Infinity;
    return undefined;
  }

  /**
   * Begins to take a file.
   *
   * @param number The number of its offer.
   * @param directory Where it is to lie.
   * @param isPatient Whether a sender that is gone is waited for, as one is that leaves later.
   * @throws {ChatError} If there is no such offer, it is taken already, its sender is not who is
   * known by that name or not here, or the file cannot be written.
   */
  async take(number: number, directory: string, isPatient = false): Promise<void> {
    const { isHere, report, monotonic } = this.#parts;
    const offered = this.offers.find((each) => each.number === number);
    if (!offered) throw new ChatError(worded("there is no offer {number}", { number }));
    const { id, epoch, nickname, trust, file, name } = offered;
    if (trust !== "verified") {
      const values = { nickname };
      throw new ChatError(
        worded("{nickname} has another key than before: see /verify {nickname}", values),
      );
    }
    if (!isPatient && !isHere(id, epoch) && monotonic() - this.#begunAt > MAX_ANSWER_MS) {
      throw new ChatError(worded("{nickname} is not here any more", { nickname }));
    }
    if (this.#takings.has(number) || this.#opening.has(number)) {
      throw new ChatError(worded("you take that file already"));
    }
    if (this.#takings.size + this.#opening.size >= MAX_TAKING) {
      throw new ChatError(worded("you take too many files at once"));
    }
    this.#opening.add(number);
    const part = await PartFile.open(file, directory, FRAME_BYTES).finally(() => {
      this.#opening.delete(number);
    });
    const { size } = file;
    const transfer = new Transfer({ number, direction: "in", nickname, name, size }, report);
    transfer.bytes = part.length;
    const now = monotonic();
    const taking: Taking = {
      ...{ offered, part, transfer, attempt: undefined, askedAt: now, seenAt: now },
      id: Requests.newTransfer(),
    };
    this.#takings.set(number, taking);
    transfer.tell();
    if (this.#isClosed) return await this.#end(taking, "cancelled");
    await this.#ask(taking);
  }

  /** Ends a taking. What has come stays. Returns whether there was one. */
  cancel(number: number): boolean {
    const taking = this.#takings.get(number);
    if (!taking) return false;
    void this.#requests.stop(taking.offered, taking.id);
    void this.#end(taking, "cancelled");
    return true;
  }

  /** Takes what a sender says. */
  receive({ id, message }: FileNote): void {
    if (message.kind !== "pipe" && message.kind !== "no") return;
    const taking = [...this.#takings.values()].find((each) => each.id === message.transfer);
    if (!taking || taking.offered.id !== id) return;
    if (message.kind === "no") {
      if (message.reason === "gone") this.#offers.forget(taking.offered);
      void this.#end(taking, "failed", { reason: explainRefusal(message.reason) });
    } else void this.#run(taking, message);
  }

  /** Asks senders again that have not answered, and gives up those that are gone. */
  tick(): void {
    const { isHere, monotonic } = this.#parts;
    const now = monotonic();
    for (const taking of this.#takings.values()) {
      const { offered: { id, epoch, nickname }, transfer } = taking;
      if (transfer.state === "running" || isHere(id, epoch)) taking.seenAt = now;
      if (transfer.state !== "waiting") continue;
      if (now - taking.seenAt > SENDER_GONE_MS) {
        const reason = worded("{nickname} is not here any more", { nickname });
        void this.#end(taking, "failed", { reason });
      } else if (now - taking.askedAt > ASK_SENDER_MS && taking.seenAt === now) {
        this.#ask(taking).catch(() => {});
      }
    }
  }

  /** Ends all. What has come stays, and is noted. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const takings = [...this.#takings.values()];
    await Promise.all(takings.map((taking) => this.#end(taking, "cancelled")));
  }

  async #ask(taking: Taking): Promise<void> {
    taking.askedAt = this.#parts.monotonic();
    const frame = Math.floor(taking.part.length / FRAME_BYTES);
    await this.#requests.take(taking.offered, taking.id, frame);
  }

  async #run(taking: Taking, { name, key }: FileMessage & { kind: "pipe" }): Promise<void> {
    const { transfer, part, offered } = taking;
    const { size } = offered.file;
    // The sender has begun anew: the pipe of before leads nowhere.
    taking.attempt?.abort();
    if (isRunning(transfer)) return;
    const attempt = taking.attempt = new AbortController();
    const signal = AbortSignal.any([attempt.signal, transfer.abort.signal]);
    try {
      const cipher = await FrameCipher.import(key);
      using pipe = await this.#parts.openPipe(name, signal);
      transfer.become("running");
      const onProgress = (bytes: number) => void (transfer.bytes = bytes);
      const path = await receiveFile({ size, part, pipe, cipher, onProgress });
      offered.isTaken = true;
      // The pipe may have broken on the way back. A script waits until the relay has this.
      await this.#requests.got(offered, taking.id);
      await this.#end(taking, "done", { path });
    } catch (error) {
      const { aborted } = transfer.abort.signal;
      if (transfer.isOver || aborted || taking.attempt !== attempt) return;
      const isFinal = error instanceof ChatError && !(error instanceof TornError) &&
        isRunning(transfer);
      if (isFinal || error instanceof NoPipesError) {
        // All may have gone: the sender would wait for a word.
        await this.#requests.stop(offered, taking.id);
        return await this.#end(taking, "failed", { reason: reasonOf(error) });
      }
      // The sender's client may be there and its connection not: it is asked again soon.
      if (isRunning(transfer)) transfer.become("waiting");
      taking.askedAt = this.#parts.monotonic() - ASK_SENDER_MS + TORN_RETRY_MS;
    }
  }

  async #end(
    taking: Taking,
    state: FileMove["state"],
    more: Pick<FileMove, "path" | "reason"> = {},
  ): Promise<void> {
    this.#takings.delete(taking.offered.number);
    const { transfer, part } = taking;
    // What failed may be taken again at once, so the part is let go first.
    const { isOver } = transfer;
    if (state !== "done") transfer.abort.abort();
    await part[Symbol.asyncDispose]();
    if (!isOver) transfer.become(state, more);
  }
}

/** By a function, as the state changes while others are waited for. */
function isRunning({ state }: Transfer): boolean {
  return state === "running";
}
