/**
 * The examples of docs/PROTOCOL.md about keys that move on, checked against the code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import {
  advanceChain,
  deriveDayKey,
  deriveLobbyKey,
  markChain,
} from "../../lib/crypto/key_chain.ts";
import { fingerprintRoom } from "../../lib/crypto/room_key.ts";
import { formatRoomSecret, parseRoomSecret } from "../../lib/crypto/room_secret.ts";
import { formatHandover } from "../../lib/protocol/handover.ts";
import type { Example } from "./documents.ts";

/** The fields of a `chain`: days stand in front of their values and keys. */
export const CHAIN_FIELDS = ["root", "generation", "mark", "chain", "fernet", "lobby"];

/** Checks the values of a few days, and what is derived from them. */
export async function checkChain(example: Example): Promise<void> {
  const chains = example.all("chain").map((line) => line.split(" ") as [string, string]);
  const first = Uint8Array.fromBase64(chains[0]![1], { alphabet: "base64url" });
  const days = chains.map(([day]) => Number(day));
  assert.deepEqual(days, days.map((_, i) => days[0]! + i));
  const values = await Promise.all(days.map((_, i) => advanceChain(first, i)));
  assert.deepEqual(chains, values.map((value, i) => [`${days[i]}`, formatBase64Url(value)]));
  const keys = await Promise.all(values.map(deriveDayKey));
  assert.deepEqual(
    example.all("fernet"),
    keys.map((key, i) => `${days[i]} ${formatBase64Url(key)}=`),
  );
  const mark = formatBase64Url(await markChain(first));
  assert.equal(example.one("mark"), mark);
  const root = example.bytes("root") as Uint8Array<ArrayBuffer>;
  assert.equal(example.one("lobby"), `${formatBase64Url(await deriveLobbyKey(root))}=`);
  const line = `room2.${example.one("root")}.${example.one("generation")}.${days[0]}`;
  const text = `${line}.${chains[0]![1]}.${mark}\n`;
  assert.equal(formatRoomSecret(await parseRoomSecret(text)), text);
  assert.equal(example.one("generation"), "1");
}

/** Checks the lines of a key file, its fingerprint, and what is handed over of it. */
export async function checkRoomFile(example: Example): Promise<void> {
  const text = `${example.all("line").join("\n")}\n`;
  const secret = await parseRoomSecret(text);
  assert.equal(formatRoomSecret(secret), text);
  for (const { chain, mark } of secret.generations) assert.deepEqual(mark, await markChain(chain));
  assert.deepEqual(secret.generations.map(({ number, day, until }) => [number, day, until]), [
    [2, 20666, undefined],
    [1, 20665, 1785844800],
    [0, 0, 1785672000],
  ]);
  assert.equal(secret.generations[0].isUnannounced, true);
  assert.equal(example.one("fingerprint"), await fingerprintRoom(secret));
  assert.deepEqual(example.hex("handover"), await formatHandover(text));
}
