import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSealed, sealText } from "../../lib/crypto/sealed_text.ts";
import { loadIdentity, openIdentity } from "../../lib/storage/identity.ts";
import { MAX_SEALED_IDENTITY_BYTES } from "../../lib/storage/limits.ts";
import {
  expectFree,
  importIdentity,
  parseSealedIdentity,
  readSealedIdentity,
  sealIdentity,
  writeSealedIdentity,
} from "../../lib/storage/sealed_identity.ts";
import { assertChatError, modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

const PASSPHRASE = "correct horse";
const TAKEN = "It is never written over. Move it away only if you mean to be the other identity " +
  "from now on.";

testUnix(["read", "write"], "an identity goes to another machine and stays the same", async () => {
  await withDirectory(async (directory) => {
    const [from, to, file] = ["a/identity", "b/c/identity", "me.sealed"].map((path) => {
      return `${directory}/${path}`;
    }) as [string, string, string];
    const { identity } = await openIdentity(from, noWarning);
    const line = await sealIdentity(from, PASSPHRASE, noWarning);
    await writeSealedIdentity(file, line);
    assert.equal(await modeOf(file), 0o600);
    const text = await Deno.readTextFile(file);
    assert.equal(text, `${line}\n`);
    assert.equal(text.length + 1, MAX_SEALED_IDENTITY_BYTES);
    const imported = await importIdentity(to, await readSealedIdentity(file), PASSPHRASE);
    assert.equal(imported.id, identity.id);
    assert.equal(await Deno.readTextFile(to), await Deno.readTextFile(from));
    assert.equal(await modeOf(to), 0o600);
    assert.equal(await modeOf(`${directory}/b/c`), 0o700);
    assert.equal((await loadIdentity(to, noWarning)).id, identity.id);
  });
});

testNeeding(["read", "write"], "nothing is written over", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/identity`;
    await openIdentity(path, noWarning);
    const before = await Deno.readTextFile(path);
    const sealed = parseSealedIdentity(await sealIdentity(path, PASSPHRASE, noWarning), path);
    const exists = `${path} is there already`;
    const import_ = `Cannot import identity: ${exists}`;
    await assertChatError(importIdentity(path, sealed, PASSPHRASE), import_, TAKEN);
    await assertChatError(expectFree("identity", path), import_, TAKEN);
    const export_ = `Cannot export identity: ${exists}`;
    await assertChatError(writeSealedIdentity(path, "x"), export_, "Choose another path.");
    await assertChatError(expectFree("export", path), export_, "Choose another path.");
    assert.equal(await Deno.readTextFile(path), before);
    assert.deepEqual(await namesIn(directory), ["identity"]);
    await expectFree("identity", `${directory}/other`);
  });
});

testNeeding(["read", "write"], "importIdentity() takes an identity alone", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/identity`;
    const message =
      "Cannot import identity: the passphrase is another one, or the file was changed";
    const sealed = parseSealed(await sealText("identity1.one.two\n", PASSPHRASE));
    assert.ok(typeof sealed === "object");
    for (const passphrase of [PASSPHRASE, "other"]) {
      await assertChatError(importIdentity(path, sealed, passphrase), message);
    }
    assert.deepEqual(await namesIn(directory), []);
  });
});

