import assert from "node:assert/strict";
import type { ShownMessage } from "../../lib/client/events.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { History } from "../../lib/terminal/editor/history.ts";
import { makeTheme } from "../../lib/terminal/screen/theme.ts";
import { LocalTime } from "../../lib/terminal/show/local_time.ts";
import { Terminal } from "../../lib/terminal/terminal.ts";
import { Member } from "../support/member.ts";
import { testNeeding } from "../support/needs.ts";
import { peakResidentBytes, until } from "../support/process_info.ts";
import { commandLine, startServer } from "../support/programs.ts";
import { RawClient } from "../support/raw_client.ts";
import { pour, sealMessages } from "../support/sealed.ts";
import { withDirectory } from "../support/temporary.ts";
import { Terminal as Tmux } from "../support/tmux.ts";
import { VirtualTerminal } from "../support/virtual_terminal.ts";

const NEEDS = ["net", "read", "write", "run", "env", "tmux"] as const;
const MEMBERS = ["bob", "carol", "dave", "eve"];
const DRAFT = "a draft that is typed while messages of others keep coming in";
const MIB = 1 << 20;

function numbered(count: number, rest = "hello there"): string[] {
  return Array.from({ length: count }, (_, i) => `line ${i}: ${rest}`);
}

/** The numbers in lines of the form of {@linkcode numbered}, in their order. */
function numbersIn(rows: readonly string[]): number[] {
  return rows.flatMap((row) => [...row.matchAll(/line (\d+):/g)].map((match) => Number(match[1])));
}

for (const [columns, rows] of [[80, 24], [200, 50]] as const) {
  testNeeding(
    NEEDS,
    `client at ${columns}x${rows} loses none of 5,000 messages in a second, nor what is typed`,
    async () => {
      await withDirectory(async (cwd) => {
        await using server = await startServer({ cwd, args: ["--no-rate-limit"] });
        const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
        const texts = numbered(5000);
        const lines = await sealMessages({ keyText, nicknames: MEMBERS, texts });
        const client = [...await commandLine("client", "source"), "127.0.0.1", `${server.port}`];
        const words = [...client, "--nick", "alice", "--ephemeral", "--no-settings"];
        const command = words.map((word) => `'${word}'`).join(" ");
        await using terminal = await Tmux.open(command, { cwd, columns, rows });
        await terminal.waitFor(/^alice>$/m);
        using flood = await RawClient.connect(server.port);
        const pouring = pour(flood, lines, 5000);
        for (const character of DRAFT) await terminal.type(character);
        await pouring;
        await terminal.waitFor(/line 4999:/);
        await terminal.waitFor(/coming in/);
        const all = await terminal.all();
        assert.deepEqual(numbersIn(all), texts.map((_, i) => i));
        const screen = (await terminal.screen()).join("\n");
        assert.ok(screen.endsWith(`\nalice> ${DRAFT}`), screen);
        assert.deepEqual(await terminal.cursor(), ["alice> ".length + DRAFT.length, rows - 1]);
      });
    },
  );
}

testNeeding(
  NEEDS,
  "client keeps within 200 MB while 20,000 long messages scroll by",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: ["--no-rate-limit"] });
      const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
      const texts = numbered(20_000, "lorem ipsum dolor sit amet ".repeat(18));
      const lines = await sealMessages({ keyText, nicknames: MEMBERS, texts });
      const client = [...await commandLine("client", "source"), "127.0.0.1", `${server.port}`];
      const words = [...client, "--nick", "alice", "--ephemeral", "--no-settings"];
      const command = `echo $$ > pid; exec ${words.map((word) => `'${word}'`).join(" ")}`;
      await using terminal = await Tmux.open(`sh -c "${command.replaceAll("$", "\\$")}"`, {
        cwd,
        columns: 80,
        rows: 24,
      });
      await terminal.waitFor(/^alice>$/m);
      using flood = await RawClient.connect(server.port);
      await pour(flood, lines, 5000);
      await until(async () => /line 19999:/.test((await terminal.screen()).join("\n")), "all", 60);
      const bytes = await peakResidentBytes(Number(await Deno.readTextFile(`${cwd}/pid`)));
      assert.ok(bytes < 200 * MIB, `${Math.round(bytes / MIB)} MiB`);
    });
  },
);

testNeeding(
  NEEDS,
  "Terminal is never 250 ms behind what was decrypted, and draws 30 times a second at most",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: ["--no-rate-limit"] });
      const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
      const texts = numbered(5000);
      const lines = await sealMessages({ keyText, nicknames: MEMBERS, texts });
      await using member = await Member.enter({ port: server.port, keyText, nickname: "alice" });
      using screen = new VirtualTerminal(80, 24);
      const repaints: number[] = [];
      const terminal = openTerminal(async (text) => {
        repaints.push(performance.now());
        await screen.feed(text);
      });
      using flood = await RawClient.connect(server.port);
      const delays: number[] = [];
      let shown = 0;
      const pouring = pour(flood, lines, 5000);
      for (let taken = 0; shown < texts.length;) {
        await until(() => member.events.length > taken, `${taken} of 5,000 messages`);
        const batch = member.events.slice(taken);
        taken += batch.length;
        const messages = batch.flatMap((event): ShownMessage[] =>
          event.kind === "message" ? [{ ...event, isOwn: false, isMention: false }] : []
        );
        const began = performance.now();
        await terminal.show(messages);
        shown += messages.length;
        delays.push(performance.now() - began);
      }
      await pouring;
      await terminal.close();
      assert.deepEqual(numbersIn(screen.all()), texts.map((_, i) => i));
      assert.ok(Math.max(...delays) < 250, `${Math.max(...delays)} ms`);
      for (const [i, at] of repaints.entries()) {
        const later = repaints[i + 30];
        assert.ok(later === undefined || later - at >= 999, `30 repaints in ${later! - at} ms`);
      }
    });
  },
);

/** A terminal that nobody types at. */
function openTerminal(write: (text: string) => Promise<void>): Terminal {
  return new Terminal({
    open: () => ({
      async *input() {},
      write,
      size: () => ({ columns: 80, rows: 24 }),
      title: () => Promise.resolve(),
    }),
    theme: makeTheme(256),
    say: sayIn("en"),
    time: new LocalTime("en", "UTC"),
    history: new History(),
    nickname: "alice",
    title: "room",
    bell: "off",
    notify: false,
    isInTmux: false,
    hasTimestamps: true,
    complete: () => ({ start: 0, candidates: [] }),
    onEntered: () => {},
    onInterrupt: () => {},
    now: Date.now,
    monotonic: () => performance.now(),
  });
}
