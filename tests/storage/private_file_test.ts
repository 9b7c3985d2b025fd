import assert from "node:assert/strict";
import {
  createPrivateFile,
  directoryOf,
  keepPrivate,
  makePrivateDirectory,
  removeLeftovers,
  replacePrivateFile,
} from "../../lib/storage/private_file.ts";
import { assertChatError, modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

testUnix(
  ["read", "write"],
  "replacePrivateFile() makes directories of mode 0700 and files of mode 0600",
  () =>
    withDirectory(async (directory) => {
      const path = `${directory}/a/b/file`;
      await replacePrivateFile(path, "first");
      assert.equal(await modeOf(`${directory}/a`), 0o700);
      assert.equal(await modeOf(`${directory}/a/b`), 0o700);
      await Deno.chmod(path, 0o644);
      await replacePrivateFile(path, "second");
      assert.equal(await Deno.readTextFile(path), "second");
      assert.equal(await modeOf(path), 0o600);
      assert.deepEqual(await namesIn(`${directory}/a/b`), ["file"]);
    }),
);

testNeeding(
  ["read", "write"],
  "replacePrivateFile() shows readers the old text or the new one, never a part",
  () =>
    withDirectory(async (directory) => {
      const path = `${directory}/file`;
      const texts = ["a".repeat(100_000), "b".repeat(100_000)];
      await replacePrivateFile(path, texts[0]!);
      let isDone = false;
      const write = async () => {
        for (let i = 0; i < 50; i++) await replacePrivateFile(path, texts[i % 2]!);
        isDone = true;
      };
      const read = async () => {
        while (!isDone) assert.ok(texts.includes(await Deno.readTextFile(path)));
      };
      await Promise.all([write(), read(), read()]);
    }),
);

testNeeding(
  ["read", "write"],
  "replacePrivateFile() leaves the old file and no other when it fails",
  () =>
    withDirectory(async (directory) => {
      await Deno.mkdir(`${directory}/taken/inside`, { recursive: true });
      await assert.rejects(replacePrivateFile(`${directory}/taken`, "text"));
      assert.deepEqual(await namesIn(directory), ["taken"]);
      await assert.rejects(replacePrivateFile(`${directory}/${"x".repeat(300)}`, "text"));
      assert.deepEqual(await namesIn(directory), ["taken"]);
    }),
);

testUnix(
  ["read", "write"],
  "replacePrivateFile() replaces a link, not what it leads to",
  () =>
    withDirectory(async (directory) => {
      await Deno.writeTextFile(`${directory}/target`, "old");
      await Deno.symlink("target", `${directory}/link`);
      await replacePrivateFile(`${directory}/link`, "new");
      assert.equal(await Deno.readTextFile(`${directory}/target`), "old");
      assert.ok((await Deno.lstat(`${directory}/link`)).isFile);
    }),
);

testUnix(
  ["read", "write"],
  "createPrivateFile() never overwrites, and takes a link to nothing for a file",
  () =>
    withDirectory(async (directory) => {
      assert.equal(await createPrivateFile(`${directory}/file`, "first"), true);
      assert.equal(await createPrivateFile(`${directory}/file`, "second"), false);
      assert.equal(await Deno.readTextFile(`${directory}/file`), "first");
      await Deno.symlink("nowhere", `${directory}/link`);
      assert.equal(await createPrivateFile(`${directory}/link`, "third"), false);
      await assert.rejects(
        createPrivateFile(`${directory}/none/file`, "fourth"),
        Deno.errors.NotFound,
      );
      assert.deepEqual(await namesIn(directory), ["file", "link"]);
    }),
);

testUnix(
  ["read", "write"],
  "makePrivateDirectory() leaves one that exists as it is",
  () =>
    withDirectory(async (directory) => {
      await Deno.mkdir(`${directory}/open`);
      await Deno.chmod(`${directory}/open`, 0o755);
      await makePrivateDirectory(`${directory}/open`);
      assert.equal(await modeOf(`${directory}/open`), 0o755);
      await Deno.writeTextFile(`${directory}/file`, "");
      await assert.rejects(makePrivateDirectory(`${directory}/file/below`));
    }),
);

testUnix(
  ["read", "write"],
  "keepPrivate() names in its error what the file holds",
  () =>
    withDirectory(async (directory) => {
      const path = `${directory}/none`;
      const failure = "Cannot load identity: {reason}";
      await keepPrivate(path, null, noWarning, failure);
      await keepPrivate(path, 0o100600, noWarning, failure);
      await assertChatError(
        keepPrivate(path, 0o100640, noWarning, failure),
        `Cannot load identity: others may read ${path}`,
        `Make it private: chmod 600 ${path}`,
      );
    }),
);

testNeeding(
  ["read", "write"],
  "removeLeftovers() removes those of its file once they are a minute old",
  () =>
    withDirectory(async (directory) => {
      const old = ".pins.0123456789abcdef.tmp";
      const kept = [".pins.1123456789abcdef.tmp", ".seen.0123456789abcdef.tmp", "pins"];
      for (const name of [old, ...kept]) await Deno.writeTextFile(`${directory}/${name}`, "");
      const longAgo = new Date(Date.now() - 61_000);
      for (const name of [old, ...kept.slice(1)]) {
        await Deno.utime(`${directory}/${name}`, longAgo, longAgo);
      }
      await removeLeftovers(`${directory}/pins`);
      assert.deepEqual(await namesIn(directory), kept);
    }),
);

Deno.test({
  name: "directoryOf() tells where a file lies",
  permissions: "none",
  fn: () => {
    const cases = [["a", "."], ["./a", "."], ["a/b", "a"], ["/a", "/"], ["/a/b/c", "/a/b"]];
    for (const [path, directory] of cases) assert.equal(directoryOf(path!), directory);
  },
});