testNeeding(["read", "write"], "readSealedIdentity() says what a file is not", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/sealed`;
    const hint = "Make it where your identity is: chat-client identity export PATH";
    await assertChatError(
      readSealedIdentity(path),
      `Cannot import identity: ${path}: there is no such file`,
    );
    await assertChatError(
      readSealedIdentity(directory),
      `Cannot import identity: ${directory} is not a file`,
    );
    const good = `sealed1.10.${"A".repeat(22)}.${"A".repeat(168)}`;
    for (const text of ["", "identity1.a.b", `${good}\n${good}`, `${good}.`]) {
      await Deno.writeTextFile(path, text);
      const message = `Cannot import identity: ${path} does not hold a sealed identity`;
      await assertChatError(readSealedIdentity(path), message, hint);
    }
    for (const text of [good, `${good}\n`, `${good}\r\n`]) {
      await Deno.writeTextFile(path, text);
      assert.deepEqual(await readSealedIdentity(path), parseSealed(good));
    }
    await Deno.truncate(path, 1_000_000_000);
    const before = Deno.memoryUsage().rss;
    await assert.rejects(readSealedIdentity(path), /does not hold a sealed identity/);
    assert.ok(Deno.memoryUsage().rss - before < 100_000_000);
  });
});

/** A line as it should be, with parts that may be others. */
function lineOf({ version = "sealed1", cost = "17", salt = "A".repeat(22), box = BOX } = {}) {
  return [version, cost, salt, box].join(".");
}

const BOX = "A".repeat(168);

testNeeding([], "parseSealedIdentity() says which part is not what it should be", async () => {
  const refusals: [line: string, reason: string][] = [
    [lineOf({ cost: "1" }), "x has no cost from 10 to 18 behind sealed1"],
    [lineOf({ cost: "19" }), "x has no cost from 10 to 18 behind sealed1"],
    [lineOf({ cost: "a" }), "x has no cost from 10 to 18 behind sealed1"],
    [lineOf({ version: "sealed2" }), "x was sealed by another version"],
    [lineOf({ version: "Sealed1" }), "x does not hold a sealed identity"],
    [lineOf({ salt: "A".repeat(21) }), "the salt in x is not 22 characters of base64url"],
    [lineOf({ salt: "A".repeat(21) + "B" }), "the salt in x is not 22 characters of base64url"],
    ...[BOX.slice(1), `${BOX}A`, BOX.slice(4), BOX.replace("A", "+")].map((box) => {
      const reason = "the sealed part of x is not 168 characters of base64url";
      return [lineOf({ box }), reason] as [string, string];
    }),
    ["sealed1.17", "x ends too early: a part of it is missing"],
    [`${lineOf()}AAAAA`, "x does not hold a sealed identity"],
  ];
  for (const [line, reason] of refusals) {
    await assertChatError(
      Promise.resolve().then(() => parseSealedIdentity(line, "x")),
      `Cannot import identity: ${reason}`,
      reason.includes("version")
        ? "Use that version of chat-client here, too."
        : "Make it where your identity is: chat-client identity export PATH",
    );
  }
  assert.equal(parseSealedIdentity(`${lineOf()}\r\n`, "x").cost, 17);
});

testNeeding([], "parseSealedIdentity() refuses a line that is cut at any byte", () => {
  const line = lineOf();
  for (let length = 0; length < line.length; length++) {
    assert.throws(() => parseSealedIdentity(line.slice(0, length), "x"), {
      name: "ChatError",
      message: /^Cannot import identity: /,
    }, `${length}`);
  }
});

testNeeding([], "parseSealedIdentity() reads anything, or refuses it in words", () => {
  const parts = (values: string[]) => fc.oneof(fc.constantFrom(...values), fc.string());
  const lines = fc.tuple(
    parts(["sealed1", "sealed2", "identity1"]),
    parts(["1", "10", "17", "18", "19", "017", "4294967313"]),
    parts(["A".repeat(22), "_".repeat(22)]),
    parts([BOX, "-".repeat(168), "A".repeat(37)]),
  ).map((each) => each.join("."));
  fc.assert(
    fc.property(fc.oneof(lines, fc.string({ unit: "binary" })), (line) => {
      try {
        const { cost, salt, box } = parseSealedIdentity(line, "x");
        assert.ok(cost >= 10 && cost <= 18 && salt.length === 16 && box.length === 126);
      } catch (error) {
        assert.match((error as Error).message, /^Cannot import identity: /);
      }
    }),
    { numRuns: 10_000 },
  );
});

testNeeding(["read", "write"], "loadIdentity() makes none", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/identity`;
    for (const use of [loadIdentity, (path: string) => sealIdentity(path, "x", noWarning)]) {
      await assertChatError(
        use(path, noWarning),
        `Cannot load identity: there is no ${path}`,
        "The first start of a client in a room makes one.",
      );
    }
    await Deno.writeTextFile(path, "identity2");
    await assert.rejects(loadIdentity(path, noWarning), /does not hold a valid identity$/);
    assert.deepEqual(await namesIn(directory), ["identity"]);
  });
});
