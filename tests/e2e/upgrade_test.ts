import assert from "node:assert/strict";
import { writeKey } from "../support/member_client.ts";
import { Nats } from "../support/nats.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { commandLine, Program, type Server, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const MEMBERS = 3;
const MESSAGES = 600;
/** Restarts while they talk. */
const RESTARTS = 4;
const ARGS = ["--members-only", "--backlog-file", "chat.backlog"];

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Lets a member write its numbered messages, 60 a second. */
async function writeAll(member: Program, number: number): Promise<void> {
  for (let first = 0; first < MESSAGES; first += 3) {
    const lines = Array.from({ length: 3 }, (_, i) => `message ${number} ${first + i}\n`);
    await member.write(lines.join(""));
    await sleep(50);
  }
}

/** The numbers of one member's messages that another has shown, in order. */
function numbersFrom({ stdout }: Program, sender: number): number[] {
  const pattern = new RegExp(`<m${sender}> message ${sender} (\\d+)$`, "gm");
  return [...stdout.matchAll(pattern)].map(([, number]) => Number(number));
}

/** Starts members, each at its own place, of whom each is connected. */
async function startMembers(
  placeOf: (member: number) => readonly string[],
  cwd: string,
  stack: AsyncDisposableStack,
): Promise<Program[]> {
  return await Promise.all(Array.from({ length: MEMBERS }, async (_, i) => {
    const args = [...placeOf(i), "--stay", "--nick", `m${i}`];
    const env = { XDG_STATE_HOME: `${cwd}/m${i}` };
    const member = stack.use(await spawn("client", args, { cwd, env }));
    await member.waitFor("stderr", /^connected/m);
    return member;
  }));
}

/** Waits until all have all messages of the others; fails if one is missing, or not in its place. */
async function checkMembers(members: readonly Program[]): Promise<void> {
  const expected = Array.from({ length: MESSAGES }, (_, n) => n);
  const others = (i: number) => members.flatMap((_, j) => i === j ? [] : [j]);
  const counts = () =>
    members.map((member, i) => others(i).map((j) => numbersFrom(member, j).length));
  const isWhole = () => Promise.resolve(counts().flat().every((count) => count >= MESSAGES));
  await until(isWhole, () => `${JSON.stringify(counts())} of ${MESSAGES}`);
  for (const [i, member] of members.entries()) {
    for (const j of others(i)) assert.deepEqual(numbersFrom(member, j), expected, `${j} to ${i}`);
    assert.doesNotMatch(member.stderr, /missing/);
  }
}

testNeeding(NEEDS, "members lose and repeat nothing when the server is upgraded", async () => {
  await withDirectory(async (cwd) => {
    let server: Server = await startServer({ cwd, args: ARGS });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => server[Symbol.asyncDispose]());
    const place = ["127.0.0.1", `${server.port}`];
    const members = await startMembers(() => place, cwd, stack);
    const writing = Promise.all(members.map(writeAll));
    const seconds: number[] = [];
    for (let restart = 0; restart < RESTARTS; restart++) {
      await sleep(1500);
      const start = performance.now();
      const { port } = server;
      server.program.child.kill("SIGTERM");
      assert.equal((await server.program.finished()).code, 0);
      server = await startServer({ cwd, port, args: ARGS });
      seconds.push((performance.now() - start) / 1000);
    }
    await writing;
    await checkMembers(members);
    // Who comes afterwards is given the past.
    const args = [...place, "--stay", "--backlog", "50", "--nick", "late"];
    await using late = await spawn("client", args, { cwd });
    await late.waitFor("stdout", new RegExp(`message \\d ${MESSAGES - 1}\n`));
    assert.ok(Math.max(...seconds) < 10, `${seconds} s`);
  });
});

testNeeding(
  [...NEEDS, "nats"],
  "members lose and repeat nothing when three relays are upgraded one by one",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using nats = await Nats.start({ directory: cwd, count: 3 });
      const start = (name: string, port?: number) => {
        const args = ["--members-only", "--cluster", nats.urls, "--cluster-name", name];
        return startServer({ cwd, port, args });
      };
      const names = ["a", "b", "c"];
      const relays = await Promise.all(names.map((name) => start(name)));
      await using stack = new AsyncDisposableStack();
      stack.defer(async () => {
        for (const relay of relays) await relay[Symbol.asyncDispose]();
      });
      const ports = relays.map(({ port }) => port);
      const placeOf = (i: number) => {
        const list = [...ports.slice(i), ...ports.slice(0, i)].map((port) => `127.0.0.1:${port}`);
        return [list.join(","), `${ports[i]}`];
      };
      const members = await startMembers(placeOf, cwd, stack);
      const writing = Promise.all(members.map(writeAll));
      for (const [i, name] of names.entries()) {
        await sleep(1500);
        relays[i]!.program.child.kill("SIGTERM");
        assert.equal((await relays[i]!.program.finished()).code, 0);
        relays[i] = await start(name, ports[i]);
      }
      await writing;
      await checkMembers(members);
    });
  },
);

testNeeding(NEEDS, "a copy of the backlog file of a running server is good", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args: ARGS });
    const args = ["127.0.0.1", `${server.port}`, "--stay", "--nick", "writer"];
    await using writer = await spawn("client", args, { cwd });
    await writer.write(Array.from({ length: 100 }, (_, i) => `first ${i}\n`).join(""));
    const backup = `${cwd}/backup`;
    await until(async () => {
      await Deno.copyFile(`${cwd}/chat.backlog`, backup);
      return (await Deno.stat(backup)).size > 70_000;
    }, "the messages are in the file");
    const writing = writer.write(Array.from({ length: 300 }, (_, i) => `more ${i}\n`).join(""));
    await Deno.copyFile(`${cwd}/chat.backlog`, backup);
    await writing;
    const restored = ["--members-only", "--backlog-file", backup];
    await using other = await startServer({ cwd, args: restored });
    const reading = ["127.0.0.1", `${other.port}`, "--stay", "--backlog", "200", "--nick", "r"];
    await using reader = await spawn("client", reading, { cwd });
    await reader.waitFor("stdout", /<writer> first 99\n/);
    assert.doesNotMatch(other.program.stderr, /error|warning/);
  });
});

testNeeding(
  [...NEEDS, "bash"],
  "the log goes on in a file that was copied and emptied",
  async () => {
    await withDirectory(async (cwd) => {
      const [command, ...args] = [...await commandLine("server", "source"), "127.0.0.1", "0"];
      const quoted = [command, ...args].map((word) => `'${word}'`).join(" ");
      await using program = Program.spawn(["bash", "-c", `exec ${quoted} 2>> chat.log`], { cwd });
      const read = () => Deno.readTextFile(`${cwd}/chat.log`);
      const readSoon = () => read().catch(() => "");
      await until(async () => /^listening on .*\n/m.test(await readSoon()), "it listens");
      const [, port] = /^listening on 127\.0\.0\.1:(\d+)$/m.exec(await read())!;
      await Deno.copyFile(`${cwd}/chat.log`, `${cwd}/chat.log.1`);
      await Deno.truncate(`${cwd}/chat.log`);
      using conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
      await conn.write(new TextEncoder().encode("hello\n"));
      await until(async () => (await read()).endsWith("(guest)\n"), "a client is logged");
      assert.match(await read(), /^\d{4}-.* info client 1 joined from .*\n$/);
      program.child.kill("SIGTERM");
      assert.equal((await program.finished()).code, 0);
    });
  },
);
