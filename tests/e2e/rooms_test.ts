import assert from "node:assert/strict";
import { modeOf } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { commandLine, run, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";
import { quote, Terminal } from "../support/tmux.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const ROOMS = "config/encrypted-chatroom/rooms";

/** Runs the client in a directory without a key, with one state for all of its runs. */
function runAlone(cwd: string, args: string[], input = "") {
  return run("client", args, { cwd, input, env: { XDG_STATE_HOME: `${cwd}/state`, USER: "zoe" } });
}

/** Opens a terminal in which the client runs alone; `exit <code>` is printed when it ends. */
async function openAlone(cwd: string, args: string[]): Promise<Terminal> {
  const variables = {
    LC_ALL: "C.UTF-8",
    XDG_CONFIG_HOME: `${cwd}/config`,
    XDG_STATE_HOME: `${cwd}/state`,
  };
  const words = [
    ...["env", "-u", "CHAT_NICK", "USER=zoe"],
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...await commandLine("client", "source"),
    ...args,
  ];
  const size = { columns: 160, rows: 20, end: /^exit \d+$/m };
  return await Terminal.open(`${quote(words)}; echo "exit $?"`, { cwd, ...size });
}

/** A server, and a directory of somebody who has its key in a file of another name. */
async function withServer(fn: (cwd: string, port: string) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    await using server = await startServer({ cwd: directory });
    const cwd = `${directory}/user`;
    await Deno.mkdir(cwd);
    await Deno.copyFile(`${directory}/secret.key`, `${cwd}/given.key`);
    await fn(cwd, `${server.port}`);
  });
}

testNeeding(NEEDS, "a room is entered by its name, in every way", async () => {
  await withServer(async (cwd, port) => {
    const added = await runAlone(cwd, [
      "rooms",
      "add",
      "friends",
      "127.0.0.1",
      port,
      "-k",
      "given.key",
    ]);
    assert.equal(added.code, 0, added.stderr);
    for (const name of ["secret.key", "room.json"]) {
      assert.equal(await modeOf(`${cwd}/${ROOMS}/friends/${name}`), 0o600);
    }
    await Deno.remove(`${cwd}/given.key`);
    assert.equal((await runAlone(cwd, ["rooms"])).stdout, `friends  127.0.0.1:${port}\n`);
    await using listener = await spawn("client", ["friends", "--stay", "-n", "al"], { cwd });
    await listener.waitFor("stderr", /^connected to /m);
    const connected = `connected to 127.0.0.1:${port} as zoe\n`;
    for (
      const [args, input, text] of [
        [["--send", "one", "friends"], "", "one"],
        [["FRIENDS", "--send", "two"], "", "two"],
        [["friends"], "three\n", "three"],
        [[], "four\n", "four"],
      ] as const
    ) {
      const { code, stderr } = await runAlone(cwd, [...args], input);
      assert.deepEqual([code, stderr], [0, connected]);
      await listener.waitFor("stdout", RegExp(`^<zoe> ${text}$`, "m"));
    }
    const bot = await runAlone(cwd, ["--json", "friends"], '{"type":"message","text":"five"}\n');
    assert.equal(bot.code, 0, bot.stderr + bot.stdout);
    await listener.waitFor("stdout", /^<zoe> five$/m);
  });
});

testNeeding(
  NEEDS,
  "the client alone says what to do, and fails so that no script is fooled",
  async () => {
    await withServer(async (cwd, port) => {
      const nothing = await runAlone(cwd, [], "lost\n");
      assert.deepEqual([nothing.code, nothing.stdout], [2, ""]);
      assert.equal(nothing.stderr.trimEnd().split("\n").length, 5);
      assert.match(nothing.stderr, / join\n.* rooms add friends <ip> <port>\n/);
      for (const name of ["friends", "work"]) {
        await runAlone(cwd, ["rooms", "add", name, "127.0.0.1", port, "-k", "given.key"]);
      }
      const which = await runAlone(cwd, ["--send", "lost"]);
      const rows = `  friends  127.0.0.1:${port}\n  work     127.0.0.1:${port}\n`;
      assert.deepEqual(which, {
        code: 2,
        stdout: "",
        stderr: `Which room? chat-client NAME\n${rows}`,
      });
      const again = await runAlone(cwd, ["rooms", "add", "work", "::1", "1", "-k", "given.key"]);
      assert.equal(again.code, 1);
      assert.match(
        again.stderr,
        /^error: Cannot keep room: there is a room called work already\nhint: /,
      );
      assert.equal((await runAlone(cwd, ["rooms", "remove", "work"])).code, 2);
      assert.equal(
        (await runAlone(cwd, ["rooms", "remove", "work", "--yes"])).stdout,
        "work is removed\n",
      );
      assert.equal((await runAlone(cwd, ["work"])).code, 2);
      assert.equal((await runAlone(cwd, [], "found\n")).code, 0);
    });
  },
);

