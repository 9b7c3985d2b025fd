/**
 * Control lines, which a client and the relay send to each other. A control line begins with `!`,
 * is printable ASCII, and never reaches another client.
 *
 * @module
 * @see docs/PROTOCOL.md, "Control lines"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { SIGNATURE_BYTES } from "../crypto/ed25519.ts";
import { MAX_CONTROL_BYTES } from "./limits.ts";
import {
  type ClientSlotControl,
  formatSlotFields,
  parseClientSlotControl,
  parseRelaySlotControl,
  type RelaySlotControl,
} from "./slot_lines.ts";
import { classifyLine, type RelayError } from "./wire.ts";

/** The version of the protocol that both sides name. */
export const PROTOCOL_VERSION = 1;
/** Random bytes of a client in one handshake. */
export const CLIENT_NONCE_BYTES = 16;
/** Random bytes of a relay in one handshake. */
export const SERVER_NONCE_BYTES = 32;
/** Random bytes of the name of a pipe. */
export const PIPE_NAME_BYTES = 16;

/** Who may talk in a room: anybody, or those who have proved the key. */
export type RoomMode = "open" | "members";

/** A control line of a client. */
export type ClientControl =
  /** The client asks to be admitted, and for `backlog` of the last messages. `nonce`: 16 bytes. */
  | { readonly verb: "HELLO"; readonly nonce: Uint8Array; readonly backlog: number }
  /** The client answers the challenge. `signature`: 64 bytes. */
  | { readonly verb: "AUTH"; readonly signature: Uint8Array }
  /** The connection is to be an end of a pipe, once the key is proved. `name`: 16 bytes. */
  | { readonly verb: "PIPE"; readonly name: Uint8Array }
  | { readonly verb: "PING" | "PONG"; readonly n: number }
  /** The next token is not to be kept for those who come later. */
  | { readonly verb: "FLEETING" }
  /** Is about to leave. */
  | { readonly verb: "BYE" }
  | ClientSlotControl;

/** A control line of the relay. */
export type RelayControl =
  /** The challenge. `nonce`: 32 bytes. */
  | { readonly verb: "CHAL"; readonly nonce: Uint8Array; readonly mode: RoomMode }
  | {
    /** The proof was good. */
    readonly verb: "WELCOME";
    /** The number of this connection. */
    readonly cid: number;
    /** The relay's clock, in unix seconds. */
    readonly time: number;
    /** Longest line, in bytes. */
    readonly maxBytes: number;
    /** How many connections there are, this one included. */
    readonly peers: number;
  }
  /** `count` tokens of the backlog follow. */
  | { readonly verb: "BACKLOG"; readonly count: number }
  /** The backlog ends. Tokens that follow are new. */
  | { readonly verb: "LIVE" }
  | { readonly verb: "PING" | "PONG"; readonly n: number }
  /** A member has come, or a connection of a member is gone. */
  | { readonly verb: "JOINED" | "GONE"; readonly cid: number }
  /** Both ends of the pipe are there: what follows is from the other one. */
  | { readonly verb: "PIPED" }
  /** The reason why the relay closes the connection. */
  | { readonly verb: "ERR"; readonly error: RelayError }
  | RelaySlotControl;

/** A number on a control line. It has no sign and no leading zero, and is exact as a float. */
const NUMBER = "(0|[1-9][0-9]{0,14})";
const BASE64URL = "([A-Za-z0-9_-]+)";
const HELLO = pattern(`!HELLO ${PROTOCOL_VERSION} ${BASE64URL} backlog=${NUMBER}`);
const AUTH = pattern(`!AUTH ${BASE64URL}`);
const PIPE = pattern(`!PIPE ${BASE64URL}`);
const PING = pattern(`!(PING|PONG) ${NUMBER}`);
const CHAL = pattern(`!CHAL ${PROTOCOL_VERSION} ${BASE64URL} (open|members)`);
const WELCOME = pattern(
  `!WELCOME ${PROTOCOL_VERSION} cid=${NUMBER} t=${NUMBER} max=${NUMBER} peers=${NUMBER}`,
);
const BACKLOG = pattern(`!BACKLOG ${NUMBER}`);
const COMING = pattern(`!(JOINED|GONE) ${NUMBER}`);
const ERR = pattern("!ERR ([1-9][0-9]{2}) (.+)");

/**
 * Reads a control line from a client.
 *
 * @param line The line's bytes, LF excluded.
 * @returns Undefined for an unknown verb, another version, or a line that does not have the form of
 * its verb. The relay ignores such lines.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = new TextEncoder().encode("!PING 7");
 * assert.deepEqual(parseClientControl(line), { verb: "PING", n: 7 });
 * ```
 */
