/**
 * How the stream of a room has to be set up, and what a relay has to be allowed.
 *
 * @module
 */

import { MIB } from "../bytes/units.ts";
import { MAX_ENTRY_BYTES } from "./limits.ts";
import { namesOf } from "./stream_info.ts";

/** Bytes that the stream keeps: as much as the log of a relay. */
export const STREAM_BYTES = 64 * MIB;
/** How long the stream keeps an entry, in seconds: as long as the backlog. */
export const STREAM_SECONDS = 86_400;

/** What the stream of a room is. Servers of NATS name the fields. */
export function streamConfig(
  roomId: string,
  replicas: number,
): Readonly<Record<string, string | number | boolean | readonly string[]>> {
  const { stream, lines } = namesOf(roomId);
  return {
    name: stream,
    subjects: [`${lines}.*`],
    retention: "limits",
    discard: "old",
    storage: "file",
    max_msgs: -1,
    max_consumers: -1,
    max_msgs_per_subject: -1,
    max_bytes: STREAM_BYTES,
    max_age: STREAM_SECONDS * 1e9,
    max_msg_size: MAX_ENTRY_BYTES,
    num_replicas: replicas,
    duplicate_window: 0,
    deny_delete: true,
    deny_purge: true,
  };
}

/** Fields that relays rely on: without them lines may be lost, or come in another order. */
const NEEDED = ["subjects", "retention", "discard", "max_msg_size"];

/**
 * Compares a stream with what it has to be.
 *
 * @param config What the server says of it.
 * @returns The fields that are otherwise.
 */
export function findDifferences(
  roomId: string,
  config: Readonly<Record<string, unknown>>,
): string[] {
  const wanted = streamConfig(roomId, 1);
  return NEEDED.filter((name) => JSON.stringify(config[name]) !== JSON.stringify(wanted[name]));
}

/** Says in what a stream differs from what it has to be; undefined if in nothing. */
export function describeDifferences(
  roomId: string,
  config: Readonly<Record<string, unknown>>,
): string | undefined {
  const fields = findDifferences(roomId, config);
  if (fields.length === 0) return undefined;
  return `stream ${namesOf(roomId).stream} differs in ${fields.join(", ")}`;
}

/** What a relay has to be allowed, as the configuration of a server of NATS has it. */
export function describePermissions(roomId: string, relay: string): string {
  const { stream, lines, presence } = namesOf(roomId);
  const publish = [
    `${lines}.${relay}`,
    `${presence}.${relay}`,
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.FC.${stream}.>`,
  ];
  const subscribe = [`_INBOX.${relay}.>`, `${presence}.*`];
  const list = (subjects: readonly string[]) => subjects.map((each) => `"${each}"`).join(", ");
  return [
    "permissions: {",
    `  publish: { allow: [${list(publish)}] }`,
    `  subscribe: { allow: [${list(subscribe)}] }`,
    "}",
  ].join("\n");
}
