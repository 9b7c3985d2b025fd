/**
 * Child processes of the benchmark: they end with it, and may open many files.
 *
 * @module
 */

/** Debian keeps some servers where only root's PATH looks. */
const SHELL_PREFIX = 'PATH="$PATH:/usr/sbin"; ' +
  'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"; ';

/** Runs a command to its end; undefined if it is not installed. */
export async function output(command: readonly string[]): Promise<string | undefined> {
  const { code, stdout, stderr } = await shell('exec "$@" </dev/null', command).output();
  if (code === 126 || code === 127) return undefined;
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

/**
 * Runs a command that prints JSON, for 120 s at most.
 *
 * @throws {Error} If it fails; the message is what it wrote to stderr.
 */
export async function outputJson(command: readonly string[]): Promise<unknown> {
  const { success, stdout, stderr } = await shell('exec timeout 120 "$@"', command).output();
  const decoder = new TextDecoder();
  if (success) return JSON.parse(decoder.decode(stdout));
  throw new Error(decoder.decode(stderr).trim() || "took more than 120 s");
}

/** A server that runs until it is disposed of. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #logPath: string;
  /** On the loopback interface. */
  readonly port: number;

  private constructor(child: Deno.ChildProcess, port: number, logPath: string) {
    this.#child = child;
    this.port = port;
    this.#logPath = logPath;
  }

  /** The process that serves, not a shell around it. */
  get pid(): number {
    return this.#child.pid;
  }

  /**
   * Starts a server and waits until it accepts connections, 30 s at most.
   *
   * @throws {Error} If it ends or is not heard of; the message holds its log.
   */
  static async start(
    command: readonly string[],
    port: number,
    cwd: string,
  ): Promise<ServerProcess> {
    const logPath = `${cwd}/log`;
    const child = shell(`exec "$@" </dev/null >log 2>&1`, command, cwd).spawn();
    const server = new ServerProcess(child, port, logPath);
    try {
      await server.#waitUntilOpen();
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  async #waitUntilOpen(): Promise<void> {
    const ended = this.#child.status.then(() => true);
    for (let tries = 0; tries < 600; tries++) {
      try {
        using _ = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
        return;
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      }
      const pause = new Promise<false>((resolve) => setTimeout(resolve, 50, false));
      if (await Promise.race([ended, pause])) break;
    }
    throw new Error(`Cannot start: ${(await Deno.readTextFile(this.#logPath)).trim()}`);
  }

  /** Ends it: politely, and after 3 s by force. */
  async [Symbol.asyncDispose](): Promise<void> {
    const timer = setTimeout(() => this.#kill("SIGKILL"), 3000);
    this.#kill("SIGTERM");
    await this.#child.status;
    clearTimeout(timer);
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended already.
    }
  }
}

function shell(script: string, command: readonly string[], cwd?: string): Deno.Command {
  return new Deno.Command("/bin/sh", {
    args: ["-c", SHELL_PREFIX + script, "sh", ...command],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** A TCP port that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
