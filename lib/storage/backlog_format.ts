/**
 * The format of the relay's backlog file: its head, and records of lines.
 *
 * All of it but the lines is text. The head names the room, and has two slots. The slot with the
 * higher generation tells where the records begin. So what is written elsewhere in the file does not
 * count before a slot says so, and a slot that was cut off leaves the other one.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The backlog file"
 */

import { concat } from "../bytes/concat.ts";
import { crc32 } from "../bytes/crc32.ts";
import { classifyLine } from "../protocol/wire.ts";

/** The byte that ends a line. */
const LF = 0x0a;
/** What the file begins with. */
const MAGIC = "chat-backlog1 ";
/** `chat-backlog1 `, the room's id in hex, and LF. */
const NAME_BYTES = 47;
/** Ten digits, twelve digits, the checksum, two spaces and LF. */
const SLOT_BYTES = 33;
/** Where records may begin. */
export const HEAD_BYTES = NAME_BYTES + 2 * SLOT_BYTES;
/** Longest first line of a record, in bytes: far more than its five fields take. */
const MAX_RECORD_HEAD_BYTES = 64;

/** Lines of one connection, as they are in the file. */
export interface BacklogRecord {
  /** When they came, in whole ms since 1970. */
  readonly time: number;
  readonly peerClass: "guest" | "member";
  readonly lines: number;
  /** Whole lines, each with its LF. */
  readonly bytes: Uint8Array;
}

/** Where the records are that count. */
export interface Slot {
  /** Whole number from 1. */
  readonly generation: number;
  /** Offset of the first record, in bytes. */
  readonly start: number;
}

/** What a file holds. */
export interface BacklogContent {
  /** 32 digits of hex; undefined for a new file. */
  readonly roomId: string | undefined;
  readonly slot: Slot;
  readonly records: readonly BacklogRecord[];
  /** Offset after the last record that is whole. */
  readonly end: number;
}

/** What a new file holds. */
export const EMPTY: BacklogContent = {
  roomId: undefined,
  slot: { generation: 1, start: HEAD_BYTES },
  records: [],
  end: HEAD_BYTES,
};

/** Writes the head of a new file. */
export function formatHead(roomId: string): Uint8Array {
  const name = new TextEncoder().encode(`${MAGIC}${roomId}\n`);
  return concat(name, new Uint8Array(SLOT_BYTES), formatSlot(EMPTY.slot));
}

/** Writes a slot. */
export function formatSlot({ generation, start }: Slot): Uint8Array {
  const fields = `${pad(generation, 10)} ${pad(start, 12)}`;
  return new TextEncoder().encode(`${fields} ${checksum(fields)}\n`);
}

/** Tells the place of a slot in the file: a generation never overwrites the one before. */
export function placeOfSlot({ generation }: Slot): number {
  return NAME_BYTES + generation % 2 * SLOT_BYTES;
}

/**
 * Writes records.
 *
 * @param records What is in them.
 * @param slot The slot that they belong to. Bytes that another one left do not look like records.
 * @param offset Where in the file they will be. It changes no byte but those of checksums.
 */
export function formatRecords(
  records: readonly BacklogRecord[],
  { generation }: Slot,
  offset: number,
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let at = offset;
  for (const { time, peerClass, lines, bytes } of records) {
    const fields = `${pad(time, 15)} ${peerClass[0]} ${lines} ${bytes.length}`;
    const crc = checksum(`${generation} ${at} ${fields}`, bytes);
    const head = new TextEncoder().encode(`${crc} ${fields}\n`);
    parts.push(head, bytes);
    at += head.length + bytes.length;
  }
  return concat(...parts);
}

/**
 * Reads a file. It reads as many records as are whole.
 *
 * @param bytes All bytes of the file.
 * @returns What it holds; undefined if it is another program's file.
 */
export function parseBacklog(bytes: Uint8Array): BacklogContent | undefined {
  const name = new TextDecoder().decode(bytes.subarray(0, NAME_BYTES));
  // A server that is killed while it makes the file leaves a part of the head.
  if (bytes.length < HEAD_BYTES) {
    return MAGIC.startsWith(name.slice(0, MAGIC.length)) ? EMPTY : undefined;
  }
  const [, roomId] = /^chat-backlog1 ([0-9a-f]{32})\n$/.exec(name) ?? [];
  if (roomId === undefined) return undefined;
  const slots = [0, 1].flatMap((place) => {
    const at = NAME_BYTES + place * SLOT_BYTES;
    return parseSlot(bytes.subarray(at, at + SLOT_BYTES));
  }).filter(({ start }) => HEAD_BYTES <= start && start <= bytes.length);
  const [slot = EMPTY.slot] = slots.sort((a, b) => b.generation - a.generation);
  return { roomId, slot, ...parseRecords(bytes, slot) };
}

function parseSlot(bytes: Uint8Array): Slot[] {
  const text = new TextDecoder().decode(bytes);
  const [, fields, generation, start, crc] =
    /^(([0-9]{10}) ([0-9]{12})) ([0-9a-f]{8})\n$/.exec(text) ?? [];
  if (fields === undefined || checksum(fields) !== crc) return [];
  return [{ generation: Number(generation), start: Number(start) }];
}

function parseRecords(
  bytes: Uint8Array,
  slot: Slot,
): Pick<BacklogContent, "records" | "end"> {
  const records: BacklogRecord[] = [];
  let end = slot.start;
  for (;;) {
    const found = parseRecord(bytes, end, slot);
    if (!found) return { records, end };
    records.push(found.record);
    end = found.end;
  }
}

function parseRecord(
  bytes: Uint8Array,
  at: number,
  { generation }: Slot,
): { record: BacklogRecord; end: number } | undefined {
  const head = new TextDecoder().decode(bytes.subarray(at, at + MAX_RECORD_HEAD_BYTES));
  const [whole, crc, fields, time, letter, lines, length] =
    /^([0-9a-f]{8}) (([0-9]{15}) ([gm]) ([1-9][0-9]{0,8}) ([1-9][0-9]{0,8}))\n/.exec(head) ?? [];
  if (whole === undefined) return undefined;
  const start = at + whole.length;
  const end = start + Number(length);
  if (end > bytes.length) return undefined;
  const run = bytes.slice(start, end);
  if (checksum(`${generation} ${at} ${fields}`, run) !== crc) return undefined;
  if (countTokens(run) !== Number(lines)) return undefined;
  const peerClass = letter === "g" ? "guest" : "member";
  return { record: { time: Number(time), peerClass, lines: Number(lines), bytes: run }, end };
}

/** How many lines there are; undefined if one of them is no token, or is not whole. */
function countTokens(run: Uint8Array): number | undefined {
  let lines = 0;
  for (let start = 0; start < run.length; lines++) {
    const end = run.indexOf(LF, start);
    if (end < 0 || classifyLine(run, start, end) !== "token") return undefined;
    start = end + 1;
  }
  return lines;
}

function checksum(text: string, bytes?: Uint8Array): string {
  const crc = crc32(new TextEncoder().encode(text));
  return (bytes ? crc32(bytes, crc) : crc).toString(16).padStart(8, "0");
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}
