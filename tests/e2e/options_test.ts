import assert from "node:assert/strict";
import { openClient } from "../support/client_terminal.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { run, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";
import type { Terminal } from "../support/tmux.ts";

const NEEDS = ["net", "read", "write", "run", "env", "tmux"] as const;

interface Room {
  readonly cwd: string;
  readonly port: number;
  /** Says something as bob. */
  readonly say: (text: string) => Promise<void>;
  /** Opens a client called alice. */
  readonly open: (args: string[], env?: Record<string, string>) => Promise<Terminal>;
}

function testRoom(name: string, fn: (room: Room) => Promise<void>): void {
  testNeeding(NEEDS, name, async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const { port } = server;
      const say = async (text: string) => {
        const args = ["127.0.0.1", `${port}`, "--nick", "bob", "--identity", "bob"];
        assert.equal((await run("client", args, { cwd, input: `${text}\n` })).code, 0);
      };
      const open = (args: string[], env?: Record<string, string>) => {
        return openClient({ cwd, port, env, args: ["--nick", "alice", ...args] });
      };
      await fn({ cwd, port, say, open });
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

testRoom("--no-timestamps shows no times, and so does CHAT_TIMESTAMPS=off", async (room) => {
  for (
    const [args, env] of [[["--no-timestamps"], {}], [[], { CHAT_TIMESTAMPS: "off" }]] as const
  ) {
    await using terminal = await room.open([...args, "--backlog", "0"], env);
    await terminal.waitFor(/^-- room .* shows/m);
    assert.match((await terminal.screen())[0]!, /^-- connected to .* as alice$/);
  }
  await using terminal = await room.open(["--timestamps"], { CHAT_TIMESTAMPS: "off" });
  await terminal.waitFor(/^\d\d:\d\d -- room .* shows/m);
});

testRoom("--history keeps what is entered, without it nothing is kept", async ({ cwd, open }) => {
  const path = `${cwd}/state/encrypted-chatroom/history`;
  for (const args of [[], ["--history"]]) {
    await using terminal = await open(args);
    await terminal.waitFor(/^alice>$/m);
    await terminal.type("once upon");
    await terminal.press("Enter");
    await terminal.waitFor(/alice› once upon$/m);
    await terminal.press("C-d");
    await terminal.waitFor(/^exit 0$/m);
    assert.equal(await exists(path), args.length > 0);
  }
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  await using terminal = await open([], { CHAT_HISTORY: "on" });
  await terminal.waitFor(/^alice>$/m);
  await terminal.press("Up");
  await terminal.waitFor(/^alice> once upon$/m);
});

testRoom("--ephemeral and --identity tell where keys are kept", async ({ cwd, open }) => {
  {
    await using terminal = await open(["--ephemeral"]);
    await terminal.waitFor(/^alice>$/m);
    assert.equal(await exists(`${cwd}/state`), false);
  }
  await using terminal = await open(["--identity", "me"]);
  await terminal.waitFor(/^alice>$/m);
  assert.match(await Deno.readTextFile(`${cwd}/me`), /^identity1\./);
  assert.equal(await exists(`${cwd}/state/encrypted-chatroom/identity`), false);
});

testRoom("--backlog tells how much of the past is shown at a terminal", async ({ say, open }) => {
  for (const text of ["one", "two", "three"]) await say(text);
  await using all = await open(["--ephemeral"]);
  await all.waitFor(/^\[\d\d:\d\d\] bob {2}three$/m);
  const screen = (await all.screen()).join("\n");
  assert.match(screen, /bob {2}one\n.*bob {2}two\n.*bob {2}three/s);
  await using none = await open(["--ephemeral", "--backlog", "0"]);
  await none.waitFor(/-- here: you/);
  assert.doesNotMatch((await none.screen()).join("\n"), /bob/);
});

testRoom("--bell and --notify tell what rings, and how", async ({ cwd, say, open }) => {
  const notified = "]9;bob: alice: look";
  const cases: [args: string[], text: string, rings: boolean, notifies: boolean][] = [
    [[], "alice: look", true, false],
    [[], "look", false, false],
    [["--bell", "all"], "look", true, false],
    [["--bell", "off"], "alice: look", false, false],
    [["--notify"], "alice: look", true, true],
  ];
  for (const [i, [args, text, rings, notifies]] of cases.entries()) {
    await using terminal = await open([...args, "--backlog", "0"]);
    await terminal.waitFor(/^alice>$/m);
    const path = `${cwd}/raw${i}`;
    await terminal.record(path);
    await say(text);
    // Behind it comes all that the first one brought about.
    await say("the end");
    await until(async () => /the end/.test(await Deno.readTextFile(path)), "all of it");
    const raw = await Deno.readTextFile(path);
    assert.equal(raw.includes(notified), notifies, args.join());
    assert.equal(raw.includes("]777;notify;bob;alice: look"), notifies, args.join());
    // The end of a title, of a notification and of nothing else.
    const others = raw.split("\x1b]").slice(1).length;
    assert.equal(raw.split("\x07").length - 1 > others, rings, args.join());
  }
});

testRoom("--color outweighs NO_COLOR, which outweighs a terminal", async ({ cwd, open }) => {
  const cases: [string[], Record<string, string>, boolean][] = [
    [[], {}, true],
    [[], { NO_COLOR: "1" }, false],
    [["--color", "never"], {}, false],
    [["--color=always"], { NO_COLOR: "1" }, true],
    [["--color=auto"], { CHAT_COLOR: "never" }, true],
  ];
  for (const [i, [args, env, isColored]] of cases.entries()) {
    await using terminal = await open([...args, "--no-timestamps"], env);
    await terminal.waitFor(/^alice>$/m);
    const path = `${cwd}/raw${i}`;
    await terminal.record(path);
    await terminal.type("hello");
    await terminal.press("Enter");
    await terminal.waitFor(/^alice› hello$/m);
    await until(async () => /hello/.test(await Deno.readTextFile(path)), "hello");
    // The prompt is bold; a reset alone is no style.
    const raw = await Deno.readTextFile(path);
    assert.equal(raw.includes("\x1b[1m"), isColored, `${args} ${JSON.stringify(env)}`);
  }
});

testRoom("--no-commands sends lines with a slash as they are", async ({ cwd, port }) => {
  const to = ["127.0.0.1", `${port}`];
  await using listener = await spawn("client", [...to, "--nick", "eve", "--stay"], { cwd });
  await listener.waitFor("stderr", /connected/);
  const input = "/names\n//x\n";
  const plain = await run("client", [...to, "--nick", "bob", "--no-commands"], { cwd, input });
  assert.equal(plain.code, 0);
  await listener.waitFor("stdout", /^<bob> \/names\n<bob> \/\/x\n/);
  const on = ["--nick", "bob", "--commands", "--ephemeral"];
  const env = { CHAT_COMMANDS: "off" };
  const { stderr } = await run("client", [...to, ...on], { cwd, input, env });
  assert.match(stderr, /^here: /m);
});

testRoom("--reconnect 0 gives up at once, and the prompt says that it is offline", async (room) => {
  await withDirectory(async (cwd) => {
    await Deno.copyFile(`${room.cwd}/secret.key`, `${cwd}/secret.key`);
    const server = await startServer({ cwd });
    const args = ["--nick", "alice"];
    const { port } = server;
    await using patient = await openClient({ cwd, port, args });
    await using other = await openClient({ cwd, port, args: [...args, "--reconnect", "0"] });
    for (const terminal of [patient, other]) await terminal.waitFor(/^alice>$/m);
    await server[Symbol.asyncDispose]();
    await patient.waitFor(/^alice \(offline\)>$/m);
    await other.waitFor(/^error: Connection lost: the server is gone$/m);
    await other.waitFor(/^exit 1$/m);
    await patient.press("C-d");
    await patient.waitFor(/^exit 0$/m);
  });
});
