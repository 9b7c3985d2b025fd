/**
 * The keys that a client reads and writes with, and how they move on: with the days, with new
 * generations, and with what other clients of the member write to the file.
 *
 * @module
 * @see docs/PROTOCOL.md, "Keys that move on"
 */

import { dayOf } from "../../crypto/key_chain.ts";
import {
  addGeneration,
  announce,
  beginGeneration,
  moveOn,
  wipeDropped,
} from "../../crypto/moving_on.ts";
import { fingerprintRoom } from "../../crypto/room_key.ts";
import {
  formatRoomSecret,
  type Generation,
  type GenerationName,
  isFirstForm,
  isSameGeneration,
  isSameRoom,
  parseRoomSecret,
  type RoomSecret,
  spellNames,
} from "../../crypto/room_secret.ts";
import { ChatError } from "../../errors.ts";
import type { FernetKey } from "../../fernet.ts";
import { worded } from "../../messages/wording.ts";
import type { KeyStore } from "../../storage/key_store.ts";
import type { Warn } from "../../storage/private_file.ts";
import { KEY_FILE_CHECK_MS } from "../limits.ts";
import { type Candidate, KeySet, type Writing } from "./key_set.ts";
import type { Present } from "./present.ts";

type Change = (secret: RoomSecret) => RoomSecret | Promise<RoomSecret>;

/** What a {@linkcode KeyRing} works with. */
export interface KeyRingParts {
  readonly store: KeyStore;
  readonly present: Present;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Told once if old keys cannot be erased. */
  readonly warn: Warn;
}

/** The keys of a room. */
export class KeyRing {
  readonly #parts: KeyRingParts;
  readonly #listeners = new Set<() => void>();
  #set: KeySet;
  #fingerprint: string;
  /** Marks of what the file could not take. The values are in the set alone, which wipes them. */
  readonly #unsaved = new Set<string>();
  #working: Promise<unknown> = Promise.resolve();
  #isBusy = false;
  #lookedAt = -Infinity;
  #hasWarned = false;

  private constructor(parts: KeyRingParts, secret: RoomSecret, fingerprint: string) {
    this.#parts = parts;
    this.#set = new KeySet(secret, parts.present);
    this.#fingerprint = fingerprint;
  }

  /**
   * Takes a room's keys.
   *
   * @param text The room's secret, as `formatRoomSecret()` returns it.
   * @throws {TypeError | RangeError} If it is anything else.
   */
  static async open(text: string, parts: KeyRingParts): Promise<KeyRing> {
    const secret = await parseRoomSecret(text);
    return new KeyRing(parts, secret, await fingerprintRoom(secret));
  }

  /** Whether the room has never moved on: it has one key. */
  get isFirstForm(): boolean {
    return isFirstForm(this.#set.secret);
  }

  /** The fingerprint of the room as it is now: four groups of five digits. */
  get fingerprint(): string {
    return this.#fingerprint;
  }

  /** The generations that are read, without their values, the newest first. */
  get generations(): readonly Omit<Generation, "chain">[] {
    return this.#set.secret.generations.map(({ chain: _, ...rest }) => rest);
  }

  /** Calls a function after each change of the generations. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Finds the keys that a token may be under, as {@linkcode KeySet.candidates} does. */
  candidates = (seconds: number): ReturnType<KeySet["candidates"]> => this.#set.candidates(seconds);

  /** Chooses key and time of a token, as {@linkcode KeySet.writing} does. */
  writing = (under?: GenerationName): Promise<Writing> => this.#set.writing(under);

  /** The generation that is written under. */
  get current(): GenerationName {
    return this.#set.current.generation;
  }

  /** The newest generation, if the others have not been told of it. Its value is not a copy. */
  get unannounced(): Generation | undefined {
    const [newest] = this.#set.secret.generations;
    return newest.isUnannounced ? newest : undefined;
  }

  /** Today in the room, in days since 1970, as far as it can be told. */
  get today(): number {
    return dayOf(this.#parts.present.likely(this.#set.known));
  }

  /** Makes the key of the lobby. */
  lobbyKey = (): Promise<FernetKey> => this.#set.lobbyKey();

  /** Makes a new generation in place of that which is written under. Nobody has it yet. */
  async begin(): Promise<Generation> {
    return await beginGeneration(this.current, this.today);
  }

  /**
   * Adds a generation, in memory and in the file, before this returns. The room then is of the second
   * form. What is not the newest in order is read for two days, and not written under.
   *
   * @param mustSave Whether it is forgotten if the file does not take it: nobody else has it.
   * @returns Whether the file has it.
   * @throws {Error} If the file does not take what it must.
   */
  async adopt(generation: Generation, { mustSave = false } = {}): Promise<boolean> {
    return await this.#queue(async () => {
      const isSaved = await this.#update((secret) => this.#add(secret, generation), mustSave);
      if (!isSaved) this.#unsaved.add(generation.mark.toHex());
      return isSaved;
    });
  }

