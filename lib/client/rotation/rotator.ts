/**
 * Rotating: a member has the room move on to a new generation of its key.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import { formatBase64Url, parseBase64Url } from "../../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../../crypto/ed25519.ts";
import type { Generation, GenerationName } from "../../crypto/room_secret.ts";
import { AGREEMENT_BYTES } from "../../crypto/x25519.ts";
import { ChatError } from "../../errors.ts";
import { worded, type Wording } from "../../messages/wording.ts";
import { sealChain } from "../../protocol/chain_box.ts";
import { formatRekey, type GenerationFacts } from "../../protocol/rekey.ts";
import type { KeyStore } from "../../storage/key_store.ts";
import type { Pins } from "../../storage/pins.ts";
import type { Rotations } from "../../storage/rotations.ts";
import type { Author } from "../author.ts";
import type { Delivery } from "../delivery.ts";
import { MEETING_MS, MS_PER_ANSWERING_MEMBER } from "../limits.ts";
import type { KeyRing } from "../keys/key_ring.ts";
import type { Link } from "../link.ts";
import type { Roster } from "../roster.ts";
import type { Knocks } from "./knocks.ts";
import { GATHERING_CHECK_MS, LIVE_WAIT_MS, MAX_GATHERING_MS, RESUME_MS } from "./limits.ts";
import { findObstacle, type ObstacleParts, wordFileFailure } from "./obstacle.ts";
import { idOf, nameOf } from "./opener.ts";
import { type Plan, planRotation } from "./plan.ts";
import { type NoticeParts, tellSimpleClients } from "./simple_notice.ts";
import type { Succession } from "./succession.ts";

/** What a {@linkcode Rotator} works with. */
export interface RotatorParts extends ObstacleParts, NoticeParts {
  readonly ownId: string;
  readonly keys: KeyRing;
  readonly store: Pick<KeyStore, "probe">;
  readonly rotations: Rotations;
  readonly succession: Succession;
  readonly knocks: Pick<Knocks, "isHopeful">;
  readonly pins: Pick<Pins, "entries">;
  readonly roster: Pick<Roster, "list">;
  readonly author: Author;
  readonly delivery: Pick<Delivery, "mark" | "changed">;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** Makes rotations, and tells of those that were begun. */
export class Rotator {
  readonly #parts: RotatorParts;
  #link: Link | undefined;
  #isRotating = false;
  #resuming: ReturnType<typeof setTimeout> | undefined;
  /** When the connection was live, in ms. */
  #liveAt = -Infinity;
  #attached = Promise.withResolvers<void>();

  constructor(parts: RotatorParts) {
    this.#parts = parts;
  }

  /** Whether this client asks for a newer key, and an answer may come soon. */
  get isCatchingUp(): boolean {
    return this.#parts.knocks.isHopeful;
  }

