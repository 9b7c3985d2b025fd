/**
 * Carries out `chat-client identity` and its commands.
 *
 * @module
 */

import { readSettings, resolveClientSettings } from "../cli/client_settings.ts";
import { EXPORT_IDENTITY_SPEC, IDENTITY_SPEC, IMPORT_IDENTITY_SPEC } from "../cli/identity_spec.ts";
import { type CommandLine, parseCommandLine } from "../cli/options.ts";
import type { ProgramSpec } from "../cli/spec.ts";
import { formatSafetyNumber } from "../crypto/fingerprint.ts";
import { parseSealed, type SealedText } from "../crypto/sealed_text.ts";
import { ChatError } from "../errors.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { type Identity, loadIdentity } from "../storage/identity.ts";
import { STANDARD_INPUT } from "../storage/key_file.ts";
import {
  expectFree,
  importIdentity,
  parseSealedIdentity,
  readSealedIdentity,
  sealIdentity,
  writeSealedIdentity,
} from "../storage/sealed_identity.ts";
import { shortenPath } from "../storage/state_paths.ts";
import type { CommandParts } from "./command_parts.ts";
import { openState } from "./home.ts";

/**
 * Runs `chat-client identity`.
 *
 * @param parts The arguments begin with `identity`.
 * @returns What the command prints, without an LF at the end.
 * @throws {UsageError} If the arguments or the settings cannot be understood.
 * @throws {ChatError} If an identity cannot be read or written, or no passphrase was entered.
 */
export async function runIdentity(parts: CommandParts): Promise<string> {
  const [, name, ...rest] = parts.args;
  if (name === "export") return await run(EXPORT_IDENTITY_SPEC, rest, parts, writeExport);
  if (name === "import") return await run(IMPORT_IDENTITY_SPEC, rest, parts, readImport);
  return await run(IDENTITY_SPEC, parts.args.slice(1), parts, async (_, path) => {
    return await describe(await loadIdentity(path, parts.warn), path, parts);
  });
}

/** Finds the identity file, and runs a command with it. */
async function run(
  spec: ProgramSpec<PlainPhrase>,
  args: readonly string[],
  parts: CommandParts,
  command: (line: CommandLine, path: string, parts: CommandParts) => Promise<string>,
): Promise<string> {
  const { env, os, say, warn } = parts;
  const line = parseCommandLine(spec, args, say);
  if (typeof line === "string") return line;
  const file = await readSettings(spec, args, env, os);
  const named = resolveClientSettings({ ...line, args: [] }, env, file).get("identity")!.value;
  if (named !== undefined) return await command(line, String(named), parts);
  const options = { ephemeral: false, identityPath: undefined };
  return await command(line, `${await openState({ options, env, os, warn })}/identity`, parts);
}

async function describe(
  { signing }: Identity,
  path: string,
  { env, say }: CommandParts,
): Promise<string> {
  return [
    say("your safety number: {number}", { number: await formatSafetyNumber(signing.publicKey) }),
    say("your identity: {path}", { path: shortenPath(path, env("HOME")) }),
  ].join("\n");
}

async function writeExport(
  { args }: CommandLine,
  path: string,
  { say, warn, questions }: CommandParts,
): Promise<string> {
  const [target] = args as [string];
  // Nobody is asked for a passphrase in vain.
  await loadIdentity(path, warn);
  if (target !== STANDARD_INPUT) await expectFree("export", target);
  const passphrase = await questions.readSecret("passphrase: ");
  if (questions.isTerminal && await questions.readSecret("the same again: ") !== passphrase) {
    throw new ChatError(worded("Cannot export identity: {reason}", {
      reason: worded("the two passphrases differ"),
    }));
  }
  const line = await sealIdentity(path, passphrase, warn);
  if (target === STANDARD_INPUT) return line;
  await writeSealedIdentity(target, line);
  return say("on the other machine: {command}", {
    command: `${IMPORT_IDENTITY_SPEC.name} ${target}`,
  });
}

async function readImport(
  { args }: CommandLine,
  path: string,
  parts: CommandParts,
): Promise<string> {
  await expectFree("identity", path);
  const { sealed, passphrase } = await readSealed(args[0]!, parts);
  return await describe(await importIdentity(path, sealed, passphrase), path, parts);
}

async function readSealed(
  source: string,
  { questions }: CommandParts,
): Promise<{ sealed: SealedText; passphrase: string }> {
  if (source !== STANDARD_INPUT) {
    const sealed = await readSealedIdentity(source);
    return { sealed, passphrase: await questions.readSecret("passphrase: ") };
  }
  const name = worded("standard input");
  if (questions.isTerminal) {
    const sealed = parseSealedIdentity(await questions.readSecret("sealed identity: "), name);
    return { sealed, passphrase: await questions.readSecret("passphrase: ") };
  }
  const passphrase = await questions.readSecret("passphrase: ");
  if (typeof parseSealed(passphrase) === "object") {
    throw new ChatError(
      worded("Cannot import identity: {reason}", {
        reason: worded("standard input does not begin with a line that has the passphrase"),
      }),
      { hint: worded("Save what was exported, and name the file in place of -.") },
    );
  }
  return {
    sealed: parseSealedIdentity(await questions.readSecret("sealed identity: "), name),
    passphrase,
  };
}
