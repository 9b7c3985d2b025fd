/**
 * Events as lines of the server's log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Observability"
 */

import { describeClusterEvent, isOfCluster, isTrouble, isUsual } from "./cluster_line.ts";
import type { CloseReason, RelayEvent } from "./events.ts";

/** How lines are written: `text` for people, or `json` for programs, one object a line. */
export type LogFormat = "text" | "json";

/** How important a line is. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** What has a line in the log. */
export type LogEvent =
  | RelayEvent
  /** How many events were left out, because there were too many. */
  | { readonly kind: "left out"; readonly count: number };

/** How a line is written. */
export interface LineOptions {
  readonly format: LogFormat;
  /** Whether the line names addresses. */
  readonly addresses: boolean;
  /** The time of the event, in ms since 1970. */
  readonly time: number;
}

/** Ends of which nobody need be warned. */
const HARMLESS_ENDS: readonly CloseReason[] = ["end", "reset", "stopped", "pipe", "probe", "http"];

/**
 * Tells how important an event is.
 *
 * @returns "error" if the relay cannot do its work. "warn" if a client was sent away, if the relay
 * can do its work again, or if events were left out. Else "info".
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(levelOf({ kind: "accept failed", message: "too many files" }), "error");
 * ```
 */
export function levelOf(event: LogEvent): LogLevel {
  if (isOfCluster(event)) return isTrouble(event) ? "error" : isUsual(event) ? "info" : "warn";
  switch (event.kind) {
    case "accept failed":
    case "metrics failed":
    case "backlog failed":
      return "error";
    case "joined":
    case "member":
    case "slot opened":
    case "visiting":
    case "piped":
      return "info";
    case "unpiped":
    case "left":
    case "visited":
      return HARMLESS_ENDS.includes(event.reason) ? "info" : "warn";
    default:
      return "warn";
  }
}

/**
 * Writes an event as one line.
 *
 * @param event What happened.
 * @param options How to write it.
 * @returns The line, without LF. JSON has `time`, `level` and `event`, then those of `cid`,
 * `class`, `other`, `reason`, `lines_in`, `bytes_in`, `bytes_out`, `bytes`, `message`, `count` and
 * `address` that the event has.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = { format: "text", addresses: true, time: 0 } as const;
 * const line = formatEvent({ kind: "refused", reason: "full", address: "192.0.2.7:50312" }, options);
 * assert.equal(line, "1970-01-01T00:00:00.000Z warn refused 192.0.2.7:50312: full");
 * ```
 */
export function formatEvent(event: LogEvent, options: LineOptions): string {
  const time = new Date(options.time).toISOString();
  const level = levelOf(event);
  if (options.format === "text") return `${time} ${level} ${describe(event, options.addresses)}`;
  const { address, ...fields } = fieldsOf(event);
  const shown = options.addresses && address !== undefined ? { address } : {};
  return JSON.stringify({ time, level, event: event.kind, ...fields, ...shown });
}

/** Names each field, so that a field that is added to an event is not written by accident. */
function fieldsOf(event: LogEvent): Record<string, string | number> {
  if (isOfCluster(event)) {
    const { message, count } = event;
    return count === undefined ? { message } : { message, count };
  }
  switch (event.kind) {
    case "joined":
      return { cid: event.cid, class: event.peerClass, address: event.address };
    case "member":
    case "visiting":
      return { cid: event.cid, address: event.address };
    case "slot opened":
      return { cid: event.cid };
    case "visited":
      return { cid: event.cid, reason: event.reason, address: event.address };
    case "left":
      return {
        cid: event.cid,
        reason: event.reason,
        lines_in: event.linesIn,
        bytes_in: event.bytesIn,
        bytes_out: event.bytesOut,
        address: event.address,
      };
    case "refused":
      return { reason: event.reason, address: event.address };
    case "piped":
      return { cid: event.cid, other: event.other };
    case "unpiped": {
      const { cid, other, reason, bytes } = event;
      return { cid, other, reason, bytes };
    }
    case "accept failed":
    case "metrics failed":
    case "backlog failed":
      return { message: event.message };
    case "accepting again":
    case "metrics again":
    case "backlog again":
      return {};
    case "left out":
      return { count: event.count };
  }
}

function describe(event: LogEvent, addresses: boolean): string {
  if (isOfCluster(event)) {
    const noun = event.kind.startsWith("relay ") ? "member" : "entry";
    const number = event.count === undefined ? "" : ` (${count(event.count, noun)})`;
    return inOneLine(describeClusterEvent(event)) + number;
  }
  const from = addresses && "address" in event ? ` from ${event.address}` : "";
  switch (event.kind) {
    case "joined":
      return `client ${event.cid} joined${from} (${event.peerClass})`;
    case "member":
      return `client ${event.cid}${from} is a member`;
    case "slot opened":
      return `client ${event.cid} invites somebody`;
    case "visiting":
      return `client ${event.cid}${from} visits a member`;
    case "visited":
      return `client ${event.cid}${from} has visited: ${event.reason}`;
    case "left": {
      const { cid, reason, linesIn, bytesIn, bytesOut } = event;
      const input = `${count(linesIn, "line")}, ${count(bytesIn, "byte")} in`;
      return `client ${cid} left${from}: ${reason} (${input}; ${count(bytesOut, "byte")} out)`;
    }
    case "refused":
      return `refused ${addresses ? event.address : "a client"}: ${event.reason}`;
    case "piped":
      return `clients ${event.cid} and ${event.other} have a pipe`;
    case "unpiped": {
      const { cid, other, reason, bytes } = event;
      return `the pipe of clients ${cid} and ${other} ended: ${reason} (${count(bytes, "byte")})`;
    }
    case "accept failed":
      return `cannot accept connections: ${inOneLine(event.message)}`;
    case "metrics failed":
      return `cannot accept connections to the metrics: ${inOneLine(event.message)}`;
    case "accepting again":
      return "accepting connections again";
    case "metrics again":
      return "accepting connections to the metrics again";
    case "backlog failed":
      return `cannot write the backlog file: ${inOneLine(event.message)}`;
    case "backlog again":
      return "writing the backlog file again";
    case "left out":
      return `${count(event.count, "event")} left out`;
  }
}

/** Makes a message of the system one line without control characters. */
function inOneLine(message: string): string {
  // deno-lint-ignore no-control-regex -- these are what must not be in it
  return message.replace(/[\0-\x1f\x7f-\x9f]+/g, " ");
}

/** `1 event`, `1,234 events`. */
function count(number: number, noun: string): string {
  const digits = String(number).replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
  const many = noun === "entry" ? "entries" : `${noun}s`;
  return `${digits} ${number === 1 ? noun : many}`;
}
