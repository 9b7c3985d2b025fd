import { encodeHex } from "@std/encoding/hex";
import assert from "node:assert/strict";
import { formatBase64Url } from "../../../lib/bytes/base64url.ts";
import {
  MAX_ALL_MISSING_RANGES,
  MAX_PINS,
  MAX_SEEN_LOG_BYTES,
  MAX_WINDOWS,
} from "../../../lib/storage/limits.ts";
import { PIN_FORMAT } from "../../../lib/storage/pin_format.ts";
import { Seen } from "../../../lib/storage/seen.ts";
import { HostileMember } from "../../support/attack.ts";
import { costOfMessages, medianOf, startReader } from "../../support/costs.ts";
import { ROOM, writeKey } from "../../support/member_client.ts";
import { testNeeding } from "../../support/needs.ts";
import { startServer } from "../../support/programs.ts";
import { withDirectory } from "../../support/temporary.ts";

const STARTS = 15;
const ROUNDS = 5;
const MESSAGES = 1600;
/** How many times as much a client with the largest state may cost. */
const MOST = 1.2;

function random(bytes: number): string {
  return formatBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** Writes as much as members can make a client keep, in files as long as they get. */
async function writeLargestState(state: string, withPins: boolean): Promise<void> {
  const room = `${state}/encrypted-chatroom/rooms/${encodeHex(ROOM.roomId)}`;
  await Deno.mkdir(room, { recursive: true, mode: 0o700 });
  const now = Math.floor(Date.now() / 1000);
  const seen = new Seen();
  const windows = Array.from({ length: MAX_WINDOWS }, (_, i) => {
    const far = Number.MAX_SAFE_INTEGER - i;
    const missing: [number, number][] = i < MAX_ALL_MISSING_RANGES ? [[far - 9, far - 5]] : [];
    return { id: random(32), epoch: random(8), next: far, missing, seenAt: now };
  });
  for (const window of windows) seen.keep(window, now);
  let text = seen.format();
  const longest = 1.25 * text.length + MAX_SEEN_LOG_BYTES;
  for (const window of windows) {
    seen.note(window);
    const line = seen.takeChanges();
    if (text.length + line.length > longest) break;
    text += line;
  }
  await Deno.writeTextFile(`${room}/seen-0`, text, { mode: 0o600 });
  if (!withPins) return;
  const pins = Array.from({ length: MAX_PINS }, (_, i) => {
    return [`${i}-`.padEnd(32, "x"), { id: random(32), trustedAt: 0 }] as const;
  });
  await Deno.writeTextFile(`${room}/pins`, PIN_FORMAT.format(new Map(pins)), { mode: 0o600 });
}

testNeeding(
  ["net", "read", "write", "run", "env"],
  "a client with the largest state starts, and shows messages, like a fresh one",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using server = await startServer({ cwd });
      const { port } = server;
      const states = [`${cwd}/fresh`, `${cwd}/seen`, `${cwd}/full`];
      // All have an identity, as after a first start.
      for (const state of states) {
        await using _first = (await startReader(port, cwd, state)).client;
      }
      const refill = async () => {
        await writeLargestState(states[1]!, false);
        await writeLargestState(states[2]!, true);
      };
      const starts: number[][] = [[], [], []];
      for (let i = 0; i < STARTS; i++) {
        await refill();
        for (const [kind, state] of states.entries()) {
          const { client, startMs } = await startReader(port, cwd, state);
          await client[Symbol.asyncDispose]();
          starts[kind]!.push(startMs);
        }
      }
      await refill();
      await using fresh = (await startReader(port, cwd, states[0]!)).client;
      await using full = (await startReader(port, cwd, states[2]!)).client;
      using sender = await HostileMember.enter(port, "sender");
      const costs: number[][] = [];
      for (let round = 0; round < ROUNDS; round++) {
        costs.push(await costOfMessages(sender, [fresh, full], MESSAGES));
      }
      // What else runs on the machine makes starts longer, and never shorter.
      const [bare, seen, all] = starts.map((times) => {
        return times.toSorted((a, b) => a - b)[Math.floor(STARTS / 4)]!;
      }) as [number, number, number];
      const [usual, cost] = [0, 1].map((kind) => medianOf(costs.map((each) => each[kind]!))) as [
        number,
        number,
      ];
      console.log(
        `start to live: fresh ${bare.toFixed(0)} ms; ${(seen / bare).toFixed(2)} times as long ` +
          `with most seen, ${(all / bare).toFixed(2)} with most pins, too\n` +
          `each message: fresh ${usual.toFixed(3)} ms, ${(cost / usual).toFixed(2)} times as much`,
      );
      assert.ok(seen <= MOST * bare, `${seen} and ${bare} ms`);
      assert.ok(all <= MOST * bare, `${all} and ${bare} ms`);
      assert.ok(cost <= MOST * usual, `${cost} and ${usual} ms`);
    });
  },
);
