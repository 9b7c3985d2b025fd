import assert from "node:assert/strict";
import { loadSettingsFile, saveSettings } from "../../lib/storage/settings_file.ts";
import { testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { giveAway } from "../support/other_user.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["read", "write"] as const;

async function assertRefused(path: string, problem: string, hint?: string): Promise<void> {
  const expected = {
    name: "UsageError",
    message: `Cannot load settings: ${path} ${problem}`,
    hint,
  };
  await assert.rejects(loadSettingsFile(path), expected);
}

testNeeding(NEEDS, "loadSettingsFile() reads an object, after a byte order mark too", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/config.json`;
    for (const start of ["", "\uFEFF"]) {
      await Deno.writeTextFile(path, `${start} {"nick": "alice", "stay": true}\r\n`, {
        mode: 0o644,
      });
      const values = { nick: "alice", stay: true };
      assert.deepEqual(await loadSettingsFile(path), { path, values });
    }
  });
});

testNeeding(NEEDS, "loadSettingsFile() takes no file for no settings", async () => {
  await withDirectory(async (directory) => {
    assert.equal(await loadSettingsFile(`${directory}/config.json`), undefined);
    assert.equal(await loadSettingsFile(`${directory}/none/config.json`), undefined);
  });
});

testNeeding(NEEDS, "loadSettingsFile() refuses what is not a JSON object", async () => {
  const hint = 'It must hold one object, such as {"nick": "alice", "bell": "pm"}.';
  await withDirectory(async (directory) => {
    const path = `${directory}/config.json`;
    for (const text of ["", "nick = alice", "[]", "null", '"a"', "1", "{nick: 1}", '{"a": 1,}']) {
      await Deno.writeTextFile(path, text);
      await assertRefused(path, "is not a JSON object", hint);
    }
    await assertRefused(directory, "is not a file");
  });
});

testNeeding(NEEDS, "loadSettingsFile() reads 64 KiB and not a byte more", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/config.json`;
    await Deno.writeTextFile(path, "{}".padEnd(65_536));
    assert.deepEqual(await loadSettingsFile(path), { path, values: {} });
    await Deno.writeTextFile(path, "{}".padEnd(65_537));
    await assertRefused(path, "has 65537 bytes, 65536 at most");
  });
});

testNeeding(NEEDS, "loadSettingsFile() refuses a file that others may write to", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/config.json`;
    await Deno.writeTextFile(path, "{}");
    for (const mode of [0o620, 0o602, 0o666]) {
      await Deno.chmod(path, mode);
      await assert.rejects(loadSettingsFile(path), {
        name: "UsageError",
        message: `Cannot load settings: others may write to ${path}`,
        hint: `Make it yours alone: chmod go-w ${path}`,
      });
    }
    await Deno.chmod(path, 0o644);
    assert.deepEqual((await loadSettingsFile(path))?.values, {});
  });
});

testUnix(
  ["read", "write", "chown"],
  "loadSettingsFile() refuses what is another user's",
  () =>
    withDirectory(async (directory) => {
      const hint = "If you trust who made it, make it yours with chown, or use a copy of your own.";
      const path = `${directory}/theirs/config.json`;
      await Deno.mkdir(`${directory}/theirs`);
      await Deno.writeTextFile(path, "{}");
      for (const theirs of [path, `${directory}/theirs`]) {
        await giveAway(theirs);
        await assert.rejects(loadSettingsFile(path), {
          name: "UsageError",
          message: `Cannot load settings: ${theirs} belongs to another user`,
          hint,
        });
      }
      // Nothing is put there, either.
      const other = `${directory}/theirs/other.json`;
      await assert.rejects(saveSettings(other, { nick: "bob" }), { name: "UsageError" });
      await assert.rejects(Deno.stat(other), Deno.errors.NotFound);
    }),
);

testUnix(
  ["read", "write"],
  "loadSettingsFile() refuses a directory that is open to all",
  () =>
    withDirectory(async (directory) => {
      const path = `${directory}/config.json`;
      const { uid } = await Deno.stat(directory);
      await Deno.writeTextFile(path, "{}");
      const load = async (mode: number) => {
        await Deno.chmod(directory, mode);
        return await loadSettingsFile(path, Promise.resolve(uid!));
      };
      await assert.rejects(load(0o777), {
        name: "UsageError",
        message: `Cannot load settings: others may write to ${directory}`,
        hint: `Make it yours alone: chmod go-w ${directory}`,
      });
      // Many users have a group of their own; and who cannot remove a file cannot replace it.
      for (const mode of [0o775, 0o1777, 0o755]) assert.ok(await load(mode));
    }),
);

testNeeding(
  NEEDS,
  "saveSettings() keeps other settings and their order, for its owner",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/new/config.json`;
      await saveSettings(path, { nick: "alice" });
      await saveSettings(path, { stay: true });
      await saveSettings(path, { backlog: 7 });
      await saveSettings(path, { nick: "bob" });
      const text = '{\n  "nick": "bob",\n  "stay": true,\n  "backlog": 7\n}\n';
      assert.equal(await Deno.readTextFile(path), text);
      assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
      assert.deepEqual(Array.from(Deno.readDirSync(`${directory}/new`), ({ name }) => name), [
        "config.json",
      ]);
    });
  },
);

testNeeding(NEEDS, "saveSettings() leaves a file alone that it cannot understand", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/config.json`;
    await Deno.writeTextFile(path, "nick = alice");
    await assert.rejects(saveSettings(path, { nick: "bob" }), { name: "UsageError" });
    assert.equal(await Deno.readTextFile(path), "nick = alice");
  });
});

testNeeding(NEEDS, "saveSettings() follows a link to the file", async () => {
  await withDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/dotfile`, "{}");
    await Deno.symlink(`${directory}/dotfile`, `${directory}/config.json`);
    await saveSettings(`${directory}/config.json`, { stay: false });
    assert.equal(await Deno.readTextFile(`${directory}/dotfile`), '{\n  "stay": false\n}\n');
    assert.ok((await Deno.lstat(`${directory}/config.json`)).isSymlink);
  });
});

testUnix(
  ["read", "write"],
  "loadSettingsFile() names the cause why a file cannot be read",
  () =>
    withDirectory(async (directory) => {
      const path = `${directory}/config.json`;
      await Deno.symlink("config.json", path);
      await assert.rejects(loadSettingsFile(path), {
        name: "UsageError",
        message: `Cannot load settings: ${path} cannot be read: its links lead in a circle`,
        hint: "Remove the link, or choose another file with --settings PATH.",
      });
    }),
);
