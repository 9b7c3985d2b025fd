import assert from "node:assert/strict";
import { COMMANDS } from "../lib/chat/commands.ts";
import { CLIENT_SPEC } from "../lib/cli/client_spec.ts";
import { formatInvitation, formatListening } from "../lib/cli/invitation.ts";
import { SERVER_SPEC } from "../lib/cli/server_spec.ts";
import { spellOption } from "../lib/cli/spec.ts";
import { MAX_HEARTBEAT_MS, MIN_HEARTBEAT_MS } from "../lib/client/limits.ts";
import type { Language } from "../lib/messages/phrases.ts";
import { sayIn } from "../lib/messages/say.ts";
import { DEFAULT_BACKLOG_LINES, MAX_BACKLOG_AGE_MS } from "../lib/relay/limits.ts";
import { type ClientTerminalOptions, openClient } from "./support/client_terminal.ts";
import { readBlocks, readDocument, readHeadings } from "./support/documents.ts";
import { testNeeding } from "./support/needs.ts";
import { ROOT, run, spawn, startServer } from "./support/programs.ts";
import { spawnPython } from "./support/python.ts";
import { withDirectory } from "./support/temporary.ts";
import { type Terminal, withoutTimes } from "./support/tmux.ts";

testNeeding(
  ["net", "read", "write", "run", "env", "python3-cryptography"],
  "README's Python client talks with the programs",
  async () => {
    const readme = await Deno.readTextFile(`${ROOT}README.md`);
    const [, code] = /```python\n(.*?)```/s.exec(readme)!;
    assert.equal(code!.trimEnd().split("\n").length, 6);
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const args = ["127.0.0.1", `${server.port}`, "--ephemeral"];
      await using client = await spawn("client", [...args, "--stay"], { cwd });
      await client.waitFor("stderr", /^connected to /m);
      await using python = spawnPython(["-c", code!.replace("5050", args[1]!)], { cwd });
      await client.waitFor("stdout", /^\(unverified\) <py> hello$/m);
      await run("client", [...args, "-n", "al"], { cwd, input: "hi\n" });
      await server[Symbol.asyncDispose]();
      assert.equal((await python.finished()).stdout, "<al> hi\n");
    });
  },
);

const README = { en: "README.md", fr: "docs/README.fr.md" } as const;
const USE = { en: "docs/USE.md", fr: "docs/USE.fr.md" } as const;
const PAIRS = [README, USE];

