/**
 * Messages as they are kept, many in one text.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Kept messages"
 */

import { KEPT_BLOCK_BYTES } from "../limits.ts";

/** A message that is kept. */
export interface KeptMessage {
  readonly form: "chat" | "action" | "private";
  /** The sender's Ed25519 key, in base64url; undefined for a message of a simple client. */
  readonly id: string | undefined;
  readonly nickname: string | undefined;
  readonly text: string;
  readonly trust: "verified" | "changed" | "unverified";
  /** In unix seconds. */
  readonly time: number;
  readonly isLate: boolean;
  /** The sender's key, its run and the message's number; undefined for text without a signature. */
  readonly mark?: string;
  /** The nickname of the only member that its sender, who kept it, wrote it to. */
  readonly recipient?: string;
}

/** Stands between the parts of a block. It is no character, and texts are kept without it. */
const SEPARATOR = "\uffff";
const REPLACEMENT = "\ufffd";
const FORMS = ["chat", "action", "private"] as const;
const TRUSTS = ["verified", "changed", "unverified"] as const;

/** Who wrote: key, nickname and run. */
type Writer = readonly [id: string | null, nickname: string | null, run: string];
type Fields = readonly [
  form: number,
  writer: number,
  number: number,
  time: number,
  trust: number,
  isLate: 0 | 1,
  recipient?: string,
];

/**
 * Writes messages as a text: what is known of each, and then each as `<nickname> text`. So a search
 * has to read no more than the text.
 *
 * @param messages In order.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const message = { form: "chat", id: "a", nickname: "al", text: "hi", trust: "verified" } as const;
 * const kept = { ...message, time: 1785571200, isLate: false, mark: "a e 5" };
 * assert.deepEqual(parseBlock(formatBlock([kept])), [kept]);
 * assert.deepEqual(findInBlock(formatBlock([kept]), "<al> h"), [0]);
 * ```
 */
export function formatBlock(messages: readonly KeptMessage[]): string {
  const writers: Writer[] = [];
  const places = new Map<string, number>();
  const fields = messages.map((message): Fields => {
    const { form, id = null, nickname = null, time, trust, isLate, mark = "", recipient } = message;
    const [, run = "", number = "-1"] = mark.split(" ");
    const name = JSON.stringify([id, nickname, run]);
    const writer = places.get(name) ?? writers.push([id, nickname, run]) - 1;
    places.set(name, writer);
    const how = [TRUSTS.indexOf(trust), isLate ? 1 : 0] as const;
    const all = [FORMS.indexOf(form), writer, Number(number), time, ...how] as const;
    return recipient === undefined ? all : [...all, recipient];
  });
  const said = messages.map(({ nickname = "", text }) => `<${nickname}> ${text}`);
  return [JSON.stringify({ writers, fields }), ...said].map(clean).join(SEPARATOR);
}

/**
 * Reads messages.
 *
 * @param block A text as {@linkcode formatBlock} returns it. It was sealed, so it is nothing else.
 */
export function parseBlock(block: string): KeptMessage[] {
  const [head, ...said] = block.split(SEPARATOR);
  const { writers, fields } = JSON.parse(head!) as { writers: Writer[]; fields: Fields[] };
  return fields.map(([form, writer, number, time, trust, isLate, recipient], i): KeptMessage => {
    const [id, nickname, run] = writers[writer]!;
    return {
      form: FORMS[form]!,
      id: id ?? undefined,
      nickname: nickname ?? undefined,
      text: said[i]!.slice((nickname ?? "").length + "<> ".length),
      trust: TRUSTS[trust]!,
      time,
      isLate: isLate === 1,
      ...number < 0 ? {} : { mark: `${id} ${run} ${number}` },
      ...recipient === undefined ? {} : { recipient },
    };
  });
}

/**
 * Finds messages with a text in `<nickname> text`. Letter case does not matter.
 *
 * @param block As {@linkcode formatBlock} returns it.
 * @param pattern The text to look for.
 * @returns Their places, from 0.
 */
export function findInBlock(block: string, pattern: string): number[] {
  const wanted = clean(pattern).toLowerCase();
  const lower = block.toLowerCase();
  if (!lower.includes(wanted)) return [];
  const [, ...said] = lower.split(SEPARATOR);
  return said.flatMap((text, i) => text.includes(wanted) ? [i] : []);
}

/** The first messages, as many as a block may have. */
export function takeBlock(messages: readonly KeptMessage[]): KeptMessage[] {
  let chars = 0;
  const end = messages.findIndex(({ text }) => (chars += text.length) > KEPT_BLOCK_BYTES);
  return messages.slice(0, end < 0 ? messages.length : Math.max(1, end));
}

/**
 * What tells a message from all others: its mark. Of text without a signature it is the time and the
 * text as everybody sees it, so that the same text in the same second counts once.
 */
export function markOf({ mark, time, form, nickname, text }: KeptMessage): string {
  if (mark !== undefined) return mark;
  if (nickname === undefined) return `${time} ${text}`;
  return form === "action" ? `${time} * ${nickname} ${text}` : `${time} <${nickname}> ${text}`;
}

function clean(text: string): string {
  return text.replaceAll(SEPARATOR, REPLACEMENT);
}
