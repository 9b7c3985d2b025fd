/**
 * Serving the relay's numbers over HTTP.
 *
 * The server imports this module only if metrics are asked for. `prom-client` takes time to load.
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
 * Answers one request. The paths are `/metrics` and `/healthz`; others get 404.
 *
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
  /** The address that is listened on, with the port that was chosen. */
  readonly address: { readonly hostname: string; readonly port: number };
}

/**
 * Serves metrics until the returned server is disposed of. Disposing closes open connections, too.
 * Serving goes on if the process gives up its permissions afterwards.
 *
 * @param address An IP address or a host name, and a port, 0 for any free one.
 * @param source Where the numbers are read from.
 * @param onFailed Is told the reason if serving ends by itself. The runtime stops serving when it
 * cannot accept a connection, for example without file descriptors.
 * @throws {ChatError} If the address cannot be listened on.
 */
export function serveMetrics(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  source: MetricsSource,
  onFailed: (message: string) => void,
): MetricsServer {
  const { registry, observeDelay } = createMetrics(source);
  const stop = new AbortController();
  const server = tryServe({ hostname, port, signal: stop.signal }, registry);
  // Handled at once: nothing waits for this promise until the end, and an unhandled rejection would
  // end the relay.
  const finished = server.finished.catch((error) => {
    onFailed(error instanceof Error ? error.message : String(error));
  });
  const stopMeasuring = measureDelay(observeDelay);
  return {
    address: { hostname: server.addr.hostname, port: server.addr.port },
    async [Symbol.asyncDispose]() {
      stopMeasuring();
      // server.shutdown() would wait for a scraper that keeps its connection open.
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
 * Measures the event loop's delay by how late an interval is. `monitorEventLoopDelay()` of
 * node:perf_hooks does not see a blocked event loop in Deno.
 *
 * @returns Ends the measuring.
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
