import assert from "node:assert/strict";
import { loadSecretFile, openSecretFile, type SecretKind } from "../../lib/storage/secret_file.ts";
import { assertChatError, modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { giveAway } from "../support/other_user.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, inWords, noWarning } from "../support/wordings.ts";

const HINT = "It must be a number.";
/** A secret that is a number of up to four digits. */
const NUMBER: SecretKind<number> = {
  cannotLoad: "Cannot load key: {reason}",
  cannotCreate: "Cannot create key: {reason}",
  invalid: "{path} does not hold a valid key",
  option: "--key PATH",
  hint: inWords(HINT),
  maxBytes: 4,
  parse: (text) => {
    if (/^\d+$/.test(text)) return Number(text);
    throw new RangeError("Cannot parse number");
  },
};

function withPath(fn: (path: string, directory: string) => Promise<void>): () => Promise<void> {
  return () => withDirectory((directory) => fn(`${directory}/number`, directory));
}

testNeeding(
  ["read", "write"],
  "openSecretFile() makes a file once, and loads it from then on",
  withPath(async (path, directory) => {
    let made = 0;
    const make = () => Promise.resolve(`${17 + made++}`);
    const first = await openSecretFile(path, NUMBER, make, noWarning);
    assert.deepEqual(first, { secret: 17, created: true });
    const second = await openSecretFile(path, NUMBER, make, noWarning);
    assert.deepEqual(second, { secret: 17, created: false });
    assert.equal(made, 1);
    assert.deepEqual(await namesIn(directory), ["number"]);
    assert.equal(await loadSecretFile(path, NUMBER, noWarning), 17);
  }),
);

testNeeding(
  ["read", "write"],
  "loadSecretFile() reads a file of maxBytes, and refuses a longer one",
  withPath(async (path) => {
    const kind = { ...NUMBER, parse: (text: string) => text };
    await Deno.writeTextFile(path, "1234", { mode: 0o600 });
    assert.equal(await loadSecretFile(path, kind, noWarning), "1234");
    await Deno.writeTextFile(path, "12345", { mode: 0o600 });
    const message = `Cannot load key: ${path} does not hold a valid key`;
    await assert.rejects(loadSecretFile(path, kind, noWarning), { name: "ChatError", message });
  }),
);

testNeeding(
  ["read", "write"],
  "openSecretFile() refuses a file of another kind, and leaves it as it is",
  withPath(async (path) => {
    await Deno.writeTextFile(path, "12a", { mode: 0o600 });
    const opening = openSecretFile(path, NUMBER, () => assert.fail(), noWarning);
    const message = `Cannot load key: ${path} does not hold a valid key`;
    const error = await assertChatError(opening, message, HINT);
    assert.ok(error.cause instanceof RangeError);
    assert.equal(await Deno.readTextFile(path), "12a");
  }),
);

testNeeding(
  ["read", "write"],
  "openSecretFile() makes no directory, and says which option names another file",
  withPath(async (path, directory) => {
    const inside = `${path}/inside`;
    await assertChatError(
      openSecretFile(inside, NUMBER, () => "17", noWarning),
      `Cannot create key: ${inside} cannot be written: there is no such directory`,
      "Choose a directory that you may write to, with --key PATH.",
    );
    assert.deepEqual(await namesIn(directory), []);
  }),
);

testUnix(
  ["read", "write"],
  "a link to nothing is no file to load, and none to write through",
  withPath(async (path, directory) => {
    await Deno.symlink(`${directory}/nothing`, path);
    await assert.rejects(loadSecretFile(path, NUMBER, noWarning), Deno.errors.NotFound);
    await assertChatError(
      openSecretFile(path, NUMBER, () => assert.fail(), noWarning),
      `Cannot load key: ${path} is a link to nothing`,
      "Remove the link, or choose another file with --key PATH.",
    );
    assert.deepEqual(await namesIn(directory), ["number"]);
  }),
);

testUnix(
  ["read", "write"],
  "loadSecretFile() makes a file private that others can read, and only a valid one",
  withPath(async (path) => {
    for (const [text, mode] of [["12", 0o600], ["x", 0o644]] as const) {
      const { warnings, warn } = collectWarnings();
      await Deno.writeTextFile(path, text);
      await Deno.chmod(path, 0o644);
      await loadSecretFile(path, NUMBER, warn).catch(() => {});
      assert.equal(await modeOf(path), mode);
      const warning = `others could read ${path}: its mode is now 0600`;
      assert.deepEqual(warnings, mode === 0o600 ? [warning] : []);
    }
  }),
);

testUnix(
  ["read", "write", "chown"],
  "loadSecretFile() refuses another user's file, whatever its mode",
  withPath(async (path) => {
    for (const mode of [0o600, 0o644]) {
      await Deno.writeTextFile(path, "17");
      await Deno.chmod(path, mode);
      await giveAway(path);
      const hint = "If you trust who made it, make it yours with chown, or use a copy of your own.";
      const message = `Cannot load key: ${path} belongs to another user`;
      await assertChatError(loadSecretFile(path, NUMBER, noWarning), message, hint);
      await assertChatError(openSecretFile(path, NUMBER, () => "18", noWarning), message, hint);
      assert.equal(await modeOf(path), mode);
      await Deno.remove(path);
    }
  }),
);
