import assert from "node:assert/strict";
import { generateKey } from "../../lib/fernet.ts";
import type { CertificatePair } from "../../lib/crypto/room_certificate.ts";
import { secureClient, type Trust } from "../../lib/tls/client.ts";
import { secureServer } from "../../lib/tls/server.ts";
import { makeAuthority, makeRoomPair } from "../support/certificates.ts";
import { testNeeding } from "../support/needs.ts";

/** Shakes hands with a server that shows a certificate. Returns the error's code; "" for none. */
async function shake(pair: CertificatePair, trust: Trust): Promise<string> {
  const secure = secureServer(pair);
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const conn = await Deno.connect({ hostname, port });
  const server = secure(await listener.accept());
  const shaking = server.handshake().catch(() => {});
  try {
    const client = await secureClient(conn, trust);
    await shaking;
    client.close();
    return "";
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    server.close();
  }
}

testNeeding(
  ["net"],
  "secureClient() takes the room's certificate and no other room's",
  async () => {
    const [own, other] = await Promise.all([generateKey(), generateKey()].map(makeRoomPair));
    const trust = { name: "chatroom.invalid", authorities: own!.certificate };
    assert.equal(await shake(own!, trust), "");
    assert.equal(await shake(other!, trust), "DEPTH_ZERO_SELF_SIGNED_CERT");
    // Whoever has the certificate alone cannot show that it is theirs.
    const thief = { certificate: own!.certificate, key: other!.key };
    assert.notEqual(await shake(thief, trust), "");
    assert.equal(await shake(other!, { name: "chatroom.invalid", isAny: true }), "");
  },
);

testNeeding(
  ["net"],
  "secureClient() takes a certificate of an authority, for one host",
  async () => {
    const [authority, other] = await Promise.all([makeAuthority(), makeAuthority()]);
    const host = "chat.example.org";
    const trust = { name: host, authorities: authority.certificate };
    assert.equal(await shake(await authority.issue({ host }), trust), "");
    const cases: [CertificatePair, Trust, RegExp][] = [
      [
        await authority.issue({ host: "other.example.org" }),
        trust,
        /^ERR_TLS_CERT_ALTNAME_INVALID$/,
      ],
      [await authority.issue({ host, days: [-5, -1] }), trust, /^(?:UNABLE_|CERT_)/],
      [await authority.issue({ host, days: [1, 5] }), trust, /^(?:UNABLE_|CERT_)/],
      [await other.issue({ host }), trust, /^(?:UNABLE_|CERT_)/],
      // Nobody knows this authority.
      [await authority.issue({ host }), { name: host }, /^(?:UNABLE_|CERT_)/],
      [await makeRoomPair(generateKey()), trust, /^DEPTH_ZERO_/],
    ];
    for (const [pair, given, code] of cases) assert.match(await shake(pair, given), code);
  },
);

testNeeding(["net"], "secureClient() closes the connection where nobody speaks TLS", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const conn = await Deno.connect({ hostname, port });
  const shaking = secureClient(conn, { name: "chatroom.invalid" });
  using server = await listener.accept();
  await server.write(new TextEncoder().encode("220 mail.example.org\r\n"));
  await assert.rejects(shaking, { code: "ERR_SSL_WRONG_VERSION_NUMBER" });
  assert.throws(() => conn.close(), Deno.errors.BadResource);
});

testNeeding(["net"], "a client can stop waiting for the handshake", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  using _silent = await listener.accept();
  const shaking = secureClient(conn, { name: "chatroom.invalid" });
  conn.close();
  await assert.rejects(shaking);
});
