/**
 * Carries out the commands of `chat-server`.
 *
 * @module
 */

import { readVariable } from "../cli/environment.ts";
import { formatWarning } from "../cli/report_error.ts";
import { SERVER_SPEC } from "../cli/server_spec.ts";
import type { Say } from "../messages/phrases.ts";
import type { Wording } from "../messages/wording.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { loadRoomKey } from "./load_key.ts";

/**
 * Carries out a command.
 *
 * @param args The program's arguments: the command first.
 * @returns What goes to standard output.
 * @throws {UsageError} If the arguments cannot be understood.
 * @throws {ChatError} If the command fails.
 */
export async function runServerCommand(
  args: readonly string[],
  say: Say,
  { report }: Pick<Diagnostics, "report">,
): Promise<string> {
  const [command, ...rest] = args;
  if (command === "health") {
    const { askHealth } = await import("./health_command.ts");
    return await askHealth(rest, say);
  }
  if (command === "cluster-setup") {
    const { runClusterSetup } = await import("./cluster_setup.ts");
    const warn = (warning: Wording) => report(formatWarning(warning, say));
    const loadKey = (path: string) => loadRoomKey(path, warn);
    return await runClusterSetup({ args: rest, env: readVariable, say, loadKey, report, warn });
  }
  const { generateText } = await import("../cli/generate/generate.ts");
  return generateText(SERVER_SPEC, args, say).trimEnd();
}
