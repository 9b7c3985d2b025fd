/**
 * Both sides of a conversation without terminal and socket.
 *
 * @module
 */

import type { Room, UserInterface } from "../../lib/client/conversation.ts";
import type { SessionEvent } from "../../lib/client/session.ts";

/** Never settles. */
export const never = Promise.withResolvers<never>().promise;

/** A message from the room. */
export function message(text: string): SessionEvent {
  return { kind: "message", text };
}

/** Lets others run for a while: more promise jobs than any step of a conversation takes. */
export async function letOthersRun(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** A user who writes `batches` and leaves; what the user gets to see goes to `log`. */
export function fakeUser(
  log: string[],
  batches: readonly string[][],
  overrides: Partial<UserInterface> = {},
): UserInterface {
  return {
    refusedLines: 0,
    async *inputs() {
      yield* batches;
      await Promise.resolve();
    },
    show: (texts) => void log.push(...texts.map((text) => `show ${text}`)),
    notify: (text) => void log.push(`notify ${text}`),
    ...overrides,
  };
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

/** A room that says `batches` and ends when the client has finished; `log` gets what was sent. */
export function fakeRoom(
  log: string[],
  batches: readonly SessionEvent[][] = [],
  overrides: Partial<Room> = {},
): Room {
  const finished = Promise.withResolvers<void>();
  return {
    send: (texts) => Promise.resolve(void log.push(...texts.map((text) => `send ${text}`))),
    finish() {
      log.push("finish");
      finished.resolve();
      return Promise.resolve();
    },
    async *events() {
      yield* batches;
      await finished.promise;
    },
    ...overrides,
  };
}

/** A room whose connection ends after it has said `batches`. */
export function fakeLostRoom(
  log: string[],
  batches: readonly SessionEvent[][] = [],
  overrides: Partial<Room> = {},
): Room {
  return fakeRoom(log, [], {
    async *events() {
      yield* batches;
      await letOthersRun();
    },
    ...overrides,
  });
}
