import assert from "node:assert/strict";
import { generateKey } from "../../../lib/crypto/key.ts";
import { deriveRoomKey } from "../../../lib/crypto/room_key.ts";
import { AdmissionVerifier, signAdmission } from "../../../lib/protocol/admission.ts";
import { Handshake } from "../../../lib/relay/peer/handshake.ts";
import { pureTest } from "../../support/pure.ts";

const DUE = 10_000;
const NONCES = { server: new Uint8Array(32).fill(0x22), client: new Uint8Array(16).fill(0x11) };

function begin(nonces = NONCES): Handshake {
  return new Handshake({ nonces, backlog: 0, seen: { from: 0, to: 0 }, dueAt: DUE });
}

pureTest("answer() takes the room's signature over both nonces, once and in time", async () => {
  const room = await deriveRoomKey(generateKey());
  const { roomId, admission: { privateKey, publicKey } } = room;
  const verifier = await AdmissionVerifier.import({ roomId, publicKey });
  const good = await signAdmission(privateKey, roomId, NONCES);
  const handshake = begin();
  assert.equal(await handshake.answer(good, DUE, verifier), "good");
  assert.equal(await handshake.answer(good, DUE, verifier), "unasked");
  assert.equal(await begin().answer(good, DUE + 1, verifier), "late");
  for (const other of ["server", "client"] as const) {
    const nonces = { ...NONCES, [other]: NONCES[other].map((byte) => byte ^ 1) };
    assert.equal(await begin(nonces).answer(good, 0, verifier), "wrong", other);
  }
  assert.equal(await begin().answer(new Uint8Array(64), 0, verifier), "wrong");
});

pureTest("answer() judges no second answer, even while the first is judged", async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const verifier = { verify: () => promise };
  const handshake = begin();
  const first = handshake.answer(new Uint8Array(64), 0, verifier);
  assert.equal(await handshake.answer(new Uint8Array(64), 0, verifier), "unasked");
  resolve(true);
  assert.equal(await first, "good");
});

pureTest("answer() after a bad one is not good any more", async () => {
  const handshake = begin();
  const verifier = { verify: (signature: Uint8Array) => Promise.resolve(signature[0] === 1) };
  assert.equal(await handshake.answer(new Uint8Array([0]), 0, verifier), "wrong");
  assert.equal(await handshake.answer(new Uint8Array([1]), 0, verifier), "unasked");
});