  /** Uses a connection that is live. A rotation that was begun and not told is told soon. */
  attach(link: Link): void {
    this.#link = link;
    this.#liveAt = this.#parts.monotonic();
    this.#attached.resolve();
    if (!this.#parts.keys.unannounced || this.#parts.author.isPlain) return;
    clearTimeout(this.#resuming);
    // By then others have said that they are here.
    this.#resuming = setTimeout(() => void this.#resume().catch(() => {}), RESUME_MS);
  }

  /** Uses no connection any more. */
  detach(): void {
    clearTimeout(this.#resuming);
    this.#link = undefined;
    this.#attached = Promise.withResolvers();
  }

  /**
   * Waits until those who are here have said so, and a newer key has come if there is one: a client
   * that has just come knows neither.
   */
  async gather(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LIVE_WAIT_MS);
    await Promise.race([this.#attached.promise, late]);
    clearTimeout(timer);
    const peers = this.#link?.welcome.peers ?? 1;
    const spreadMs = Math.min(MEETING_MS + peers * MS_PER_ANSWERING_MEMBER, MAX_GATHERING_MS);
    const isEarly = () => this.#parts.monotonic() - this.#liveAt < spreadMs;
    const end = this.#parts.monotonic() + MAX_GATHERING_MS;
    while (this.#link && (isEarly() || this.isCatchingUp && this.#parts.monotonic() < end)) {
      await new Promise((resolve) => setTimeout(resolve, GATHERING_CHECK_MS));
    }
  }

  /**
   * Looks whether the room can be moved on, before anybody is asked whether it is to be.
   *
   * @throws {ChatError} If it cannot be done now.
   */
  async check(): Promise<void> {
    this.#assertFree();
    await this.#parts.store.probe().catch(refuseFile);
  }

  /**
   * Plans a rotation.
   *
   * @param without Whom to put out, by id.
   */
  plan(without: ReadonlySet<string>): Plan {
    const { ownId, succession, pins, roster } = this.#parts;
    const { to = [], newcomers } = succession.current;
    return planRotation({
      ownId,
      pinned: pins.entries().map(([nickname, id]) => ({ nickname, id })),
      here: roster.list(),
      without,
      belongs: (id) => succession.belongs(id),
      members: [...to, ...newcomers],
    });
  }

  /**
   * Moves the room on. The new key is on disk before anybody is told of it.
   *
   * @returns When the relay has it: false if the connection was lost before. Then it is told later.
   * @throws {ChatError} If it cannot be done now.
   */
  async rotate({ to, dayKeys }: Plan): Promise<boolean> {
    const { ownId, keys, rotations, succession } = this.#parts;
    this.#assertFree();
    this.#isRotating = true;
    try {
      const parent = keys.current;
      const generation = await keys.begin();
      const facts = {
        ...{ ...idOf(generation), parent: formatBase64Url(parent.mark), day: generation.day },
        to: to.map(({ id }) => id),
      };
      // Who belongs to it is known before it is there: it cannot be told of without that.
      await rotations.note({ ...facts, author: ownId, newcomers: [] });
      await keys.adopt(generation, { mustSave: true }).catch(refuseFile);
      succession.follow(facts, ownId);
      return await this.#tell(facts, generation, dayKeys, parent);
    } finally {
      this.#isRotating = false;
    }
  }

  #assertFree(): void {
    const isConnected = this.#link !== undefined;
    const moment = { isConnected, isRotating: this.#isRotating, isCatchingUp: this.isCatchingUp };
    const reason = findObstacle(this.#parts, moment);
    if (reason) throw refuse(reason);
  }

  /** Tells of what this client, or another one of this member, has begun before it was killed. */
  async #resume(): Promise<void> {
    const { ownId, keys, rotations } = this.#parts;
    const generation = keys.unannounced;
    const known = generation && rotations.find(idOf(generation));
    if (!known || known.author !== ownId || this.#isRotating) return;
    this.#isRotating = true;
    try {
      const { to, dayKeys } = this.#planAgain(known.to);
      const parent = nameOf({ generation: known.generation - 1, mark: known.parent });
      const facts = { ...known, to: to.map(({ id }) => id) };
      // A chain that has moved on is not the one that the others expect: they ask for it.
      const isFirst = generation.day === known.day;
      await this.#tell({ ...facts, to: known.to }, generation, isFirst ? dayKeys : [], parent);
    } finally {
      this.#isRotating = false;
    }
  }

  #planAgain(to: readonly string[]): Plan {
    const members = new Set(to);
    const { ownId, pins, roster } = this.#parts;
    return planRotation({
      ownId,
      pinned: pins.entries().map(([nickname, id]) => ({ nickname, id })),
      here: roster.list(),
      without: new Set(),
      belongs: (id) => members.has(id),
      members: [],
    });
  }

  async #tell(
    facts: GenerationFacts,
    { chain }: Generation,
    dayKeys: readonly string[],
    parent: GenerationName,
  ): Promise<boolean> {
    const { ownId, author, delivery, keys } = this.#parts;
    const { generation, mark, day, to } = facts;
    const sealed = await sealChain(
      chain,
      dayKeys.map((key) => parseBase64Url(key, AGREEMENT_BYTES)!),
      parseBase64Url(ownId, PUBLIC_KEY_BYTES)!,
    );
    const { text, body } = formatRekey({
      ...{ generation, parent: facts.parent, mark, day, to },
      ephemeralKey: formatBase64Url(sealed.ephemeralKey),
      boxes: sealed.boxes,
    });
    await author.write([{ kind: "rekey", text, body, under: parent }]);
    const isTaken = delivery.mark();
    const link = this.#link;
    while (!isTaken() && this.#link) await delivery.changed;
    if (!isTaken()) return false;
    await keys.noteAnnounced(nameOf(facts));
    if (link) await tellSimpleClients(this.#parts, link, parent);
    return true;
  }
}

function refuse(reason: Wording, options?: ErrorOptions): ChatError {
  return new ChatError(worded("Cannot move the room on: {reason}", { reason }), options);
}

function refuseFile(cause: unknown): never {
  throw refuse(wordFileFailure(cause), { cause });
}
