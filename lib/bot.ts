/**
 * A bot: a member of a room without a terminal. A bot offers what `chat-client --json` does, as
 * typed functions.
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
import { LOOK_BACK_TOKENS, MISSED_BACKLOG } from "./client/limits.ts";
import { deriveRoomKey } from "./crypto/room_key.ts";
import { ChatError } from "./errors.ts";
import { sayIn } from "./messages/say.ts";
import { fill, worded, type Wording } from "./messages/wording.ts";
import { parseNickname } from "./protocol/nickname.ts";
import type {
  JsonAskingOfOne,
  JsonHappening,
  JsonMember,
  JsonMessage,
  JsonWriting,
} from "./script/json_types.ts";
import { TypedInterface } from "./script/typed_interface.ts";
import { createIdentity, openIdentity } from "./storage/identity.ts";
import { openMemberState } from "./storage/member_state.ts";
import { claimRoomDirectory } from "./storage/ownership.ts";
import { roomDirectory } from "./storage/state_paths.ts";

export type * from "./script/json_types.ts";

/** How long a bot tries to connect again, in ms, unless it is told otherwise. */
const BOT_RECONNECT_MS = 300_000;
/** Longest that a bot takes to tell the others that it leaves at once, in ms. */
const BOT_GOODBYE_MS = 300;
const SAY = sayIn("en");

/** What a bot enters a room with. */
export interface BotOptions {
  /** The server's host name or IP address. */
  readonly hostname: string;
  /** The server's TCP port. */
  readonly port: number;
  /** Further servers of the same room, which are tried in turn. The default is none. */
  readonly others?: readonly { readonly hostname: string; readonly port: number }[];
  /** The room's key: the text of `secret.key`, without its last line's ending. */
  readonly key: string;
  /** The bot's name: 1 to 32 bytes of UTF-8. */
  readonly nickname: string;
  /** Where the bot keeps its identity and what it has seen. Without it each start has a new one. */
  readonly directory?: string;
  /** The number of past messages to ask for. The default is 0. */
  readonly backlog?: number;
  /** How long the bot tries to connect again after a loss, in ms. The default is 5 minutes. */
  readonly reconnectMs?: number;
  /** Makes the bot leave at once. */
  readonly signal?: AbortSignal;
  /** Called with a text about a file of `directory` that was odd. */
  readonly warn?: (warning: string) => void;
}

/** What happens in the room: a message of somebody else, or something that is not a message. */
export type BotEvent = JsonMessage | JsonHappening;

/**
 * Enters a room.
 *
 * @throws {RangeError | TypeError} If the key is not a key.
 * @throws {ChatError} If the nickname is not a nickname, the server cannot be reached, the server
 * refuses the bot, or a file of `directory` cannot be used.
 */
export async function connect(options: BotOptions): Promise<Bot> {
  const { hostname, port, key: keyText, directory, signal, warn: report = () => {} } = options;
  const warn = (warning: Wording) => report(fill(warning));
  signal?.throwIfAborted();
  const nickname = parseNickname(options.nickname);
  const room = await deriveRoomKey(keyText);
  const state = directory && roomDirectory(directory, room.roomId);
  if (state !== undefined) await claimRoomDirectory(state, warn);
  const { identity } = directory === undefined
    ? { identity: await createIdentity() }
    : await openIdentity(`${directory}/identity`, warn);
  await using stack = new AsyncDisposableStack();
  const kept = stack.use(await openMemberState(state, identity.id, warn));
  const { others, backlog = 0, reconnectMs = BOT_RECONNECT_MS } = options;
  const entered = await enterRoom({
    ...{ hostname, port, others, keyText, room, identity, ...kept, nickname, backlog, reconnectMs },
    ...{ isPlain: false, say: SAY, lookBack: LOOK_BACK_TOKENS, missedBacklog: MISSED_BACKLOG },
  });
  const members = new Members({ ...entered, ...kept, ownId: identity.id, say: SAY });
  return new Bot({ entered, members, files: stack.move(), signal });
}

