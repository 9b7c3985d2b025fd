/**
 * What happens in a room as objects for a bot.
 *
 * @module
 * @see docs/JSON.md, "Output"
 */

import type { JsonHappening, JsonMessage } from "./json_types.ts";

/** A message, as far as a bot is told of it. */
export interface ReceivedMessage extends Pick<JsonMessage, "form" | "text" | "trust" | "age"> {
  readonly id: string | undefined;
  readonly nickname: string | undefined;
  /** In unix seconds. */
  readonly time: number;
  readonly isLate: boolean;
  readonly isMention: boolean;
  readonly isOwn: boolean;
}

/** Something that happened: its line, before it has a time. */
export type HappenedEvent = JsonHappening extends infer Line
  ? Line extends { readonly type: "live" } ? { readonly kind: "live"; readonly isAgain: boolean }
  : Line extends { readonly type: infer Kind } ? Omit<Line, "type" | "time"> & { kind: Kind }
  : never
  : never;

/**
 * Makes the object of a message.
 *
 * @param message What was written.
 * @returns Its texts as they came.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const { from } = formatMessage({
 *   ...{ form: "chat", id: undefined, nickname: undefined, text: "<eve> hi", time: 1785571200 },
 *   ...{ trust: "unverified", age: "live", isLate: false, isMention: false, isOwn: false },
 * });
 * assert.deepEqual(from, { nickname: null, id: null });
 * ```
 */
export function formatMessage(message: ReceivedMessage): JsonMessage {
  const { form, id = null, nickname = null, text, trust, age, time } = message;
  const { isLate: late, isMention: mention } = message;
  return { type: "message", time, form, from: { nickname, id }, text, trust, age, late, mention };
}

/**
 * Makes the object of anything else that happens.
 *
 * @param event What happened.
 * @param time When, in unix seconds.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = formatHappening({ kind: "live", isAgain: false }, 1785571200);
 * assert.deepEqual(line, { type: "live", time: 1785571200, again: false });
 * ```
 */
export function formatHappening(event: HappenedEvent, time: number): JsonHappening {
  if (event.kind === "live") return { type: "live", time, again: event.isAgain };
  const { kind, ...rest } = event;
  return { type: kind, time, ...rest } as JsonHappening;
}
