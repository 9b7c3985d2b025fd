/**
 * Opens the terminal of a client, before the client enters the room.
 *
 * @module
 */

import type { Completer } from "../chat/completion.ts";
import type { ClientOptions } from "../cli/client_options.ts";
import { explain } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { chooseLanguage } from "../messages/say.ts";
import { parseNickname } from "../protocol/nickname.ts";
import { HistoryFile } from "../storage/history_file.ts";
import type { Warn } from "../storage/private_file.ts";
import type { Offer } from "../terminal/editor/candidates.ts";
import { History } from "../terminal/editor/history.ts";
import { completeFile, completePath } from "../terminal/editor/paths.ts";
import { Tty, type TtyOptions } from "../terminal/input/tty.ts";
import { chooseDepth, isDumb } from "../terminal/screen/color_depth.ts";
import { chooseReflow } from "../terminal/screen/reflow.ts";
import { makeTheme } from "../terminal/screen/theme.ts";
import { LocalTime } from "../terminal/show/local_time.ts";
import type { ProposedAnswer } from "../terminal/input_line.ts";
import { Terminal } from "../terminal/terminal.ts";
import { formatHostPort } from "../text/host_port.ts";
import { type Departure, SIGNAL_ECHO_MS } from "./departure.ts";

/** What {@linkcode openTerminal} reads and calls. */
export interface TerminalClientParts {
  readonly options: ClientOptions;
  /** The directory of the user's files; undefined if none are kept. */
  readonly state: string | undefined;
  readonly env: (name: string) => string | undefined;
  readonly say: Say;
  readonly warn: Warn;
  readonly departure: Departure;
  /** Writes a line to a standard error that is no terminal. */
  readonly report: (line: string) => void;
}

/** The terminal, and what Tab completes there. */
export interface TerminalClient {
  readonly terminal: Terminal;
  /** Completes commands and nicknames. Set it when the client has entered the room. */
  completer: Completer | undefined;
}

/**
 * Tells whether a client is to show a prompt.
 *
 * @param options The options of the client.
 * @param env Looks up an environment variable.
 */
export function isAtTerminal(
  { json, send }: Pick<ClientOptions, "json" | "send">,
  env: (name: string) => string | undefined,
): boolean {
  const isScript = json || send !== undefined;
  const canDraw = Deno.build.os === "windows" || !isDumb(env);
  return !isScript && canDraw && Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}

/**
 * Takes the terminal over, and shows the prompt at once. What the user types while the client
 * connects is not lost.
 */
export async function openTerminal(parts: TerminalClientParts): Promise<TerminalClient> {
  const { options, state, env, say, warn, departure, report } = parts;
  const historyPath = options.history && state ? `${state}/history` : undefined;
  const kept = historyPath === undefined ? undefined : await HistoryFile.open(historyPath, warn);
  const history = new History(kept?.entries);
  const home = env("HOME");
  const isWindows = Deno.build.os === "windows";
  const depth = chooseDepth({ color: options.color, isTerminal: true, env, isWindows });
  let tty!: Tty;
  let refusedAt = -Infinity;
  // `deno task` does not stop with its program, and keeps the terminal from the shell.
  const onStopRefused = env("CHAT_TASK") === undefined ? undefined : () => {
    const isEcho = performance.now() - refusedAt < SIGNAL_ECHO_MS;
    refusedAt = performance.now();
    if (isEcho) return;
    client.terminal.notify(
      say("Ctrl-Z does not work under deno task: it does with a compiled chat-client"),
    );
  };
  const client: TerminalClient = {
    completer: undefined,
    terminal: new Terminal({
      open: (listeners: TtyOptions) => tty = new Tty({ ...listeners, onStopRefused }),
      theme: makeTheme(depth),
      ...{ say, history },
      time: new LocalTime(chooseLanguage(env)),
      reflow: chooseReflow(env),
      nickname: options.nickname,
      title: options.room?.name ??
        formatHostPort(options.address.hostname, options.address.port),
      bell: options.bell,
      notify: options.notify,
      isInTmux: Boolean(env("TMUX")),
      hasTimestamps: options.timestamps,
      complete: (before) => complete(before, client.completer, home),
      // Only what was entered is kept on disk. The Up key also recalls what was discarded.
      onEntered: (text) => kept?.file.add(text),
      onInterrupt: () => departure.signal(130),
      now: Date.now,
      monotonic: () => performance.now(),
    }),
  };
  const { terminal } = client;
  departure.terminal = {
    close: () => terminal.close(),
    isWriting: () => tty.isWriting,
    untilWritten: () => tty.untilWritten(),
    restore: () => tty.restore(terminal.abandon()),
    interrupt: () => terminal.interrupt(),
    // Only a terminal is written to at once. Other streams may take nothing for ever.
    farewell: (line) => {
      if (Deno.stderr.isTerminal()) return tty.farewell(line);
      tty.restore();
      report(line);
    },
  };
  if (kept) departure.before(() => kept.file.close());
  return client;
}

/**
 * Asks for a nickname until the user enters one that can be used.
 *
 * @param terminal The terminal to ask at.
 * @param proposal The name that is at the prompt first. Enter accepts it.
 * @param say Says phrases in the user's language.
 * @returns The nickname; undefined if the user left instead.
 */
export async function askNickname(
  terminal: Terminal,
  proposal: string,
  say: Say,
): Promise<string | undefined> {
  terminal.notify(
    say(
      "welcome! Type the name that others are to see; Enter accepts it, and /nick changes it later",
    ),
  );
  for (let answer: ProposedAnswer = { proposal };;) {
    const name = await terminal.ask(say("your name> "), answer);
    if (name === undefined) return undefined;
    answer = { typed: name };
    try {
      return parseNickname(name.trim());
    } catch (error) {
      terminal.notify(explain(error, say));
    }
  }
}

/** What `/send` is to send, and perhaps to whom. */
const SENT = /^\/send +(.*)$/u;

/** Completes a path if the last word looks like one, and else a command or a nickname. */
async function complete(
  before: string,
  completer: Completer | undefined,
  home: string | undefined,
): Promise<Offer> {
  const sent = SENT.exec(before)?.[1];
  const files = sent === undefined ? [] : await completeFile(sent, { readDir, home });
  if (files.length > 0) return { start: before.length - sent!.length, candidates: files };
  const word = /\S*$/u.exec(before)![0];
  const start = before.length - word.length;
  const paths = start === 0 && word.startsWith("/")
    ? []
    : await completePath(word, { readDir, home });
  if (paths.length > 0) return { start, candidates: paths };
  return completer?.complete(before) ?? { start, candidates: [] };
}

async function* readDir(path: string): AsyncGenerator<{ name: string; isDirectory: boolean }> {
  for await (const { name, isDirectory } of Deno.readDir(path)) yield { name, isDirectory };
}
