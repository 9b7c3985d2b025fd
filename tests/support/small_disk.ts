/**
 * A disk that is soon full.
 *
 * @module
 */

import { commandLine, Program } from "./programs.ts";

/** Settings of {@linkcode spawnOnSmallDisk}. */
export interface SmallDiskOptions {
  /** Where `small` is made: the disk. */
  readonly cwd: string;
  readonly kib: number;
  readonly env?: Record<string, string>;
}

/**
 * Runs a shell script beside a disk of its own, `small`, which is gone with it. A test that does so
 * needs `unshare`. In the script `./client` and `./server` are the programs, and `grow KIB` makes
 * the disk larger.
 */
export async function spawnOnSmallDisk(
  script: string,
  { cwd, kib, env }: SmallDiskOptions,
): Promise<Program> {
  for (const name of ["client", "server"] as const) {
    const words = (await commandLine(name, "source")).map((word) => {
      return `'${word.replaceAll("'", "'\\''")}'`;
    });
    const text = `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
    await Deno.writeTextFile(`${cwd}/${name}`, text, { mode: 0o700 });
  }
  await Deno.mkdir(`${cwd}/small`, { recursive: true });
  const whole = `grow() { mount -o remount,size="$1k" small; }
mount -t tmpfs -o size=${kib}k tmpfs small
${script}`;
  return Program.spawn(["unshare", "-rm", "sh", "-c", whole], {
    cwd,
    env: { NO_COLOR: "1", LC_ALL: "C.UTF-8", XDG_CONFIG_HOME: `${cwd}/config`, ...env },
  });
}
