/**
 * Carries out `chat-client key` and its command.
 *
 * @module
 */

import { KEY_SPEC, SHOW_KEY_SPEC } from "../cli/key_spec.ts";
import { parseCommandLine } from "../cli/options.ts";
import { formatBase64Url } from "../bytes/base64url.ts";
import { advanceChain, dayOf, deriveDayKey, SECONDS_PER_DAY } from "../crypto/key_chain.ts";
import { fingerprintRoom } from "../crypto/room_key.ts";
import { isFirstForm, parseRoomSecret, type RoomSecret } from "../crypto/room_secret.ts";
import { ChatError, UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import type { CommandParts } from "./command_parts.ts";
import { findKeyPath } from "./key_path.ts";

/**
 * Runs `chat-client key`. Nothing is written: the file moves on in a room alone.
 *
 * @param parts The arguments begin with `key`.
 * @param now The clock, in ms since 1970.
 * @returns What the command prints, without an LF at the end.
 * @throws {UsageError} If the arguments or the settings cannot be understood.
 * @throws {ChatError} If the key cannot be loaded, or has none of today.
 */
export async function runKey(parts: CommandParts, now: () => number = Date.now): Promise<string> {
  const { args, say, loadKey } = parts;
  const isShow = args[1] === "show";
  const spec = isShow ? SHOW_KEY_SPEC : KEY_SPEC;
  const line = parseCommandLine(spec, args.slice(isShow ? 2 : 1), say);
  if (typeof line === "string") return line;
  if (!isShow && !line.switches.has("today")) {
    throw new UsageError(
      worded("Nothing is printed without --today: it is a secret"),
      worded("See {program} --help.", { program: KEY_SPEC.name }),
    );
  }
  const secret = await parseRoomSecret(await loadKey(await findKeyPath(spec, line, parts)));
  return isShow ? await describe(secret, parts) : await findToday(secret, dayOf(now() / 1000));
}

async function findToday(
  { root, generations: [{ number, day, chain }] }: RoomSecret,
  today: number,
): Promise<string> {
  if (number === 0) return `${formatBase64Url(root)}=`;
  if (today < day) {
    throw new ChatError(worded("Cannot tell the key of today: it is erased"), {
      hint: worded("Set the clock right: it is behind that of the last start."),
    });
  }
  const value = await advanceChain(chain, today - day);
  return `${formatBase64Url(await deriveDayKey(value))}=`;
}

async function describe(secret: RoomSecret, { say }: CommandParts): Promise<string> {
  const [newest, ...older] = secret.generations;
  const lines = [say("room: {fingerprint}", { fingerprint: await fingerprintRoom(secret) })];
  if (isFirstForm(secret)) {
    return [...lines, say("first form: one key for all days")].join("\n");
  }
  const [day] = formatTime(newest.day * SECONDS_PER_DAY).split("T");
  lines.push(
    say("second form: generation {number}, from {day} on", { number: newest.number, day: day! }),
  );
  if (newest.isUnannounced) lines.push(say("the others have not been told of it yet"));
  for (const { number, until } of older) {
    lines.push(
      say("generation {number} is read until {time}", { number, time: formatTime(until!) }),
    );
  }
  return lines.join("\n");
}

/** In UTC, by which days are counted. What no date tells, as in a damaged file, is shown as it is. */
function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return isNaN(date.getTime()) ? `${seconds}` : date.toISOString().replace(".000Z", "Z");
}
