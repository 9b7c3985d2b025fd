import assert from "node:assert/strict";
import { generateKey } from "../../lib/fernet.ts";
import { SECRET } from "../support/forged_tokens.ts";
import { modeOf } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { giveAway } from "../support/other_user.ts";
import { type Finished, run, type Server, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

/** What another user put there before the program was started, and how the program ends. */
interface Case {
  readonly what: string;
  /** Gets the user's home ready, and tells what a start gives: the server's or the client's. */
  readonly start: (home: Home) => Promise<Finished>;
  readonly says: (home: Home) => readonly string[];
  readonly code: number;
}

/** A home directory, and a room to go to. */
interface Home {
  readonly directory: string;
  readonly server: Server;
}

const HINT = "hint: If you trust who made it, make it yours with chown, or use a copy of your own.";

/** Starts a client that says one thing, with its files in the home. */
async function say({ directory, server }: Home, ...more: string[]): Promise<Finished> {
  const args = ["127.0.0.1", `${server.port}`, "--nick", "alice", "--send", "hello", ...more];
  const env = { XDG_STATE_HOME: `${directory}/state`, XDG_CONFIG_HOME: `${directory}/config` };
  return await run("client", args, { cwd: directory, env });
}

async function plant(path: string, text: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(path, text, { mode: 0o644 });
  await giveAway(path);
}

/** Makes a directory that everybody may write to. */
async function open(path: string): Promise<string> {
  await Deno.mkdir(path, { recursive: true });
  await Deno.chmod(path, 0o777);
  return path;
}

const CASES: readonly Case[] = [
  {
    what: "a key in a directory open to all",
    start: async ({ directory }) => {
      await plant(`${await open(`${directory}/tmp`)}/secret.key`, generateKey());
      return await run("server", ["127.0.0.1", "0"], { cwd: `${directory}/tmp` });
    },
    says: () => ["error: Cannot load key: secret.key belongs to another user", HINT],
    code: 1,
  },
  {
    what: "an identity",
    start: async (home) => {
      await plant(`${home.directory}/identity`, `identity1.${"A".repeat(43)}.${"A".repeat(43)}\n`);
      return await say(home, "--identity", `${home.directory}/identity`);
    },
    says: ({ directory }) => [
      `error: Cannot load identity: ${directory}/identity belongs to another user`,
      HINT,
    ],
    code: 1,
  },
  {
    what: "a state directory",
    start: async (home) => {
      await giveAway(await open(`${home.directory}/state/encrypted-chatroom`));
      return await say(home);
    },
    says: ({ directory }) => [
      `error: Cannot use ${directory}/state/encrypted-chatroom: it belongs to another user`,
      HINT,
    ],
    code: 1,
  },
  {
    what: "anything in a state directory of one's own, which is open to all",
    start: async (home) => {
      const state = await open(`${home.directory}/state/encrypted-chatroom`);
      const finished = await say(home);
      assert.equal(await modeOf(state), 0o755);
      return finished;
    },
    says: ({ directory }) => {
      const state = `${directory}/state/encrypted-chatroom`;
      return [`warning: others could write to ${state}: now they cannot`];
    },
    code: 0,
  },
  {
    what: "settings",
    start: async (home) => {
      const path = `${home.directory}/config/encrypted-chatroom/config.json`;
      await plant(path, '{"key": "theirs.key"}');
      return await say(home);
    },
    says: ({ directory }) => {
      const path = `${directory}/config/encrypted-chatroom/config.json`;
      return [`error: Cannot load settings: ${path} belongs to another user`, HINT];
    },
    code: 2,
  },
  {
    what: "a settings directory",
    start: async (home) => {
      await giveAway(await open(`${home.directory}/config/encrypted-chatroom`));
      return await say(home);
    },
    says: ({ directory }) => {
      const path = `${directory}/config/encrypted-chatroom`;
      return [`error: Cannot load settings: ${path} belongs to another user`, HINT];
    },
    code: 2,
  },
  {
    what: "a link to a page that others are to read",
    start: async (home) => {
      const page = `${home.directory}/page.html`;
      await Deno.writeTextFile(page, "hello");
      await Deno.chmod(page, 0o644);
      // The client makes its files, and then finds a link in the place of one.
      assert.equal((await say(home)).code, 0);
      const rooms = `${home.directory}/state/encrypted-chatroom/rooms`;
      const [room] = await Array.fromAsync(Deno.readDir(rooms), ({ name }) => name);
      const pins = `${rooms}/${room}/pins`;
      await Deno.remove(pins).catch(() => {});
      await Deno.symlink(page, pins);
      const finished = await say(home);
      assert.equal(await modeOf(page), 0o644);
      assert.equal(await Deno.readTextFile(page), "hello");
      return finished;
    },
    says: () => [],
    code: 0,
  },
];

for (const { what, start, says, code } of CASES) {
  testNeeding(
    ["net", "read", "write", "run", "env", "chown"],
    `another user can plant no part of what a program trusts: ${what}`,
    async () => {
      await withDirectory(async (directory) => {
        await Deno.writeTextFile(`${directory}/secret.key`, SECRET, { mode: 0o600 });
        await using server = await startServer({ cwd: directory });
        const home = { directory, server };
        const finished = await start(home);
        console.log(`${what}: exit code ${finished.code}\n${finished.stderr}`);
        for (const line of says(home)) {
          assert.ok(finished.stderr.split("\n").includes(line), `no ${line}`);
        }
        assert.equal(finished.code, code);
      });
    },
  );
}

testNeeding(
  ["net", "read", "write", "run", "env"],
  "files of one's own and of one's group are used as before",
  async () => {
    await withDirectory(async (directory) => {
      await Deno.writeTextFile(`${directory}/secret.key`, SECRET, { mode: 0o600 });
      await using server = await startServer({ cwd: directory });
      const config = `${directory}/config/encrypted-chatroom`;
      await Deno.mkdir(config, { recursive: true });
      await Deno.writeTextFile(`${config}/config.json`, "{}", { mode: 0o644 });
      for (const path of [config, directory]) await Deno.chmod(path, 0o775);
      const { code, stderr } = await say({ directory, server });
      const connected = `connected to 127.0.0.1:${server.port} as alice\n`;
      assert.deepEqual({ code, stderr }, { code: 0, stderr: connected });
    });
  },
);
