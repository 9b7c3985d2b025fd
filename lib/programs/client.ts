/**
 * `chat-client`: reads its options and wires its parts.
 *
 * @module
 */

import { setColorEnabled } from "@std/fmt/colors";
import { Completer } from "../chat/completion.ts";
import { converse } from "../chat/conversation.ts";
import { formatLocalTime } from "../chat/describe.ts";
import type { UserInterface } from "../chat/user_interface.ts";
import { type ClientOptions, readClientOptions } from "../cli/client_options.ts";
import { FILE_COMMANDS, readFileOptions } from "../cli/file_options.ts";
import { CLIENT_SPEC } from "../cli/client_spec.ts";
import { isColorWanted } from "../cli/color.ts";
import { readLocaleVariable, readVariable } from "../cli/environment.ts";
import { EXIT, exitCodeOf, formatError, formatWarning } from "../cli/report_error.ts";
import type { FileJob } from "../client/files/job.ts";
import { explain } from "../errors.ts";
import { chooseLanguage, sayIn } from "../messages/say.ts";
import type { Wording } from "../messages/wording.ts";
import { formatHostPort } from "../text/host_port.ts";
import { openFileScript } from "./file_script.ts";
import { findDownloads, openState, withHome } from "./home.ts";
import { Departure } from "./departure.ts";
import type { Inviting } from "./inviting.ts";
import { type ClientRoom, enterAsClient } from "./enter_client.ts";
import { openInterface, writeJsonFailure } from "./interfaces.ts";
import { NicknameKeeper } from "./keep_nickname.ts";
import { loadRoomKey, openRoomKey } from "./load_key.ts";
import { openDiagnostics, printText, readInput, writeOutput } from "./standard_streams.ts";
import { giveName } from "./propose_name.ts";
import { askNickname, isAtTerminal, openTerminal, type TerminalClient } from "./terminal_client.ts";

/** Wait, in ms, before a new client lists who is here: most answers to its `join` came by then. */
export const WELCOME_NAMES_MS = 1500;

const { os } = Deno.build;

/**
 * Runs the client and ends the process.
 */
export async function runClient(): Promise<never> {
  setColorEnabled(Deno.stderr.isTerminal());
  const client = new Client();
  client.departure.listen((error) => void client.fail(error));
  try {
    await client.run();
  } catch (error) {
    return await client.fail(error);
  }
  return await client.finish();
}

/** One run of the program. */
class Client {
  readonly #diagnostics = openDiagnostics();
  readonly departure = new Departure({
    diagnostics: this.#diagnostics,
    // The task sets this variable. `deno task` repeats a signal that the terminal has sent already.
    hasEcho: Deno.env.has("CHAT_TASK"),
  });
  readonly #say = sayIn(chooseLanguage(readLocaleVariable));
  #env: (name: string) => string | undefined = readVariable;
  /** Reads standard input: what no command has read of it. */
  #readInput = readInput;
  /** Ends the output for a script or a bot. A failure is written for a bot. */
  #finishInterface = (_failure?: string): Promise<void> => Promise.resolve();
  #ui: TerminalClient | undefined;

