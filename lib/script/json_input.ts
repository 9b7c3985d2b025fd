/**
 * Reads what a bot writes: one JSON object a line.
 *
 * @module
 * @see docs/JSON.md, "Input"
 */

import type { Say } from "../messages/phrases.ts";
import type { JsonAsking, JsonInput, JsonRef, JsonWriting } from "./json_types.ts";

/** Longest `ref` of an input, in characters: the refs of a thousand inputs may wait. */
export const MAX_REF_CHARS = 128;

/**
 * The fields of each type of input: texts, but for `number`. `?` marks one that may be missing.
 */
const FIELDS: Readonly<Record<JsonInput["type"], readonly string[]>> = {
  message: ["text"],
  action: ["text"],
  private: ["to", "text"],
  nick: ["name"],
  away: ["reason?"],
  back: [],
  whois: ["nick"],
  verify: ["nick"],
  trust: ["nick"],
  ignore: ["nick"],
  unignore: ["nick"],
  send: ["path", "to?"],
  take: ["number", "directory?"],
  cancel: ["number"],
  files: [],
  status: [],
  names: [],
  quit: [],
};

/** Fields that may be empty. The others are names. */
const MAY_BE_EMPTY = ["text", "reason"];

/** An input; or what is wrong with a line, with the line's `ref` if it has one. */
export type ParsedInput =
  | { readonly input: JsonInput }
  | { readonly mistake: string; readonly ref?: JsonRef };

/** An input in the form that a conversation takes: a text or a command. */
export type Wanted =
  | { readonly kind: "text"; readonly text: string }
  | {
    readonly kind: "command";
    readonly name: "me" | "msg" | "quit" | Exclude<(JsonWriting | JsonAsking)["type"], NotCommands>;
    readonly args: readonly string[];
  };

/** Types of input that have no command of the same name. */
type NotCommands = "message" | "action" | "private";

/**
 * Reads a line. Unknown fields are left out.
 *
 * @param line Any text.
 * @param say Says what is wrong.
 * @returns An input, whose texts have no lone surrogates; or what is wrong.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const parsed = parseJsonInput('{"type":"message","text":"/hi","ref":1}', sayIn("en"));
 * assert.deepEqual(parsed, { input: { type: "message", text: "/hi", ref: 1 } });
 * ```
 */
export function parseJsonInput(line: string, say: Say): ParsedInput {
  const value = parseJson(line);
  if (value === undefined) return { mistake: say("a line is not JSON") };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { mistake: say("a line is not a JSON object") };
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const ref = fields.get("ref");
  if (ref !== undefined && !isRef(ref)) {
    const chars = MAX_REF_CHARS;
    return {
      mistake: say("ref is neither a whole number nor a text of 1 to {chars} characters", {
        chars,
      }),
    };
  }
  const named = ref === undefined ? {} : { ref };
  const type = fields.get("type");
  if (typeof type !== "string" || !Object.hasOwn(FIELDS, type)) {
    return { mistake: say("type is missing or unknown"), ...named };
  }
  const texts: Record<string, string | number> = {};
  for (const spec of FIELDS[type as JsonInput["type"]]) {
    const field = spec.replace("?", "");
    const text = fields.get(field);
    if (text === undefined && spec.endsWith("?")) continue;
    if (field === "number") {
      if (Number.isSafeInteger(text)) texts[field] = text as number;
      else return { mistake: say("number is missing, or not a whole number"), ...named };
      continue;
    }
    if (typeof text !== "string" || !text.isWellFormed() || isEmptyName(field, text)) {
      return { mistake: say("{field} is missing, or not text", { field }), ...named };
    }
    texts[field] = text;
  }
  return { input: { type, ...texts, ...named } as JsonInput };
}

/**
 * Turns an input into what a conversation takes.
 *
 * @param input Any input but `names`, which needs no conversation.
 * @returns A command with its arguments; or a text, even if it begins with a slash.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const wanted = toWanted({ type: "private", to: "bob", text: "psst" });
 * assert.deepEqual(wanted, { kind: "command", name: "msg", args: ["bob", "psst"] });
 * ```
 */
export function toWanted(input: Exclude<JsonInput, { readonly type: "names" }>): Wanted {
  const kind = "command";
  switch (input.type) {
    case "message":
      return { kind: "text", text: input.text };
    case "action":
      return { kind, name: "me", args: [input.text] };
    case "private":
      return { kind, name: "msg", args: [input.to, input.text] };
    case "nick":
      return { kind, name: "nick", args: [input.name] };
    case "away":
      return { kind, name: "away", args: [input.reason ?? ""] };
    case "send":
      return { kind, name: "send", args: [input.path, input.to ?? "", "exact"] };
    case "take":
      return { kind, name: "take", args: [String(input.number), input.directory ?? ""] };
    case "cancel":
      return { kind, name: "cancel", args: [String(input.number)] };
    case "back":
    case "files":
    case "status":
    case "quit":
      return { kind, name: input.type, args: [] };
    default:
      return { kind, name: input.type, args: [input.nick] };
  }
}

/** The value of a text in JSON; undefined for a text that is not JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRef(ref: unknown): ref is JsonRef {
  if (typeof ref === "string") return ref.length > 0 && ref.length <= MAX_REF_CHARS;
  return Number.isSafeInteger(ref);
}

function isEmptyName(field: string, text: string): boolean {
  return text === "" && !MAY_BE_EMPTY.includes(field);
}
