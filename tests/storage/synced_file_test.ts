import assert from "node:assert/strict";
import { takeName, writeSynced } from "../../lib/storage/synced_file.ts";
import { openInProcess, startKeyFileProcess } from "../support/key_file_processes.ts";
import { modeOf, namesIn, testUnix, withKeyPath } from "../support/key_files.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["read", "write", "run", "strace"] as const;
const testLinux = Deno.build.os === "linux" ? testUnix : () => {};

/** Starts a process whose system calls fail as they do on some mounts. */
async function startOnMount(...failures: string[]) {
  const inject = failures.flatMap((failure) => ["-e", `inject=${failure}`]);
  return await startKeyFileProcess({
    wrapper: ["strace", "-f", "-qq", "-o", "/dev/null", ...inject],
  });
}

const LINK = "?link,linkat:error=";
const SYNC = "fsync,fdatasync:error=";
const CHMOD = "?chmod,?fchmodat,?fchmodat2:error=";

for (
  const failure of [
    ...["EPERM", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES", "EINVAL"].map((name) => LINK + name),
    ...["EINVAL", "EBADF", "EOPNOTSUPP", "ENOSYS"].map((name) => SYNC + name),
    `${CHMOD}EPERM`,
  ]
) {
  testLinux(
    NEEDS,
    `openKeyFile() makes a private key on a mount with ${failure}`,
    withKeyPath(async (path, directory) => {
      await using child = await startOnMount(failure);
      const { opened, warnings } = await openInProcess(child, path);
      assert.deepEqual(opened, { text: await Deno.readTextFile(path), created: true });
      assert.deepEqual(warnings, []);
      assert.equal(await modeOf(path), 0o600);
      assert.deepEqual(await namesIn(directory), ["secret.key"]);
      const again = await openInProcess(child, path);
      assert.deepEqual(again.opened, { text: opened!.text, created: false });
    }),
  );
}

testLinux(
  NEEDS,
  "openKeyFile() lets one of several make the key where there are no hard links",
  withKeyPath(async (_, directory) => {
    const children = await Promise.all(
      Array.from({ length: 3 }, () => startOnMount(`${LINK}EPERM`)),
    );
    await using stack = new AsyncDisposableStack();
    for (const child of children) stack.use(child);
    for (let round = 0; round < 20; round++) {
      const path = `${directory}/${round}.key`;
      const outcomes = await Promise.all(children.map((child) => openInProcess(child, path)));
      const text = await Deno.readTextFile(path);
      assert.deepEqual(outcomes.map(({ opened }) => opened?.text), Array(3).fill(text));
      assert.equal(outcomes.filter(({ opened }) => opened?.created).length, 1);
    }
  }),
);

testLinux(
  NEEDS,
  "openKeyFile() makes no key that the disk did not take",
  withKeyPath(async (path, directory) => {
    await using child = await startOnMount(`${SYNC}EIO`);
    const { error } = await openInProcess(child, path);
    assert.match(error!.message, /^Cannot create key: .*secret\.key cannot be written/);
    assert.deepEqual(await namesIn(directory), []);
  }),
);

testUnix(
  ["read", "write"],
  "takeName() takes no name that something has",
  () =>
    withDirectory(async (directory) => {
      await writeSynced(`${directory}/new`, "new");
      await Deno.writeTextFile(`${directory}/file`, "old");
      await Deno.mkdir(`${directory}/directory`);
      await Deno.symlink("nowhere", `${directory}/link`);
      for (const name of ["file", "directory", "link"]) {
        assert.equal(await takeName(`${directory}/new`, `${directory}/${name}`), false, name);
      }
      assert.equal(await Deno.readTextFile(`${directory}/file`), "old");
      assert.deepEqual(await namesIn(directory), ["directory", "file", "link", "new"]);
      await assert.rejects(
        takeName(`${directory}/new`, `${directory}/no/such`),
        Deno.errors.NotFound,
      );
      await assert.rejects(writeSynced(`${directory}/file`, "x"), Deno.errors.AlreadyExists);
    }),
);
