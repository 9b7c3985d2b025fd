/**
 * Serving the relay's numbers over HTTP.
 *
 * The server imports this module only if metrics are asked for. `prom-client` takes time to load.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Observability"
 */

import type { Registry } from "prom-client";
import { worded } from "../../messages/wording.ts";
import { listen, type ListenFailure, type Place } from "../door/listen.ts";
import { EVENT_LOOP_SAMPLE_MS } from "../limits.ts";
import type { RelayEvent } from "./events.ts";
import type { HttpAnswer, HttpRequest } from "./http_message.ts";
import { serveHttp } from "./http_server.ts";
import { createMetrics, type MetricsSource } from "./metrics.ts";

const METHODS = "GET, HEAD";

const ELSEWHERE = worded(
  "Choose another address with --metrics, such as 127.0.0.1:0 for any free port.",
);
const FAILURE: ListenFailure = {
  cannot: "Cannot serve metrics: {reason}",
  inUse: ELSEWHERE,
  elsewhere: ELSEWHERE,
};

/**
 * Answers one request. The paths are `/metrics` and `/healthz`; others get 404.
 *
 * @param registry What `/metrics` shows.
 * @param request A request to any path.
 * @param listening The host that metrics are served on, as it was given.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Registry } from "prom-client";
 * const request = { method: "GET", path: "/healthz", host: "localhost" };
 * assert.equal((await respond(new Registry(), request, "127.0.0.1")).body, "ok\n");
 * ```
 */
export async function respond(
  registry: Registry,
  { method, path, host }: HttpRequest,
  listening: string,
): Promise<HttpAnswer> {
  if (host !== undefined && !isOwnHost(host, listening)) {
    return { status: 421, body: "Not served under this name: use the address of --metrics\n" };
  }
  if (path !== "/metrics" && path !== "/healthz") {
    return { status: 404, body: "Not found: see /metrics or /healthz\n" };
  }
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, body: "Method not allowed\n", headers: { allow: METHODS } };
  }
  if (path === "/healthz") return { status: 200, body: "ok\n" };
  const headers = { "content-type": registry.contentType };
  return { status: 200, body: await registry.metrics(), headers };
}

/**
 * Tells whether a request that names a host is meant for these metrics.
 *
 * A web page can have its reader's browser ask any address under the page's own name, and read the
 * answer. So a name counts only if nobody else can own it.
 *
 * @param host As {@linkcode HttpRequest} has it.
 * @param listening The host that metrics are served on, as it was given.
 * @see https://en.wikipedia.org/wiki/DNS_rebinding
 */
export function isOwnHost(host: string, listening: string): boolean {
  if (/^(?:\[.*\]|[0-9]+(?:\.[0-9]+){3})$/.test(host)) return true;
  const name = host.replace(/\.$/, "");
  if (name === listening.toLowerCase().replace(/\.$/, "")) return true;
  if (/^(?:.*\.)?localhost$/.test(name)) return true;
  const isLocal = /^(?:127\.|::1$|localhost\.?$)/i.test(listening);
  // On a network machines have names of one word, or under a domain that is nobody's.
  return !isLocal && /^(?:[^.]+|.*\.(?:local|internal|home\.arpa))$/.test(name);
}

/** Metrics that are being served. */
export interface MetricsServer extends AsyncDisposable {
  /** Where, as it was asked for, with the real port. */
  readonly address: Place;
}

/**
 * Serves metrics until the returned server is disposed of. Disposing closes open connections, too.
 * Serving goes on if the process gives up its permissions afterwards.
 *
 * @param address Where; at a name, on all of its addresses.
 * @param source Where the numbers are read from.
 * @param report Told when connections cannot be accepted, and when they can again.
 * @param maxConnections Connections at once, for each address; 16 by default.
 * @throws {ChatError} If that address cannot be listened on.
 */
export async function serveMetrics(
  address: Place,
  source: MetricsSource,
  report: (event: RelayEvent) => void,
  maxConnections?: number,
): Promise<MetricsServer> {
  const { registry, observeDelay } = createMetrics(source);
  const listeners = await listen(address, FAILURE);
  const stop = new AbortController();
  const options = {
    answer: (request: HttpRequest) => respond(registry, request, address.hostname),
    report: (event: RelayEvent) => report(asMetricsEvent(event)),
    maxConnections,
  };
  const serving = listeners.map((listener) => serveHttp(listener, options, stop.signal));
  const stopMeasuring = measureDelay(observeDelay);
  return {
    address: { hostname: address.hostname, port: listeners[0]!.addr.port },
    async [Symbol.asyncDispose]() {
      stopMeasuring();
      stop.abort();
      await Promise.all(serving);
    },
  };
}

/** The relay's own port has events of its own. */
function asMetricsEvent(event: RelayEvent): RelayEvent {
  if (event.kind === "accept failed") return { ...event, kind: "metrics failed" };
  return event.kind === "accepting again" ? { kind: "metrics again" } : event;
}

/**
 * Measures the event loop's delay by how late an interval is. `monitorEventLoopDelay()` of
 * node:perf_hooks does not see a blocked event loop in Deno.
 *
 * @returns Ends the measuring.
 */
export function measureDelay(observe: (seconds: number) => void): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    observe(Math.max(0, now - last - EVENT_LOOP_SAMPLE_MS) / 1000);
    last = now;
  }, EVENT_LOOP_SAMPLE_MS);
  return () => clearInterval(timer);
}
