import assert from "node:assert/strict";
import { openClient } from "../support/client_terminal.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { type Program, run, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const KEEP = ["--keep", "30"] as const;

interface Room {
  readonly cwd: string;
  /** The port of the server, which can be another one. */
  port: number;
  /** Starts alice, who goes on listening. */
  readonly alice: (args: readonly string[], env?: Record<string, string>) => Promise<Program>;
  /** Says something as bob, who is known. */
  readonly say: (text: string) => Promise<void>;
}

function testRoom(name: string, fn: (room: Room) => Promise<void>): void {
  testNeeding(NEEDS, name, async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const room: Room = {
        cwd,
        port: server.port,
        alice: async (args, env = {}) => {
          const words = ["127.0.0.1", `${room.port}`, "--nick", "alice", "--stay", ...args];
          const state = { XDG_STATE_HOME: `${cwd}/state` };
          const program = await spawn("client", words, { cwd, env: { ...state, ...env } });
          await program.waitFor("stderr", /^connected to /m);
          return program;
        },
        say: async (text) => {
          const args = ["127.0.0.1", `${room.port}`, "--nick", "bob", "--identity", `${cwd}/bob`];
          assert.equal((await run("client", [...args, "--send", text], { cwd })).code, 0);
        },
      };
      await fn(room);
    });
  });
}

/** Leaves in order. */
async function leave(program: Program): Promise<void> {
  program.child.kill("SIGTERM");
  assert.equal((await program.finished()).code, 143);
}

/** All names below a directory. */
async function namesBelow(directory: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    names.push(name);
    if (isDirectory) names.push(...await namesBelow(`${directory}/${name}`));
  }
  return names;
}

/** Whether messages are kept. */
async function areKept(cwd: string): Promise<boolean> {
  return (await namesBelow(`${cwd}/state`)).some((name) => name.startsWith("kept-"));
}

testRoom("--keep shows each message once, beside the backlog and without it", async (room) => {
  const { cwd, alice, say } = room;
  {
    await using first = await alice(KEEP);
    await say("one");
    await first.waitFor("stdout", /^<bob> one$/m);
    await first.write("mine\n");
    await say("two");
    await first.waitFor("stdout", /^<bob> two$/m);
    await leave(first);
  }
  await say("while away");
  const shown =
    /^\[.*\] <bob> one\n\[.*\] <alice> mine\n\[.*\] <bob> two\n\[.*\] <bob> while away\n$/;
  await using server = await startServer({ cwd });
  for (const port of [room.port, room.port, server.port]) {
    room.port = port;
    await using again = await alice(KEEP);
    await again.waitFor("stdout", /while away\n/);
    await say("the end");
    await again.waitFor("stdout", /^<bob> the end$/m);
    const past = again.stdout.split("\n").filter((line) => !/the end/.test(line)).join("\n");
    assert.match(past, shown);
    await again.write("/lastlog TWO\n");
    await again.waitFor("stderr", /1 of 1 found:\n.*<bob> two$/m);
    await leave(again);
  }
  await using json = await alice([...KEEP, "--json", "--backlog", "3"]);
  await json.waitFor("stdout", /"live"/);
  const lines = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ type }) => type), [
    "hello",
    "message",
    "message",
    "message",
    "live",
  ]);
  assert.deepEqual(lines.slice(1, 4).map(({ text, age }) => [text, age]), [
    ["the end", "old"],
    ["the end", "old"],
    ["the end", "old"],
  ]);
});

testRoom("--keep keeps private messages of both sides", async ({ cwd, alice, port }) => {
  {
    await using first = await alice(KEEP);
    const bobs = ["127.0.0.1", `${port}`, "--nick", "bob", "--stay"];
    await using bob = await spawn("client", bobs, { cwd });
    await first.waitFor("stderr", /^bob joined$/m);
    await first.write("/msg bob psst\n");
    await bob.waitFor("stdout", /^\(private\) <alice> psst$/m);
    // Its answer to bob, which has its key, comes within a second.
    await until(async () => {
      await bob.write("/msg alice hush\n");
      return /hush/.test(first.stdout);
    }, "known to bob");
    await leave(first);
  }
  await using again = await alice([...KEEP, "--backlog", "0"]);
  await again.write("/lastlog psst\n/lastlog hush\n");
  await again.waitFor("stderr", /found:\n.*\(private, to bob\) <alice> psst\n/);
  await again.waitFor("stderr", /found:\n.*\(private\) <bob> hush\n/);
});

testRoom(
  "nothing is kept without --keep, with --ephemeral, or after --keep 0",
  async ({ cwd, alice, say }) => {
    const talk = async (args: readonly string[], env?: Record<string, string>) => {
      await using program = await alice(args, env);
      await say("hello");
      await program.waitFor("stdout", /^<bob> hello$/m);
      await leave(program);
    };
    await talk([]);
    assert.equal(await areKept(cwd), false);
    const before = await namesBelow(`${cwd}/state`);
    await talk(["--ephemeral"], { CHAT_KEEP: "30" });
    assert.deepEqual(await namesBelow(`${cwd}/state`), before);
    await talk([], { CHAT_KEEP: "30" });
    assert.equal(await areKept(cwd), true);
    // Somebody who keeps nothing today does not lose what was kept before.
    await talk([]);
    assert.equal(await areKept(cwd), true);
    await talk(["--keep", "0"]);
    assert.equal(await areKept(cwd), false);
    const args = ["127.0.0.1", "5050", "--ephemeral", "--keep", "1"];
    const { code, stderr } = await run("client", args, { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /^error: Options --ephemeral and --keep exclude each other$/m);
  },
);

testRoom("several clients of one member keep each message once", async ({ alice, say }) => {
  {
    await using first = await alice(KEEP);
    await using second = await alice(KEEP);
    for (let i = 0; i < 5; i++) {
      await say(`number ${i}`);
      for (const program of [first, second]) {
        await program.waitFor("stdout", new RegExp(`^<bob> number ${i}$`, "m"));
      }
    }
    await first.write("from the first\n");
    await second.waitFor("stdout", /<alice> from the first$/m);
    // One of them ends without a word.
    first.child.kill("SIGKILL");
    await say("the last");
    await second.waitFor("stdout", /^<bob> the last$/m);
    await leave(second);
  }
  await using again = await alice([...KEEP, "--backlog", "0"]);
  await again.write("/lastlog r\n");
  await again.waitFor("stderr", /6 of 6 found:\n/m);
  await again.write("/lastlog the last\n");
  await again.waitFor("stderr", /1 of 1 found:\n/m);
});

testNeeding(
  [...NEEDS, "tmux"],
  "--keep shows the past in a terminal, above the prompt",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const { port } = server;
      const open = () => openClient({ cwd, port, args: ["--nick", "alice", ...KEEP] });
      {
        await using terminal = await open();
        await terminal.waitFor(/^alice>$/m);
        await terminal.type("remember me");
        await terminal.press("Enter");
        await terminal.waitFor(/alice› remember me$/m);
        await terminal.press("C-d");
        await terminal.waitFor(/^exit 0$/m);
      }
      await until(() => areKept(cwd), "kept");
      await using other = await startServer({ cwd });
      await using terminal = await openClient({
        ...{ cwd, port: other.port },
        args: ["--nick", "alice", ...KEEP],
      });
      await terminal.waitFor(/^\[\d\d:\d\d\] alice› remember me$/m);
      await terminal.type("/lastlog REMEMBER");
      await terminal.press("Enter");
      await terminal.waitFor(/1 of 1 found:/);
    });
  },
);
