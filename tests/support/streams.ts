/**
 * Programs whose standard streams are not what they expect.
 *
 * @module
 */

import { PYTHON } from "./needs.ts";
import { commandLine, type Finished, Program, type SpawnOptions } from "./programs.ts";

/** What makes standard error useless, in a shell before the program begins. */
export const USELESS = {
  "a full disk": "exec 2> /dev/full",
  "closed": "exec 2>&-",
  "a pipe that nobody has open": "mkfifo err-$$; exec 7<> err-$$ 8> err-$$ 7<&- 2>&8",
  "a full pipe that nobody reads":
    "mkfifo err-$$; exec 7<> err-$$; head -c 65536 /dev/zero >&7; exec 2>&7",
} as const;

const NON_BLOCKING = `
import fcntl, os, sys
fd = int(sys.argv[1])
fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)
os.execvp(sys.argv[2], sys.argv[2:])
`;

/** A command whose descriptor is set to non-blocking mode before it begins. Needs python3. */
export function nonBlocking(fd: number, command: readonly string[]): string[] {
  return [PYTHON, "-c", NON_BLOCKING, `${fd}`, ...command];
}

/** Starts a program after a line of shell. */
export async function spawnAfter(
  shell: string,
  program: "server" | "client",
  args: readonly string[],
  { build = "source", cwd, env }: SpawnOptions,
): Promise<Program> {
  const [command, ...rest] = await commandLine(program, build);
  if (build === "source") rest.splice(1, 0, "-q");
  const line = ["/bin/sh", "-c", `${shell}; exec "$@"`, "sh", command!, ...rest, ...args];
  const state = `${cwd}/state-${crypto.randomUUID()}`;
  const surroundings = { NO_COLOR: "1", LC_ALL: "C.UTF-8", XDG_CONFIG_HOME: `${cwd}/config` };
  return Program.spawn(line, { cwd, env: { ...surroundings, XDG_STATE_HOME: state, ...env } });
}

/** Runs a program to its end after a line of shell. Its input is `input`. */
export async function runAfter(
  shell: string,
  program: "server" | "client",
  args: readonly string[],
  options: SpawnOptions & { readonly input?: string },
): Promise<Finished> {
  await using running = await spawnAfter(shell, program, args, options);
  if (options.input !== undefined) await running.write(options.input);
  await running.child.stdin.close().catch(() => {});
  return await running.finished();
}

/** A port of 127.0.0.1 where nobody listens. */
export function findFreePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
