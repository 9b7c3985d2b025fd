import assert from "node:assert/strict";
import { parseKey } from "../../lib/crypto/key.ts";
import {
  deriveTlsSeed,
  deriveTlsSeedOf,
  makeCertificatePair,
  makeRoomCertificate,
  nameRoomHost,
  TLS_NAME,
} from "../../lib/crypto/room_certificate.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { formatRoomSecret } from "../../lib/crypto/room_secret.ts";
import { generateKey } from "../../lib/fernet.ts";
import { PYTHON, testNeeding } from "../support/needs.ts";
import { Program, ROOT } from "../support/programs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

const KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const HOST = "f55df89f04b46102a738345a5bb82fe4.chatroom.invalid";

async function makePair(key: string) {
  const { roomId } = await deriveRoomKey(key);
  const seed = await deriveTlsSeed(parseKey(key));
  return {
    ...await makeCertificatePair(seed, roomId),
    der: await makeRoomCertificate(seed, roomId),
  };
}

pureTest("makeRoomCertificate() makes the same bytes for everybody who has the key", async () => {
  const first = await makePair(KEY);
  const again = await makePair(KEY);
  assert.deepEqual(again, first);
  assert.equal(first.der.length, 436);
  const digest = await crypto.subtle.digest("SHA-256", first.der);
  const hash = "ab825f7899b2a1e1275509f4f17e54e9de43a313af4e4f3f89ae7504700ff6bc";
  assert.equal(new Uint8Array(digest).toHex(), hash);
  assert.notDeepEqual((await makePair(generateKey())).der, first.der);
});

pureTest(
  "deriveTlsSeed() makes the seed of the vector, and no seed of another length is taken",
  async () => {
    const seed = await deriveTlsSeed(parseKey(KEY));
    assert.equal(seed.toHex(), "091d27de256f7dfcbfc15d9ef49adb45e48bd771f6dfbfd36d5a4f7c6881b43b");
    const { roomId } = await deriveRoomKey(KEY);
    assert.equal(nameRoomHost(roomId), HOST);
    await assert.rejects(makeRoomCertificate(seed.subarray(1), roomId), RangeError);
  },
);

pureTest("the certificate stays the same when the room moves on", async () => {
  const bytes = (value: number) => new Uint8Array(32).fill(value);
  const text = formatRoomSecret({
    root: parseKey(KEY),
    generations: [{ number: 3, day: 20_665, chain: bytes(1), mark: bytes(2) }],
  });
  assert.deepEqual(await deriveTlsSeedOf(text), await deriveTlsSeedOf(KEY));
  const { roomId } = await deriveRoomKey(text);
  const moved = await makeRoomCertificate(await deriveTlsSeedOf(text), roomId);
  assert.deepEqual(moved, (await makePair(KEY)).der);
});

testNeeding(
  ["read", "write", "run", "env", "python3-cryptography"],
  "another program makes the same certificate from the protocol's document",
  async () => {
    await withDirectory(async (cwd) => {
      const path = `${cwd}/room.pem`;
      for (const key of [KEY, generateKey()]) {
        const { certificate, der } = await makePair(key);
        await Deno.writeTextFile(path, certificate);
        const script = `${ROOT}tests/support/room_certificate.py`;
        await using python = Program.spawn([PYTHON, script, key, path], { cwd });
        const { code, stdout, stderr } = await python.finished();
        assert.equal(stderr, "");
        assert.equal(code, 0);
        assert.equal(stdout.trim(), der.toHex());
      }
    });
  },
);

testNeeding(
  ["read", "write", "run", "env", "openssl"],
  "OpenSSL takes the certificate by its strict rules, for both names and no other",
  async () => {
    await withDirectory(async (cwd) => {
      const { certificate, key } = await makePair(KEY);
      await Deno.writeTextFile(`${cwd}/room.pem`, certificate);
      await Deno.writeTextFile(`${cwd}/room.key`, key);
      const openssl = async (...args: string[]) => {
        await using program = Program.spawn(["openssl", ...args], { cwd });
        return await program.finished();
      };
      const verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", "room.pem"];
      for (const [host, code] of [[HOST, 0], [TLS_NAME, 0], [`x.${TLS_NAME}`, 2]] as const) {
        const found = await openssl(...verify, "-verify_hostname", host, "room.pem");
        assert.equal(found.code, code, found.stderr);
      }
      const { stdout } = await openssl("x509", "-in", "room.pem", "-noout", "-text");
      for (
        const text of [
          `Issuer: CN = ${HOST}`,
          `Subject: CN = ${HOST}`,
          "Not Before: Jan  1 00:00:00 1970 GMT",
          "Not After : Dec 31 23:59:59 9999 GMT",
          "CA:FALSE",
          "Digital Signature",
          "TLS Web Server Authentication",
          `DNS:${HOST}, DNS:${TLS_NAME}`,
        ]
      ) assert.ok(stdout.replaceAll("CN=", "CN = ").includes(text), `${text} in\n${stdout}`);
      const publicKeys = [
        await openssl("x509", "-in", "room.pem", "-noout", "-pubkey"),
        await openssl("pkey", "-in", "room.key", "-pubout"),
      ];
      assert.equal(publicKeys[0]!.stdout, publicKeys[1]!.stdout);
    });
  },
);
