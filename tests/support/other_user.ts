/**
 * Files of another user.
 *
 * @module
 */

/** Nobody: a user whom no test runs as. */
export const OTHER_UID = 65534;

/** Gives a file or directory to another user. A test that does so needs `chown`. */
export async function giveAway(path: string): Promise<void> {
  const chown = ["chown", "-h", String(OTHER_UID), path];
  const [command, ...args] = Deno.uid() === 0 ? chown : ["sudo", "-n", ...chown];
  const { success } = await new Deno.Command(command!, { args }).output();
  if (!success) throw new Error(`Cannot give ${path} to another user`);
}