/** What a {@linkcode Bot} is made of. */
interface BotParts {
  readonly entered: Entered;
  readonly members: Members;
  readonly files: AsyncDisposable;
  readonly signal: AbortSignal | undefined;
}

/**
 * A member of a room. Calls of its functions are carried out one by one, in their order.
 *
 * The bot's events have to be read. While 500 events wait to be read, the bot takes nothing from the
 * server, and calls that wait for the server do not end.
 */
export class Bot implements AsyncDisposable {
  readonly #parts: BotParts;
  readonly #user: TypedInterface;
  readonly #ended: Promise<void>;

  /** Only {@linkcode connect} makes bots. */
  constructor(parts: BotParts) {
    this.#parts = parts;
    const { signal, entered: { mover } } = parts;
    // What is written first is not to be under a key that the room has left behind.
    this.#user = new TypedInterface(Date.now, () => mover.catchUp());
    const leave = () => void this[Symbol.asyncDispose]();
    this.#ended = this.#run().finally(() => signal?.removeEventListener("abort", leave));
    // The failure reaches the reader of the events, and the caller of leave().
    this.#ended.catch(() => {});
    signal?.addEventListener("abort", leave, { once: true });
    if (signal?.aborted) leave();
  }

  /** The fingerprint of the room as it is now, which people compare. */
  get fingerprint(): string {
    return this.#parts.entered.keys.fingerprint;
  }

  /** The bot's name of now. */
  get nickname(): string {
    return this.#parts.entered.room.self.nickname;
  }

  /** The bot's Ed25519 key, in base64url. */
  get id(): string {
    return this.#parts.entered.room.self.id;
  }

  /**
   * Reads what happens, until the bot leaves. Only one reader may read.
   *
   * @throws {ChatError} If the connection is lost for good.
   */
  async *events(): AsyncGenerator<BotEvent> {
    for await (const events of this.#user.events()) yield* events;
  }

  /**
   * Writes to all members. A text that begins with a slash is no command.
   *
   * @param text 1 to 40,000 bytes of UTF-8.
   * @returns When the server has the text.
   * @throws {ChatError} If the text is not sent.
   */
  async say(text: string): Promise<void> {
    await this.#write({ type: "message", text });
  }

  /** Writes what the bot does, as `/me`. Otherwise like {@linkcode Bot.say}. */
  async act(text: string): Promise<void> {
    await this.#write({ type: "action", text });
  }

  /** Writes up to 29,900 bytes to one member, who has to be here. Else like {@linkcode Bot.say}. */
  async tell(nickname: string, text: string): Promise<void> {
    await this.#write({ type: "private", to: nickname, text });
  }

  /** Changes the bot's name. */
  async rename(nickname: string): Promise<void> {
    await this.#write({ type: "nick", name: nickname });
  }

  /** Says that the bot is away, and why. Without a reason, says that the bot is back. */
  async setAway(reason?: string): Promise<void> {
    await this.#write(reason === undefined ? { type: "back" } : { type: "away", reason });
  }

  /** Lists the clients that are here, but for the bot. */
  members(): JsonMember[] {
    return this.#parts.members.list();
  }

  /**
   * Does what the command of that name does, such as `/whois`.
   *
   * @param nickname The member that the command is about.
   * @returns The command's answer, in words.
   * @throws {ChatError} If the command cannot be carried out.
   */
  async ask(type: JsonAskingOfOne["type"], nickname: string): Promise<string> {
    return await this.#user.carryOut({ type, nick: nickname });
  }

  /** Tells the state of the connection, in words. */
  async status(): Promise<string> {
    return await this.#user.carryOut({ type: "status" });
  }

  /** Leaves when the server has everything. Rejects if the connection is lost before. */
  async leave(): Promise<void> {
    this.#user.finish();
    await this.#ended;
  }

  /** Leaves at once. Never rejects. */
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
      // The caller of each refused call knows already.
      if (error instanceof NotSentError) return this.#user.close();
      this.#user.close(error);
      throw error;
    }
  }
}
