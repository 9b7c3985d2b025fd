import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { IMPORT_FLAGS, Program, ROOT, run, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
/** Times in messages are whole seconds: so long a wait tells apart what was written before it. */
const TELLING_MS = 2500;
/** Time between two lines that show who is in the room. */
const PROBE_MS = 200;
const TALKERS = ["anna", "ben"];
/** Who has none of the past, by its options; the bot comes beside these. */
const READERS: Record<string, string[]> = {
  json: ["--json"],
  pipe: [],
  stay: ["--stay", "--backlog", "0"],
  plain: ["--stay", "--backlog", "0", "--plain"],
};

/** All that is written with a word of that author: `anna 3`. */
function wordsOf(author: string, output: string): string[] {
  return [...output.matchAll(new RegExp(`\\b${author} \\w+`, "g"))].map(([found]) => found);
}

function numbered(author: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `${author} ${from + i}`);
}

for (const args of [[], ["--backlog-file", "chat.backlog"]]) {
  const name = `readers without past get what they miss while a relay is away (${
    args[0] ?? "new"
  })`;
  testNeeding(NEEDS, name, async () => {
    await withDirectory(async (cwd) => {
      await using stack = new AsyncDisposableStack();
      const server = stack.use(await startServer({ cwd, args }));
      const room = ["127.0.0.1", `${server.port}`];
      const enter = async (nick: string, more: string[]) => {
        return stack.use(await spawn("client", [...room, "--nick", nick, ...more], { cwd }));
      };
      const send = async (nick: string, text: string, ...more: string[]) => {
        const { code, stderr } = await run(
          "client",
          [...room, "--nick", nick, "--send", text, ...more],
          { cwd },
        );
        assert.equal(code, 0, stderr);
      };
      const talkers = await Promise.all(TALKERS.map((nick) => enter(nick, ["--stay"])));
      const simple = await enter("simon", ["--stay", "--plain"]);
      const all = [...talkers, simple];
      const say = async (from: number, to: number, who = [...TALKERS, "simon"]) => {
        const lines = who.map((author) => numbered(author, from, to));
        for (const [i, each] of lines.entries()) {
          await all[i]!.write(each.map((line) => `${line}\n`).join(""));
        }
      };
      const hasHeard = (program: Program, last: string, who = [...TALKERS, "simon"]) =>
        who.every((author) => program.stdout.includes(`${author} ${last}`));
      const heard = async (last: string, programs: Record<string, Program>) => {
        const missing = () => Object.entries(programs).filter(([, each]) => !hasHeard(each, last));
        const state = () =>
          missing().map(([who, { stdout, stderr }]) => `${who}: ${stdout}${stderr}`);
        await until(() => missing().length === 0, () => `${last}: ${state().join("\n")}`, 60);
      };
      const untilTold = async (last: string) => {
        // Nobody hears itself.
        const isTold = () =>
          all.every((each, i) =>
            hasHeard(each, last, [...TALKERS, "simon"].filter((_, other) => other !== i))
          );
        await until(
          isTold,
          () => all.map(({ stdout, stderr }) => stdout + stderr).join("---\n"),
          60,
        );
      };

      await send("passer", "passer past");
      await Promise.all(
        all.map((each, i) =>
          each.write([...TALKERS, "simon"].slice(i, i + 1).map((who) => `${who} past\n`).join(""))
        ),
      );
      await untilTold("past");
      await new Promise((resolve) => setTimeout(resolve, TELLING_MS));

      const readers: Record<string, Program> = {};
      for (const [nick, options] of Object.entries(READERS)) {
        readers[nick] = await enter(nick, options);
      }
      const key = (await Deno.readTextFile(`${cwd}/secret.key`)).trim();
      const flags = [...IMPORT_FLAGS, "--no-prompt", "--allow-net"];
      const path = `${ROOT}tests/support/listening_bot.ts`;
      readers.bot = stack.use(
        Program.spawn([Deno.execPath(), "run", "-q", ...flags, path, room[1]!, key], { cwd }),
      );
      // Who has heard it live is in the room.
      for (
        let probes = 0;
        !Object.values(readers).every((each) => each.stdout.includes("probe"));
      ) {
        await talkers[0]!.write(`probe ${probes++}\n`);
        await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
      }
      await say(0, 10);
      await heard("9", readers);

      for (const { child } of Object.values(readers)) child.kill("SIGSTOP");
      await say(10, 13, TALKERS);
      server.program.child.kill("SIGKILL");
      await server.program.child.status;
      await say(13, 20);
      stack.use(await startServer({ cwd, args, port: server.port }));
      await untilTold("19");
      await send("fresh", "fresh 0");
      await send("fresh", "plain 0", "--plain");
      for (const { child } of Object.values(readers)) child.kill("SIGCONT");
      await say(20, 30);
      await heard("29", readers);

      for (const [who, { stdout }] of Object.entries(readers)) {
        for (const talker of TALKERS) {
          assert.deepEqual(wordsOf(talker, stdout), numbered(talker, 0, 30), who);
        }
        const simons = [...numbered("simon", 0, 10), ...numbered("simon", 13, 30)];
        assert.deepEqual(wordsOf("simon", stdout), simons, who);
        assert.deepEqual(wordsOf("fresh", stdout), ["fresh 0"], who);
        assert.deepEqual(wordsOf("plain", stdout), ["plain 0"], who);
        assert.doesNotMatch(stdout, /past/, who);
      }
    });
  });
}
