/**
 * Carries out a command of `chat-client`, with its questions, and prints what it says.
 *
 * @module
 */

import { runClientCommand } from "./client_commands.ts";
import type { CommandParts } from "./command_parts.ts";
import type { Departure } from "./departure.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { countColumns } from "./qr_code.ts";
import { Questions } from "./questions.ts";
import { printText, readInput } from "./standard_streams.ts";

/** What {@linkcode carryOut} reads and calls. */
export interface CommandLineParts
  extends Pick<CommandParts, "args" | "env" | "os" | "say" | "loadKey" | "warn"> {
  /** Standard error. */
  readonly diagnostics: Diagnostics;
  readonly departure: Departure;
  /** Goes on with a conversation, which reads what no question has read of standard input. */
  readonly talk: (
    args: readonly string[],
    readRest: () => AsyncGenerator<Uint8Array>,
  ) => Promise<void>;
}

/**
 * Carries a command out.
 *
 * @throws {UsageError} If the arguments or the settings cannot be understood.
 * @throws {ChatError} If the command fails.
 */
export async function carryOut(parts: CommandLineParts): Promise<void> {
  const { diagnostics, departure, say } = parts;
  const before = departure.before.bind(departure);
  const questions = new Questions({
    ...{ input: readInput(), isTerminal: Deno.stdin.isTerminal(), say, before },
    write: (text) => void diagnostics.write(new TextEncoder().encode(text)),
  });
  const text = await runClientCommand({
    ...parts,
    ...{ questions, before, print: printText, report: diagnostics.report },
    columns: countColumns,
    talk: (args) => parts.talk(args, () => questions.rest()),
  });
  if (text !== undefined) await printText(text);
}
