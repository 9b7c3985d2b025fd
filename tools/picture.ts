/**
 * Makes docs/terminal.svg from the real programs, running in real terminals:
 * `deno task picture`.
 *
 * @module
 */

import { commandLine } from "../tests/support/programs.ts";
import { withDirectory } from "../tests/support/temporary.ts";
import { Terminal } from "../tests/support/tmux.ts";

const COLUMNS = 76;
const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;
const TITLE_HEIGHT = 26;

interface Picture {
  readonly title: string;
  readonly rows: readonly string[];
}

await withDirectory(async (cwd) => {
  const command = async (program: "server" | "client", ...args: string[]) =>
    [...await commandLine(program, "compiled"), ...args].join(" ");
  const size = { cwd, columns: COLUMNS, rows: 14 };
  await using server = await Terminal.open(await command("server", "127.0.0.1", "5050"), size);
  await server.waitFor(/listening on/);
  const join = async (nick: string) => {
    const client = await command("client", "127.0.0.1", "5050", "--nick", nick);
    // Each has a home of its own, and keys of its own.
    const state = `XDG_STATE_HOME=${cwd}/${nick}`;
    const terminal = await Terminal.open(`env ${state} ${client}`, size);
    await terminal.waitFor(/connected/);
    return terminal;
  };
  await using alice = await join("alice");
  await using bob = await join("bob");
  await alice.waitFor(/bob joined/);
  const say = async (from: Terminal, to: Terminal, text: string) => {
    await from.type(text);
    await from.press("Enter");
    const start = text.slice(0, 20);
    await to.waitFor(new RegExp(start));
  };
  await say(alice, bob, "hi bob, did you get the key?");
  await say(bob, alice, "on a USB stick, thanks 🔑 it just works");
  await say(alice, bob, "the server only ever sees tokens");
  await alice.type("/msg bob and this one only you can read");
  await alice.press("Enter");
  await bob.waitFor(/only you can read/);
  await bob.type("and a draft stays put while you wri");
  await say(alice, bob, "even while you type?");
  await bob.waitFor(/while you type/);
  const svg = draw([
    { title: "chat-server 127.0.0.1 5050", rows: await server.screen() },
    { title: "chat-client 127.0.0.1 5050 --nick alice", rows: await alice.screen() },
    { title: "chat-client 127.0.0.1 5050 --nick bob", rows: await bob.screen() },
  ].map(({ title, rows }) => ({ title, rows: rows.map((row) => row.replaceAll(cwd, "~")) })));
  await Deno.writeTextFile("docs/terminal.svg", svg);
});

/** Draws terminals one below the other. */
function draw(pictures: readonly Picture[]): string {
  const width = Math.ceil(COLUMNS * CELL.width + 2 * MARGIN);
  let top = 0;
  const parts = pictures.map((picture) => {
    const height = TITLE_HEIGHT + picture.rows.length * CELL.height + MARGIN;
    const part = drawTerminal(picture, width, height, top);
    top += height + MARGIN;
    return part;
  });
  const font = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top - MARGIN}" ` +
    `font-family="${font}" font-size="14">\n<title>A server and two clients</title>\n` +
    parts.join("\n") + "\n</svg>\n";
}

function drawTerminal(picture: Picture, width: number, height: number, top: number): string {
  const lines = picture.rows.map((row, i) => {
    const y = TITLE_HEIGHT + (i + 1) * CELL.height - 4;
    return `<text x="${MARGIN}" y="${y}" fill="#d8dee9" xml:space="preserve">${escape(row)}</text>`;
  });
  return [
    `<g transform="translate(0 ${top})">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#1b1f27"/>`,
    `<text x="${MARGIN}" y="18" fill="#7f8a9d">$ ${escape(picture.title)}</text>`,
    ...lines,
    "</g>",
  ].join("\n");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
