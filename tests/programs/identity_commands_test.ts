import assert from "node:assert/strict";
import { openIdentity } from "../../lib/storage/identity.ts";
import { answering, runCommand } from "../support/commands.ts";
import { namesIn } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

testNeeding(
  ["read", "write"],
  "identity goes from one home to another through a file or a pipe",
  async () => {
    await withDirectory(async (directory) => {
      const run = (home: string, args: string[], input = "") => {
        const env = (name: string) => name === "HOME" ? `${directory}/${home}` : undefined;
        return runCommand(["identity", ...args], { env, questions: answering(input) });
      };
      const state = ".local/state/encrypted-chatroom";
      await openIdentity(`${directory}/a/${state}/identity`, noWarning);
      const own = await run("a", []);
      assert.match(
        own,
        RegExp(`^your safety number: (\\d{5} ){5}\\d{5}\nyour identity: ~/${state}/identity$`),
      );
      const file = `${directory}/me.sealed`;
      const told = `on the other machine: chat-client identity import ${file}`;
      assert.equal(await run("a", ["export", file], "correct horse\n"), told);
      await assert.rejects(run("a", ["export", file]), {
        message: `Cannot export identity: ${file} is there already`,
      });
      await assert.rejects(run("b", ["import", file], "wrong"), {
        message: "Cannot import identity: the passphrase is another one, or the file was changed",
      });
      assert.equal(await run("b", ["import", file], "correct horse\r\n"), own);
      assert.equal(await run("b", []), own);
      await assert.rejects(run("b", ["import", file]), {
        message: `Cannot import identity: ${directory}/b/${state}/identity is there already`,
      });
      const line = await run("a", ["export", "-"], "other words");
      assert.equal(await run("c", ["import", "-"], `other words\n${line}\n`), own);
      await assert.rejects(run("d", ["import", "-"], `${line}\n`), {
        message:
          "Cannot import identity: standard input does not begin with a line that has the passphrase",
        hint: "Save what was exported, and name the file in place of -.",
      });
      await assert.rejects(run("d", ["import", "-"], "other words\nnothing"), {
        message: "Cannot import identity: standard input does not hold a sealed identity",
      });
      const nothing = { name: "ChatError", message: "Cannot go on: nothing was entered" };
      await assert.rejects(run("d", ["import", "-"]), nothing);
      await assert.rejects(run("a", ["export", "-"], "\n"), nothing);
      await assert.rejects(run("a", ["export", "-"], "x".repeat(1025)), {
        message: "Cannot read line: longer than 1024 bytes",
      });
      assert.deepEqual(await namesIn(directory), ["a", "b", "c", "me.sealed"]);
    });
  },
);

testNeeding(
  ["read", "write"],
  "identity takes the file that --identity or a setting names",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/mine`;
      await openIdentity(path, noWarning);
      const named = await runCommand(["identity", "--identity", path]);
      assert.match(named, RegExp(`\nyour identity: ${path}$`));
      const env = (name: string) => name === "CHAT_IDENTITY" ? path : undefined;
      assert.equal(await runCommand(["identity"], { env }), named);
      const missing = `${directory}/none`;
      for (const args of [[], ["export", "-"]]) {
        await assert.rejects(runCommand(["identity", ...args, "--identity", missing]), {
          message: `Cannot load identity: there is no ${missing}`,
        });
      }
    });
  },
);

pureTest("identity needs a place", async () => {
  const message = "Cannot keep an identity: there is no home directory";
  await assert.rejects(runCommand(["identity"]), { name: "ChatError", message });
});
