import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { generateKey } from "../../lib/fernet.ts";
import {
  AdmissionVerifier,
  formatAdmission,
  parseAdmission,
  signAdmission,
} from "../../lib/protocol/admission.ts";
import { OTHER_ROOM_ID, ROOM } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const NONCES = { client: new Uint8Array(16).fill(0x11), server: new Uint8Array(32).fill(0x22) };
const ADMISSION = { roomId: ROOM.roomId, publicKey: ROOM.admission.publicKey };
const LINE = "admission1.9V34nwS0YQKnODRaW7gv5A.Mwm4DONc2QluBEP0Rlc4GRae1BInGFtpoDesvZBllLc";
const MALFORMED = {
  name: "TypeError",
  message: "Cannot parse admission: not admission1.<room id>.<public key>",
};

function sign(room = ROOM, roomId: Uint8Array = room.roomId, nonces = NONCES) {
  return signAdmission(room.admission.privateKey, roomId, nonces);
}

pureTest("signAdmission() makes the signature of the protocol's example", async () => {
  assert.equal(
    formatBase64Url(await sign()),
    "ETqIXJp8xkP8LoPRuA18sXUR65cOpzkmkDAz2fenUiHooa5N0Ze2Pip9tx1KNaS9cMMiWeu5QRtRTjH3-lUVDg",
  );
});

pureTest(
  "AdmissionVerifier.verify() takes a proof for these nonces in this room alone",
  async () => {
    const verifier = await AdmissionVerifier.import(ADMISSION);
    const signature = await sign();
    assert.equal(await verifier.verify(signature, NONCES), true);
    const other = { server: NONCES.server.with(31, 0), client: NONCES.client.with(15, 0) };
    const stranger = await deriveRoomKey(generateKey());
    const wrong = [
      await verifier.verify(signature, { ...NONCES, server: other.server }),
      await verifier.verify(signature, { ...NONCES, client: other.client }),
      await verifier.verify(await sign(ROOM, OTHER_ROOM_ID), NONCES),
      await verifier.verify(await sign(stranger, ROOM.roomId), NONCES),
      await verifier.verify(await sign(stranger), NONCES),
    ];
    assert.deepEqual(wrong, [false, false, false, false, false]);
  },
);

pureTest(
  "AdmissionVerifier.verify() takes no altered or cut proof, and throws nothing",
  async () => {
    const verifier = await AdmissionVerifier.import(ADMISSION);
    const signature = await sign();
    for (let bit = 0; bit < 512; bit++) {
      const altered = signature.with(bit >> 3, signature[bit >> 3]! ^ 1 << (bit & 7));
      assert.equal(await verifier.verify(altered, NONCES), false, `bit ${bit}`);
    }
    for (const length of [0, 1, 63]) {
      assert.equal(await verifier.verify(signature.slice(0, length), NONCES), false);
    }
    assert.equal(await verifier.verify(new Uint8Array([...signature, 0]), NONCES), false);
  },
);

pureTest("AdmissionVerifier.import() refuses a key that is not usable", async () => {
  await assert.rejects(AdmissionVerifier.import({ ...ADMISSION, publicKey: new Uint8Array(32) }), {
    name: "RangeError",
    message: "Cannot import key: its order is small",
  });
});

pureTest("formatAdmission() writes one line, and parseAdmission() reads it", () => {
  assert.equal(formatAdmission(ADMISSION), LINE);
  assert.deepEqual(parseAdmission(LINE), ADMISSION);
});

pureTest("parseAdmission() reads no line that was cut", () => {
  for (let end = 0; end < LINE.length; end++) {
    assert.throws(() => parseAdmission(LINE.slice(0, end)), MALFORMED, LINE.slice(0, end));
    assert.throws(() => parseAdmission(LINE.slice(end + 1)), MALFORMED);
  }
});

pureTest("parseAdmission() reads no other form", () => {
  const [prefix, id, key] = LINE.split(".") as [string, string, string];
  const lines = [
    `${LINE}.`,
    `${LINE}\n`,
    ` ${LINE}`,
    `${prefix}..${id}.${key}`,
    `admission2.${id}.${key}`,
    `${prefix}.${key}.${id}`,
    `${prefix}.${id}.${key}=`,
    `${prefix} ${id} ${key}`,
    `${prefix}.${id}.${key.slice(0, -1)}d`,
    LINE.toUpperCase(),
  ];
  for (const line of lines) assert.throws(() => parseAdmission(line), MALFORMED, line);
});
