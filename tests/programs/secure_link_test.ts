import assert from "node:assert/strict";
import type { TlsChoice } from "../../lib/cli/tls_options.ts";
import { ChatError, WrongServerError } from "../../lib/errors.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import type { CertificatePair } from "../../lib/crypto/room_certificate.ts";
import { generateKey } from "../../lib/fernet.ts";
import { openSecure } from "../../lib/programs/secure_link.ts";
import { secureServer } from "../../lib/tls/server.ts";
import { makeAuthority, makeRoomPair } from "../support/certificates.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write"] as const;
const OF_ROOM: TlsChoice = { name: undefined, authoritiesPath: undefined };

/** Connects to a server that shows a certificate; undefined for one that says something else. */
async function connect(
  pair: CertificatePair | undefined,
  tls: TlsChoice,
  keyText?: string,
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const room = keyText === undefined
    ? undefined
    : { keyText, roomId: (await deriveRoomKey(keyText)).roomId };
  const secure = await openSecure(tls, room);
  const conn = await Deno.connect({ hostname, port });
  const accepted = await listener.accept();
  const server = pair && secureServer(pair)(accepted);
  server?.handshake().catch(() => {});
  if (!server) await accepted.write(new TextEncoder().encode("220 mail.example.org\r\n"));
  try {
    (await secure!(conn, `${hostname}:${port}`)).close();
  } finally {
    (server ?? accepted).close();
  }
}

async function assertRefused(connecting: Promise<void>, message: RegExp): Promise<void> {
  await assert.rejects(connecting, (error: unknown) => {
    assert.ok(error instanceof WrongServerError);
    assert.match(error.message, message);
    assert.ok(error.hint);
    return true;
  });
}

testNeeding(NEEDS, "openSecure() does nothing where no TLS is asked for", async () => {
  assert.equal(await openSecure(undefined), undefined);
});

testNeeding(NEEDS, "openSecure() takes the room's certificate alone", async () => {
  const [own, other] = [generateKey(), generateKey()];
  await connect(await makeRoomPair(own), OF_ROOM, own);
  const message = /^Cannot connect: the server at \S+ does not show the certificate of this room$/;
  await assertRefused(connect(await makeRoomPair(other), OF_ROOM, own), message);
  const authority = await makeAuthority();
  const public_ = await authority.issue({ host: "chatroom.invalid" });
  await assertRefused(connect(public_, OF_ROOM, own), message);
});

testNeeding(NEEDS, "openSecure() takes any certificate of who has no key yet", async () => {
  await connect(await makeRoomPair(generateKey()), OF_ROOM);
});

testNeeding(NEEDS, "openSecure() takes a certificate for the host that is named", async () => {
  await withDirectory(async (directory) => {
    const [host, key] = ["chat.example.org", generateKey()];
    const authority = await makeAuthority();
    const path = `${directory}/ca.pem`;
    await Deno.writeTextFile(path, authority.certificate);
    const tls = { name: host, authoritiesPath: path };
    await connect(await authority.issue({ host }), tls, key);
    await assertRefused(
      connect(await authority.issue({ host: "other.example.org" }), tls, key),
      /^Cannot connect: the certificate of the server is not for chat\.example\.org$/,
    );
    const invalid = /has expired, or nobody whom you trust has signed it$/;
    const expired = await authority.issue({ host, days: [-5, -1] });
    await assertRefused(connect(expired, tls, key), invalid);
    const unknown = { ...tls, authoritiesPath: undefined };
    await assertRefused(connect(await authority.issue({ host }), unknown, key), invalid);
    await assertRefused(connect(await makeRoomPair(key), tls, key), invalid);
  });
});

testNeeding(NEEDS, "openSecure() says that there is no TLS, and whether to try again", async () => {
  const key = generateKey();
  await assertRefused(connect(undefined, OF_ROOM, key), /^Cannot connect: no TLS at 127\.0\.0\.1:/);
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const secure = await openSecure(OF_ROOM);
  const conn = await Deno.connect({ hostname, port });
  (await listener.accept()).close();
  await assert.rejects(secure!(conn, `${hostname}:${port}`), (error: unknown) => {
    assert.ok(error instanceof ChatError && !(error instanceof WrongServerError));
    assert.match(error.message, /^Cannot connect: no TLS at /);
    return true;
  });
});
