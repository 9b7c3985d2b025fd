/**
 * The commands of `chat-client`, without a process.
 *
 * @module
 */

import assert from "node:assert/strict";
import { runClientCommand } from "../../lib/programs/client_commands.ts";
import type { CommandParts } from "../../lib/programs/command_parts.ts";
import { Questions } from "../../lib/programs/questions.ts";
import { SAY } from "./fake_chat.ts";
import { noWarning } from "./wordings.ts";

/** Questions that are answered with the lines of a text, and nowhere else. */
export function answering(text: string): Questions {
  return new Questions({
    input: ReadableStream.from([new TextEncoder().encode(text)]),
    isTerminal: false,
    write: (asked) => assert.fail(`it asked ${asked}`),
    before: () => assert.fail("a terminal was used"),
    say: SAY,
  });
}

/** Runs a command in English, with no environment, no key and no input unless they are given. */
export async function runCommand(
  args: string[],
  parts: Partial<CommandParts> = {},
): Promise<string> {
  return await runClientCommand(commandParts(args, parts)) ?? "";
}

/** What a command works with, as {@linkcode runCommand} gives it. */
export function commandParts(
  args: readonly string[],
  parts: Partial<CommandParts> = {},
): CommandParts {
  return {
    args,
    env: () => undefined,
    os: "linux",
    say: SAY,
    loadKey: () => assert.fail("the key was loaded"),
    warn: noWarning,
    questions: answering(""),
    print: (line) => assert.fail(`it printed ${line}`),
    report: (line) => assert.fail(`it reported ${line}`),
    columns: () => undefined,
    before: () => assert.fail("it would have to be ended"),
    talk: () => assert.fail("it entered a room"),
    ...parts,
  };
}
