/**
 * Reading what a bot writes: one JSON object a line.
 *
 * @module
 * @see docs/JSON.md, "Input"
 */

import type { Say } from "../messages/phrases.ts";
import type { JsonAsking, JsonInput, JsonRef, JsonWriting } from "./json_types.ts";

/** Characters of the name that a bot gives an input; a thousand of them may wait. */
export const MAX_REF_CHARS = 128;

/** The texts that each type of input has; `?` marks one that may be missing. */
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
  status: [],
  names: [],
  quit: [],
};

/** Texts that may be empty: others are names. */
const MAY_BE_EMPTY = ["text", "reason"];

/** An input; or why a line is none, with its `ref` where that can be told. */
export type ParsedInput =
  | { readonly input: JsonInput }
  | { readonly mistake: string; readonly ref?: JsonRef };

/** What the user wants, as a conversation takes it. */
export type Wanted =
  | { readonly kind: "text"; readonly text: string }
  | {
    readonly kind: "command";
    readonly name: "me" | "msg" | "quit" | Exclude<(JsonWriting | JsonAsking)["type"], NotCommands>;
    readonly args: readonly string[];
  };

/** Types of input that are commands of another name, or none. */
type NotCommands = "message" | "action" | "private";

/**
 * Reads a line. Fields that it does not know are left out.
 *
 * @param line Any text.
 * @param say Says what is wrong.
 * @returns An input whose texts are well-formed; or what is wrong.
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
  const texts: Record<string, string> = {};
  for (const spec of FIELDS[type as JsonInput["type"]]) {
    const field = spec.replace("?", "");
    const text = fields.get(field);
    if (text === undefined && spec.endsWith("?")) continue;
    if (typeof text !== "string" || !text.isWellFormed() || isEmptyName(field, text)) {
      return { mistake: say("{field} is missing, or not text", { field }), ...named };
    }
    texts[field] = text;
  }
  return { input: { type, ...texts, ...named } as JsonInput };
}

/**
 * Tells what a conversation is to do.
 *
 * @param input Any input but `names`.
 * @returns A text, whatever it begins with; or a command with its arguments.
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
    case "back":
    case "status":
    case "quit":
      return { kind, name: input.type, args: [] };
    default:
      return { kind, name: input.type, args: [input.nick] };
  }
}

/** Undefined for what is not JSON, as no JSON is undefined. */
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
