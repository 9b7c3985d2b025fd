/**
 * Writes what happens to files as lines for people.
 *
 * @module
 */

import { format } from "@std/fmt/bytes";
import type { FileMove, Happening } from "../client/events.ts";
import type { FileDesk } from "../client/files/desk.ts";
import type { Progress } from "../client/files/transfer.ts";
import type { Say } from "../messages/phrases.ts";
import type { FileOffer } from "../protocol/file_messages.ts";

type OfferEvent = Extract<Happening, { readonly kind: "offer" }>;

/** Longest name in the line that shows progress, in characters. */
const MAX_PROGRESS_NAME_CHARS = 24;

/** Writes an offer for clients that know none, as what its sender does. */
export function describeOffer({ name, size }: Pick<FileOffer, "name" | "size">, say: Say): string {
  return say("offers the file {name} ({size}), which newer clients can take", {
    name,
    size: format(size),
  });
}

/**
 * Writes an offer of another member, with the command that takes the file.
 *
 * @param event The nickname is spelled with its marks.
 */
export function describeOffered(event: OfferEvent, say: Say): string {
  const { nickname, number, name, isPrivate } = event;
  const values = { nickname, number, name, size: format(event.size) };
  return isPrivate
    ? say("{nickname} offers you alone {name} ({size}): /take {number}", values)
    : say("{nickname} offers {name} ({size}): /take {number}", values);
}

/**
 * Writes what became of a file on its way.
 *
 * @returns Undefined if that is not worth a line.
 */
export function describeTransfer(event: FileMove, say: Say): string | undefined {
  const { direction, nickname, name, state, bytes, path = "", reason = "" } = event;
  const values = { nickname, name, path, reason };
  const isIn = direction === "in";
  switch (state) {
    case "running":
      return undefined;
    case "waiting":
      if (bytes === 0) return undefined;
      return isIn
        ? say("{name} of {nickname} has come up to {size} by now", {
          ...values,
          size: format(bytes),
        })
        : say("{name} has gone to {nickname}, who has not said yet that it is whole", values);
    case "done":
      return isIn
        ? say("{name} of {nickname} is here: {path}", values)
        : say("{nickname} has {name}", values);
    case "failed":
      return isIn
        ? say("{name} of {nickname} did not come: {reason}", values)
        : say("{name} did not get to {nickname}: {reason}", values);
    case "cancelled":
      return isIn
        ? say("{name} of {nickname} is not taken any more", values)
        : say("{name} is not sent to {nickname} any more", values);
  }
}

/**
 * Writes how far files on their way are.
 *
 * @param running The transfers that are running.
 * @returns One line of the first of them, with the number of the others; undefined for none.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const running = { direction: "in", name: "a.txt", size: 4000, bytes: 1000, rate: 500 } as const;
 * assert.equal(
 *   describeProgress([running], sayIn("en")),
 *   "↓ a.txt  25 % of 4 kB, 500 B/s, 0:06 left",
 * );
 * ```
 */
export function describeProgress(running: readonly Progress[], say: Say): string | undefined {
  const [first] = running;
  if (!first) return undefined;
  const { direction, name, size, bytes, rate } = first;
  const short = name.length > MAX_PROGRESS_NAME_CHARS
    ? `${name.slice(0, MAX_PROGRESS_NAME_CHARS).toWellFormed()}…`
    : name;
  const far = say("{percent} % of {size}, {rate}/s, {time} left", {
    percent: size === 0 ? 100 : Math.floor(100 * bytes / size),
    size: format(size),
    rate: format(Math.round(rate)),
    time: formatDuration((size - bytes) / rate),
  });
  const others = running.length - 1;
  const more = others === 0 ? "" : `  (+${others})`;
  return `${direction === "in" ? "↓" : "↑"} ${short}  ${far}${more}`;
}

/** Lists offers and transfers, a line each. */
export function listFiles(
  desk: Pick<FileDesk, "offers" | "shares" | "transfers">,
  say: Say,
): string[] {
  const lines: [number: number, line: string][] = [
    ...desk.offers.map(({ number, name, nickname, file: { size } }): [number, string] => {
      const values = { number, name, nickname, size: format(size) };
      return [number, say("{number}: {name} ({size}), offered by {nickname}", values)];
    }),
    ...desk.shares.map(({ number, source: { name, size }, taken }): [number, string] => {
      const values = { number, name, size: format(size), taken };
      return [
        number,
        say("{number}: {name} ({size}), offered by you, taken {taken} times", values),
      ];
    }),
    ...desk.transfers.map(({ facts, bytes, state }): [number, string] => {
      const { number, direction, nickname, size } = facts;
      const percent = size === 0 ? 100 : Math.floor(100 * bytes / size);
      const values = { number, nickname, percent };
      if (state === "waiting") return [number, say("{number}: waits for {nickname}", values)];
      return [
        number,
        direction === "in"
          ? say("{number}: {percent} % have come from {nickname}", values)
          : say("{number}: {percent} % have gone to {nickname}", values),
      ];
    }),
  ];
  if (lines.length === 0) return [say("no files are offered")];
  return lines.sort(([a], [b]) => a - b).map(([, line]) => line);
}

/** `0:07`, `1:02:03`; `?` if it is not known. */
function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number: number) => String(number).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
