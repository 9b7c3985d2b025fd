/**
 * Real Python clients, on Debian's `python3-cryptography`.
 *
 * @module
 */

/** Debian's own Python: the one that has the package. */
export const PYTHON = "/usr/bin/python3";

/** Runs a Python program to its end and returns what it printed. */
export async function runPython(
  code: string,
  options: { cwd: string; args?: readonly string[] },
): Promise<string> {
  const command = new Deno.Command(PYTHON, {
    args: ["-c", code, ...(options.args ?? [])],
    cwd: options.cwd,
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(
    `Python failed (Debian: apt-get install python3-cryptography):\n${
      new TextDecoder().decode(stderr)
    }`,
  );
}