for (const { en, fr } of PAIRS) {
  testNeeding(["read"], `${en} has the same commands and examples in both languages`, async () => {
    const [english, french] = (await Promise.all([en, fr].map(readDocument))).map((text) => {
      return readBlocks(text).map(({ info, lines }) => {
        // What a command does, and what the programs say, is in the reader's language.
        if (info === "console") return [info, lines.length, lines[0]];
        return [info, ...lines.map((line) => info === "sh" ? line.replace(/ +# .*/, "") : line)];
      });
    });
    assert.ok(english!.length >= 6, "the blocks were not read");
    assert.deepEqual(french, english);
  });

  testNeeding(
    ["read"],
    `${en} has as many headings, rows and links in both languages`,
    async () => {
      const [english, french] = (await Promise.all([en, fr].map(readDocument))).map((text) => ({
        headings: readHeadings(text).length,
        options: [...text.matchAll(/^\| (`-.*?) +\|/gm)].map(([, option]) => option),
        rows: text.match(/^\|/gm)?.length,
        items: text.match(/^- /gm)?.length,
        links: text.match(/\]\([^)]+\)/g)!.length,
      }));
      assert.deepEqual(french, english);
    },
  );
}

testNeeding(["read"], "README is a page", async () => {
  for (const path of Object.values(README)) {
    const lines = (await readDocument(path)).trimEnd().split("\n").length;
    assert.ok(lines <= 150, `${path} has ${lines} lines`);
  }
});

testNeeding(["read"], "the French documents are set as French is", async () => {
  for (const path of [README.fr, USE.fr]) {
    const text = (await readDocument(path)).replaceAll(/^```[^]*?^```$|^\| `-.*?\|/gm, "");
    const prose = text.replaceAll(/`[^`]*`|\]\([^)]*\)|\b\w+:\/\/\S+/g, "x");
    assert.doesNotMatch(prose, /\p{L}'/u, path);
    assert.doesNotMatch(prose, /[^\s:|-][;!?](?:\s|$)|[^\s|-]:(?:\s|$)|«\S|\S»/u, path);
  }
});

testNeeding(["read"], "docs/USE.md names every option, in both languages", async () => {
  for (const path of Object.values(USE)) {
    const text = await readDocument(path);
    for (const option of [...SERVER_SPEC.options, ...CLIENT_SPEC.options]) {
      const spelled = spellOption(option);
      assert.ok(text.includes(`${spelled}\``), `${path}: ${spelled} is missing`);
    }
  }
});

testNeeding(["read"], "docs/USE.md names every command, and no other", async () => {
  for (const [path, heading] of [[USE.en, "Commands"], [USE.fr, "Commandes"]] as const) {
    const text = await readDocument(path);
    const [, table] = RegExp(`## ${heading}\\n([^]*?)\\n\\n[^|\\n]`).exec(text)!;
    const named = [...table!.matchAll(/`\/([a-z]+)[^`]*`/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(named)].sort(), COMMANDS.map(({ name }) => name).sort(), path);
  }
});

testNeeding(["read"], "README counts the lines of member_client.py", async () => {
  const lines = (await readDocument("docs/clients/member_client.py")).trimEnd().split("\n").length;
  for (const path of Object.values(README)) {
    const [, count] = /member_client\.py\)\s.*?(\d+)\s(?:lines|lignes)/s.exec(
      await readDocument(path),
    )!;
    assert.equal(Number(count), lines, path);
  }
});

testNeeding(["read"], "README says how far back a newcomer sees", async () => {
  const [lines, hours] = [DEFAULT_BACKLOG_LINES, MAX_BACKLOG_AGE_MS / 3_600_000];
  const said = {
    en: `the last ${lines} lines of the last ${hours} hours`,
    fr: `les ${lines} dernières lignes des dernières ${hours} heures`,
  };
  for (const language of ["en", "fr"] as const) {
    const text = (await readDocument(README[language])).replaceAll(/\s+/g, " ");
    assert.ok(text.includes(said[language]), said[language]);
  }
  // Three members who only say that they are here fill the backlog in an hour.
  const filledAfter = (heartbeatMs: number) => lines * heartbeatMs / 3 / 3_600_000;
  assert.ok(filledAfter(MIN_HEARTBEAT_MS) > 0.9 && filledAfter(MAX_HEARTBEAT_MS) < 1.1);
});

const EXAMPLE_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const FINGERPRINT = "95355 41374 02588 71678";
const RELAY = { hostname: "192.168.1.20", port: 5050 };

async function readConsole(language: Language): Promise<(readonly string[])[]> {
  const blocks = readBlocks(await readDocument(README[language]));
  return blocks.filter(({ info }) => info === "console").map(({ lines }) => lines);
}

for (const language of ["en", "fr"] as const) {
  testNeeding(["read"], `README shows what the server says to Alice: ${language}`, async () => {
    const say = sayIn(language);
    const [server] = await readConsole(language);
    const listening = { hostname: "0.0.0.0", port: RELAY.port };
    const lines = formatInvitation({
      ...{ listening, mode: "members", invites: true, clientCommand: "chat-client" },
      key: { path: "secret.key", created: true, fingerprint: FINGERPRINT },
      interfaces: [{ family: "IPv4", address: RELAY.hostname }],
    }, say);
    const command = `$ chat-server ${listening.hostname} ${listening.port} --members-only`;
    assert.deepEqual(server, [command, ...lines, formatListening(listening, say)]);
  });

  testNeeding(
    ["net", "read", "write", "run", "env", "tmux"],
    `README shows what Alice and Bob see: ${language}`,
    async () => {
      const [, alice, bob] = (await readConsole(language)).map((lines) => lines.map(withoutNumber));
      await withDirectory(async (cwd) => {
        await Deno.writeTextFile(`${cwd}/secret.key`, `${EXAMPLE_KEY}\n`, { mode: 0o600 });
        await using server = await startServer({ cwd, args: ["--members-only"] });
        const open = async (nick: string, options: Partial<ClientTerminalOptions> = {}) => {
          const home = `${cwd}/${nick}`;
          await Deno.mkdir(home);
          const env = {
            ...{ LC_ALL: language === "fr" ? "fr_FR.UTF-8" : "C.UTF-8" },
            ...{ XDG_STATE_HOME: home, XDG_CONFIG_HOME: home },
          };
          return openClient({ cwd, port: server.port, args: ["--nick", nick], env, ...options });
        };
        const said = [alice!, bob!].map((lines) => lines.at(-1)!.split(/› | {2}/).at(-1)!);
        const hello = alice!.at(-2)!.split("› ").at(-1)!;
        await using first = await open("alice");
        await first.waitFor(/only you|vous seulement/);
        await first.type("/invite bob");
        await first.press("Enter");
        await first.waitFor(CODE);
        const [, code] = CODE.exec((await first.screen()).join("\n"))!;
        await using second = await open("bob", { cwd: `${cwd}/bob`, command: "join" });
        await second.waitFor(/the four words|les quatre mots/);
        await second.type(code!);
        await second.press("Enter");
        await second.waitFor(/(?:you|vous), alice/);
        await first.waitFor(/-- bob (?:joined|a rejoint)/);
        await first.type(hello);
        await first.press("Enter");
        await second.waitFor(RegExp(`alice  ${RegExp.escape(hello)}`));
        await second.type(said[1]!);
        await second.press("Enter");
        await first.waitFor(RegExp(`bob  ${said[0]}`));
        // A row stands under its time when the relay has what it says.
        await first.waitFor(RegExp(`\\d alice› ${RegExp.escape(hello)}`));
        await second.waitFor(RegExp(`\\d bob› ${said[1]}`));
        assert.deepEqual(await readTalk(first, server.port, code!), alice!.slice(1));
        assert.deepEqual(await readTalk(second, server.port, code!), bob!.slice(1));
      });
    },
  );
}

/** The code, as Alice is told it. */
const CODE = /minutes ?:\s+([a-z]+(?:-[a-z]+){3})$/m;

/** Everybody has another safety number. */
function withoutNumber(line: string): string {
  return line.replace(/(?:\d{5} ){5}\d{5}/, "00000");
}

/**
 * The rows of a client above the prompt, but for the day, and for what is said of an address of this
 * machine. Rows that were wrapped are put together.
 */
async function readTalk(terminal: Terminal, port: number, code: string): Promise<string[]> {
  const rows = withoutTimes(await terminal.joined()).join("\n").replaceAll(/\n {9}/g, " ");
  const { hostname } = RELAY;
  return rows
    .replaceAll("127.0.0.1", hostname)
    .replaceAll(RegExp(`(?<=${RegExp.escape(hostname)}[: ])${port}`, "g"), `${RELAY.port}`)
    .replaceAll(code, "acorn-cable-dwarf-ship")
    .split("\n")
    .filter((row) => !/^——|only this machine|seule cette machine/.test(row))
    .slice(0, -1)
    .map(withoutNumber);
}
