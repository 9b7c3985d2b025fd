/**
 * The standard streams of a program without a terminal.
 *
 * @module
 */

import { patientWriter, readPatiently } from "../bytes/patient.ts";
import { writeAll } from "../bytes/write_all.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { Diagnostics } from "./diagnostics.ts";

/** Opens standard error. */
export function openDiagnostics(): Diagnostics {
  return new Diagnostics((bytes) => writeAll(patientWriter(Deno.stderr), bytes));
}

/**
 * Tells whether a standard stream is a terminal. Without one, SIGHUP does not say that the user's
 * terminal is gone: a program under `nohup`, and a service, go on. The runtime does not tell which
 * signals were ignored at the start, and takes SIGHUP over with the first listener for any signal.
 */
export function hasTerminal(): boolean {
  return [Deno.stdin, Deno.stdout, Deno.stderr].some((stream) => stream.isTerminal());
}

/** Reads standard input to its end. */
export function readInput(): AsyncGenerator<Uint8Array> {
  return readPatiently(Deno.stdin);
}

/**
 * Writes to standard output.
 *
 * @param bytes All of them are written, in one piece.
 * @throws {ChatError} If standard output cannot take them.
 */
export async function writeOutput(bytes: Uint8Array): Promise<void> {
  try {
    await writeAll(patientWriter(Deno.stdout), bytes);
  } catch (cause) {
    throw new ChatError(worded("Cannot write to standard output"), { cause });
  }
}

/**
 * Writes a text and an LF to standard output.
 *
 * @throws {ChatError} If standard output cannot take them.
 */
export async function printText(text: string): Promise<void> {
  await writeOutput(new TextEncoder().encode(`${text}\n`));
}
