import assert from "node:assert/strict";
import { formatRoomSecret, type RoomSecret } from "../../lib/crypto/room_secret.ts";
import { KeyStore } from "../../lib/storage/key_store.ts";
import { firstGeneration, makeGeneration, secretOf, textOf } from "../support/generations.ts";
import { KEY, modeOf, namesIn, testUnix, withKeyPath } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

const NEEDS = ["read", "write"] as const;

async function secondForm(): Promise<RoomSecret> {
  return secretOf(await makeGeneration(1, 1), await firstGeneration({ until: 5 }));
}

testNeeding(
  NEEDS,
  "KeyStore.update() replaces the file as a whole",
  withKeyPath(async (path, directory) => {
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    const store = await KeyStore.at(path, noWarning);
    const { secret, isSaved } = await store.update((onDisk) => {
      assert.equal(formatRoomSecret(onDisk!), KEY);
      return secondForm();
    });
    assert.equal(isSaved, true);
    assert.equal(await Deno.readTextFile(path), formatRoomSecret(secret));
    assert.deepEqual(await namesIn(directory), ["secret.key", "secret.key.lock"]);
    if (Deno.build.os !== "windows") assert.equal(await modeOf(path), 0o600);
  }),
);

testNeeding(
  NEEDS,
  "KeyStore.update() leaves a file alone that does not change",
  withKeyPath(async (path) => {
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    const { ino, mtime } = await Deno.stat(path);
    const store = await KeyStore.at(path, noWarning);
    await store.update((onDisk) => Promise.resolve(onDisk!));
    const after = await Deno.stat(path);
    assert.deepEqual([after.ino, after.mtime], [ino, mtime]);
  }),
);

testNeeding(
  NEEDS,
  "KeyStore.reload() gives what others have changed, once",
  withKeyPath(async (path) => {
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    const [one, two] = [await KeyStore.at(path, noWarning), await KeyStore.at(path, noWarning)];
    assert.equal(await two.reload(), undefined);
    const { secret } = await one.update(secondForm);
    assert.equal(await one.reload(), undefined);
    assert.deepEqual(await two.reload(), secret);
    assert.equal(await two.reload(), undefined);
    await Deno.writeTextFile(path, "spoiled");
    assert.equal(await two.reload(), undefined);
    await Deno.remove(path);
    assert.equal(await two.reload(), undefined);
  }),
);

testNeeding(
  NEEDS,
  "KeyStore.update() warns once of a file that is gone, and makes no other",
  withKeyPath(async (path, directory) => {
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    const { warnings, warn } = collectWarnings();
    const store = await KeyStore.at(path, warn);
    await Deno.remove(path);
    for (let i = 0; i < 2; i++) {
      const { isSaved, secret } = await store.update((onDisk) => {
        assert.equal(onDisk, undefined);
        return secondForm();
      });
      assert.deepEqual([isSaved, secret.generations.length], [false, 2]);
    }
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^cannot save .*secret\.key, only kept until the end: /);
    assert.deepEqual(await namesIn(directory), ["secret.key.lock"]);
  }),
);

testNeeding(
  NEEDS,
  "KeyStore.update() writes nothing over a file that is damaged",
  withKeyPath(async (path) => {
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    const { warnings, warn } = collectWarnings();
    const store = await KeyStore.at(path, warn);
    await Deno.writeTextFile(path, textOf(await makeGeneration(1, 1)).slice(0, 99));
    assert.equal((await store.update(secondForm)).isSaved, false);
    assert.equal((await Deno.readTextFile(path)).length, 99);
    assert.equal(warnings.length, 1);
  }),
);

testUnix(
  NEEDS,
  "KeyStore changes the file that a link leads to",
  withKeyPath(async (path, directory) => {
    await Deno.writeTextFile(`${directory}/real`, KEY, { mode: 0o600 });
    await Deno.symlink("real", path);
    const store = await KeyStore.at(path, noWarning);
    await store.update(secondForm);
    assert.equal((await Deno.lstat(path)).isSymlink, true);
    assert.match(await Deno.readTextFile(`${directory}/real`), /^room2\./);
  }),
);

testNeeding(
  NEEDS,
  "KeyStore.update() makes one change after the other, also of several stores",
  withKeyPath(async (path) => {
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    const stores = await Promise.all([1, 2, 3, 4].map(() => KeyStore.at(path, noWarning)));
    await Promise.all(stores.flatMap((store, i) => {
      return [0, 1].map(() =>
        store.update(async (onDisk) => {
          const [newest, ...rest] = onDisk!.generations;
          const older = [{ ...newest, until: 5 }, ...rest];
          const next = await makeGeneration(newest.number + 1, i);
          return secretOf(next, ...older.slice(0, 7));
        })
      );
    }));
    assert.match(await Deno.readTextFile(path), /^room2\.[^.]+\.8\./);
  }),
);

testUnix(
  NEEDS,
  "KeyStore.probe() tells whether the file can be changed, and changes nothing",
  withKeyPath(async (path, directory) => {
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    const store = await KeyStore.at(path, noWarning);
    await store.probe();
    assert.equal(await Deno.readTextFile(path), KEY);
    assert.deepEqual((await namesIn(directory)).sort(), ["secret.key", "secret.key.lock"]);
    await Deno.rename(path, `${path}.away`);
    await Deno.mkdir(path);
    await assert.rejects(store.probe());
    await KeyStore.inMemory().probe();
  }),
);
