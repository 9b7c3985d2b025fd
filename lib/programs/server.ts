/**
 * `chat-server`: reads its options and wires its parts.
 *
 * @module
 */

import { setColorEnabled } from "@std/fmt/colors";
import { formatAddress } from "../cli/address.ts";
import { EXIT, exitCodeOf, formatFailure } from "../cli/failure.ts";
import { formatInvitation, formatListening } from "../cli/invitation.ts";
import { parseServerOptions, type ServerOptions } from "../cli/server_options.ts";
import { openKeyFile } from "../key_file.ts";
import { confine } from "../relay/confine.ts";
import { EventLog } from "../relay/event_log.ts";
import { listen } from "../relay/listen.ts";
import type { MetricsServer } from "../relay/metrics_server.ts";
import { Relay } from "../relay/relay.ts";
import { writeAll } from "../write_all.ts";

/**
 * Runs the server and ends the process.
 *
 * @example
 * ```ts ignore
 * await runServer();
 * ```
 */
export async function runServer(): Promise<never> {
  setColorEnabled(Deno.stderr.isTerminal());
  try {
    await main();
  } catch (error) {
    console.error(formatFailure(error));
    Deno.exit(exitCodeOf(error));
  }
  Deno.exit(EXIT.done);
}

async function main(): Promise<void> {
  const options = parseServerOptions(Deno.args, (name) => Deno.env.get(name));
  if (typeof options === "string") return console.log(options);
  const { address, keyPath } = options;

  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort());
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => stop.abort());

  const write = (bytes: Uint8Array) => writeAll(Deno.stderr, bytes);
  await using eventLog = new EventLog({ ...options.log, write, now: Date.now });
  const relay = new Relay({ ...options, report: (event) => eventLog.report(event) });
  const listener = listen(address.hostname, address.port);
  await using metrics = await startMetrics(relay, options);
  const key = await openKeyFile(keyPath, (warning) => console.error(`warning: ${warning}`));
  const listening = { hostname: listener.addr.hostname, port: listener.addr.port };
  const invitation = formatInvitation({
    listening,
    keyPath: await Deno.realPath(keyPath),
    created: key.created,
    clientCommand: Deno.build.standalone ? "chat-client" : "deno task client",
    interfaces: Deno.networkInterfaces(),
  });
  await confine();
  if (metrics) invitation.push(`metrics: http://${formatAddress(metrics.address)}/metrics`);
  for (const line of [...invitation, formatListening(listening)]) console.error(line);
  await relay.serve(listener, stop.signal);
}

async function startMetrics(
  relay: Relay,
  { metrics, maxLogBytes }: ServerOptions,
): Promise<MetricsServer | undefined> {
  if (!metrics) return undefined;
  const { serveMetrics } = await import("../relay/metrics_server.ts");
  const residentBytes = () => Deno.memoryUsage().rss;
  return serveMetrics(metrics, { stats: () => relay.stats, maxLogBytes, residentBytes });
}
