/**
 * A small HTTP server for few clients, which nothing ends but its owner.
 *
 * Each connection gets one answer, within a bounded time. When all places are taken, a new
 * connection gets the place of the oldest one: connections that ask nothing keep nobody out.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Observability"
 */

import { LineSplitter } from "../../bytes/lines.ts";
import { acceptAll } from "../door/listener.ts";
import { MAX_HTTP_CONNECTIONS, MAX_HTTP_HEAD_BYTES, MAX_HTTP_MS } from "../limits.ts";
import { closeGently, closeQuietly } from "../peer/departure.ts";
import type { RelayEvent } from "./events.ts";
import { formatAnswer, type HttpAnswer, type HttpRequest, parseRequest } from "./http_message.ts";

/** Settings of {@linkcode serveHttp}. */
export interface HttpOptions {
  /** Answers a request; what it throws becomes a 500. */
  readonly answer: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Told when accepting fails, once, and when it works again. */
  readonly report: (event: RelayEvent) => void;
  /** Time within which a connection has to send its request and take its answer, in ms. */
  readonly maxMs?: number;
  /** Connections at once; 16 by default. */
  readonly maxConnections?: number;
}

const MALFORMED: HttpAnswer = { status: 400, body: "Bad request\n" };
const TOO_LARGE: HttpAnswer = { status: 431, body: "Request too large\n" };
const FAILED: HttpAnswer = { status: 500, body: "Internal error\n" };

/**
 * Serves until it is told to stop; then closes the listener and all connections.
 *
 * @param listener Whatever becomes of a single connection, it goes on accepting.
 * @param options What is answered, and bounds.
 * @param signal Ends it.
 */
export async function serveHttp(
  listener: Deno.Listener,
  { answer, report, maxMs = MAX_HTTP_MS, maxConnections = MAX_HTTP_CONNECTIONS }: HttpOptions,
  signal: AbortSignal,
): Promise<void> {
  /** Connections in the order in which they came, and when each has ended. */
  const open = new Map<Deno.Conn, Promise<void>>();
  const close = () => {
    listener.close();
    for (const conn of open.keys()) closeQuietly(conn);
  };
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  for await (const conn of acceptAll(listener, signal, report)) {
    open.set(conn, serveConnection(conn, answer, maxMs).finally(() => open.delete(conn)));
    if (open.size <= maxConnections) continue;
    const [oldest, ended] = open.entries().next().value!;
    closeQuietly(oldest);
    // Its descriptor is free only then, and the next connection needs one.
    await ended;
  }
  await Promise.all(open.values());
}

async function serveConnection(
  conn: Deno.Conn,
  answer: HttpOptions["answer"],
  maxMs: number,
): Promise<void> {
  const timer = setTimeout(() => closeQuietly(conn), maxMs);
  try {
    const lines = await readHead(conn);
    if (lines === undefined) return;
    const request = lines === "too large" ? undefined : parseRequest(lines);
    const refusal = lines === "too large" ? TOO_LARGE : MALFORMED;
    const answered = request ? await answer(request).catch(() => FAILED) : refusal;
    await closeGently(conn, formatAnswer(answered, request?.method === "HEAD"));
  } catch {
    // The client is gone, or its time was up: there is nobody to answer.
  } finally {
    clearTimeout(timer);
    closeQuietly(conn);
  }
}

/** Reads up to the empty line; undefined if the client ends before. */
async function readHead(conn: Deno.Conn): Promise<string[] | "too large" | undefined> {
  const splitter = new LineSplitter(MAX_HTTP_HEAD_BYTES);
  const decoder = new TextDecoder("latin1");
  const lines: string[] = [];
  const buffer = new Uint8Array(MAX_HTTP_HEAD_BYTES);
  for (let total = 0; total < MAX_HTTP_HEAD_BYTES;) {
    const bytes = await conn.read(buffer.subarray(total));
    if (bytes === null) return undefined;
    const chunk = buffer.subarray(total, total += bytes);
    for (const line of splitter.push(chunk)) {
      const text = decoder.decode(line);
      if (text !== "") lines.push(text);
      // An empty line before the request is passed over, as RFC 9112 asks.
      else if (lines.length > 0) return lines;
    }
  }
  return "too large";
}
