import assert from "node:assert/strict";
import { hkdfSync } from "node:crypto";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { importSigningKey } from "../../lib/crypto/ed25519.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { generateKey } from "../../lib/fernet.ts";
import { ROOM } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

pureTest("deriveRoomKey() makes the room id and public key of the protocol's example", () => {
  assert.equal(ROOM.roomId.toHex(), "f55df89f04b46102a738345a5bb82fe4");
  assert.equal(formatBase64Url(ROOM.roomId), "9V34nwS0YQKnODRaW7gv5A");
  const publicKey = formatBase64Url(ROOM.admission.publicKey);
  assert.equal(publicKey, "Mwm4DONc2QluBEP0Rlc4GRae1BInGFtpoDesvZBllLc");
});

pureTest("deriveRoomKey() is HKDF-SHA256 with an empty salt", async () => {
  const text = generateKey();
  const raw = Uint8Array.fromBase64(text, { alphabet: "base64url" });
  const expand = (info: string, bytes: number) =>
    new Uint8Array(hkdfSync("sha256", raw, new Uint8Array(), info, bytes));
  const room = await deriveRoomKey(text);
  assert.deepEqual(room.roomId, expand("encrypted-chatroom/v1 room-id", 16));
  const { publicKey } = await importSigningKey(expand("encrypted-chatroom/v1 admission", 32));
  assert.deepEqual(room.admission.publicKey, publicKey);
});

pureTest("deriveRoomKey() makes nothing alike of two keys", async () => {
  const [a, b] = await Promise.all([deriveRoomKey(generateKey()), deriveRoomKey(generateKey())]);
  assert.notDeepEqual(a.roomId, b.roomId);
  assert.notDeepEqual(a.admission.publicKey, b.admission.publicKey);
  assert.notEqual(a.fingerprint, b.fingerprint);
});

pureTest("deriveRoomKey() gives no way to the admission key", async () => {
  const { privateKey } = ROOM.admission;
  assert.equal(privateKey.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", privateKey), {
    name: "InvalidAccessError",
  });
});

pureTest("deriveRoomKey() refuses what parseKey() refuses", async () => {
  await assert.rejects(deriveRoomKey("short"), {
    name: "RangeError",
    message: "Cannot parse key: 5 characters instead of 44",
  });
  await assert.rejects(deriveRoomKey("+".repeat(44)), {
    name: "TypeError",
    message: "Cannot parse key: not 32 bytes in base64url",
  });
});