export function parseClientControl(line: Uint8Array): ClientControl | undefined {
  const text = readControl(line);
  if (text === undefined) return undefined;
  const hello = match(text, HELLO);
  if (hello) {
    const nonce = parseBase64Url(hello[0]!, CLIENT_NONCE_BYTES);
    return nonce && { verb: "HELLO", nonce, backlog: Number(hello[1]) };
  }
  const auth = match(text, AUTH);
  if (auth) {
    const signature = parseBase64Url(auth[0]!, SIGNATURE_BYTES);
    return signature && { verb: "AUTH", signature };
  }
  const pipe = match(text, PIPE);
  if (pipe) {
    const name = parseBase64Url(pipe[0]!, PIPE_NAME_BYTES);
    return name && { verb: "PIPE", name };
  }
  if (text === "!FLEETING") return { verb: "FLEETING" };
  if (text === "!BYE") return { verb: "BYE" };
  return parsePing(text) ?? parseClientSlotControl(text);
}

/**
 * Reads a control line from the relay.
 *
 * @param line The line's bytes, LF excluded.
 * @returns Undefined for an unknown verb, another version, or a line that does not have the form of
 * its verb. A client ignores such lines.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = new TextEncoder().encode("!ERR 503 full");
 * const error = { code: 503, reason: "full" };
 * assert.deepEqual(parseRelayControl(line), { verb: "ERR", error });
 * ```
 */
export function parseRelayControl(line: Uint8Array): RelayControl | undefined {
  const text = readControl(line);
  if (text === undefined) return undefined;
  const chal = match(text, CHAL);
  if (chal) {
    const nonce = parseBase64Url(chal[0]!, SERVER_NONCE_BYTES);
    return nonce && { verb: "CHAL", nonce, mode: chal[1] as RoomMode };
  }
  const welcome = match(text, WELCOME);
  if (welcome) {
    const [cid, time, maxBytes, peers] = welcome.map(Number) as [number, number, number, number];
    return { verb: "WELCOME", cid, time, maxBytes, peers };
  }
  const backlog = match(text, BACKLOG);
  if (backlog) return { verb: "BACKLOG", count: Number(backlog[0]) };
  if (text === "!LIVE") return { verb: "LIVE" };
  if (text === "!PIPED") return { verb: "PIPED" };
  const cid = match(text, COMING);
  if (cid) return { verb: cid[0] as "JOINED" | "GONE", cid: Number(cid[1]) };
  const err = match(text, ERR);
  if (err) return { verb: "ERR", error: { code: Number(err[0]), reason: err[1]! } };
  return parsePing(text) ?? parseRelaySlotControl(text);
}

/** Writes a control line with its LF, as bytes. */
export function formatControl(control: ClientControl | RelayControl): Uint8Array {
  return new TextEncoder().encode(`!${control.verb}${formatFields(control)}\n`);
}

function formatFields(control: ClientControl | RelayControl): string {
  switch (control.verb) {
    case "HELLO": {
      const { nonce, backlog } = control;
      return ` ${PROTOCOL_VERSION} ${formatBase64Url(nonce)} backlog=${backlog}`;
    }
    case "CHAL":
      return ` ${PROTOCOL_VERSION} ${formatBase64Url(control.nonce)} ${control.mode}`;
    case "AUTH":
      return ` ${formatBase64Url(control.signature)}`;
    case "WELCOME": {
      const { cid, time, maxBytes, peers } = control;
      return ` ${PROTOCOL_VERSION} cid=${cid} t=${time} max=${maxBytes} peers=${peers}`;
    }
    case "PIPE":
      return ` ${formatBase64Url(control.name)}`;
    case "BACKLOG":
      return ` ${control.count}`;
    case "PING":
    case "PONG":
      return ` ${control.n}`;
    case "JOINED":
    case "GONE":
      return ` ${control.cid}`;
    case "ERR":
      return ` ${control.error.code} ${control.error.reason}`;
    case "LIVE":
    case "PIPED":
    case "FLEETING":
    case "BYE":
      return "";
    case "SLOT":
    case "MEET":
    case "PASS":
    case "PARTED":
      return formatSlotFields(control);
  }
}

function readControl(line: Uint8Array): string | undefined {
  if (line.length > MAX_CONTROL_BYTES) return undefined;
  if (classifyLine(line, 0, line.length) !== "control") return undefined;
  return new TextDecoder().decode(line);
}

function parsePing(
  text: string,
): { readonly verb: "PING" | "PONG"; readonly n: number } | undefined {
  const ping = match(text, PING);
  return ping && { verb: ping[0] as "PING" | "PONG", n: Number(ping[1]) };
}

function pattern(whole: string): RegExp {
  return new RegExp(`^${whole}$`);
}

function match(text: string, whole: RegExp): string[] | undefined {
  return whole.exec(text)?.slice(1);
}
