/**
 * The command `/rotate`, and the question before it is carried out.
 *
 * @module
 */

import type { Message } from "../client/events.ts";
import { MAX_ROTATION_NAMES } from "../client/rotation/limits.ts";
import type { NamedMember, Plan } from "../client/rotation/plan.ts";
import type { Rotator } from "../client/rotation/rotator.ts";
import { explain } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { describeNumber } from "./key_facts.ts";
import { joinNames } from "./describe_rotation.ts";
import type { Members } from "./members.ts";
import type { UserInterface } from "./user_interface.ts";

/** The word in front of those who are put out. */
export const WITHOUT = "without";
/** Does it without a question. */
const YES = "--yes";
/** Answers that mean yes, in English and French. */
const AGREED = ["y", "yes", "o", "oui"];
/** Time, in ms, in which nobody answers a question: what comes sooner was entered before it. */
const MIN_READ_QUESTION_MS = 20;
/** Answers that mean no. All else is no answer, and does not agree. */
const DECLINED = ["", "n", "no", "non"];

/** What a {@linkcode RotateCommand} reads and changes. */
export interface RotateCommandParts {
  readonly user: Pick<UserInterface, "isPatient" | "notify">;
  readonly members: Pick<Members, "keysOf" | "nameOf">;
  /** Undefined where the room cannot be moved on. */
  readonly rotator?: Pick<Rotator, "gather" | "check" | "plan" | "rotate"> | undefined;
  /** This member, by id. */
  readonly ownId: string;
  /** The fingerprint of the room as it is now. */
  readonly fingerprint?: () => string;
  readonly say: Say;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Tells the user why it is not done. */
  readonly reject: (reason: string) => void;
}

/** Carries out `/rotate`. */
export class RotateCommand {
  /** Whether clients of plain text write here. */
  #hasSimpleClients = false;
  readonly #parts: RotateCommandParts;
  /** Whom the user is asked about. */
  #asked: ReadonlySet<string> | undefined;
  #askedAt = 0;

  constructor(parts: RotateCommandParts) {
    this.#parts = parts;
  }

  /** Notes a message: clients of plain text sign none. */
  note({ id, age }: Pick<Message, "id" | "age">): void {
    if (id === undefined && age === "live") this.#hasSimpleClients = true;
  }

  /** Handles `/rotate`. */
  async rotate(text: string): Promise<void> {
    const { user, say, reject } = this.#parts;
    const words = text.split(/\s+/u).filter((word) => word !== "");
    const isSure = words.at(-1) === YES;
    if (isSure) words.pop();
    const [keyword, ...names] = words;
    if (keyword !== undefined && (keyword.toLowerCase() !== WITHOUT || names.length === 0)) {
      const usage = "/rotate";
      return reject(say("usage: {usage}, or /rotate without bob carol", { usage }));
    }
    const without = this.find(names);
    if (typeof without === "string") return reject(without);
    const { rotator } = this.#parts;
    if (!rotator) return reject(say("the room cannot be moved on here"));
    await rotator.gather();
    try {
      await rotator.check();
    } catch (error) {
      return reject(explain(error, say));
    }
    for (const line of await this.describe(rotator.plan(without))) user.notify(line);
    if (isSure) {
      return await this.carryOut(without).catch((error) => reject(explain(error, say)));
    }
    if (user.isPatient) {
      const command = ["/rotate", ...words, YES].join(" ");
      return reject(say("add --yes to do it: {command}", { command }));
    }
    this.#asked = without;
    this.#askedAt = this.#parts.monotonic();
    user.notify(say("move the room on? (y/n)"));
  }

  /** Withdraws the question, if there is one. */
  withdraw(): void {
    const { user, say } = this.#parts;
    if (this.#asked) user.notify(say("the room stays with its key"));
    this.#asked = undefined;
  }

  /**
   * Takes a line if it answers the question. Any other line withdraws it.
   *
   * @returns Whether it was an answer.
   */
  async answer(line: string): Promise<boolean> {
    const asked = this.#asked;
    if (!asked) return false;
    const { say, reject, monotonic } = this.#parts;
    const isRead = monotonic() - this.#askedAt >= MIN_READ_QUESTION_MS;
    const word = line.trim().toLowerCase();
    if (!isRead || !AGREED.includes(word)) {
      this.withdraw();
      return isRead && DECLINED.includes(word);
    }
    this.#asked = undefined;
    await this.carryOut(asked).catch((error) => reject(explain(error, say)));
    return true;
  }

  /** Says who gets the new key and who does not. */
  async describe(plan: Plan): Promise<string[]> {
    const { say, ownId } = this.#parts;
    const others = plan.to.filter(({ id }) => id !== ownId);
    const { leftOut, stayOut, tooMany, outdated } = plan;
    const strangers = await Promise.all(plan.strangers.map(async ({ id, nickname }) => {
      return { id, nickname: `${nickname} ${await describeNumber(id)}`.trim() };
    }));
    const lines: string[] = [];
    const tell = (members: readonly NamedMember[], line: (names: string) => string) => {
      if (members.length > 0) lines.push(line(this.#names(members)));
    };
    if (others.length === 0) lines.push(say("get the new key: only you"));
    tell(others, (names) => say("get the new key: you, {names}", { names }));
    tell(leftOut, (names) => say("put out: {names}", { names }));
    tell(stayOut, (names) => say("stay out: {names}", { names }));
    tell(tooMany, (names) => say("left out for want of room: {names}", { names }));
    tell(
      strangers,
      (names) =>
        say("not known to you, and left out: {names}. /verify and /trust let them belong", {
          names,
        }),
    );
    tell(outdated, (names) => say("their client is too old to follow: {names}", { names }));
    if (this.#hasSimpleClients) {
      lines.push(
        say(
          "clients of plain text write here: they cannot read what follows without the key of each day, which chat-client key --today prints",
        ),
      );
    }
    return [...lines, say("what was written so far can still be read with the old key")];
  }

  /** Everybody who uses one of these names. A text says what is wrong with one. */
  find(names: readonly string[]): ReadonlySet<string> | string {
    const { members, ownId, say } = this.#parts;
    const found = new Set<string>();
    for (const nickname of names) {
      const ids = members.keysOf(nickname);
      if (ids.length === 0) {
        return say("nobody is known as {nickname}, so nobody can be put out", { nickname });
      }
      if (ids.includes(ownId)) return say("you cannot put yourself out");
      for (const id of ids) found.add(id);
    }
    return found;
  }

  /**
   * Moves the room on.
   *
   * @param without Whom to put out, by id.
   * @throws {ChatError} If it cannot be done now.
   */
  async carryOut(without: ReadonlySet<string>): Promise<void> {
    const { user, say, rotator, fingerprint } = this.#parts;
    // Somebody may have come or gone while the user thought about it.
    const isTold = await rotator!.rotate(rotator!.plan(without));
    user.notify(
      isTold
        ? say("the room has a new key: {fingerprint}", { fingerprint: fingerprint?.() ?? "" })
        : say("the new key is kept, and told to the others with the next connection"),
    );
  }

  #names(members: readonly NamedMember[]): string {
    const names = members.slice(0, MAX_ROTATION_NAMES).map(({ id, nickname }) => {
      return nickname === "" ? this.#parts.members.nameOf(id) : nickname;
    });
    return joinNames(names, members.length, this.#parts.say);
  }
}
