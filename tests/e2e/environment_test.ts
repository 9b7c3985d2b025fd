import assert from "node:assert/strict";
import { generateKey } from "../../lib/fernet.ts";
import { testNeeding } from "../support/needs.ts";
import { run, startServer } from "../support/programs.ts";
import { runAfter } from "../support/streams.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

/** In a shell: bytes that are not UTF-8. */
const BAD = "$(printf '/caf\\351')";

testNeeding(NEEDS, "programs name the variable that is not UTF-8", async () => {
  await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
    const args = ["127.0.0.1", "1", "--reconnect", "0", "--send", "hi"];
    const cases = [
      ...["HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "CHAT_NICK", "CHAT_KEY"].map((name) =>
        ["client", name, args] as const
      ),
      ["client", "CHAT_NICK", ["config"]],
      ["server", "CHAT_KEY", ["127.0.0.1", "0"]],
    ] as const;
    for (const [program, name, args] of cases) {
      // The runtime keeps its own files in HOME.
      const shell = `export DENO_DIR="$HOME/.cache/deno" ${name}="${BAD}"`;
      const { code, stderr } = await runAfter(shell, program, args, { cwd });
      assert.equal(stderr, `error: Variable ${name} is not UTF-8\n`);
      assert.equal(code, 2);
    }
    const { stderr } = await runAfter(`export LC_ALL="${BAD}"`, "client", args, { cwd });
    assert.match(stderr, /^error: Cannot connect: no server answers/);
  });
});

testNeeding(NEEDS, "programs name the option whose value is not UTF-8", async () => {
  await withDirectory(async (cwd) => {
    const cases = [
      ["client", "127.0.0.1 1 --send", "send"],
      ["client", "127.0.0.1 1 --key", "key"],
      ["client", "127.0.0.1 1 -n", "nick"],
      ["client", "config --identity", "identity"],
      ["server", "127.0.0.1 0 --key", "key"],
    ] as const;
    for (const [program, words, name] of cases) {
      const shell = `set -- "$@" ${words} "${BAD}"`;
      const { code, stderr } = await runAfter(shell, program, [], { cwd });
      assert.equal(stderr, `error: Option --${name} is not UTF-8\n`);
      assert.equal(code, 2);
    }
  });
});

testNeeding(
  NEEDS,
  "client without HOME keeps its files where its account has its home",
  async () => {
    await withDirectory(async (cwd) => {
      const home = await findHome();
      for (const shell of ["unset HOME", "export HOME=", "export HOME=relative"]) {
        const env = { XDG_CONFIG_HOME: "", DENO_DIR: `${home}/.cache/deno` };
        const { code, stdout } = await runAfter(shell, "client", ["config", "--path"], {
          cwd,
          env,
        });
        assert.equal(stdout, `${home}/.config/encrypted-chatroom/config.json\n`);
        assert.equal(code, 0);
      }
    });
  },
);

/** Asks the shell for the home of the account. */
async function findHome(): Promise<string> {
  const args = ["-c", 'eval echo "~$(id -un)"'];
  const { stdout } = await new Deno.Command("/bin/sh", { args }).output();
  return new TextDecoder().decode(stdout).trim();
}

testNeeding(NEEDS, "client without any home refuses to be somebody new", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    // The account of a container may have no home. Here the client may not ask for it.
    const denoFlags = ["--deny-sys=userInfo"];
    const env = { HOME: "", XDG_STATE_HOME: "", DENO_DIR: `${await findHome()}/.cache/deno` };
    const options = { cwd, env, denoFlags };
    const args = ["127.0.0.1", `${server.port}`, "--send", "hi"];
    const refused = await run("client", args, options);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^error: Cannot keep an identity: there is no home directory\nhint: Set HOME or XDG_STATE_HOME/,
    );
    const ephemeral = await run("client", [...args, "--ephemeral"], options);
    assert.equal(ephemeral.code, 0, ephemeral.stderr);
    const kept = await run("client", [...args, "--identity", "me"], options);
    assert.equal(kept.code, 0, kept.stderr);
    assert.match(kept.stderr, /^warning: there is no home directory: known keys/m);
    assert.match(await Deno.readTextFile(`${cwd}/me`), /^identity1\./);
  });
});
