/**
 * Both sides of a conversation without terminal and socket.
 *
 * @module
 */

import { type ConversationOptions, converse } from "../../lib/chat/conversation.ts";
import { describeMessage } from "../../lib/chat/describe.ts";
import { Members } from "../../lib/chat/members.ts";
import type { UserInterface } from "../../lib/chat/user_interface.ts";
import type { Message, RoomEvent, ShownMessage } from "../../lib/client/events.ts";
import type { Room } from "../../lib/client/room.ts";
import { Roster } from "../../lib/client/roster.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { Pins } from "../../lib/storage/pins.ts";

/** English. */
export const SAY = sayIn("en");

/** Never settles. */
export const never = Promise.withResolvers<never>().promise;

/** A message of bob, live and verified unless `changes` say otherwise. */
export function message(text: string, changes: Partial<Message> = {}): Message {
  return {
    kind: "message",
    form: "chat",
    id: "B".repeat(42) + "A",
    nickname: "bob",
    text,
    trust: "verified",
    age: "live",
    time: 1785571200,
    isLate: false,
    ...changes,
  };
}

/** Lets others run for a while: more promise jobs than any step of a conversation takes. */
export async function letOthersRun(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** A user in a script who writes `batches` and leaves; what is told goes to `log`. */
export function fakeUser(
  log: string[],
  batches: readonly (readonly string[])[],
  overrides: Partial<UserInterface> = {},
): UserInterface {
  return {
    refusedLines: 0,
    isPatient: true,
    async *inputs() {
      yield* batches;
      await Promise.resolve();
    },
    showOwn(messages) {
      return this.show(messages);
    },
    show: (messages) => void log.push(...messages.flatMap(describeShown)),
    happen: (_event, text) => void (text === undefined || log.push(`notify ${text}`)),
    notify: (text) => void log.push(`notify ${text}`),
    setNickname: (nickname) => void log.push(`nickname ${nickname}`),
    setRecipient: (nickname) => void log.push(`recipient ${nickname ?? "all"}`),
    setBell: (mode) => void log.push(`bell ${mode}`),
    toggleTimestamps: () => log.push("timestamps") > 0,
    clear: () => void log.push("clear"),
    ...overrides,
  };
}

/** What the user wrote is not told again: the room's log has it. */
function describeShown(message: ShownMessage): string[] {
  return message.isOwn ? [] : [`show ${describeMessage(message, String, SAY)}`];
}

/** A user who listens and never leaves. */
export function fakeListener(log: string[]): UserInterface {
  return fakeUser(log, [], {
    // deno-lint-ignore require-yield -- nothing is written
    async *inputs() {
      await never;
    },
  });
}

/** A room that says `batches` and ends when the client has finished; `log` gets what was done. */
export function fakeRoom(
  log: string[],
  batches: readonly (readonly RoomEvent[])[] = [],
  overrides: Partial<Room> = {},
): Room {
  const finished = Promise.withResolvers<void>();
  const note = (...lines: string[]) => Promise.resolve(void log.push(...lines));
  const self = { id: "A".repeat(43), nickname: "alice" };
  return {
    self,
    isFull: false,
    untilTaken: () => Promise.resolve(true),
    untilRoom: () => note("until there is room"),
    write: (kind, texts) => note(...texts.map((text) => `${kind} ${text}`)).then(() => []),
    tell: ({ nickname }, text) => note(`tell ${nickname} ${text}`),
    meet: () => Promise.resolve(),
    rename: (nickname) => {
      self.nickname = nickname;
      return note(`rename ${nickname}`);
    },
    setAway: (reason) => note(`away ${reason}`).then(() => true),
    finish() {
      finished.resolve();
      return note("finish");
    },
    async *events() {
      yield* batches;
      await finished.promise;
    },
    status: () => ["fine"],
    ...overrides,
  };
}

/** A room whose session ends by itself after it has said `batches`, with an error if given. */
export function fakeLostRoom(
  log: string[],
  batches: readonly (readonly RoomEvent[])[] = [],
  error?: Error,
): Room {
  return fakeRoom(log, [], {
    async *events() {
      yield* batches;
      await letOthersRun();
      if (error) throw error;
    },
  });
}

/** Members of whom none is known yet, and what they are known by. */
export async function fakeMembers(): Promise<{ members: Members; roster: Roster; pins: Pins }> {
  const pins = await Pins.open(undefined, () => {});
  const roster = new Roster();
  return { members: new Members({ roster, pins, ownId: "A".repeat(43), say: SAY }), roster, pins };
}

/** Talks with commands; times are shown as numbers. */
export async function talk(
  user: UserInterface,
  room: Room,
  options: Partial<ConversationOptions> = {},
): Promise<void> {
  const members = options.members ?? (await fakeMembers()).members;
  const rest = {
    ...{ stay: false, hasCommands: true, formatTime: String, say: SAY },
    ...{ explain: (text: string) => text, now: () => 1785571200_000 },
  };
  await converse(user, room, { ...rest, ...options, members });
}
