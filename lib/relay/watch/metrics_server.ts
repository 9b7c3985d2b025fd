/**
 * Serving the relay's numbers over HTTP.
 *
 * Imported only if metrics are asked for, as `prom-client` takes its time to load.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Observability"
 */

import type { Registry } from "prom-client";
import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import { EVENT_LOOP_SAMPLE_MS } from "../limits.ts";
import { createMetrics, type MetricsSource } from "./metrics.ts";

/**
 * Answers one request: `/metrics` and `/healthz`, nothing else.
 *
 * @param registry What `/metrics` shows.
 * @param request A request to any path.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Registry } from "prom-client";
 * const response = await respond(new Registry(), new Request("http://localhost/healthz"));
 * assert.equal(await response.text(), "ok\n");
 * ```
 */
export async function respond(registry: Registry, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname !== "/metrics" && pathname !== "/healthz") {
    return new Response("Not found: see /metrics or /healthz\n", { status: 404 });
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    const headers = { allow: "GET, HEAD" };
    return new Response("Method not allowed\n", { status: 405, headers });
  }
  if (pathname === "/healthz") return new Response("ok\n");
  const headers = { "content-type": registry.contentType };
  return new Response(await registry.metrics(), { headers });
}

/** Metrics that are being served. */
export interface MetricsServer extends AsyncDisposable {
  /** Where, the real port included. */
  readonly address: { readonly hostname: string; readonly port: number };
}

/**
 * Serves metrics until it is disposed of, which closes open connections too.
 * Goes on without permissions once it has returned.
 *
 * @param address Where: an IP address or a host name, and a port, 0 for any free one.
 * @param source Where the numbers are read from.
 * @param onFailed Told why, should serving end by itself: the runtime gives up when it cannot
 * accept a connection, as without file descriptors.
 * @throws {ChatError} If that address cannot be listened on.
 */
export function serveMetrics(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  source: MetricsSource,
  onFailed: (message: string) => void,
): MetricsServer {
  const { registry, observeDelay } = createMetrics(source);
  const stop = new AbortController();
  const server = tryServe({ hostname, port, signal: stop.signal }, registry);
  // Handled at once: nobody waits for it until the end, and the relay must not die of it.
  const finished = server.finished.catch((error) => {
    onFailed(error instanceof Error ? error.message : String(error));
  });
  const stopMeasuring = measureDelay(observeDelay);
  return {
    address: { hostname: server.addr.hostname, port: server.addr.port },
    async [Symbol.asyncDispose]() {
      stopMeasuring();
      // shutdown() would wait for a scraper that keeps its connection.
      stop.abort();
      await finished;
    },
  };
}

function tryServe(
  options: { hostname: string; port: number; signal: AbortSignal },
  registry: Registry,
): Deno.HttpServer<Deno.NetAddr> {
  const onError = () => new Response("Internal error\n", { status: 500 });
  try {
    return Deno.serve(
      { ...options, onListen() {}, onError },
      (request) => respond(registry, request),
    );
  } catch (cause) {
    const { hostname: host, port } = options;
    const wording = cause instanceof Deno.errors.AddrInUse
      ? worded("Cannot serve metrics: port {port} is in use", { port })
      : worded("Cannot serve metrics: {host} is not an address of this machine", { host });
    throw new ChatError(wording, {
      cause,
      hint: worded("Choose another address with --metrics, such as 127.0.0.1:0 for any free port."),
    });
  }
}

/**
 * An interval measures its own lateness: `monitorEventLoopDelay()` of
 * node:perf_hooks does not see a blocked event loop in Deno.
 */
function measureDelay(observe: (seconds: number) => void): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    observe(Math.max(0, now - last - EVENT_LOOP_SAMPLE_MS) / 1000);
    last = now;
  }, EVENT_LOOP_SAMPLE_MS);
  return () => clearInterval(timer);
}
