import assert from "node:assert/strict";
import type { ChatError } from "../../lib/errors.ts";
import { importPublicKey, importSigningKey } from "../../lib/crypto/ed25519.ts";
import { agree, importAgreementKey, importAgreementPair } from "../../lib/crypto/x25519.ts";
import { createIdentity, openIdentity } from "../../lib/storage/identity.ts";
import { assertChatError, modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { doInProcess, startStateProcess, withStateProcesses } from "../support/state_processes.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

const SEED = new Uint8Array(32).fill(0x33);
const PRIVATE_KEY = new Uint8Array(32).fill(0x44);
const LINE = `identity1.${"MzMz".repeat(10)}MzM.${"RERE".repeat(10)}REQ`;
const HINT = "It must be one line that begins with identity1. Restore it from a copy, or move it " +
  "away so that a new one is made: others will then see a new key under your name.";

/** A function for a test, given a path for an identity in a directory that is not there yet. */
function withIdentityPath(
  fn: (path: string, directory: string) => Promise<void>,
): () => Promise<void> {
  return () => withDirectory((parent) => fn(`${parent}/state/identity`, `${parent}/state`));
}

Deno.test({
  name: "createIdentity() makes keys that sign and agree, and others each time",
  permissions: "none",
  fn: async () => {
    const [one, two] = await Promise.all([createIdentity(), createIdentity()]);
    assert.notEqual(one.id, two.id);
    assert.notDeepEqual(one.agreement.publicKey, two.agreement.publicKey);
    assert.equal(one.id, one.signing.publicKey.toBase64({ alphabet: "base64url" }).slice(0, 43));
    const message = new Uint8Array([1, 2, 3]);
    const signature = await crypto.subtle.sign("Ed25519", one.signing.privateKey, message);
    const publicKey = await importPublicKey(one.signing.publicKey);
    assert.ok(await crypto.subtle.verify("Ed25519", publicKey, signature, message));
    assert.deepEqual(
      await agree(one.agreement.privateKey, await importAgreementKey(two.agreement.publicKey)),
      await agree(two.agreement.privateKey, await importAgreementKey(one.agreement.publicKey)),
    );
    for (const { privateKey } of [one.signing, one.agreement]) {
      assert.equal(privateKey.extractable, false);
    }
  },
});

testUnix(
  ["read", "write"],
  "openIdentity() makes a private file once, and loads it from then on",
  withIdentityPath(async (path, directory) => {
    const first = await openIdentity(path, noWarning);
    assert.equal(first.created, true);
    const text = await Deno.readTextFile(path);
    assert.match(text, /^identity1\.[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}\n$/);
    assert.ok(!text.includes(first.identity.id));
    assert.equal(await modeOf(path), 0o600);
    assert.equal(await modeOf(directory), 0o700);
    assert.deepEqual(await namesIn(directory), ["identity"]);
    const second = await openIdentity(path, noWarning);
    assert.equal(second.created, false);
    assert.equal(second.identity.id, first.identity.id);
    assert.deepEqual(second.identity.agreement.publicKey, first.identity.agreement.publicKey);
    assert.equal(await Deno.readTextFile(path), text);
  }),
);

testNeeding(
  ["read", "write"],
  "openIdentity() reads the Ed25519 seed first, then the X25519 key, and tolerates a line's end",
  withIdentityPath(async (path, directory) => {
    await Deno.mkdir(directory);
    for (const ending of ["", "\n", "\r\n"]) {
      await Deno.writeTextFile(path, LINE + ending, { mode: 0o600 });
      const { identity, created } = await openIdentity(path, noWarning);
      assert.equal(created, false);
      assert.deepEqual(identity.signing.publicKey, (await importSigningKey(SEED)).publicKey);
      const { publicKey } = await importAgreementPair(PRIVATE_KEY);
      assert.deepEqual(identity.agreement.publicKey, publicKey);
    }
  }),
);

testNeeding(
  ["read", "write"],
  "openIdentity() refuses a file that was cut or has something else, and leaves it as it is",
  withIdentityPath(async (path, directory) => {
    await Deno.mkdir(directory);
    const texts = Array.from({ length: LINE.length }, (_, cut) => LINE.slice(0, cut));
    texts.push(...Array.from({ length: LINE.length }, (_, cut) => LINE.slice(cut + 1)));
    texts.shift();
    texts.pop();
    texts.push(`${LINE}.`, `${LINE}A`, `${LINE}\r${LINE}`);
    texts.push(LINE.replace("1", "2"), LINE.replace("identity", "Identity"));
    texts.push(LINE.replace("M.", "N."), `${LINE.slice(0, -1)}R`, LINE.replaceAll(".", " "));
    texts.push(`${LINE}\n${LINE}\n`, LINE.replace("z", "="), LINE.replace("z", "é"));
    for (const text of texts) {
      await Deno.writeTextFile(path, text, { mode: 0o600 });
      const error = await assertChatError(
        openIdentity(path, noWarning),
        `Cannot load identity: ${path} does not hold a valid identity`,
        HINT,
      );
      assert.ok(!Deno.inspect(error).includes("MzMz") && !Deno.inspect(error).includes("RERE"));
      assert.equal(await Deno.readTextFile(path), text);
    }
    for (const text of [`${LINE}\n\n`, `${LINE} `, ` ${LINE}`, `\ufeff${LINE}`, `${LINE}\r`]) {
      await Deno.writeTextFile(path, text);
      const what = text.startsWith("\ufeff")
        ? /^It begins with a byte order mark/
        : /^There are blanks/;
      await assert.rejects(openIdentity(path, noWarning), (error: ChatError) => {
        assert.match(error.hint!, what);
        return true;
      });
      assert.equal(await Deno.readTextFile(path), text);
    }
    await Deno.writeTextFile(path, "");
    await assertChatError(
      openIdentity(path, noWarning),
      `Cannot load identity: ${path} is empty`,
      HINT,
    );
    await Deno.writeTextFile(path, LINE.slice(1));
    await Deno.truncate(path, 1_000_000_000);
    const before = Deno.memoryUsage().rss;
    await assert.rejects(openIdentity(path, noWarning), /does not hold a valid identity/);
    assert.ok(Deno.memoryUsage().rss - before < 100_000_000);
  }),
);

testUnix(
  ["read", "write", "run"],
  "openIdentity() makes a file that others may read private, or refuses it",
  withIdentityPath(async (path, directory) => {
    await Deno.mkdir(directory);
    await Deno.writeTextFile(path, LINE);
    const { warnings, warn } = collectWarnings();
    for (const mode of [0o644, 0o640, 0o602]) {
      await Deno.chmod(path, mode);
      await openIdentity(path, warn);
      assert.equal(await modeOf(path), 0o600);
    }
    assert.deepEqual(warnings, Array(3).fill(`others could read ${path}: its mode is now 0600`));

    await Deno.chmod(path, 0o644);
    await using child = await startStateProcess(["--allow-read"]);
    assert.deepEqual(await doInProcess(child, { do: "identity", path }), {
      error: [
        `Cannot load identity: others may read ${path}`,
        `Make it private: chmod 600 ${path}`,
      ],
      warnings: [],
    });
  }),
);

testNeeding(
  ["read", "write", "run"],
  "openIdentity() lets one of ten racing processes make the identity that all load",
  withIdentityPath(async (_, directory) => {
    await withStateProcesses(10, async (children) => {
      for (let round = 0; round < 5; round++) {
        const path = `${directory}/${round}/identity`;
        const outcomes = await Promise.all(
          children.map((child) => doInProcess(child, { do: "identity", path })),
        );
        const { identity } = await openIdentity(path, noWarning);
        assert.deepEqual(outcomes.map(({ id }) => id), Array(10).fill(identity.id));
        assert.equal(outcomes.filter(({ created }) => created).length, 1);
        assert.deepEqual(await namesIn(`${directory}/${round}`), ["identity"]);
      }
    });
  }),
);

testUnix(
  ["read", "write"],
  "openIdentity() refuses a link to nothing, a directory, and a place where none can be made",
  withIdentityPath(async (path, directory) => {
    await Deno.mkdir(directory);
    await Deno.symlink("nowhere", path);
    await assertChatError(
      openIdentity(path, noWarning),
      `Cannot load identity: ${path} is a link to nothing`,
      "Remove the link, or choose another file with --identity PATH.",
    );
    assert.deepEqual(await namesIn(directory), ["identity"]);
    await assertChatError(
      openIdentity(directory, noWarning),
      `Cannot load identity: ${directory} is not a file`,
    );
    await Deno.writeTextFile(`${directory}/file`, "");
    const below = `${directory}/file/identity`;
    await assertChatError(
      openIdentity(below, noWarning),
      `Cannot create identity: ${below} cannot be written: a part of its path is not a directory`,
      "Choose a directory that you may write to, with --identity PATH.",
    );
  }),
);

testUnix(
  ["read", "write"],
  "openIdentity() removes what killed creations left, as each is a copy of a secret",
  withIdentityPath(async (path, directory) => {
    await openIdentity(path, noWarning);
    const leftover = `${directory}/.identity.0123456789abcdef.tmp`;
    await Deno.writeTextFile(leftover, LINE);
    const longAgo = new Date(Date.now() - 61_000);
    await Deno.utime(leftover, longAgo, longAgo);
    await openIdentity(path, noWarning);
    assert.deepEqual(await namesIn(directory), ["identity"]);
  }),
);
