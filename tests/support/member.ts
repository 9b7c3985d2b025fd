/**
 * A member of a room inside the test: the client's own parts, without a terminal.
 *
 * @module
 */

import { describeHappening, describeMessage, formatLocalTime } from "../../lib/chat/describe.ts";
import { Members } from "../../lib/chat/members.ts";
import { type Entered, enterRoom } from "../../lib/client/enter.ts";
import type { RoomEvent } from "../../lib/client/events.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { createIdentity, type Identity } from "../../lib/storage/identity.ts";
import { Pins } from "../../lib/storage/pins.ts";
import type { DayKeyFile } from "../../lib/storage/day_keys.ts";
import type { KeyStore } from "../../lib/storage/key_store.ts";
import type { Rotations } from "../../lib/storage/rotations.ts";
import { SeenStore } from "../../lib/storage/seen_store.ts";
import { within } from "./within.ts";

const SAY = sayIn("en");

/** How a member enters. */
export interface MemberOptions {
  readonly port: number;
  /** Ports of further relays of the room. */
  readonly others?: readonly number[];
  readonly keyText: string;
  readonly nickname: string;
  readonly identity?: Identity;
  readonly pins?: Pins;
  /** Where it remembers what it has seen; nowhere by default. */
  readonly directory?: string;
  /** Where it keeps its keys of the day, and the room's; only in memory by default. */
  readonly dayKeys?: DayKeyFile;
  readonly keyStore?: KeyStore;
  /** Where it keeps who belongs to each key; only in memory by default. */
  readonly rotations?: Rotations;
  readonly isPlain?: boolean;
  readonly backlog?: number;
  /** How long it tries to connect again, in ms: a minute by default. */
  readonly reconnectMs?: number;
  /** How far its clock is ahead, in seconds. */
  readonly clockAhead?: number;
  /** How many times as fast its waits pass. */
  readonly speed?: number;
}

/** A member, and all that happened to it. */
export class Member implements AsyncDisposable {
  /** Everything, in order. */
  readonly events: RoomEvent[] = [];
  readonly entered: Entered;
  readonly members: Members;
  readonly pins: Pins;
  readonly #seenStore: SeenStore;
  #arrived = Promise.withResolvers<void>();

  private constructor(entered: Entered, ownId: string, pins: Pins, seenStore: SeenStore) {
    this.entered = entered;
    this.members = new Members({ roster: entered.roster, pins, ownId, say: SAY });
    this.pins = pins;
    this.#seenStore = seenStore;
    this.#collect();
  }

  /** Enters a room, and waits until it is live there. */
  static async enter(options: MemberOptions): Promise<Member> {
    const { port, keyText, nickname, clockAhead = 0, speed = 1 } = options;
    const pins = options.pins ?? await Pins.open(undefined, () => {});
    const seenStore = await SeenStore.open(options.directory, () => {});
    const identity = options.identity ?? await createIdentity();
    const entered = await enterRoom({
      ...{ hostname: "127.0.0.1", port, keyText, nickname, pins, seenStore },
      others: options.others?.map((other) => ({ hostname: "127.0.0.1", port: other })),
      ...{ dayKeys: options.dayKeys, keyStore: options.keyStore, rotations: options.rotations },
      room: await deriveRoomKey(keyText),
      identity,
      isPlain: options.isPlain ?? false,
      backlog: options.backlog ?? 0,
      reconnectMs: options.reconnectMs ?? 60_000,
      say: SAY,
      now: () => Date.now() + clockAhead * 1000,
      monotonic: () => performance.now() * speed,
    });
    const member = new Member(entered, identity.id, pins, seenStore);
    await member.waitFor(({ kind }) => kind === "live");
    return member;
  }

  /** Lines of messages as the client shows them. */
  get messages(): string[] {
    return this.events.flatMap((event) =>
      event.kind === "message"
        ? [describeMessage(event, (time) => formatLocalTime(time, SAY), SAY)]
        : []
    );
  }

  /** Lines of everything else. */
  get notices(): string[] {
    return this.events.flatMap((event) =>
      event.kind === "message" || event.kind === "file" ? [] : describeHappening(event, SAY) ?? []
    );
  }

  /** Writes to the room. */
  async say(...texts: string[]): Promise<void> {
    await this.entered.room.write("chat", texts);
  }

  /** Waits until something has happened. */
  async waitFor(matches: (event: RoomEvent) => boolean, seconds = 20): Promise<void> {
    const state = () => `it did not happen; but:\n${JSON.stringify(this.events.slice(-20))}`;
    await within(
      seconds,
      state,
      (async () => {
        while (!this.events.some(matches)) await this.#arrived.promise;
      })(),
    );
  }

  /** Waits for a message whose text, without marks and nickname, is this. */
  async waitForText(text: string): Promise<void> {
    await this.waitFor((event) => event.kind === "message" && event.text === text);
  }

  /** Goes without a word, as if the process were killed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.entered.session[Symbol.asyncDispose]();
    await this.#seenStore[Symbol.asyncDispose]();
  }

  async #collect(): Promise<void> {
    try {
      for await (const events of this.entered.room.events()) {
        this.events.push(...events);
        this.#arrived.resolve();
        this.#arrived = Promise.withResolvers();
      }
    } catch {
      // The session ended with an error: what was waited for does not come.
    }
  }
}
