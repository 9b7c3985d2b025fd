/**
 * Records of a backlog file.
 *
 * @module
 */

import type { BacklogRecord } from "../../lib/storage/backlog_format.ts";
import { fakeToken } from "./raw_client.ts";

/** A room's id. */
export const ROOM_ID = "f55df89f04b46102a738345a5bb82fe4";

/** A record whose lines have a label and a number. */
export function makeRecord(
  label: string,
  { lines = 1, chars = 140, time = 1785571200123, peerClass = "member" as "member" | "guest" } = {},
): BacklogRecord {
  const tokens = Array.from({ length: lines }, (_, i) => fakeToken(`-${label}-${i}-`, chars));
  const bytes = new TextEncoder().encode(tokens.map((token) => `${token}\n`).join(""));
  return { time, peerClass, lines, bytes };
}

/** The labels of records, in order. */
export function labelsOf(records: readonly Pick<BacklogRecord, "bytes">[]): string[] {
  const text = records.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
  return [...text.matchAll(/^gAAAAA-(.*?)-\d+-/gm)].map(([, label]) => label!);
}