testNeeding([...NEEDS, "tmux"], "a name is kept for the room with /nick --keep alone", async () => {
  await withServer(async (cwd, port) => {
    await runAlone(cwd, ["rooms", "add", "friends", "127.0.0.1", port, "-k", "given.key"]);
    {
      await using terminal = await openAlone(cwd, ["friends"]);
      await terminal.waitFor(/^your name> zoe$/m);
      await terminal.type("anna");
      await terminal.press("Enter");
      await terminal.waitFor(/-- your name is kept in .*config\.json$/m);
      await terminal.type("/nick annabel");
      await terminal.press("Enter");
      await terminal.waitFor(/-- to have this name next time, too: \/nick --keep$/m);
      await terminal.press("C-d");
      await terminal.waitFor(/^exit 0$/m);
    }
    await using terminal = await openAlone(cwd, ["friends"]);
    await terminal.waitFor(/^anna>$/m);
    await terminal.type("/nick annabel");
    await terminal.press("Enter");
    await terminal.waitFor(/^annabel>$/m);
    await terminal.type("/nick --keep");
    await terminal.press("Enter");
    await terminal.waitFor(/-- your name is kept in .*rooms\/friends\/room\.json$/m);
    const kept = JSON.parse(await Deno.readTextFile(`${cwd}/${ROOMS}/friends/room.json`));
    assert.deepEqual(kept, { ip: "127.0.0.1", port: Number(port), nick: "annabel" });
  });
});

testNeeding([...NEEDS, "tmux"], "rooms remove asks for the name at a terminal", async () => {
  await withServer(async (cwd, port) => {
    await runAlone(cwd, ["rooms", "add", "friends", "127.0.0.1", port, "-k", "given.key"]);
    for (const [answer, code] of [["y", 1], ["friends", 0]] as const) {
      await using terminal = await openAlone(cwd, ["rooms", "remove", "friends"]);
      await terminal.waitFor(/^Type friends to remove it:$/m);
      await terminal.type(answer);
      await terminal.press("Enter");
      await terminal.waitFor(RegExp(`^exit ${code}$`, "m"));
    }
    assert.match((await runAlone(cwd, ["rooms"])).stdout, /^there are no rooms yet: /);
  });
});

testNeeding(
  [...NEEDS, "tmux"],
  "a passphrase is asked for twice, and is never on the screen",
  async () => {
    await withServer(async (cwd, port) => {
      await runAlone(cwd, ["rooms", "add", "friends", "127.0.0.1", port, "-k", "given.key"]);
      await runAlone(cwd, ["friends", "--send", "hi"]);
      const own = await runAlone(cwd, ["identity"]);
      /** Enters secrets, and returns what the screen shows in the end. */
      const enter = async (args: string[], ...secrets: string[]) => {
        await using terminal = await openAlone(cwd, ["identity", ...args]);
        for (const [i, secret] of secrets.entries()) {
          await terminal.waitFor(i === 0 ? /^passphrase:$/m : /^the same again:$/m);
          await terminal.type(`${secret}x`);
          await terminal.press("BSpace", "Up", "Enter");
        }
        await terminal.waitFor(/^exit \d+$/m);
        return (await terminal.screen()).join("\n");
      };
      const differ = await enter(["export", "me.sealed"], "correct horse", "correct hors");
      assert.match(differ, /^error: Cannot export identity: the two passphrases differ\nexit 1$/m);
      const exported = await enter(["export", "me.sealed"], "correct horse", "correct horse");
      assert.match(exported, /^on the other machine: .* import me\.sealed\nexit 0$/m);
      assert.equal(await modeOf(`${cwd}/me.sealed`), 0o600);
      await Deno.rename(`${cwd}/state`, `${cwd}/other-machine`);
      const imported = await enter(["import", "me.sealed"], "correct horse");
      assert.ok(imported.includes(own.stdout.split("\n")[0]!), imported);
      for (const screen of [differ, exported, imported]) assert.doesNotMatch(screen, /horse|ors/);
      assert.equal((await runAlone(cwd, ["identity"])).stdout, own.stdout);
      const again = await runAlone(cwd, ["identity", "import", "me.sealed"], "correct horse\n");
      assert.equal(again.code, 1);
      assert.match(again.stderr, /identity is there already\nhint: It is never written over\. /);
    });
  },
);

testNeeding(
  [...NEEDS, "tmux"],
  "Ctrl-C at a passphrase leaves, and the terminal echoes again",
  async () => {
    await withServer(async (cwd, port) => {
      await runAlone(cwd, ["127.0.0.1", port, "-k", "given.key", "--send", "hi"]);
      await using terminal = await openAlone(cwd, ["identity", "export", "me.sealed"]);
      await terminal.waitFor(/^passphrase:$/m);
      await terminal.press("C-z");
      await terminal.type("secret");
      await terminal.press("C-c");
      await terminal.waitFor(/^exit 130$/m);
      await terminal.echo("shown");
      assert.ok((await terminal.screen()).every((row) => !row.includes("secret")));
      await assert.rejects(Deno.stat(`${cwd}/me.sealed`), Deno.errors.NotFound);
    });
  },
);
