/**
 * A client that proves the key, step by step, on the room of the DESIGN's vectors.
 *
 * @module
 */

import assert from "node:assert/strict";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { formatAdmission, signAdmission } from "../../lib/protocol/admission.ts";
import { formatControl, parseRelayControl } from "../../lib/protocol/control.ts";
import { SECRET } from "./forged_tokens.ts";
import { until } from "./process_info.ts";
import { RawClient } from "./raw_client.ts";

/** The room of {@linkcode SECRET}. */
export const ROOM = await deriveRoomKey(SECRET);
/** What a keyless relay knows of it, in one line. */
export const ADMISSION_LINE = formatAdmission({
  roomId: ROOM.roomId,
  publicKey: ROOM.admission.publicKey,
});

/** What a client says first. */
export function hello(backlog = 0, nonce = new Uint8Array(16).fill(0x11)): Uint8Array {
  return formatControl({ verb: "HELLO", nonce, backlog });
}

/** The answer to the challenge that a client has received. */
export async function answer(client: RawClient, key = ROOM): Promise<Uint8Array> {
  const line = client.lines().findLast((line) => line.startsWith("!CHAL "));
  const challenge = parseRelayControl(new TextEncoder().encode(line));
  assert.ok(challenge?.verb === "CHAL", `no challenge in ${client.text()}`);
  const nonces = { server: challenge.nonce, client: new Uint8Array(16).fill(0x11) };
  const signature = await signAdmission(key.admission.privateKey, key.roomId, nonces);
  return formatControl({ verb: "AUTH", signature });
}

/** Waits until a line has come that begins so. */
export async function untilLine(client: RawClient, start: string): Promise<void> {
  const has = () => client.lines().some((line) => line.startsWith(start));
  await until(() => Promise.resolve(has() || client.isEnded), `${start} in ${client.text()}`);
  assert.ok(has(), `no ${start} in ${JSON.stringify(client.text())}`);
}

/** Has a client say hello and prove the key. */
export async function prove(client: RawClient, backlog = 0): Promise<void> {
  await client.send(hello(backlog));
  await untilLine(client, "!CHAL ");
  await client.send(await answer(client));
}

/** Connects a member, and waits until it is live. */
export async function connectMember(
  port: number,
  backlog = 0,
  hostname = "127.0.0.1",
): Promise<RawClient> {
  const client = await RawClient.connect(port, hostname);
  await prove(client, backlog);
  await untilLine(client, "!LIVE");
  return client;
}

/** The tokens that a client has received. */
export function tokens(client: RawClient): string[] {
  return client.lines().filter((line) => line.startsWith("g"));
}

/** Writes the room's key where a server looks for it. */
export async function writeKey(directory: string): Promise<void> {
  await Deno.writeTextFile(`${directory}/secret.key`, SECRET, { mode: 0o600 });
}
