/**
 * The words of the prompt: who writes to whom, and whether messages can go out now.
 *
 * @module
 */

import type { Say } from "../../messages/phrases.ts";
import type { Span } from "../screen/prompt_view.ts";
import { safeName } from "./remote_text.ts";

/** Whether messages can go out now. */
export type Connection = "connecting" | "online" | "offline";

/** What a prompt is made of. */
export interface PromptState {
  /** The user's own. */
  readonly nickname: string;
  /** To whom alone the user writes; undefined for all. It need not be safe yet. */
  readonly recipient: string | undefined;
  readonly connection: Connection;
}

/**
 * Words a prompt.
 *
 * @param state What it tells.
 * @param say In which language.
 * @returns What to show before the draft.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * const state = { nickname: "al", recipient: "bob", connection: "online" } as const;
 * assert.deepEqual(formatPrompt(state, sayIn("en")), [{ text: "al → bob> ", style: "prompt" }]);
 * ```
 */
export function formatPrompt({ nickname, recipient, connection }: PromptState, say: Say): Span[] {
  const to = recipient === undefined ? "" : ` → ${safeName(recipient)}`;
  const name = nickname + to;
  switch (connection) {
    case "online":
      return [{ text: `${name}> `, style: "prompt" }];
    case "connecting":
      return [{ text: say("{name} (connecting)> ", { name }), style: "offline" }];
    case "offline":
      return [{ text: say("{name} (offline)> ", { name }), style: "offline" }];
  }
}
