import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { generateKey } from "../../lib/fernet.ts";
import { KEEP_SHARE, MAX_KEEP_DELAY_MS } from "../../lib/relay/limits.ts";
import { taskFlags } from "../../tools/task_flags.ts";
import { Member } from "../support/member.ts";
import { ADMISSION_LINE, writeKey } from "../support/member_client.ts";
import { SECRET } from "../support/forged_tokens.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { commandLine, IMPORT_FLAGS, Program, ROOT, run, startServer } from "../support/programs.ts";
import { spawnOnSmallDisk } from "../support/small_disk.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const ARGS = ["--backlog-file", "kept"] as const;
const KILLS = 20;
/**
 * How long before a kill a message has to be taken to be there afterwards, in ms: 50 and some. Where
 * the machine is slow it is longer, as the server writes less often.
 */
const WINDOW_MS = 300;

/** The texts that a newcomer is given of the past. */
async function readPast(port: number, keyText: string): Promise<string[]> {
  await using reader = await Member.enter({ port, keyText, nickname: "reader", backlog: 200 });
  return reader.events.flatMap((event) => event.kind === "message" ? [event.text] : []);
}

testNeeding(NEEDS, "what was taken is there after kill -9, twenty times under load", async () => {
  await withDirectory(async (cwd) => {
    const keyText = generateKey();
    await Deno.writeTextFile(`${cwd}/secret.key`, keyText, { mode: 0o600 });
    let said: string[] = [];
    for (let round = 0; round <= KILLS; round++) {
      await using server = await startServer({ cwd, args: ARGS });
      const { port } = server;
      // All that was taken in time, in its order.
      const past = await readPast(port, keyText);
      assert.deepEqual(past.filter((text) => said.includes(text)), said, `round ${round}`);
      if (round === KILLS) break;
      await using author = await Member.enter({ port, keyText, nickname: "author" });
      const taken: { text: string; at: number }[] = [];
      let slowestMs = 0;
      const endAt = performance.now() + 40 * round;
      for (let i = 0; performance.now() < endAt; i++) {
        const text = `${round}-${i}`.padEnd(20 * (i % 10), "x");
        const begunAt = performance.now();
        await author.say(text);
        await author.entered.room.untilTaken();
        slowestMs = Math.max(slowestMs, performance.now() - begunAt);
        taken.push({ text, at: performance.now() });
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      server.program.child.kill("SIGKILL");
      const windowMs = WINDOW_MS + Math.min(KEEP_SHARE * slowestMs, MAX_KEEP_DELAY_MS);
      const unsafe = taken.filter(({ at }) => at > performance.now() - windowMs)
        .map(({ text }) => text);
      // The reader and the author come and go, which is fleeting: 200 lines are messages.
      said = [...past, ...taken.map(({ text }) => text)].slice(-150)
        .filter((text) => !unsafe.includes(text));
    }
    assert.ok(said.length > 50, `${said.length}`);
  });
});

testNeeding(
  [...NEEDS, "strace"],
  "a server that runs opens no file, and its backlog file has nothing but ciphertext",
  async () => {
    await withDirectory(async (cwd) => {
      const command = await commandLine("server", "source");
      const trace = ["strace", "-f", "-qq", "-e", "trace=open,openat,creat,rename,unlink"];
      const args = [...trace, "-o", `${cwd}/trace`, ...command, "127.0.0.1", "0", ...ARGS];
      // As the task sets it: else the runtime looks for a newer one of itself.
      const env = { NO_COLOR: "1", LC_ALL: "C.UTF-8", DENO_NO_UPDATE_CHECK: "1" };
      await using program = Program.spawn(args, { cwd, env });
      const [, port] = await program.waitFor("stderr", /^listening on .*:(\d+)$/m);
      const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
      const readCalls = async () => {
        const lines = (await Deno.readTextFile(`${cwd}/trace`)).split("\n");
        return lines.filter((line) => /open|creat|rename|unlink/.test(line));
      };
      const before = await readCalls();
      assert.ok(before.some((line) => line.includes('"kept"') || line.includes("/kept")));
      const read = async () => new TextDecoder().decode(await Deno.readFile(`${cwd}/kept`));
      {
        const options = { port: Number(port), keyText, nickname: "nickname" };
        await using author = await Member.enter(options);
        for (let i = 0; i < 30; i++) await author.say(`secret text ${i}`);
        let kept = 0;
        const hasAll = async () => (kept = (await read()).split("\ng").length - 1) === 30;
        await until(hasAll, () => `30 kept lines: ${kept}`);
      }
      assert.deepEqual((await readCalls()).slice(before.length), []);
      // strace alone could be killed, but not what it runs.
      const [pid] = (await Deno.readTextFile(`${cwd}/trace`)).split(" ");
      Deno.kill(Number(pid), "SIGTERM");
      await program.finished();
      const lines = (await read()).split("\n").slice(0, -1);
      const form =
        /^chat-backlog1 [0-9a-f]{32}$|^[0-9]{10} [0-9]{12} [0-9a-f]{8}$|^\0*$|^gAAAAA[A-Za-z0-9_-]+={0,2}$/;
      const heads = lines.filter((line) => !form.test(line.replace(/^\0*/, "")));
      for (const head of heads) assert.match(head, /^[0-9a-f]{8} [0-9]{15} [mg] \d+ \d+$/);
      assert.equal(lines.filter((line) => line.startsWith("gAAAAA")).length, 30);
    });
  },
);

testNeeding(
  NEEDS,
  "a second server on the same file is refused, and the first goes on",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: ARGS });
      const args = ["127.0.0.1", "0", "--key", "other.key", ...ARGS];
      const { code, stderr } = await run("server", args, { cwd });
      assert.equal(code, 1);
      assert.match(stderr, /^error: Cannot load backlog: another server uses kept$/m);
      assert.match(stderr, /^hint: Choose another file with --backlog-file PATH\.$/m);
      await assert.rejects(Deno.stat(`${cwd}/other.key`), Deno.errors.NotFound);
      const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
      await readPast(server.port, keyText);
    });
  },
);

