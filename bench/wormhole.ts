/**
 * A file through magic-wormhole: both its servers are on this machine, and the clients may not
 * connect to each other.
 *
 * @module
 */

import { Program } from "../tests/support/programs.ts";
import { freePort, output, ServerProcess } from "./processes.ts";

/** How to get it. */
export const WORMHOLE_INSTALL =
  "apt-get install magic-wormhole python3-magic-wormhole-mailbox-server magic-wormhole-transit-relay";
const CODE = "7-bench-bench";
const MAX_SECONDS = 600;

/** How long a file took. */
export interface Times {
  /** From the first of it to the taker's word that it is whole. */
  readonly seconds: number;
  /** From the start of the sender's program to its end; the taker's was there. */
  readonly wholeSeconds: number;
}

/** Its version; undefined if it, or one of its servers, is not installed. */
export async function findWormhole(): Promise<string | undefined> {
  const text = await output(["wormhole", "--version"]);
  const servers = await output(["twist3", "--help"]);
  const isWhole = ["transitrelay", "wormhole-mailbox"].every((name) => servers?.includes(name));
  return isWhole ? text?.trim() : undefined;
}

/** Sends a file to `to`, and waits until it is there. */
export async function sendByWormhole(source: string, to: string, cwd: string): Promise<Times> {
  const [mailbox, transit] = [freePort(), freePort()];
  await using _mailbox = await startServer(
    ["wormhole-mailbox", "--channel-db=:memory:", `--port=tcp:${mailbox}:interface=127.0.0.1`],
    mailbox,
    `${cwd}/mailbox`,
  );
  await using _transit = await startServer(
    ["transitrelay", `--port=tcp:${transit}:interface=127.0.0.1`],
    transit,
    `${cwd}/transit`,
  );
  const servers = [
    `--relay-url=ws://127.0.0.1:${mailbox}/v1`,
    `--transit-helper=tcp:127.0.0.1:${transit}`,
  ];
  const start = (...args: string[]) => Program.spawn(["wormhole", ...servers, ...args], { cwd });
  const quiet = ["--no-listen", "--hide-progress"];
  await using taker = start("receive", ...quiet, "--accept-file", "-o", to, CODE);
  // It says nothing before the sender is there.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const begunAt = performance.now();
  await using sender = start("send", ...quiet, "--code", CODE, source);
  await sender.waitFor("stderr", /^Sending \(.*\)\.\.$/m);
  const sendingAt = performance.now();
  await sender.finished(MAX_SECONDS);
  const endedAt = performance.now();
  const { code, stderr } = await taker.finished();
  if (code !== 0) throw new Error(`magic-wormhole failed:\n${stderr}`);
  return { seconds: (endedAt - sendingAt) / 1000, wholeSeconds: (endedAt - begunAt) / 1000 };
}

async function startServer(
  args: readonly string[],
  port: number,
  cwd: string,
): Promise<ServerProcess> {
  await Deno.mkdir(cwd, { recursive: true });
  return await ServerProcess.start(["twist3", "--log-level=warn", ...args], port, cwd);
}
