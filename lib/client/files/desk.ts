/**
 * All files of this client: what it offers, what it is offered, and what is on its way.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import type { FileMessage, FileOffer } from "../../protocol/file_messages.ts";
import { SourceFile } from "../../storage/source_file.ts";
import { safeFileName } from "../../text/file_name.ts";
import type { FileNote, Happening, Message } from "../events.ts";
import type { Roster, RosterEntry } from "../roster.ts";
import { FILE_TICK_MS } from "./limits.ts";
import type { PipeLink } from "./pipe_link.ts";
import type { Addressee, Post } from "./post.ts";
import type { Share } from "./sendings.ts";
import { Shares } from "./shares.ts";
import type { Offered } from "./offers.ts";
import { Takes } from "./takes.ts";
import type { Progress, Transfer } from "./transfer.ts";

/** Ticks between two reports of a running transfer: a second. */
const TICKS_PER_REPORT = 4;

/** What a {@linkcode FileDesk} works with. */
export interface FileDeskParts {
  readonly post: Pick<Post, "agreementKey" | "isPlain" | "offer" | "tell">;
  readonly roster: Roster;
  /** Joins a pipe at the relay. */
  readonly openPipe: (name: Uint8Array, signal: AbortSignal) => Promise<PipeLink>;
  /** Where files that are taken lie; undefined if there is no such place. */
  readonly directory: string | undefined;
  /** Whether members that come later are told of the offers, as a script does that waits for one. */
  readonly repeats: boolean;
  /** Says an offer in words, for clients that know none. */
  readonly describe: (offer: FileOffer) => string;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** What a user is told: set by whoever talks with the user. */
export interface FileListener {
  /** Is told what happens. */
  readonly onEvent: (event: Happening) => void;
  /** Is told how far the running transfers are, some times a second; at last that there are none. */
  readonly onProgress: (running: readonly Progress[]) => void;
}

/** Offers and takes files. */
export class FileDesk {
  readonly #parts: FileDeskParts;
  readonly #shares: Shares;
  readonly #takes: Takes;
  #listener: FileListener | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  #numbers = 0;
  #wasRunning = false;
  /** Runs of members' clients that are here and were told of the offers. */
  readonly #greeted = new Set<string>();

  constructor(parts: FileDeskParts) {
    this.#parts = parts;
    const { openPipe, monotonic, post } = parts;
    const tell = (to: Addressee, message: FileMessage) => post.tell(to, message);
    const report = (event: Happening) => this.#listener?.onEvent(event);
    const isHere = (id: string, epoch: string) => this.#clients(id).some((c) => c.epoch === epoch);
    const ownKey = () => post.agreementKey;
    const keyOf = (id: string, epoch: string) => {
      return this.#clients(id).find((client) => client.epoch === epoch)?.agreementKey;
    };
    this.#shares = new Shares({ tell, openPipe, report, monotonic, ownKey });
    this.#takes = new Takes({ tell, isHere, keyOf, openPipe, report, monotonic, ownKey });
  }

  /** Begins to tell the user. */
  listen(listener: FileListener): void {
    this.#listener = listener;
    this.#timer ??= setInterval(() => this.#tick(), FILE_TICK_MS);
  }

  /** The offers of others. */
  get offers(): readonly Offered[] {
    return this.#takes.offers;
  }

  /** What this client offers. */
  get shares(): readonly Share[] {
    return this.#shares.list();
  }

