import assert from "node:assert/strict";
import { generateKey } from "../../lib/fernet.ts";
import { readBlocks, readDocument } from "../support/documents.ts";
import { testNeeding } from "../support/needs.ts";
import { commandLine, type Program, ROOT, spawn, startServer } from "../support/programs.ts";
import { spawnPython } from "../support/python.ts";
import { isValid } from "../support/schema.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const MESSAGES = 1000;
const HOSTILE = [
  ...["\x1b[2J\x9b\x07\r\n\t\0", "\u2028\u2029\u202e\u200b\ufeff", "/quit", "//x", "", '"}\\'],
  ...["\u{e0041}a" + "\u0301".repeat(10_000), "x".repeat(40_000), "🎉 你好"],
];

interface Line {
  readonly type: string;
  readonly text?: string;
  readonly ref?: number;
  readonly reason?: string;
  readonly from?: { readonly nickname: string };
}

/** Starts a bot in Python; the client that it starts is somebody else each time. */
function spawnBot(args: readonly string[], cwd: string): Program {
  const env = { NO_COLOR: "1", XDG_STATE_HOME: `${cwd}/state-${crypto.randomUUID()}` };
  return spawnPython(args, { cwd, env });
}

/** The lines of a client's output, each of which the schema knows. */
function parseLines(stdout: string): Line[] {
  const lines = stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  for (const line of lines) assert.ok(isValid(line, "output"), JSON.stringify(line));
  return lines;
}

testNeeding(
  [...NEEDS, "python3"],
  "two bots in Python say 1,000 messages each way, each once, in order",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const client = await commandLine("client", "source");
      const names = ["alice", "bob"];
      const texts = names.map((name) => {
        return Array.from({ length: MESSAGES }, (_, i) => HOSTILE[i] ?? `${name} ${i}`);
      });
      // One text that UTF-8 cannot hold: it is refused, and the others go on.
      texts[0]!.push("\ud800");
      const bots: Program[] = [];
      for (const [index, name] of names.entries()) {
        await Deno.writeTextFile(`${cwd}/texts-${name}`, JSON.stringify(texts[index]));
        const args = ["127.0.0.1", `${server.port}`, "--json", "-n", name];
        const script = `${ROOT}tests/support/json_bot.py`;
        bots.push(
          spawnBot([script, `${MESSAGES}`, `texts-${name}`, ...client, ...args], cwd),
        );
      }
      await Promise.all(bots.map((bot) => bot.waitFor("stdout", /live/)));
      await Promise.all(bots.map((bot) => bot.write("go\n")));
      for (const bot of bots) assert.deepEqual((await bot.finished()).code, 0, bot.stderr);
      for (const [index, name] of names.entries()) {
        const { code, events } = JSON.parse(await Deno.readTextFile(`${cwd}/events-${name}`));
        assert.equal(code, name === "alice" ? 1 : 0);
        for (const event of events) assert.ok(isValid(event, "output"), JSON.stringify(event));
        const received = (events as Line[]).filter(({ type }) => type === "message");
        assert.deepEqual(received.map(({ text }) => text), texts[1 - index]!.slice(0, MESSAGES));
        const taken = (events as Line[]).filter(({ type }) => type === "taken");
        assert.deepEqual(
          taken.map(({ ref }) => ref),
          Array.from({ length: MESSAGES }, (_, i) => i),
        );
        const errors = (events as Line[]).filter(({ type }) => type === "error");
        assert.deepEqual(
          errors.map(({ reason, ref }) => [reason, ref]),
          name === "alice" ? [["input", MESSAGES], ["fatal", undefined]] : [],
        );
      }
    });
  },
);

testNeeding([...NEEDS, "python3"], "the bot of docs/JSON.md answers", async () => {
  const blocks = readBlocks(await readDocument("docs/JSON.md"));
  const [python] = blocks.filter(({ info }) => info === "python");
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const client = await commandLine("client", "source");
    const code = python!.lines.join("\n").replace(
      '["chat-client",',
      `[*json.loads(${JSON.stringify(JSON.stringify(client))}),`,
    );
    const args = ["127.0.0.1", `${server.port}`];
    await using bot = spawnBot(["-c", code, ...args, "secret.key"], cwd);
    await bot.waitFor("stderr", /^connected to .* as pingbot$/m);
    await using asker = await spawn("client", [...args, "--json", "-n", "eve"], { cwd });
    await asker.waitFor("stdout", /"type":"live"/);
    await asker.write('{"type":"message","text":"!ping"}\n');
    await asker.waitFor("stdout", /"text":"eve: pong"/);
  });
});

testNeeding(NEEDS, "client --json answers questions and leaves at quit", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`, "--json", "-n"];
    await using alice = await spawn("client", [...args, "alice", "--stay"], { cwd });
    await alice.waitFor("stdout", /"type":"live"/);
    await using bob = await spawn("client", [...args, "bob"], { cwd });
    await alice.waitFor("stdout", /"type":"joined".*"bob"/);
    await alice.write('{"type":"names","ref":"n"}\n{"type":"whois","nick":"bob","ref":"w"}\n');
    await alice.write('{"type":"private","to":"bob","text":"psst","ref":"p"}\n');
    await alice.waitFor("stdout", /"type":"taken".*"p"/);
    await alice.write('{"type":"quit"}\n');
    const { code, stdout } = await alice.finished();
    assert.equal(code, 0);
    const lines = parseLines(stdout);
    assert.equal(lines[0]!.type, "hello");
    const answers = lines.filter(({ ref }) => ref !== undefined);
    assert.deepEqual(answers.map(({ type, ref }) => [type, ref]), [
      ["names", "n"],
      ["notice", "w"],
      ["taken", "p"],
    ]);
    await bob.waitFor("stdout", /"form":"private".*"psst"/);
    bob.child.kill("SIGINT");
    const left = await bob.finished();
    assert.equal(left.code, 130);
    parseLines(left.stdout);
  });
});

testNeeding(
  NEEDS,
  "client --json says why it cannot enter, or why it ends, and exits with 1",
  async () => {
    await withDirectory(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
      using closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = closed.addr;
      closed.close();
      await using nobody = await spawn(
        "client",
        ["127.0.0.1", `${port}`, "--json", "--reconnect", "0"],
        { cwd },
      );
      const refused = await nobody.finished();
      assert.equal(refused.code, 1);
      assert.deepEqual(parseLines(refused.stdout).map(({ type, reason }) => [type, reason]), [
        ["error", "fatal"],
      ]);
      await using server = await startServer({ cwd });
      const args = ["127.0.0.1", `${server.port}`, "--json", "--reconnect", "0"];
      await using client = await spawn("client", args, { cwd });
      await client.waitFor("stdout", /"type":"live"/);
      await server[Symbol.asyncDispose]();
      const { code, stdout } = await client.finished();
      assert.equal(code, 1);
      const last = parseLines(stdout).at(-1)!;
      assert.deepEqual([last.type, last.reason], ["error", "fatal"]);
    });
  },
);
