import assert from "node:assert/strict";
import { listenForTls, loadOwnCertificate, makeSecure } from "../../lib/programs/tls_port.ts";
import { makeAuthority } from "../support/certificates.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write"] as const;
const ROOM_ID = new Uint8Array(16);

testNeeding(NEEDS, "makeSecure() wipes the seed, and needs one", async () => {
  const seed = new Uint8Array(32).fill(7);
  await makeSecure(undefined, ROOM_ID, seed);
  assert.deepEqual(seed, new Uint8Array(32));
  await assert.rejects(makeSecure(undefined, ROOM_ID, undefined), {
    name: "ChatError",
    message: "Cannot serve TLS: the file of --keyless has no line for it",
  });
});

testNeeding(NEEDS, "loadOwnCertificate() warns of a certificate that has expired", async () => {
  assert.equal(await loadOwnCertificate({ files: undefined }, () => assert.fail()), undefined);
  await withDirectory(async (directory) => {
    const authority = await makeAuthority();
    const files = { certificate: `${directory}/chat.pem`, key: `${directory}/chat.key` };
    for (const days of [[-5, -1], [-1, 1]] as const) {
      const pair = await authority.issue({ host: "chat.example.org", days });
      await Deno.writeTextFile(files.certificate, pair.certificate);
      await Deno.writeTextFile(files.key, pair.key);
      await Deno.chmod(files.key, 0o600);
      const warnings: string[] = [];
      const own = await loadOwnCertificate({ files }, ({ phrase }) => void warnings.push(phrase));
      assert.equal(own?.name, "chat.example.org");
      const expired = "the certificate expired on {date}: clients refuse it";
      assert.deepEqual(warnings, days[1] < 0 ? [expired] : []);
      await makeSecure(own, ROOM_ID, undefined);
    }
  });
});

testNeeding(NEEDS, "listenForTls() listens at a port of its own", async () => {
  const address = { hostname: "127.0.0.1", port: 5050 };
  const [listener, ...others] = await listenForTls(address, { port: 0 });
  assert.deepEqual(others, []);
  assert.notEqual(listener!.addr.port, 5050);
  listener!.close();
});
