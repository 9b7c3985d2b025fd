import assert from "node:assert/strict";
import { createDirectory, exists, tryDirectory } from "../../lib/storage/new_directory.ts";
import { modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const TEXTS = { a: "first", b: "second" };

/** Registers a test with a directory, in which nothing is. */
function testDirectory(name: string, fn: (path: string) => Promise<void>, test = testNeeding) {
  test(["read", "write", "uid"], name, () => withDirectory(fn));
}

testDirectory("createDirectory() makes all of it, for its owner alone", async (path) => {
  const parent = `${path}/x/y`;
  assert.equal(await createDirectory(parent, "new", TEXTS), true);
  assert.equal(await Deno.readTextFile(`${parent}/new/b`), "second");
  for (const made of [`${path}/x`, parent, `${parent}/new`]) {
    assert.equal(await modeOf(made), 0o700);
  }
  assert.equal(await modeOf(`${parent}/new/a`), 0o600);
  assert.equal(await createDirectory(parent, "new", { a: "other" }), false);
  assert.deepEqual(await namesIn(parent), ["new"]);
  assert.equal(await Deno.readTextFile(`${parent}/new/a`), "first");
}, testUnix);

testDirectory("tryDirectory() leaves what was there, and nothing else", async (path) => {
  await tryDirectory(`${path}/x/y`, "new", TEXTS);
  assert.deepEqual(await namesIn(path), []);
  await Deno.mkdir(`${path}/x`);
  await tryDirectory(`${path}/x/y`, "new", TEXTS);
  assert.deepEqual(await namesIn(`${path}/x`), []);
});

testDirectory("a directory that cannot be written leaves nothing", async (path) => {
  for (const fn of [createDirectory, tryDirectory]) {
    await assert.rejects(fn(`${path}/x/y`, "new", { a: "", "no/such": "" }), Deno.errors.NotFound);
    assert.deepEqual(await namesIn(path), []);
  }
});

testDirectory("many that try and create at once are not in each other's way", async (path) => {
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, async (_, i) => {
    if (i % 2 === 0) await tryDirectory(`${path}/x/y`, `try-${i}`, TEXTS);
    else await createDirectory(`${path}/x/y`, `new-${i}`, TEXTS);
  }));
  assert.deepEqual(outcomes.filter(({ status }) => status === "rejected"), []);
  assert.equal((await namesIn(`${path}/x/y`)).length, 20);
});

testDirectory("what killed processes left a minute ago is removed", async (path) => {
  const [old, fresh] = ["a", "b"].map((name) => `${path}/.${name}.0123456789abcdef.tmp`);
  for (const left of [old!, fresh!]) {
    await Deno.mkdir(left);
    await Deno.writeTextFile(`${left}/secret.key`, "");
  }
  const longAgo = new Date(Date.now() - 61_000);
  await Deno.utime(old!, longAgo, longAgo);
  await createDirectory(path, "new", TEXTS);
  assert.deepEqual(await namesIn(path), [".b.0123456789abcdef.tmp", "new"]);
});

testDirectory("exists() finds a link to nothing", async (path) => {
  await Deno.symlink("nowhere", `${path}/link`);
  assert.equal(await exists(`${path}/link`), true);
  assert.equal(await exists(`${path}/none`), false);
  assert.equal(await exists(`${path}/link/none`), false);
}, testUnix);
