import assert from "node:assert/strict";
import {
  claimDirectory,
  claimRoomDirectory,
  expectOwnDirectory,
  isForeign,
  isOpenToAll,
} from "../../lib/storage/ownership.ts";
import { assertChatError, modeOf, testUnix } from "../support/key_files.ts";
import { giveAway } from "../support/other_user.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

const FOREIGN = "If you trust who made it, make it yours with chown, or use a copy of your own.";

pureTest("isForeign() trusts this user and root alone, and knows nothing on Windows", () => {
  const mode = 0o100600;
  const cases: [uid: number | null, own: number | undefined, isForeign: boolean][] = [
    [1000, 1000, false],
    [0, 1000, false],
    [1001, 1000, true],
    [1000, 0, true],
    [65534, 1000, true],
    [null, undefined, false],
    [1001, undefined, false],
    [null, 1000, false],
  ];
  for (const [uid, own, expected] of cases) assert.equal(isForeign({ uid, mode }, own), expected);
});

pureTest("isOpenToAll() tells where others can replace what is another's", () => {
  const open = [0o40777, 0o40757, 0o40702];
  const closed = [0o41777, 0o40775, 0o40770, 0o40755, 0o40700, null];
  for (const mode of open) assert.equal(isOpenToAll({ uid: 0, mode }), true);
  for (const mode of closed) assert.equal(isOpenToAll({ uid: 0, mode }), false);
});

testUnix(
  ["read", "write"],
  "claimDirectory() takes away the permission of others to write, and says so",
  () =>
    withDirectory(async (directory) => {
      const { uid } = await Deno.stat(directory);
      const cases: [before: number, after: number, isTold: boolean][] = [
        [0o700, 0o700, false],
        [0o755, 0o755, false],
        [0o775, 0o755, true],
        [0o777, 0o755, true],
        [0o1777, 0o1755, true],
        [0o2770, 0o2750, true],
      ];
      for (const [before, after, isTold] of cases) {
        await Deno.chmod(directory, before);
        const { warnings, warn } = collectWarnings();
        await claimDirectory(directory, warn, Promise.resolve(uid!));
        assert.equal(await modeOf(directory), after);
        const told = `others could write to ${directory}: now they cannot`;
        assert.deepEqual(warnings, isTold ? [told] : []);
      }
    }),
);

testUnix(
  ["read", "write", "chown"],
  "claimDirectory() refuses another user's, whatever its mode",
  () =>
    withDirectory(async (directory) => {
      for (const mode of [0o700, 0o777]) {
        const path = `${directory}/${mode}`;
        await Deno.mkdir(path);
        await Deno.chmod(path, mode);
        await giveAway(path);
        await assertChatError(
          claimDirectory(path, noWarning),
          `Cannot use ${path}: it belongs to another user`,
          FOREIGN,
        );
        assert.equal(await modeOf(path), mode);
      }
    }),
);

testUnix(
  ["read", "write"],
  "claimDirectory() does nothing where there is none, or nobody can tell whose it is",
  () =>
    withDirectory(async (directory) => {
      await claimDirectory(`${directory}/none`, noWarning, Promise.resolve(1000));
      await Deno.chmod(directory, 0o777);
      await claimDirectory(directory, noWarning, Promise.resolve(undefined));
      assert.equal(await modeOf(directory), 0o777);
    }),
);

testUnix(
  ["read", "write"],
  "claimRoomDirectory() claims the directory of rooms, too",
  () =>
    withDirectory(async (directory) => {
      const { uid } = await Deno.stat(directory);
      const rooms = `${directory}/rooms`;
      await Deno.mkdir(`${rooms}/00`, { recursive: true });
      for (const path of [rooms, `${rooms}/00`]) await Deno.chmod(path, 0o777);
      const { warnings, warn } = collectWarnings();
      await claimRoomDirectory(`${rooms}/00`, warn, Promise.resolve(uid!));
      assert.deepEqual(await Promise.all([modeOf(rooms), modeOf(`${rooms}/00`)]), [0o755, 0o755]);
      assert.equal(warnings.length, 2);
    }),
);

testUnix(
  ["read", "write"],
  "expectOwnDirectory() refuses what everybody may write to, and changes nothing",
  () =>
    withDirectory(async (directory) => {
      const own = Promise.resolve((await Deno.stat(directory)).uid!);
      for (const mode of [0o700, 0o755, 0o775, 0o1777]) {
        await Deno.chmod(directory, mode);
        await expectOwnDirectory(directory, own);
      }
      await Deno.chmod(directory, 0o777);
      await assertChatError(
        expectOwnDirectory(directory, own),
        `Cannot use ${directory}: others may write to it`,
        `Make it yours alone: chmod go-w ${directory}`,
      );
      assert.equal(await modeOf(directory), 0o777);
      await expectOwnDirectory(directory, Promise.resolve(undefined));
      await expectOwnDirectory(`${directory}/none`, own);
    }),
);

testUnix(
  ["read", "write", "chown"],
  "expectOwnDirectory() refuses another user's",
  () =>
    withDirectory(async (parent) => {
      const directory = `${parent}/rooms`;
      await Deno.mkdir(directory);
      await giveAway(directory);
      const text = `Cannot use ${directory}: it belongs to another user`;
      await assertChatError(expectOwnDirectory(directory), text, FOREIGN);
    }),
);
