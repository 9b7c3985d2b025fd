import assert from "node:assert/strict";
import { secureServer } from "../../lib/tls/server.ts";
import { makeRoomPair } from "../support/certificates.ts";
import { SECRET } from "../support/forged_tokens.ts";
import { testNeeding } from "../support/needs.ts";
import { Program } from "../support/programs.ts";
import { roomTls } from "../support/secure_pair.ts";

testNeeding(["net"], "secureServer() lets nobody in who does not know what to say", async () => {
  const { secure } = await roomTls();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  let failed = 0;
  for (let length = 1; length <= 200; length++) {
    const conn = await Deno.connect({ hostname, port });
    const server = secure(await listener.accept());
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    // Half of them look like the beginning of a handshake.
    if (length % 2 === 0) bytes.set([0x16, 3, 1, 0, length].slice(0, length));
    await conn.write(bytes);
    conn.close();
    await server.handshake().catch(() => failed++);
    server.close();
  }
  assert.equal(failed, 200);
});

testNeeding(
  ["net", "read", "write", "run", "env", "openssl"],
  "secureServer() speaks TLS 1.3 alone",
  async () => {
    const secure = secureServer(await makeRoomPair(SECRET));
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    for (const [version, isTaken] of [["-tls1_2", false], ["-tls1_3", true]] as const) {
      const args = ["openssl", "s_client", "-connect", `127.0.0.1:${port}`, version, "-quiet"];
      await using _program = Program.spawn([...args, "-servername", "chatroom.invalid"]);
      const server = secure(await listener.accept());
      const isShaken = await server.handshake().then(() => true, () => false);
      assert.equal(isShaken, isTaken, version);
      server.close();
    }
  },
);