  async run(): Promise<void> {
    const { args } = Deno;
    const say = this.#say;
    const env = this.#env = await withHome(readVariable, os);
    if (FILE_COMMANDS.some((name) => name === args[0])) {
      const options = await readFileOptions(args, env, os, say);
      if (typeof options === "string") return await printText(options);
      return await this.#talk(options.client, [], options.job);
    }
    if (CLIENT_SPEC.commands?.some(({ name }) => name === args[0])) {
      const { carryOut } = await import("./command_line.ts");
      return await carryOut({
        ...{ args, env, os, say, loadKey: this.#loadKey, warn: this.#warn },
        ...{ diagnostics: this.#diagnostics, departure: this.departure },
        talk: async (args, readRest) => {
          this.#readInput = readRest;
          await this.#enter(args);
        },
      });
    }
    await this.#enter(args);
  }

  async #enter(args: readonly string[]): Promise<void> {
    const options = await readClientOptions(args, this.#env, os, this.#say);
    if (typeof options === "string") return await printText(options);
    setColorEnabled(isColorWanted(options.color, this.#env, Deno.stderr.isTerminal()));
    await this.#talk(options, args);
  }

  /** Shows an error, and ends the process. */
  async fail(error: unknown): Promise<never> {
    this.departure.before(() => this.#finishInterface(explain(error, this.#say)));
    return await this.departure.fail(formatError(error, this.#say), exitCodeOf(error));
  }

  /** Ends the process in order. */
  async finish(): Promise<never> {
    this.departure.before(() => this.#finishInterface());
    return await this.departure.leave(EXIT.done);
  }

  async #talk(options: ClientOptions, args: readonly string[], job?: FileJob): Promise<void> {
    if (options.json) {
      this.#finishInterface = async (failure) => {
        if (failure !== undefined) await writeJsonFailure(failure, this.#write, Date.now);
      };
    }
    const key = await openRoomKey(options.keyPath, this.#warn);
    const state = await openState({ options, env: this.#env, os, warn: this.#warn });
    options = await giveName(options, state, this.#warn);
    const isTerminal = job === undefined && isAtTerminal(options, this.#env);
    const nickname = isTerminal ? await this.#openTerminal(options, state) : options.nickname;
    if (nickname === undefined) return;
    const [say, warn, before] = [this.#say, this.#warn, this.departure.before.bind(this.departure)];
    const isPiped = options.json || options.send !== undefined || !Deno.stdin.isTerminal();
    const isScript = job !== undefined || isPiped;
    const entered = await enterAsClient({
      ...{ options, nickname, ...key, state, isTerminal, isScript, say, warn, before },
      ...{ downloads: findDownloads(this.#env, os), isOffering: job?.kind === "send" },
    });
    const streams = { diagnostics: this.#diagnostics, write: this.#write };
    const script = job && openFileScript({ job, say, ...options, ...entered, ...streams });
    const user = this.#ui?.terminal ?? script ?? await this.#openScript(options, entered);
    this.#welcome(options, entered);
    const keeper = new NicknameKeeper({ options, args, env: this.#env, os, say, warn });
    // The relay has seen the name by now: with another server it may have been meant otherwise.
    const isNew = isTerminal && !options.isNicknameChosen;
    const kept = isNew ? await keeper.keepFirst(nickname) : undefined;
    if (kept !== undefined) user.notify(kept);
    const completer = new Completer(entered.roster);
    if (this.#ui) this.#ui.completer = completer;
    const keyPath = options.room ? undefined : options.keyPath;
    let inviting: Inviting | undefined;
    await converse(user, entered.room, {
      stay: options.stay && options.send === undefined && job === undefined,
      hasCommands: options.hasCommands,
      ...{ members: entered.members, files: entered.files, home: this.#env("HOME") },
      ...{ keeping: entered.keeping, say, now: Date.now, rotator: entered.rotator },
      fingerprint: () => entered.keys.fingerprint,
      invite: async (name, tell) => {
        const { Inviting, countNoticeColumns: columns } = await import("./inviting.ts");
        const parts = { keyPath, env: this.#env, say, columns };
        inviting ??= new Inviting({ ...entered, ...parts });
        await inviting.open(entered.invitations, name, tell);
      },
      keepNickname: isTerminal ? (name) => keeper.keepNow(name) : undefined,
      formatTime: (seconds) => formatLocalTime(seconds, say),
      onSpeaker: (name) => completer.note(name),
    });
    // A bot gets its answers, however late it reads. A signal ends the wait.
    await this.#finishInterface();
  }

  /** Shows the prompt, and asks for a nickname if need be. Undefined if the user left instead. */
  async #openTerminal(
    options: ClientOptions,
    state: string | undefined,
  ): Promise<string | undefined> {
    const [say, warn, departure, env] = [this.#say, this.#warn, this.departure, this.#env];
    // What a command has said before stands above the prompt.
    await this.#diagnostics.keepOrder();
    this.#ui = await openTerminal({
      ...{ options, state, env, say, warn, departure },
      report: this.#diagnostics.report,
    });
    if (options.isNicknameChosen) return options.nickname;
    const { terminal } = this.#ui;
    const nickname = await askNickname(terminal, options.nickname, say);
    if (nickname === undefined) return undefined;
    terminal.setNickname(nickname);
    return nickname;
  }

  async #openScript(options: ClientOptions, entered: ClientRoom): Promise<UserInterface> {
    const { json, send, stay } = options;
    const { room, members, fingerprint, mover } = entered;
    const say = this.#say;
    const { user, finish } = await openInterface({
      ...{ json, send, stay, room, members, fingerprint, mover, say },
      ...{
        input: this.#readInput(),
        write: this.#write,
        report: this.#diagnostics.report,
        now: Date.now,
      },
      formatTime: (seconds) => formatLocalTime(seconds, say),
    });
    this.#finishInterface = finish;
    return user;
  }

  /** Tells which server and room the user is in. At a terminal, also tells who is here. */
  #welcome(
    { plain }: ClientOptions,
    { room, relays, members, pins, fingerprint }: ClientRoom,
  ): void {
    const say = this.#say;
    const { nickname, id } = room.self;
    const terminal = this.#ui?.terminal;
    const tell = (line: string) =>
      terminal ? terminal.notify(line) : this.#diagnostics.report(line);
    tell(
      say("connected to {relay} as {nickname}", {
        relay: formatHostPort(relays.current.hostname, relays.current.port),
        nickname,
      }),
    );
    if (!plain && pins.judge(nickname, id) === "changed") {
      tell(
        say(
          "the name {nickname} belongs to another key here: others may see you marked. Choose another with --nick or /nick, or restore your identity file",
          { nickname },
        ),
      );
    }
    if (!terminal) return;
    tell(say("room {fingerprint}; /help shows the commands", { fingerprint }));
    setTimeout(() => {
      const names = members.names().join(", ");
      tell(names === "" ? say("here: only you") : say("here: you, {names}", { names }));
    }, WELCOME_NAMES_MS);
  }

  readonly #warn = (warning: Wording): void => {
    const line = formatWarning(warning, this.#say);
    if (this.#ui && !this.departure.isLeaving) this.#ui.terminal.notify(line);
    else this.#diagnostics.report(line);
  };

  /** Writes to standard output, after what was said before. */
  readonly #write = async (bytes: Uint8Array): Promise<void> => {
    await this.#diagnostics.keepOrder();
    await writeOutput(bytes);
  };

  readonly #loadKey = (path: string): Promise<string> => loadRoomKey(path, this.#warn);
}
