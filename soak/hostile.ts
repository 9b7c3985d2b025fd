/**
 * Connections of bad will among the clients: strangers, guests, and members that keep no rule.
 *
 * @module
 */

import { writeAll } from "../lib/bytes/write_all.ts";
import { deriveRoomKey, type RoomKey } from "../lib/crypto/room_key.ts";
import { signAdmission } from "../lib/protocol/admission.ts";
import { formatControl, parseRelayControl } from "../lib/protocol/control.ts";
import { connect, connectToReset, type Link } from "./link.ts";
import type { Random } from "./random.ts";
import { sleep } from "./sleep.ts";

/** Lines that begin so are theirs: nobody has to get them, and everybody may. */
export const HOSTILE_START = "gAAAAA-hostile-";

/** Connections of bad will at a time. */
const HOSTILE = 12;
/** Longest that one of them lasts, in ms. */
const MAX_LIFE_MS = 8000;
/** Longest wait for the relay's next words, in ms. */
const ANSWER_MS = 2000;
/** Bytes that one writes in one go, and the wait after it, in ms. */
const FLOOD_BYTES = 32 * 1024;
const FLOOD_MS = 50;

const encoder = new TextEncoder();

/** What one of them does, until the signal. */
type Deed = (link: Link, random: Random, signal: AbortSignal) => Promise<void>;

/** Deeds of those who have no key, and how often they come. */
const STRANGERS = { silent: 3, "half a line": 2, noise: 2, hello: 3, "false proof": 4, flood: 4 };
/** Deeds of those who have it. */
const MEMBERS = { "member's flood": 2, "deaf member": 2, "greedy member": 2 };

/**
 * Keeps a number of them there until the signal.
 *
 * @param keyText The room's key, for the members among them.
 * @param signal Ends them.
 * @returns How many there were.
 */
export async function harass(
  { port, keyText, random, signal }: {
    readonly port: number;
    readonly keyText: string;
    readonly random: Random;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const room = await deriveRoomKey(keyText);
  let count = 0;
  const harassOn = async () => {
    while (!signal.aborted) {
      count++;
      const life = AbortSignal.any([signal, AbortSignal.timeout(random.int(1, MAX_LIFE_MS))]);
      try {
        const isReset = random.chance(0.3);
        using link = await (isReset ? connectToReset : connect)(port);
        life.addEventListener("abort", () => link.close(), { once: true });
        await deedOf(random.pick({ ...STRANGERS, ...MEMBERS }), room)(link, random, life);
      } catch {
        // It was sent away, as it deserves.
      }
      await sleep(random.int(0, 200), signal);
    }
  };
  await Promise.all(Array.from({ length: HOSTILE }, harassOn));
  return count;
}

function deedOf(name: keyof typeof STRANGERS | keyof typeof MEMBERS, room: RoomKey): Deed {
  switch (name) {
    case "silent":
      return async (_link, _random, signal) => await sleep(MAX_LIFE_MS, signal);
    case "half a line":
      return async (link, _random, signal) => {
        await say(link, HOSTILE_START);
        await sleep(MAX_LIFE_MS, signal);
      };
    case "noise":
      return async (link, random) => await say(link, "nonsense\n".repeat(random.int(1, 40)));
    case "hello":
      return async (link, _random, signal) => {
        await greet(link);
        await sleep(MAX_LIFE_MS, signal);
      };
    case "false proof":
      return async (link) => {
        await greet(link);
        await answer(link, crypto.getRandomValues(new Uint8Array(64)));
        await read(link, "!ERR");
      };
    case "flood":
      return flood;
    case "member's flood":
      return async (link, random, signal) => {
        await prove(link, room, 0);
        await flood(link, random, signal);
      };
    case "deaf member":
      return async (link, _random, signal) => {
        await prove(link, room, 0);
        while (!signal.aborted) await say(link, "!PING 1\n".repeat(1000));
      };
    case "greedy member":
      return async (link) => {
        await prove(link, room, 10_000);
        await read(link, "!LIVE");
      };
  }
}

async function flood(link: Link, random: Random, signal: AbortSignal): Promise<void> {
  const line = HOSTILE_START.padEnd(4 * random.int(25, 16_000), "A") + "\n";
  const lines = line.repeat(Math.ceil(FLOOD_BYTES / line.length));
  const reading = discard(link);
  while (!signal.aborted) {
    await say(link, random.chance(0.5) ? lines : `!FLEETING\n${lines}`);
    await sleep(FLOOD_MS, signal);
  }
  link.close();
  await reading;
}

async function discard(link: Link): Promise<void> {
  const buffer = new Uint8Array(FLOOD_BYTES);
  try {
    while (await link.read(buffer) !== null);
  } catch {
    // It was closed.
  }
}

async function say(link: Link, text: string): Promise<void> {
  await writeAll(link, encoder.encode(text));
}

async function greet(link: Link, backlog = 0): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  await writeAll(link, formatControl({ verb: "HELLO", nonce, backlog }));
  return nonce;
}

async function answer(link: Link, signature: Uint8Array): Promise<void> {
  await read(link, "!CHAL");
  await writeAll(link, formatControl({ verb: "AUTH", signature }));
}

async function prove(link: Link, room: RoomKey, backlog: number): Promise<void> {
  const client = await greet(link, backlog);
  const challenge = parseRelayControl(encoder.encode(await read(link, "!CHAL")));
  if (challenge?.verb !== "CHAL") return;
  const nonces = { server: challenge.nonce, client };
  const signature = await signAdmission(room.admission.privateKey, room.roomId, nonces);
  await writeAll(link, formatControl({ verb: "AUTH", signature }));
}

/** Reads on to the line that begins so. */
async function read(link: Link, start: string): Promise<string> {
  const buffer = new Uint8Array(FLOOD_BYTES);
  const until = performance.now() + ANSWER_MS;
  let text = "";
  while (performance.now() < until) {
    const line = text.split("\n").slice(0, -1).find((each) => each.startsWith(start));
    if (line !== undefined) return line;
    const bytes = await link.read(buffer);
    if (bytes === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, bytes));
  }
  throw new Error(`no ${start}`);
}
