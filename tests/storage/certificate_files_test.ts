import assert from "node:assert/strict";
import { MAX_CERTIFICATE_FILE_BYTES } from "../../lib/storage/limits.ts";
import { loadCertificateFiles, loadCertificates } from "../../lib/storage/certificate_files.ts";
import { makeAuthority } from "../support/certificates.ts";
import { assertChatError, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["read", "write"] as const;
const HOST = "chat.example.org";

async function withFiles(
  fn: (paths: { certificate: string; key: string }, directory: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const authority = await makeAuthority();
    const pair = await authority.issue({ host: HOST });
    const paths = { certificate: `${directory}/chat.pem`, key: `${directory}/chat.key` };
    await Deno.writeTextFile(paths.certificate, pair.certificate + authority.certificate);
    await Deno.writeTextFile(paths.key, pair.key, { mode: 0o600 });
    await fn(paths, directory);
  });
}

testNeeding(NEEDS, "loadCertificateFiles() loads a chain and its key", async () => {
  await withFiles(async (paths) => {
    const loaded = await loadCertificateFiles(paths, () => assert.fail());
    assert.equal(loaded.name, HOST);
    assert.equal(loaded.certificate, await Deno.readTextFile(paths.certificate));
    assert.equal(loaded.key, await Deno.readTextFile(paths.key));
    const days = (loaded.validTo.getTime() - Date.now()) / 86_400_000;
    assert.ok(days > 0.9 && days <= 1, `${days}`);
  });
});

testUnix(
  NEEDS,
  "loadCertificateFiles() makes the key private, and not the certificate",
  async () => {
    await withFiles(async (paths) => {
      await Deno.chmod(paths.key, 0o644);
      await Deno.chmod(paths.certificate, 0o644);
      const warnings: string[] = [];
      await loadCertificateFiles(paths, ({ phrase }) => void warnings.push(phrase));
      assert.deepEqual(warnings, ["others could read {path}: its mode is now 0600"]);
      assert.equal((await Deno.stat(paths.key)).mode! & 0o777, 0o600);
      assert.equal((await Deno.stat(paths.certificate)).mode! & 0o777, 0o644);
    });
  },
);

testNeeding(NEEDS, "loadCertificateFiles() refuses a key that is none, or another's", async () => {
  await withFiles(async (paths, directory) => {
    const other = `${directory}/other.key`;
    await Deno.writeTextFile(other, (await (await makeAuthority()).issue({ host: HOST })).key);
    const load = (key: string) => loadCertificateFiles({ ...paths, key }, () => {});
    await assertChatError(
      load(other),
      `Cannot load TLS key: ${other} is the key of another certificate`,
      undefined,
    );
    const hint = "It must be a private key in PEM, without a passphrase.";
    await assertChatError(
      load(paths.certificate),
      `Cannot load TLS key: ${paths.certificate} does not hold a valid TLS key`,
      hint,
    );
    await assert.rejects(load(`${directory}/no.key`), /no\.key: there is no such file$/);
  });
});

testNeeding(NEEDS, "loadCertificates() refuses what is no certificate", async () => {
  await withFiles(async ({ certificate, key }, directory) => {
    const load = (path: string) => loadCertificates(path, "--tls-ca PATH");
    const hint = "It must be a certificate in PEM.";
    const long = `${directory}/long.pem`;
    const text = await Deno.readTextFile(certificate);
    for (const [length, isTaken] of [[0, true], [1, false]] as const) {
      await Deno.writeTextFile(long, text.padEnd(MAX_CERTIFICATE_FILE_BYTES + length, "\n"));
      if (isTaken) await load(long);
      else {
        const message = `Cannot load certificate: ${long} does not hold a certificate`;
        await assertChatError(load(long), message, hint);
      }
    }
    const message = `Cannot load certificate: ${key} does not hold a certificate`;
    await assertChatError(load(key), message, hint);
    await assert.rejects(load(`${directory}/no.pem`), /no\.pem: there is no such file$/);
    await assert.rejects(load(directory), /^ChatError: Cannot load certificate: /);
  });
});
