/**
 * The real programs, as child processes.
 *
 * @module
 */

import offline from "../../offline/import_map.json" with { type: "json" };
import { requireDeclared } from "./needs.ts";
import { within } from "./within.ts";
import { type Config, taskFlags } from "../../tools/task_flags.ts";

/** The directory that deno.json lies in. */
export const ROOT = new URL("../../", import.meta.url).pathname;

/**
 * How this run imports `@std`: the flags for a further Deno process. Where deno.json alone tells,
 * none are needed.
 */
export const IMPORT_FLAGS: readonly string[] = listImportFlags();

function listImportFlags(): string[] {
  const imports = Object.keys(offline.imports).map((name) => [name, import.meta.resolve(name)]);
  if (!imports.some(([, target]) => target!.startsWith("file:"))) return [];
  const map = JSON.stringify({ imports: Object.fromEntries(imports) });
  return [`--import-map=data:application/json,${encodeURIComponent(map)}`];
}

/** How a program is started: from its source, or compiled. */
export type Build = "source" | "compiled";

/** Command and arguments that start a program. */
export async function commandLine(program: "server" | "client", build: Build): Promise<string[]> {
  if (build === "compiled") return [`${ROOT}dist/chat-${program}`];
  const config: Config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const flags = taskFlags(config, program);
  return [Deno.execPath(), "run", ...IMPORT_FLAGS, ...flags, `${ROOT}${program}.ts`];
}

/** What a program left behind. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of {@linkcode spawn}. */
export interface SpawnOptions {
  readonly build?: Build;
  /** Working directory. */
  readonly cwd: string;
  readonly env?: Record<string, string>;
  /** Put between `deno run` and the program's own arguments. */
  readonly denoFlags?: readonly string[];
  /** A command that runs the program after its own arguments, such as strace. */
  readonly wrapper?: readonly string[];
}

/** A running program. Its output is collected all the time, so it never blocks. */
export class Program implements AsyncDisposable {
  /** The process. */
  readonly child: Deno.ChildProcess;
  /** Standard output so far. */
  stdout = "";
  /** Standard error so far. */
  stderr = "";
  readonly #output: Promise<unknown>;
  #arrived = Promise.withResolvers<void>();

  private constructor(child: Deno.ChildProcess) {
    this.child = child;
    this.#output = Promise.all([this.#collect("stdout"), this.#collect("stderr")]);
  }

  /** Starts any program: its command, then its arguments. */
  static spawn(
    [command, ...args]: readonly string[],
    options: Pick<Deno.CommandOptions, "cwd" | "env" | "detached"> = {},
  ): Program {
    requireDeclared(command!);
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    return new Program(new Deno.Command(command!, { ...options, args, ...pipes }).spawn());
  }

  /** Writes to standard input; fails if the program ends before it takes all. */
  async write(text: string): Promise<void> {
    const writer = this.child.stdin.getWriter();
    try {
      await this.alive(writer.write(new TextEncoder().encode(text)), 60);
    } catch (cause) {
      // A pipe that broke tells less than the program's last words, which may still be on their way.
      await Promise.race([this.#ended(), new Promise((resolve) => setTimeout(resolve, 1000))]);
      throw new Error(`Program took no input:\n${lastLines(this.stderr)}`, { cause });
    } finally {
      writer.releaseLock();
    }
  }

  /**
   * Waits until a stream matches; fails if the program ends before. A match that ends where the
   * stream has come to does not count: that line may be a part of one.
   */
  async waitFor(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpMatchArray> {
    const what = () => `no ${pattern} in ${stream}:\n${this.stdout}${this.stderr}`;
    return await within(60, what, this.#waitFor(stream, pattern));
  }

  /** Waits for what only this program brings about; fails at once if it ends before. */
  async alive<T>(promise: Promise<T>, seconds = 30): Promise<T> {
    const ended = this.#ended().then(() => {
      throw new Error(`Program ended early:\n${lastLines(this.stderr)}`);
    });
    const what = () => `not yet:\n${lastLines(this.stderr)}`;
    return await within(seconds, what, Promise.race([promise, ended]));
  }

  /** Waits until it has ended and all of its output has come. */
  async #ended(): Promise<void> {
    await this.child.status;
    await this.#output;
  }

  async #waitFor(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpMatchArray> {
    const ended = this.#ended().then(() => "ended");
    for (;;) {
      const match = this[stream].match(pattern);
      if (match && !isCut(match)) return match;
      if (await Promise.race([this.#arrived.promise, ended]) === "ended") {
        const last = this[stream].match(pattern);
        if (last) return last;
        const what = `Program ended without ${pattern} in ${stream}`;
        throw new Error(`${what}:\n${lastLines(this.stderr)}`);
      }
    }
  }

  /** Waits until the program ends by itself. */
  async finished(seconds = 60): Promise<Finished> {
    await within(seconds, () => `still running:\n${lastLines(this.stderr)}`, this.#ended());
    const { code } = await this.child.status;
    return { code, stdout: this.stdout, stderr: this.stderr };
  }

  /** Ends it, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.child.stdin.close().catch(() => {});
    await this.finished();
  }

  async #collect(stream: "stdout" | "stderr"): Promise<void> {
    for await (const text of this.child[stream].pipeThrough(new TextDecoderStream())) {
      this[stream] += text;
      this.#arrived.resolve();
      this.#arrived = Promise.withResolvers();
    }
  }
}

function lastLines(text: string): string {
  return text.split("\n").slice(-20).join("\n");
}

/** Whether a match ends where the text does, but not with its line. */
function isCut({ 0: found, index = 0, input = "" }: RegExpMatchArray): boolean {
  return index + found.length === input.length && !found.endsWith("\n");
}

/** Starts a program. */
export async function spawn(
  program: "server" | "client",
  args: readonly string[],
  { build = "source", cwd, env, denoFlags = [], wrapper = [] }: SpawnOptions,
): Promise<Program> {
  const [command, ...rest] = await commandLine(program, build);
  if (build === "source") rest.splice(1, 0, ...denoFlags);
  return Program.spawn([...wrapper, command!, ...rest, ...args], {
    cwd,
    // Each client is somebody else, unless it is told whose state it has; and what it does
    // and says does not depend on who runs the tests.
    env: {
      NO_COLOR: "1",
      LC_ALL: "C.UTF-8",
      XDG_CONFIG_HOME: `${cwd}/config`,
      XDG_STATE_HOME: `${cwd}/state-${crypto.randomUUID()}`,
      ...env,
    },
  });
}

/** Runs a program to its end, with the given standard input. */
export async function run(
  program: "server" | "client",
  args: readonly string[],
  options: SpawnOptions & { input?: string },
): Promise<Finished> {
  await using running = await spawn(program, args, options);
  await running.write(options.input ?? "");
  await running.child.stdin.close();
  return await running.finished();
}

/** A running server and where it listens. */
export interface Server extends AsyncDisposable {
  readonly program: Program;
  readonly port: number;
}

/** Starts a server, on a free port unless one is given, and waits until it listens. */
export async function startServer(
  options: SpawnOptions & { hostname?: string; port?: number; args?: readonly string[] },
): Promise<Server> {
  const { hostname = "127.0.0.1", args = [] } = options;
  const program = await spawn("server", [hostname, `${options.port ?? 0}`, ...args], options);
  const [, port] = await program.waitFor("stderr", /^listening on .*:(\d+)$/m);
  return {
    program,
    port: Number(port),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