testNeeding(NEEDS, "a server that is stopped has written everything", async () => {
  await withDirectory(async (cwd) => {
    {
      await using server = await startServer({ cwd, args: ARGS });
      const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
      await using author = await Member.enter({ port: server.port, keyText, nickname: "author" });
      await author.say("last words");
      await author.entered.room.untilTaken();
      server.program.child.kill("SIGTERM");
      assert.equal((await server.program.finished()).code, 0);
    }
    await using server = await startServer({ cwd, args: ARGS });
    const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
    assert.deepEqual(await readPast(server.port, keyText), ["last words"]);
  });
});

testNeeding(NEEDS, "a keyless server keeps chat.backlog, and may write nothing else", async () => {
  await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/admission.pub`, `${ADMISSION_LINE}\n`);
    const flags = taskFlags(config, "server:keyless");
    const command = [Deno.execPath(), "run", ...IMPORT_FLAGS, ...flags, `${ROOT}server.ts`];
    const start = (path: string) => {
      const args = ["--keyless", "admission.pub", "127.0.0.1", "0", "--backlog-file", path];
      return Program.spawn([...command, ...args], { cwd, env: { NO_COLOR: "1", LC_ALL: "C" } });
    };
    for (let round = 0; round < 2; round++) {
      await using server = start("chat.backlog");
      const [, port] = await server.waitFor("stderr", /^listening on .*:(\d+)$/m);
      assert.deepEqual(await readPast(Number(port), SECRET), round === 0 ? [] : ["kept"]);
      const options = { port: Number(port), keyText: SECRET, nickname: "author" };
      await using author = await Member.enter(options);
      if (round === 0) await author.say("kept");
      await author.entered.room.untilTaken();
      server.child.kill("SIGTERM");
      await server.finished();
    }
    await using refused = start("other");
    const { code, stderr } = await refused.finished();
    assert.deepEqual(
      [code, /^error: Cannot load backlog: other cannot be written$/m.test(stderr)],
      [
        1,
        true,
      ],
    );
    await writeKey(cwd);
    await using server = await startServer({ cwd, args: ["--backlog-file", "chat.backlog"] });
    assert.deepEqual(await readPast(server.port, SECRET), ["kept"]);
  });
});

testNeeding(
  [...NEEDS, "mount"],
  "a server goes on when the disk is full, and has all in its file once there is room",
  async () => {
    await withDirectory(async (cwd) => {
      const keyText = generateKey();
      await Deno.writeTextFile(`${cwd}/secret.key`, keyText, { mode: 0o600 });
      const script = `./server 127.0.0.1 0 --backlog-file small/kept &
        while [ ! -e room ]; do sleep 0.1; done; grow 16384
        while [ ! -e end ]; do sleep 0.1; done; kill $!; wait; cp small/kept kept`;
      await using program = await spawnOnSmallDisk(script, { cwd, kib: 256 });
      const [, port] = await program.waitFor("stderr", /^listening on .*:(\d+)$/m);
      const texts = Array.from({ length: 40 }, (_, i) => `${i} `.padEnd(10_000, "x"));
      {
        const options = { port: Number(port), keyText };
        await using reader = await Member.enter({ ...options, nickname: "reader" });
        await using author = await Member.enter({ ...options, nickname: "author" });
        for (const text of texts) await author.say(text);
        await reader.waitForText(texts.at(-1)!);
        await program.waitFor("stderr", /cannot write the backlog file: No space left on device/);
        assert.deepEqual(await readPast(Number(port), keyText), texts);
        await Deno.writeTextFile(`${cwd}/room`, "");
        await program.waitFor("stderr", /writing the backlog file again/);
      }
      await Deno.writeTextFile(`${cwd}/end`, "");
      assert.equal((await program.finished()).code, 0);
      await using again = await startServer({ cwd, args: ARGS });
      assert.deepEqual(await readPast(again.port, keyText), texts);
    });
  },
);

testNeeding(
  NEEDS,
  "a file whose end is torn gives what is whole, and is gone on with",
  async () => {
    await withDirectory(async (cwd) => {
      const talk = async (expected: readonly string[], text: string) => {
        await using server = await startServer({ cwd, args: ARGS });
        const { port } = server;
        const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
        assert.deepEqual(await readPast(port, keyText), expected);
        await using author = await Member.enter({ port, keyText, nickname: "author" });
        await author.say(text);
        await author.entered.room.untilTaken();
        server.program.child.kill("SIGTERM");
        assert.equal((await server.program.finished()).code, 0);
      };
      await talk([], "one");
      await talk(["one"], "two");
      const { size } = await Deno.stat(`${cwd}/kept`);
      const bytes = await Deno.readFile(`${cwd}/kept`);
      const last = bytes.findLastIndex((byte) => byte !== 0 && byte !== 0x0a);
      await Deno.truncate(`${cwd}/kept`, Math.min(size, last) - 20);
      await talk(["one"], "three");
      await talk(["one", "three"], "four");
    });
  },
);
