/**
 * `chat-server`: reads its options and wires its parts.
 *
 * @module
 */

import { setColorEnabled } from "@std/fmt/colors";
import { EXIT, exitCodeOf, formatFailure } from "../cli/failure.ts";
import { formatInvitation, formatListening } from "../cli/invitation.ts";
import { parseServerOptions } from "../cli/server_options.ts";
import { openKeyFile } from "../key_file.ts";
import { confine } from "../relay/confine.ts";
import { listen } from "../relay/listen.ts";
import { Relay } from "../relay/relay.ts";

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
  const { address, keyPath, maxClients } = options;

  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort());
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => stop.abort());

  const listener = listen(address.hostname, address.port);
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
  for (const line of [...invitation, formatListening(listening)]) console.error(line);
  await new Relay({ maxClients, report: console.error }).serve(listener, stop.signal);
}
