/**
 * Clients at a bare pseudo-terminal, and whether they gave it back.
 *
 * @module
 */

import assert from "node:assert/strict";
import { RESTORE } from "../../lib/terminal/input/tty.ts";
import { commandLine, ROOT } from "./programs.ts";
import { type Left, Pty } from "./pty.ts";
import { VirtualTerminal } from "./virtual_terminal.ts";

/** Signals by their numbers on Linux. */
export const SIGNALS = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  USR1: 10,
  USR2: 12,
  TERM: 15,
  CONT: 18,
  STOP: 19,
} as const;

const [COLUMNS, ROWS] = [100, 15];

/** What a client is started with. */
export interface ClientStart {
  readonly cwd: string;
  readonly port: number;
  /** Its name; undefined to be asked for it. */
  readonly nick?: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  readonly isControlling?: boolean;
  /** Whether it is the one that fails on purpose. */
  readonly doesCrash?: boolean;
}

/** Starts a client in a terminal of 100x15. */
export async function openClient(start: ClientStart): Promise<Pty> {
  const { cwd, port, nick, args = [], env, isControlling, doesCrash = false } = start;
  const words = await commandLine("client", "source");
  // Else Deno itself writes on the terminal while it loads.
  words.splice(2, 0, "-q");
  if (doesCrash) words[words.length - 1] = `${ROOT}tests/support/crashing_client.ts`;
  const name = nick === undefined ? [] : ["--nick", nick];
  const command = [...words, "127.0.0.1", `${port}`, "--ephemeral", ...name, ...args];
  const surroundings = {
    ...{ LC_ALL: "C.UTF-8", TERM: "xterm-256color", NO_COLOR: "", TMUX: "" },
    ...{ XDG_CONFIG_HOME: `${cwd}/config`, XDG_STATE_HOME: `${cwd}/state` },
    ...env,
  };
  return await Pty.open(command, {
    ...{ cwd, env: surroundings, isControlling },
    ...{ columns: COLUMNS, rows: ROWS },
  });
}

/** Starts alice's client, and waits until it is in the room. */
export async function openAlice(start: Omit<ClientStart, "nick">): Promise<Pty> {
  const pty = await openClient({ ...start, nick: "alice" });
  await pty.waitFor(/alice> /);
  return pty;
}

/**
 * Asserts that the terminal is as it was, with the cursor on a fresh line.
 *
 * @returns The rows that the program left on the screen.
 */
export async function assertRestored({ output, isSame }: Left): Promise<string[]> {
  assert.ok(output.includes("\x1b[?2004h"), "it never took the terminal");
  assert.ok(isSame, "tcgetattr differs");
  assert.equal(output.slice(-RESTORE.length), RESTORE);
  using terminal = new VirtualTerminal(COLUMNS, ROWS);
  await terminal.feed("\x1b]2;before\x07");
  const { modes } = terminal;
  await terminal.feed(output);
  assert.deepEqual(terminal.modes, modes);
  assert.equal(terminal.title, "before");
  const [column, row] = terminal.cursor();
  const rows = terminal.screen();
  assert.equal(column, 0, "the cursor is inside a row");
  assert.equal(row, rows.length, "the cursor is not below all that was written");
  return rows;
}
