import assert from "node:assert/strict";
import { loadClusterFile } from "../../lib/storage/cluster_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

testNeeding(
  ["read", "write"],
  "loadClusterFile() loads 64 KiB at most, and says what is wrong",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/creds`;
      const load = () => loadClusterFile(path, "--cluster-creds PATH");
      await assert.rejects(load(), { message: `${path}: there is no such file` });
      await Deno.writeTextFile(path, "a:b\n");
      assert.equal(await load(), "a:b\n");
      await Deno.writeTextFile(path, "x".repeat(65_536));
      assert.equal((await load()).length, 65_536);
      await Deno.writeTextFile(path, "x".repeat(65_537));
      await assert.rejects(load(), { name: "ChatError", message: `${path} is too long` });
      await Deno.remove(path);
      await Deno.symlink(path, path);
      await assert.rejects(load(), {
        message: `${path} cannot be read: its links lead in a circle`,
      });
    });
  },
);
