/**
 * What clients cost that listen in one room: their start, and each message.
 *
 * @module
 */

import type { HostileMember } from "./attack.ts";
import { processorSeconds, until } from "./process_info.ts";
import { type Program, spawn } from "./programs.ts";

/** Least time over which messages are sent, in ms for each: so a client saves many times. */
const PAUSE_MS = 20;
/** Messages sent at once. */
const AT_ONCE = 16;

/** A client that reads, and how long it took to be live, in ms. */
export interface Started {
  readonly client: Program;
  readonly startMs: number;
}

/**
 * Starts a client.
 *
 * @param state Its state directory.
 */
export async function startReader(port: number, cwd: string, state: string): Promise<Started> {
  const began = performance.now();
  const args = ["127.0.0.1", `${port}`, "--nick", "reader", "--json", "--stay"];
  const client = await spawn("client", args, { cwd, env: { XDG_STATE_HOME: state } });
  await client.waitFor("stdout", /"type":"live"/);
  return { client, startMs: performance.now() - began };
}

/** Processor time, in ms for each message, that clients take to show the same messages. */
export async function costOfMessages(
  sender: HostileMember,
  clients: readonly Program[],
  count: number,
): Promise<number[]> {
  const say = async (text: string, times: number) => {
    await sender.send(await sender.sealAll(Array.from({ length: times }, () => ({ text }))));
  };
  const settle = async (text: string) => {
    const have = () => clients.every(({ stdout }) => stdout.includes(text));
    await until(have, `all have ${text}`);
  };
  const before = crypto.randomUUID();
  await say(before, 1);
  await settle(before);
  const began = await Promise.all(clients.map(({ child }) => processorSeconds(child.pid)));
  for (let i = 0; i < count; i += AT_ONCE) {
    await say("hello", AT_ONCE);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const after = crypto.randomUUID();
  await say(after, 1);
  await settle(after);
  const ended = await Promise.all(clients.map(({ child }) => processorSeconds(child.pid)));
  return ended.map((end, i) => (end - began[i]!) * 1000 / count);
}

/** The middle one of some numbers. */
export function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