  /** The transfers that are not over. */
  get transfers(): readonly Transfer[] {
    return [...this.#takes.transfers, ...this.#shares.transfers];
  }

  /**
   * Offers a file.
   *
   * @param path The file. It is read once before it is offered.
   * @param to Whom alone; undefined for all.
   * @returns The offer.
   * @throws {ChatError} If this client writes plain text, or the file cannot be read.
   */
  async offer(path: string, to: Addressee | undefined): Promise<Share> {
    const { post } = this.#parts;
    if (post.isPlain) throw new ChatError(worded("files cannot be sent with --plain"));
    const source = await SourceFile.open(path);
    const share = this.#shares.add(++this.#numbers, source, to);
    await post.offer(share.offer, this.#describe(share.offer), to);
    return share;
  }

  /**
   * Takes a file that is offered.
   *
   * @param number The number of the offer.
   * @param directory Where it is to lie; the usual place unless it is given.
   * @param isPatient Whether a sender that is gone is waited for.
   * @returns The offer.
   * @throws {ChatError} As `Takes.take()` does, or if there is no such place.
   */
  async take(
    number: number,
    directory: string | undefined = this.#parts.directory,
    isPatient = false,
  ): Promise<Offered> {
    if (directory === undefined) {
      throw new ChatError(worded("there is no place for files: name a directory"));
    }
    await this.#takes.take(number, directory, isPatient);
    return this.offers.find((each) => each.number === number)!;
  }

  /** Withdraws an offer, or ends the taking of a file. Returns whether there was one. */
  cancel(number: number): boolean {
    return this.#shares.remove(number) || this.#takes.cancel(number);
  }

  /**
   * Notes that a message offers a file.
   *
   * @returns Whether it does, and the user is told so, or knew. Otherwise it is shown as text.
   */
  noteOffer({ id, nickname, trust, form, offered }: Message): boolean {
    if (!offered || id === undefined || nickname === undefined) return false;
    const { epoch, file } = offered;
    return this.#note({ id, epoch, nickname, trust, file, isPrivate: form === "private" });
  }

  /** Takes what another member's client says of a file. */
  receive(note: FileNote): void {
    const { id, epoch, nickname, trust, message } = note;
    if (message.kind === "offer") {
      this.#note({ id, epoch, nickname, trust, file: message.offer, isPrivate: true });
    } else {
      this.#shares.receive(note);
      this.#takes.receive(note);
    }
  }

  /** Ends all transfers. What has come of files stays. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#listener = undefined;
    this.#shares.close();
    await this.#takes.close();
  }

  #note(offer: Omit<Offered, "number" | "name">): boolean {
    const offered = this.#takes.note(offer, () => ++this.#numbers);
    if (offered) {
      const { id, nickname, trust, number, name, file: { size }, isPrivate } = offered;
      const event = { id, nickname, trust, number, name, size, isPrivate } as const;
      this.#listener?.onEvent({ kind: "offer", ...event });
    }
    return true;
  }

  #describe(offer: FileOffer): string {
    return this.#parts.describe({ ...offer, name: safeFileName(offer.name) });
  }

  #clients(id: string): RosterEntry[] {
    return [...this.#parts.roster.values()].filter((entry) => entry.id === id);
  }

  /** Tells clients that are new here what is offered. Those that know are told nothing new. */
  #greet(): void {
    const here = new Set(Array.from(this.#parts.roster.values(), ({ epoch }) => epoch));
    for (const epoch of this.#greeted) if (!here.has(epoch)) this.#greeted.delete(epoch);
    for (const { id, epoch, agreementKey } of this.#parts.roster.values()) {
      if (agreementKey === undefined || this.#greeted.has(epoch)) continue;
      this.#greeted.add(epoch);
      for (const { offer: { agreementKey: _, ...rest }, to } of this.shares) {
        if (to !== undefined && to !== id) continue;
        // The key of the day may be another one than when it was offered.
        const offer = { ...rest, agreementKey: this.#parts.post.agreementKey };
        this.#parts.post.tell({ id, agreementKey }, { kind: "offer", offer }).catch(() => {});
      }
    }
  }

  #tick(): void {
    this.#takes.tick();
    this.#shares.tick();
    if (this.#parts.repeats && this.shares.length > 0) this.#greet();
    const now = this.#parts.monotonic();
    const running = this.transfers.flatMap((transfer) => transfer.progress(now) ?? []);
    if (running.length > 0 || this.#wasRunning) this.#listener?.onProgress(running);
    this.#wasRunning = running.length > 0;
    if (++this.#ticks % TICKS_PER_REPORT !== 0) return;
    for (const transfer of this.transfers) if (transfer.state === "running") transfer.tell();
  }
}
