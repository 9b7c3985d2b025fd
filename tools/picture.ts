/**
 * Makes docs/terminal.svg and docs/captures/ from the real programs, running in real terminals:
 * `deno task picture`.
 *
 * @module
 */

import { declare } from "../tests/support/needs.ts";
import { commandLine } from "../tests/support/programs.ts";
import { withDirectory } from "../tests/support/temporary.ts";
import { PEOPLE, ThreeClients } from "../tests/support/three_clients.ts";
import { Terminal } from "../tests/support/tmux.ts";
import { normalize } from "./captures.ts";
import { parseSgr } from "./sgr.ts";
import { drawTerminals } from "./svg.ts";

const COLUMNS = 76;

/** What three people see who use every command. */
async function capture(cwd: string): Promise<void> {
  const setting = { cwd, build: "source", columns: COLUMNS, rows: 40, hasColors: false } as const;
  await using people = await ThreeClients.open(setting);
  await people.talk();
  await people.part();
  await Deno.mkdir("docs/captures", { recursive: true });
  for (const name of PEOPLE) {
    const rows = normalize(await people.terminals[name].all());
    await Deno.writeTextFile(`docs/captures/${name}.txt`, rows.join("\n") + "\n");
  }
}

/** A server, and two people who talk. */
async function draw(cwd: string): Promise<void> {
  const command = async (program: "server" | "client", ...args: string[]) =>
    [...await commandLine(program, "source"), ...args].join(" ");
  const size = { cwd, columns: COLUMNS, rows: 14 };
  const [english, colors] = ["LC_ALL=C.UTF-8", "NO_COLOR= TERM=tmux-256color"];
  await using server = await Terminal.open(
    `env ${english} ${await command("server", "127.0.0.1", "5050")}`,
    size,
  );
  await server.waitFor(/listening on/);
  const join = async (nick: string) => {
    const client = await command("client", "127.0.0.1", "5050", "--nick", nick, "--ephemeral");
    const config = `XDG_CONFIG_HOME=${cwd}/config`;
    const terminal = await Terminal.open(`env ${english} ${colors} ${config} ${client}`, size);
    await terminal.waitFor(/here: /);
    return terminal;
  };
  await using alice = await join("alice");
  await using bob = await join("bob");
  await alice.waitFor(/bob joined/);
  const enter = async (from: Terminal, to: Terminal, text: string, seen: RegExp) => {
    await from.type(text);
    await from.press("Enter");
    await to.waitFor(seen);
  };
  await enter(alice, bob, "hi bob, did you get the key?", /get the key/);
  await enter(bob, alice, "alice: on a USB stick, thanks 🔑 it just works", /just works/);
  await enter(alice, bob, "the server only ever sees tokens", /only ever/);
  await enter(bob, alice, "/me nods", /\* bob nods/);
  await enter(alice, bob, "/msg bob and this one only you can read", /only you can read/);
  await bob.type("and a draft stays put while you wri");
  await enter(alice, bob, "even while you type?", /while you type/);
  const pictures = [
    { title: "chat-server 127.0.0.1 5050", terminal: server },
    { title: "chat-client 127.0.0.1 5050 --nick alice", terminal: alice },
    { title: "chat-client 127.0.0.1 5050 --nick bob", terminal: bob },
  ];
  const drawn = await Promise.all(pictures.map(async ({ title, terminal }) => {
    // As the compiled programs say it.
    const rows = (await terminal.styled()).map((row) => {
      return row.replaceAll(cwd, "~").replaceAll("deno task client", "chat-client");
    });
    return { title, rows: parseSgr(rows) };
  }));
  await Deno.writeTextFile("docs/terminal.svg", drawTerminals(drawn, COLUMNS));
}

declare("tmux");
await withDirectory(capture);
await withDirectory(draw);
await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", "docs/terminal.svg"] }).output();
