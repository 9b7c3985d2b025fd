/**
 * Hearing messages of members, as far as they say something of the room's key.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import type { GenerationName } from "../../crypto/room_secret.ts";
import { parseRekey } from "../../protocol/rekey.ts";
import type { Pins } from "../../storage/pins.ts";
import type { Phase } from "../phase.ts";
import type { Opened } from "../reader.ts";
import { MAX_UNFOLLOWED } from "./limits.ts";
import { type Heard, idOf, type Opener, type OpenerParts } from "./opener.ts";
import type { GenerationId } from "./succession.ts";

type Signed = Extract<Opened, { readonly kind: "signed" }>;

/** What a {@linkcode Hearing} works with. */
export interface HearingParts extends OpenerParts {
  readonly opener: Opener;
  readonly pins: Pick<Pins, "peek" | "isAccepted">;
}

/** Judges rotations, and notes who has the newest key. */
export class Hearing {
  readonly #parts: HearingParts;
  /** Rotations that are followed, and whose keys are to be had. */
  #followed: Heard[] = [];
  /** Rotations of members who are not trusted. */
  #unfollowed: Heard[] = [];
  /** The mark of the rotation behind which a text for simple clients has come. */
  #quietFor: string | undefined;

  constructor(parts: HearingParts) {
    this.#parts = parts;
  }

  /** Whether there are rotations whose keys are to be had. */
  get isBusy(): boolean {
    return this.#followed.length > 0;
  }

  /** Takes these rotations out. */
  take(): readonly Heard[] {
    return this.#followed.splice(0);
  }

  /**
   * Tells whether a message is shown. Under an older key only members are heard, by their signatures.
   *
   * @returns "quiet" for what is not worth a word: what nobody would have read, and what the author
   * of a rotation writes for simple clients.
   */
  admits(opened: Exclude<Opened, { readonly kind: "rejected" }>): boolean | "quiet" {
    const { succession } = this.#parts;
    const id = opened.kind === "signed" ? opened.header.id : undefined;
    if (succession.mayBeHeard(id, this.#idOf(opened.under?.generation))) return true;
    if (opened.kind === "signed") return isText(opened) ? false : "quiet";
    if (this.#quietFor === succession.current.mark) return false;
    this.#quietFor = succession.current.mark;
    return "quiet";
  }

  /**
   * Hears a message of a member, whatever its place is in the member's order: what comes behind a
   * rotation is under its key.
   *
   * @param phase How it came.
   */
  hear({ header, text = "", body, under }: Signed, phase: Phase): void {
    const { id: author, nickname, kind } = header;
    const generation = this.#idOf(under?.generation);
    this.#noteHolder(author, generation, phase);
    const rekey = kind === "rekey" ? parseRekey(text, body) : undefined;
    if (rekey) this.#judge({ rekey, author, nickname, under: generation }, false);
  }

  #judge(heard: Heard, isAccepted: boolean): void {
    const { ownId, succession, pins, teller, days } = this.#parts;
    const { rekey, author, nickname, under } = heard;
    const isTrusted = isAccepted || author === ownId || pins.peek(nickname) === author;
    switch (succession.judge({ facts: rekey, author, isTrusted, under, days: days() })) {
      case "follow":
        teller.prepare(rekey, heard);
        teller.overruled(succession.follow(rekey, author), rekey, heard);
        this.#followed.push(heard);
        return;
      case "left out":
        if (succession.exclude(rekey, author)) teller.leftOut(heard, rekey);
        return;
      case "untrusted":
        if (this.#unfollowed.some((each) => each.rekey.mark === rekey.mark)) return;
        this.#unfollowed = [...this.#unfollowed, heard].slice(-MAX_UNFOLLOWED);
        teller.untrusted(heard, rekey);
        return;
      case "known":
        // Another client of this member has told it, or this one before it was killed.
        if (author === ownId) this.#followed.push(heard);
    }
  }

  /** Follows rotations of members whose keys the user has accepted since. */
  judgeAgain(): void {
    const { pins } = this.#parts;
    const accepted = this.#unfollowed.filter(({ author, nickname }) => {
      return pins.peek(nickname) === author && pins.isAccepted(nickname);
    });
    if (accepted.length === 0) return;
    this.#unfollowed = this.#unfollowed.filter((each) => !accepted.includes(each));
    for (const heard of accepted) this.#judge(heard, true);
  }

  /** Notes who has the newest key. Who writes under it has come by an invitation, if not before. */
  #noteHolder(id: string, generation: GenerationId, phase: Phase): void {
    const { ownId, succession, knocks, opener } = this.#parts;
    const { current } = succession;
    if (generation.mark !== current.mark || id === ownId) return;
    this.noteNewcomer(id);
    if (phase === "live" && opener.hasKey(current)) knocks.stop();
  }

  /** Notes that somebody has the newest key, who may have come since its rotation. */
  noteNewcomer(id: string): void {
    const { succession, rotations } = this.#parts;
    const { current } = succession;
    if (succession.noteNewcomer(id, current)) rotations.noteNewcomer(current, id);
  }

  /** The generation that a message came under; in a room that has never moved on, its first key. */
  #idOf(name: GenerationName | undefined): GenerationId {
    return idOf(name ?? this.#parts.keys.generations.at(-1)!);
  }
}

/** Whether somebody would have read a message here. */
function isText({ header: { kind }, isForMe }: Signed): boolean {
  return kind === "chat" || kind === "act" || kind === "dm" && isForMe;
}
