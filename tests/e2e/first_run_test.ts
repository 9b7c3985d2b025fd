import assert from "node:assert/strict";
import { openClient } from "../support/client_terminal.ts";
import { testNeeding } from "../support/needs.ts";
import { run, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const USER = { USER: "zoe" };

async function withServer(fn: (cwd: string, port: number) => Promise<void>): Promise<void> {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    await fn(cwd, server.port);
  });
}

async function readSettings(cwd: string): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(`${cwd}/config/encrypted-chatroom/config.json`));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

testNeeding(
  [...NEEDS, "tmux"],
  "client asks for a name once: Enter accepts the login name",
  async () => {
    await withServer(async (cwd, port) => {
      {
        await using terminal = await openClient({ cwd, port, env: USER });
        await terminal.waitFor(/^your name> zoe$/m);
        await terminal.press("Enter");
        await terminal.waitFor(/-- your name is kept in/);
        await terminal.waitFor(/^zoe>$/m);
        await terminal.press("C-d");
        await terminal.waitFor(/^exit 0$/m);
      }
      assert.deepEqual(await readSettings(cwd), { nick: "zoe" });
      await using terminal = await openClient({ cwd, port, env: { USER: "other" } });
      await terminal.waitFor(/^zoe>$/m);
      assert.ok((await terminal.screen()).every((row) => !row.includes("welcome!")));
    });
  },
);

testNeeding(
  [...NEEDS, "tmux"],
  "client says what is wrong with a name, and asks again",
  async () => {
    await withServer(async (cwd, port) => {
      await using terminal = await openClient({ cwd, port, env: USER });
      await terminal.waitFor(/^your name> zoe$/m);
      await terminal.type("zoe b");
      await terminal.press("Enter");
      await terminal.waitFor(/-- Cannot use nickname: it has a space, <, > or an/);
      await terminal.waitFor(/^your name> zoe b$/m);
      await terminal.press("C-u");
      await terminal.type("zoé");
      await terminal.press("Enter");
      await terminal.waitFor(/^zoé>$/m);
      assert.deepEqual(await readSettings(cwd), { nick: "zoé" });
    });
  },
);

for (const [keys, code] of [[["C-c", "C-c"], 130], [["C-u", "C-d"], 0]] as const) {
  testNeeding(
    [...NEEDS, "tmux"],
    `client asked for a name leaves on ${keys.join(" ")}`,
    async () => {
      await withServer(async (cwd, port) => {
        await using terminal = await openClient({ cwd, port, env: USER });
        await terminal.waitFor(/^your name> zoe$/m);
        await terminal.press(keys[0]);
        await terminal.waitFor(/^your name>$/m);
        await terminal.press(keys[1]);
        await terminal.waitFor(new RegExp(`^exit ${code}$`, "m"));
        assert.equal(await exists(`${cwd}/config`), false);
      });
    },
  );
}

testNeeding(
  [...NEEDS, "tmux"],
  "client keeps the name only once it is connected; typing replaces the proposal",
  async () => {
    await withServer(async (cwd, port) => {
      {
        await using terminal = await openClient({ cwd, port: 1, env: USER });
        await terminal.waitFor(/^your name> zoe$/m);
        await terminal.type("anna");
        await terminal.waitFor(/^your name> anna$/m);
        await terminal.press("Enter");
        await terminal.waitFor(/^exit 1$/m);
        assert.equal(await exists(`${cwd}/config`), false);
      }
      await using terminal = await openClient({ cwd, port, env: USER });
      await terminal.waitFor(/^your name> zoe$/m);
      await terminal.type("anna");
      await terminal.press("Enter");
      await terminal.waitFor(/-- your name is kept in/);
      assert.deepEqual(await readSettings(cwd), { nick: "anna" });
    });
  },
);

testNeeding(
  [...NEEDS, "tmux"],
  "client keeps no name with --ephemeral or --no-settings",
  async () => {
    await withServer(async (cwd, port) => {
      for (const option of ["--ephemeral", "--no-settings"]) {
        await using terminal = await openClient({ cwd, port, args: [option], env: USER });
        await terminal.waitFor(/^your name> zoe$/m);
        await terminal.press("Enter");
        await terminal.waitFor(/^zoe>$/m);
        assert.equal(await exists(`${cwd}/config`), false, option);
      }
    });
  },
);

testNeeding(NEEDS, "client asks nobody where it is no terminal", async () => {
  await withServer(async (cwd, port) => {
    const { code, stderr } = await run("client", ["127.0.0.1", `${port}`], { cwd, env: USER });
    assert.equal(code, 0);
    assert.equal(stderr, `connected to 127.0.0.1:${port} as zoe\n`);
    assert.equal(await exists(`${cwd}/config`), false);
  });
});
