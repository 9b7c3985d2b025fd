/**
 * The real client, in a real terminal.
 *
 * @module
 */

import { commandLine } from "./programs.ts";
import { Terminal } from "./tmux.ts";

/** Where a client is opened, and with what. */
export interface ClientTerminalOptions {
  /** Its directory, with `secret.key`. */
  readonly cwd: string;
  readonly port: number;
  /** A command of the client, such as `join`. */
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Opens a client in a terminal of 60x15, with its state in `cwd/state` and its settings in
 * `cwd/config`; when it ends, `exit <code>` is printed.
 */
export async function openClient(
  { cwd, port, command, args = [], env = {} }: ClientTerminalOptions,
): Promise<Terminal> {
  const variables = {
    LC_ALL: "C.UTF-8",
    XDG_CONFIG_HOME: `${cwd}/config`,
    XDG_STATE_HOME: `${cwd}/state`,
    ...env,
  };
  const words = [
    ...["env", "-u", "CHAT_NICK", "-u", "NO_COLOR"],
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...await commandLine("client", "source"),
    ...command === undefined ? [] : [command],
    ...["127.0.0.1", `${port}`, ...args],
  ];
  const line = words.map((word) => `'${word}'`).join(" ");
  const settings = { cwd, columns: 60, rows: 15, end: /^exit \d+$/m };
  return await Terminal.open(`${line}; echo "exit $?"`, settings);
}
