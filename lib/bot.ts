/**
 * A bot: a member of a room without a terminal. It offers what `chat-client --json` does, as typed
 * functions.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { generateKey } from "./fernet.ts";
 * const room = { hostname: "127.0.0.1", port: 1, key: generateKey(), nickname: "echo" };
 * await assert.rejects(connect(room), /Cannot connect/);
 * ```
 *
 * @module
 * @see docs/JSON.md, "A bot in TypeScript"
 */

import { settleWithin } from "./async/within.ts";
import { converse, NotSentError } from "./chat/conversation.ts";
import { Members } from "./chat/members.ts";
import { type Entered, enterRoom } from "./client/enter.ts";
import { deriveRoomKey } from "./crypto/room_key.ts";
import { ChatError } from "./errors.ts";
import { sayIn } from "./messages/say.ts";
import { fill, worded, type Wording } from "./messages/wording.ts";
import { parseNickname } from "./protocol/nickname.ts";
import type {
  JsonAsking,
  JsonHappening,
  JsonMember,
  JsonMessage,
  JsonWriting,
} from "./script/json_types.ts";
import { TypedInterface } from "./script/typed_interface.ts";
import { createIdentity, openIdentity } from "./storage/identity.ts";
import { Pins } from "./storage/pins.ts";
import { SeenStore } from "./storage/seen_store.ts";
import { roomDirectory } from "./storage/state_paths.ts";

export type * from "./script/json_types.ts";

/** How long a bot tries to connect again, in ms, unless it is told otherwise. */
const BOT_RECONNECT_MS = 300_000;
/** Longest that a bot takes to tell the others that it leaves at once, in ms. */
const BOT_GOODBYE_MS = 300;
const SAY = sayIn("en");

/** With what a bot enters a room. */
export interface BotOptions {
  /** The server's host name or IP address. */
  readonly hostname: string;
  /** The server's TCP port. */
  readonly port: number;
  /** The room's key: the 44 characters of `secret.key`. */
  readonly key: string;
  /** What the bot is called: 1 to 32 bytes of UTF-8. */
  readonly nickname: string;
  /**
   * Where the bot's identity is kept, and what it has seen. Without it, the bot is somebody new at
   * each start.
   */
  readonly directory?: string;
  /** How many of the last messages to ask for; 0 by default. */
  readonly backlog?: number;
  /** How long to try to connect again when the connection is lost, in ms; 5 minutes by default. */
  readonly reconnectMs?: number;
  /** Makes the bot leave. */
  readonly signal?: AbortSignal;
  /** Told what is odd about a file of `directory`. */
  readonly warn?: (warning: string) => void;
}

/** What happens in the room: a message of somebody else, or something that is not a message. */
export type BotEvent = JsonMessage | JsonHappening;

/**
 * Enters a room.
 *
 * @param options Which room, and as whom.
 * @returns A bot that is in the room.
 * @throws {RangeError | TypeError} If the key cannot be one.
 * @throws {ChatError} If the nickname cannot be one, the server cannot be reached or refuses the bot, or a file of `directory`
 * cannot be used.
 */
export async function connect(options: BotOptions): Promise<Bot> {
  const { hostname, port, key: keyText, directory, signal, warn = () => {} } = options;
  const warnOf = (warning: Wording) => warn(fill(warning));
  signal?.throwIfAborted();
  const nickname = parseNickname(options.nickname);
  const room = await deriveRoomKey(keyText);
  const { identity } = directory === undefined
    ? { identity: await createIdentity() }
    : await openIdentity(`${directory}/identity`, warnOf);
  const state = directory && roomDirectory(directory, room.roomId);
  await using stack = new AsyncDisposableStack();
  const pins = stack.use(await Pins.open(state && `${state}/pins`, warnOf));
  const seenStore = stack.use(await SeenStore.open(state, warnOf));
  const { backlog = 0, reconnectMs = BOT_RECONNECT_MS } = options;
  const entered = await enterRoom({
    ...{ hostname, port, keyText, room, identity, pins, seenStore, nickname, backlog, reconnectMs },
    ...{ isPlain: false, say: SAY },
  });
  const members = new Members({ roster: entered.roster, pins, ownId: identity.id, say: SAY });
  return new Bot({ entered, members, fingerprint: room.fingerprint, files: stack.move(), signal });
}

/** What a {@linkcode Bot} is made of. */
interface BotParts {
  readonly entered: Entered;
  readonly members: Members;
  readonly fingerprint: string;
  readonly files: AsyncDisposable;
  readonly signal: AbortSignal | undefined;
}

