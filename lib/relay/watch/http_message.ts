/**
 * As much of HTTP/1.1 as a scraper and a supervisor need: one request for a connection.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */

/** A request that was understood. */
export interface HttpRequest {
  /** As it was sent: `GET`. */
  readonly method: string;
  /** Without the query: `/metrics`. */
  readonly path: string;
  /** The host that the request was sent to, in lower case and without its port; an IPv6 address is
   * in brackets. Undefined for a request of HTTP/1.0 without one. */
  readonly host: string | undefined;
}

/** What is answered. */
export interface HttpAnswer {
  readonly status: keyof typeof REASONS;
  readonly body: string;
  /** Further lines of the head, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

const REASONS = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  421: "Misdirected Request",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
} as const;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([!-~]+) HTTP/1\\.([0-9])$`);
const FIELD = new RegExp(
  `^(${TOKEN}):[ \\t]*((?:[!-~\\x80-\\xff](?:[ \\t]*[!-~\\x80-\\xff])*)?)[ \\t]*$`,
);
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(?::[0-9]{0,5})?$/;

/**
 * Reads the head of a request.
 *
 * @param lines Its lines without their endings, each character one byte, and without the empty line
 * at the end.
 * @returns The request; undefined for what RFC 9112 has a server answer with 400.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const lines = ["GET /metrics?x=1 HTTP/1.1", "Host: LOCALHOST:9464"];
 * assert.deepEqual(parseRequest(lines), { method: "GET", path: "/metrics", host: "localhost" });
 * assert.equal(parseRequest(["GET / HTTP/1.1", "Host: a b"]), undefined);
 * ```
 */
export function parseRequest([line = "", ...fields]: readonly string[]): HttpRequest | undefined {
  const [, method, target, minor] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined || target === undefined) return undefined;
  const parsed = fields.map((field) => FIELD.exec(field));
  if (parsed.includes(null)) return undefined;
  const hosts = parsed.filter((field) => field![1]!.toLowerCase() === "host");
  if (hosts.length > 1 || (hosts.length === 0 && minor !== "0")) return undefined;
  // A target with a host, as one sends it to a proxy, is what counts.
  const [, authority, rest] = /^http:\/\/([^/?#]*)(.*)$/i.exec(target) ?? [];
  const named = hosts[0]?.[2];
  if (named !== undefined && !HOST.test(named)) return undefined;
  const host = authority === undefined ? named : authority;
  if (host !== undefined && !HOST.test(host)) return undefined;
  const [path] = (rest ?? target).split("?") as [string];
  if (!path.startsWith("/")) return undefined;
  return { method, path, host: HOST.exec(host ?? "")?.[1]?.toLowerCase() };
}

/**
 * Writes an answer, after which the connection ends.
 *
 * @param answer What is answered.
 * @param isHead Whether the body is left out, as `HEAD` asks for it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bytes = formatAnswer({ status: 200, body: "ok\n" }, false);
 * assert.match(new TextDecoder().decode(bytes), /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok\n$/);
 * ```
 */
export function formatAnswer({ status, body, headers }: HttpAnswer, isHead: boolean): Uint8Array {
  const encoder = new TextEncoder();
  const fields = {
    "content-type": "text/plain; charset=utf-8",
    ...headers,
    "content-length": encoder.encode(body).length,
    "connection": "close",
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join("")}\r\n`;
  return encoder.encode(isHead ? head : head + body);
}
