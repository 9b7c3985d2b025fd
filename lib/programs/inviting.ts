/**
 * What the user is told of an invitation, and of who came.
 *
 * @module
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import { nameProgram } from "../cli/guidance.ts";
import { isLoopback } from "../cli/invitation.ts";
import { formatRoomLink } from "../cli/room_link.ts";
import { optionsOfTls, type TlsChoice } from "../cli/tls_options.ts";
import { Lookalikes } from "../chat/lookalikes.ts";
import type { Invitations, OpenInvitation } from "../client/pairing/invitations.ts";
import type { Relays } from "../client/relays.ts";
import { idOf } from "../client/rotation/opener.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { formatSafetyNumber } from "../crypto/fingerprint.ts";
import type { GenerationName } from "../crypto/room_secret.ts";
import { explain, WordedError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { formatCode } from "../protocol/invitation_code.ts";
import type { Introduced } from "../protocol/introduction.ts";
import { claimRoomDirectory } from "../storage/ownership.ts";
import { Pins } from "../storage/pins.ts";
import type { Warn } from "../storage/private_file.ts";
import { Rotations, rotationsPath } from "../storage/rotations.ts";
import { roomDirectory } from "../storage/state_paths.ts";
import { countColumns, drawQrCode } from "./qr_code.ts";

/** What {@linkcode Inviting} reads and changes. */
export interface InvitingParts {
  /** Where the user reaches the room. */
  readonly relays: Pick<Relays, "current">;
  /** How it is reached over TLS; undefined for without. */
  readonly tls?: TlsChoice;
  readonly pins: Pins;
  /** Path of the key file of the room; undefined if the user enters the room by a name. */
  readonly keyPath: string | undefined;
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  readonly say: Say;
  /** Columns that lines may have where they are told; undefined where there is no terminal. */
  readonly columns: () => number | undefined;
}

/** Columns of `12:34 -- `. */
const NOTICE_PREFIX_COLUMNS = 9;
/** What a user writes before the name, so that the link is drawn. */
const DRAW = /^--qr(?:\s+|$)/;

/** Tells of invitations, and pins those who pair with the user. */
export class Inviting {
  readonly #parts: InvitingParts;
  #hasAdvised = false;

  constructor(parts: InvitingParts) {
    this.#parts = parts;
  }

  /**
   * Opens an invitation in a room.
   *
   * @param invitations The invitations of the room.
   * @param wish For whom it is; "" for anybody. In front may be `--qr`.
   * @param tell Shows a line: at once, and when it is over.
   * @throws {InviteError} If the relay gives no slot.
   */
  async open(
    invitations: Invitations,
    wish: string,
    tell: (line: string) => void,
  ): Promise<void> {
    const { say } = this.#parts;
    const nickname = wish.replace(DRAW, "");
    const invitation = await invitations.invite();
    const code = formatCode(invitation.code);
    const minutes = countMinutes(invitation);
    tell(
      nickname === ""
        ? say("for one person, for {minutes} minutes: {code}", { minutes, code })
        : say("for {nickname}, for {minutes} minutes: {code}", { nickname, minutes, code }),
    );
    for (const line of this.explain()) tell(line);
    if (DRAW.test(wish)) { for (const line of await this.draw(invitation, false)) tell(line); }
    const toldFailure = (error: unknown) => {
      const reason = explain(error, say);
      tell(say("{who}: {reason}", { who: nickname === "" ? code : nickname, reason }));
      if (error instanceof WordedError && error.advice) tell(say(error.advice));
    };
    invitation.joined.then((joiner) => this.welcome(joiner)).then((told) => {
      for (const line of [told, ...this.advise()]) tell(line);
      // Not before: a slow disk would have the newcomer join first, unexplained.
      return this.#parts.pins.flush();
    }).catch(toldFailure);
  }

