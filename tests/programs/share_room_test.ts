import assert from "node:assert/strict";
import { loadClusterSecrets, refuseCluster } from "../../lib/programs/share_room.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const CHOICE = { servers: [], credsPath: undefined, caPath: undefined, name: undefined };

testNeeding(["read", "write"], "loadClusterSecrets() loads what the options name", async () => {
  await withDirectory(async (directory) => {
    const [credsPath, caPath] = [`${directory}/creds`, `${directory}/ca`];
    const nothing = { credentials: undefined, ca: undefined, name: undefined };
    assert.deepEqual(await loadClusterSecrets(CHOICE), nothing);
    await Deno.writeTextFile(credsPath, "r1:secret\n");
    await Deno.writeTextFile(caPath, PEM);
    const credentials = { kind: "user", user: "r1", password: "secret" };
    assert.deepEqual(await loadClusterSecrets({ ...CHOICE, credsPath, caPath }), {
      ...{ credentials, ca: PEM, name: "r1" },
    });
    const named = await loadClusterSecrets({ ...CHOICE, credsPath, name: "west" });
    assert.equal(named.name, "west");
    await Deno.writeTextFile(caPath, "44 letters, such as a key");
    await assert.rejects(loadClusterSecrets({ ...CHOICE, caPath }), {
      message: `${caPath} does not hold a certificate`,
    });
    await Deno.writeTextFile(credsPath, "secret without a form");
    await assert.rejects(loadClusterSecrets({ ...CHOICE, credsPath }), {
      message: `${credsPath} holds no credentials`,
      hint: "It has to be a .creds file, the seed of an nkey, or user:password.",
    });
    const missing = { ...CHOICE, caPath: `${directory}/none` };
    await assert.rejects(loadClusterSecrets(missing), /none: there is no such file/);
  });
});

pureTest("refuseCluster() tells wrong credentials from servers that are not there", () => {
  const wrong = Object.assign(new Error("Authorization Violation"), { name: "UnauthorizedError" });
  assert.equal(refuseCluster(wrong).message, "Cannot join the cluster: Authorization Violation");
  assert.match(refuseCluster(wrong).hint!, /^Check the user/);
  assert.equal(refuseCluster(new Error("x")).message, "Cannot reach the cluster: x");
  assert.equal(refuseCluster(new Error("x")).hint, undefined);
  assert.match(refuseCluster(new Error("Permissions Violation for x")).hint!, /^Making the stream/);
  assert.equal(refuseCluster("odd").message, "Cannot reach the cluster: odd");
});