  /** Notes that the newest generation was told to the others. */
  async noteAnnounced(name: GenerationName): Promise<void> {
    const tell: Change = (secret) =>
      isSameGeneration(secret.generations[0], name) ? announce(secret) : secret;
    await this.#queue(() => this.#update(tell));
  }

  /** The generation for one who comes now, as {@linkcode KeySet.forNewcomer} makes it. */
  forNewcomer = (): Promise<Generation> => this.#set.forNewcomer();

  /** Writes the room's secret for one who comes now, as `formatRoomSecret()` does. */
  async handover(): Promise<string> {
    const newest = await this.forNewcomer();
    return formatRoomSecret({ root: this.#set.secret.root, generations: [newest] });
  }

  /** Notes a message that was verified: of a member who is known, under one of these keys. */
  noteVerified({ day }: Pick<Candidate, "day">): void {
    if (!this.isFirstForm) this.#parts.present.noteMember(day);
  }

  /** Takes what another client of this member has written to the file. */
  async reload(): Promise<void> {
    await this.#queue(async () => {
      const onDisk = await this.#parts.store.reload();
      if (!onDisk || !isSameRoom(onDisk, this.#set.secret)) return;
      await this.#become(this.#withUnsaved(onDisk));
    });
  }

  /**
   * Does what has become due: moves on to a new day, and looks at the file. It costs nothing in a room
   * of the first form.
   */
  async tick(): Promise<void> {
    if (this.isFirstForm || this.#isBusy) return;
    this.#isBusy = true;
    try {
      const now = this.#parts.monotonic();
      if (now - this.#lookedAt >= KEY_FILE_CHECK_MS) {
        this.#lookedAt = now;
        await this.reload();
      }
      await this.#moveOn();
    } finally {
      this.#isBusy = false;
    }
  }

  /** Waits until what was begun is done. */
  settle = async (): Promise<void> => void await this.#working;

  async #moveOn(): Promise<void> {
    const { present: { agreed }, warn } = this.#parts;
    if (agreed === undefined) {
      if (this.#hasWarned || this.today <= this.#set.known! + 1) return;
      this.#hasWarned = true;
      return warn(worded("old keys are kept until this clock and the server's agree"));
    }
    const move = (secret: RoomSecret) => moveOn(secret, dayOf(agreed), agreed);
    if (await move(this.#set.secret) === this.#set.secret) return;
    await this.#queue(() => this.#update(move));
  }

  /** One change at a time. */
  async #queue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#working.then(work);
    this.#working = done.catch(() => {});
    return await done;
  }

  async #update(change: Change, mustSave = false): Promise<boolean> {
    const changed = await this.#parts.store.update(async (onDisk) => {
      if (onDisk && !isSameRoom(onDisk, this.#set.secret)) {
        throw new ChatError(worded("it is the key of another room"));
      }
      return await change(this.#withUnsaved(onDisk ?? this.#set.secret));
    }, { mustSave });
    if (changed.isSaved) this.#unsaved.clear();
    await this.#become(changed.secret);
    return changed.isSaved;
  }

  #withUnsaved(secret: RoomSecret): RoomSecret {
    const { generations } = this.#set.secret;
    const lacking = generations.filter(({ mark }) => this.#unsaved.has(mark.toHex()));
    return lacking.reduce((sum, each) => this.#add(sum, each), secret);
  }

  #add(secret: RoomSecret, generation: Generation): RoomSecret {
    const { present } = this.#parts;
    return addGeneration(secret, generation, present.agreed ?? present.likely(this.#set.known));
  }

  async #become(secret: RoomSecret): Promise<void> {
    const before = this.#set;
    if (secret === before.secret) return;
    this.#fingerprint = await fingerprintRoom(secret);
    this.#set = new KeySet(secret, this.#parts.present);
    before.wipe();
    wipeDropped(before.secret, secret);
    if (spellNames(before.secret) !== spellNames(secret)) this.#listeners.forEach((call) => call());
  }
}