  /** Says what the one who is invited does. */
  explain(): string[] {
    const { relays: { current: { hostname, port } }, tls, say } = this.#parts;
    const words = [this.#join, hostname, port, ...optionsOfTls(tls)];
    return [
      say("they enter the four words in: {command}", {
        command: words.join(" "),
      }),
      ...isLoopback(hostname)
        ? [say("only this machine can connect there: others need its address")]
        : [],
    ];
  }

  /** Says the same in one line, with the code. */
  explainLink({ code }: Pick<OpenInvitation, "code">): string {
    const { relays: { current }, tls, say } = this.#parts;
    // Shells read brackets and hash signs.
    const command = `${this.#join} "${formatRoomLink({ ...current, tls, code })}"`;
    return say("or all in one line: {command}", { command });
  }

  /** Says once how the user, too, can keep the room under a name, if it has none. */
  advise(): string[] {
    const { relays: { current: { hostname, port } }, tls, keyPath, env, say } = this.#parts;
    // A path that a shell would read otherwise is not written for one.
    if (keyPath === undefined || !/^[\w./+@:~-]+$/.test(keyPath) || this.#hasAdvised) return [];
    this.#hasAdvised = true;
    const options = [...keyPath === "secret.key" ? [] : ["--key", keyPath], ...optionsOfTls(tls)];
    const words = [nameProgram("client", env), "rooms add NAME", hostname, port, ...options];
    const command = words.join(" ");
    return [say("to enter it by a name, too: {command}", { command })];
  }

  /** Draws what {@linkcode explainLink} says, where a terminal can show it. */
  async draw({ code }: Pick<OpenInvitation, "code">, hasColor: boolean): Promise<string[]> {
    const { relays: { current }, tls, columns, say } = this.#parts;
    const most = columns();
    if (most === undefined) return [];
    const drawn = await drawQrCode(formatRoomLink({ ...current, tls, code }), most, hasColor);
    if (typeof drawn !== "number") return [...drawn];
    return [say("a QR code takes {least} columns, and there are {most}", { least: drawn, most })];
  }

  get #join(): string {
    return `${nameProgram("client", this.#parts.env)} join`;
  }

  /**
   * Pins who joined, as a member that the user has verified. It is not saved yet.
   *
   * @returns What to tell the user.
   */
  async welcome(joiner: Introduced): Promise<string> {
    const { pins, say } = this.#parts;
    const { nickname } = joiner;
    const name = spellPartner(pins, joiner, say);
    return pinPartner(pins, joiner)
      ? say("{nickname} has the key now, and is verified: {number}", {
        nickname: name,
        number: await describeNumber(joiner),
      })
      : say(
        "{nickname} has the key now; the name belongs to another key here: see /verify {nickname}, /trust {nickname}",
        { nickname },
      );
  }
}

/**
 * Opens the pins of a room, in a directory that nobody else can write to.
 *
 * @param state The directory of the user's files; undefined if none are kept.
 * @param roomId 16 bytes.
 * @throws {ChatError} If somebody else can write there whatever is done.
 */
export async function openPins(
  state: string | undefined,
  roomId: Uint8Array,
  warn: Warn,
): Promise<Pins> {
  const directory = state && roomDirectory(state, roomId);
  if (directory !== undefined) await claimRoomDirectory(directory, warn);
  return await Pins.open(directory && `${directory}/pins`, warn);
}

/** Notes that somebody belongs to a generation, who came by an invitation. */
export async function noteInvited(
  { state, roomId, warn }: {
    readonly state: string | undefined;
    readonly roomId: Uint8Array;
    readonly warn: Warn;
  },
  generation: GenerationName,
  id: string,
): Promise<void> {
  if (state === undefined) return;
  await using rotations = await Rotations.open(rotationsPath(roomDirectory(state, roomId)), warn);
  rotations.noteNewcomer(idOf(generation), id);
}

/** Spells the nickname of the other side of a pairing, with a mark if its letters are doubtful. */
export function spellPartner(pins: Pins, { nickname, id }: Introduced, say: Say): string {
  const doubt = new Lookalikes(pins, say).doubt(nickname, id);
  return doubt === undefined ? nickname : `${nickname} (${doubt})`;
}

/** Columns of a notice: the time and two dashes stand before it. Undefined without a terminal. */
export function countNoticeColumns(): number | undefined {
  const columns = countColumns();
  return columns === undefined ? undefined : columns - NOTICE_PREFIX_COLUMNS;
}

/** For how many minutes an invitation is good. */
export function countMinutes({ seconds }: Pick<OpenInvitation, "seconds">): number {
  return Math.max(1, Math.floor(seconds / 60));
}

/**
 * Pins the other side of a pairing; whoever calls this saves it. Another key that is known under the
 * nickname stays: the other side chose the nickname itself.
 *
 * @returns Whether the nickname is pinned to the other side now.
 */
export function pinPartner(pins: Pins, { nickname, id }: Introduced): boolean {
  if (pins.judge(nickname, id) === "changed") return false;
  pins.trust(nickname, id);
  return true;
}

/** Writes the safety number of the other side of a pairing. */
export async function describeNumber({ id }: Introduced): Promise<string> {
  return await formatSafetyNumber(parseBase64Url(id, PUBLIC_KEY_BYTES)!);
}