/**
 * A member of a room. Its functions may be called at any time, and are carried out one by one.
 *
 * The bot's events have to be read: after 500 that were not, the bot takes nothing from the server
 * any more, and is not told any more that its messages arrived.
 */
export class Bot implements AsyncDisposable {
  /** The room's key, as people compare it. */
  readonly fingerprint: string;
  readonly #parts: BotParts;
  readonly #user: TypedInterface = new TypedInterface(Date.now);
  readonly #ended: Promise<void>;

  /** Made by {@linkcode connect}. */
  constructor(parts: BotParts) {
    this.#parts = parts;
    this.fingerprint = parts.fingerprint;
    const { signal } = parts;
    const leave = () => void this[Symbol.asyncDispose]();
    this.#ended = this.#run().finally(() => signal?.removeEventListener("abort", leave));
    // It is told to whom reads the events, and to whom leaves.
    this.#ended.catch(() => {});
    signal?.addEventListener("abort", leave, { once: true });
    if (signal?.aborted) leave();
  }

  /** Under which name the bot writes. */
  get nickname(): string {
    return this.#parts.entered.room.self.nickname;
  }

  /** The bot's Ed25519 key, in base64url. */
  get id(): string {
    return this.#parts.entered.room.self.id;
  }

  /**
   * Reads what happens, until the bot leaves. It has one reader.
   *
   * @throws {ChatError} If the connection is lost for good.
   */
  async *events(): AsyncGenerator<BotEvent> {
    for await (const events of this.#user.events()) yield* events;
  }

  /**
   * Writes to all.
   *
   * @param text 1 to 40,000 bytes of UTF-8. One that begins with a slash is a text, too.
   * @returns When the server has it.
   * @throws {ChatError} If it is not sent.
   */
  async say(text: string): Promise<void> {
    await this.#write({ type: "message", text });
  }

  /** Writes what the bot does, as {@linkcode Bot.say} writes. */
  async act(text: string): Promise<void> {
    await this.#write({ type: "action", text });
  }

  /** Writes to one member alone, who has to be here, up to 29,900 bytes; else as {@linkcode Bot.say}. */
  async tell(nickname: string, text: string): Promise<void> {
    await this.#write({ type: "private", to: nickname, text });
  }

  /** Writes under another name from now on. */
  async rename(nickname: string): Promise<void> {
    await this.#write({ type: "nick", name: nickname });
  }

  /** Says that the bot is away, and why; or, without a reason, that it is back. */
  async setAway(reason?: string): Promise<void> {
    await this.#write(reason === undefined ? { type: "back" } : { type: "away", reason });
  }

  /** Lists the clients that are here, but for the bot. */
  members(): JsonMember[] {
    return this.#parts.members.list();
  }

  /**
   * Asks about a member, or changes what the bot makes of it, as the command of that name does.
   *
   * @param type `whois`, `verify`, `trust`, `ignore` or `unignore`.
   * @param nickname The member's name.
   * @returns The answer, in words.
   * @throws {ChatError} If that cannot be done.
   */
  async ask(type: Exclude<JsonAsking["type"], "status">, nickname: string): Promise<string> {
    return await this.#user.carryOut({ type, nick: nickname });
  }

  /** Tells in words how the connection is. */
  async status(): Promise<string> {
    return await this.#user.carryOut({ type: "status" });
  }

  /** Leaves, once the server has everything; fails if the connection is lost before. */
  async leave(): Promise<void> {
    this.#user.finish();
    await this.#ended;
  }

  /** Leaves at once. It never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { room, session } = this.#parts.entered;
    this.#user.close();
    await settleWithin(room.leaveQuickly().catch(() => {}), BOT_GOODBYE_MS);
    await session[Symbol.asyncDispose]();
    await this.#ended.catch(() => {});
  }

  async #write(input: JsonWriting): Promise<void> {
    await this.#user.carryOut(input);
    const isTaken = await this.#parts.entered.room.untilTaken();
    if (!isTaken) throw new ChatError(worded("Connection lost: the server is gone"));
  }

  async #run(): Promise<void> {
    const { entered: { room }, members, files } = this.#parts;
    await using _files = files;
    try {
      await converse(this.#user, room, {
        ...{ stay: false, hasCommands: false, members, say: SAY, now: Date.now },
        formatTime: (seconds) => new Date(seconds * 1000).toISOString(),
      });
      this.#user.close();
    } catch (error) {
      // Who asked for what was refused knows it.
      if (error instanceof NotSentError) return this.#user.close();
      this.#user.close(error);
      throw error;
    }
  }
}
