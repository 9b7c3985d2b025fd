/**
 * The nickname under which a command introduces the user.
 *
 * @module
 */

import type { ClientOptions } from "../cli/client_options.ts";
import { ChatError, explain } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { parseNickname } from "../protocol/nickname.ts";
import type { CommandParts } from "./command_parts.ts";
import { NicknameKeeper } from "./keep_nickname.ts";
import { proposeName } from "./propose_name.ts";

/** A nickname. */
export interface ChosenName {
  readonly nickname: string;
  /** Whether the user has not chosen it. */
  readonly isProposed: boolean;
  /** Keeps it for the next start if the user was asked for it, and says so. */
  readonly keep: () => Promise<void>;
}

/**
 * Chooses the nickname: the one of the options, or what the user enters at a terminal.
 *
 * @param options The options of the client.
 * @param args The arguments that choose the settings file.
 * @param id The public key of the user's identity, in base64url.
 * @param parts Asks the user.
 * @throws {ChatError} If the user leaves instead.
 */
export async function chooseName(
  options: ClientOptions,
  args: readonly string[],
  id: string,
  parts: CommandParts,
): Promise<ChosenName> {
  const { questions, env, os, say, warn, report } = parts;
  const nickname = proposeName(options, id);
  if (options.isNicknameChosen || !questions.isTerminal) {
    return { nickname, isProposed: !options.isNicknameChosen, keep: () => Promise.resolve() };
  }
  const keeper = new NicknameKeeper({ options, args, env, os, say, warn });
  questions.tell(worded("Type the name that others are to see, or press Enter for this one."));
  for (;;) {
    const answer = await questions.ask(worded("your name [{nickname}]: ", { nickname }));
    if (answer === undefined) throw new ChatError(worded("Cannot go on: nothing was entered"));
    try {
      const isProposed = answer.trim() === "";
      const entered = parseNickname(isProposed ? nickname : answer.trim());
      const keep = async () => {
        const told = await keeper.keepFirst(entered);
        if (told !== undefined) report(told);
      };
      return { nickname: entered, isProposed, keep };
    } catch (error) {
      report(explain(error, say));
    }
  }
}
