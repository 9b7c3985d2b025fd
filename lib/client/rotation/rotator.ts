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
import { encrypt } from "../../fernet.ts";
import type { Say } from "../../messages/phrases.ts";
import { worded, type Wording } from "../../messages/wording.ts";
import { sealChain } from "../../protocol/chain_box.ts";
import { formatRekey, type GenerationFacts } from "../../protocol/rekey.ts";
import { frameToken } from "../../protocol/wire.ts";
import type { Pins } from "../../storage/pins.ts";
import type { Rotations } from "../../storage/rotations.ts";
import type { Author } from "../author.ts";
import type { Delivery } from "../delivery.ts";
import { MEETING_MS, MS_PER_ANSWERING_MEMBER } from "../limits.ts";
import type { KeyRing } from "../keys/key_ring.ts";
import type { Link } from "../link.ts";
import type { Reader } from "../reader.ts";
import type { Roster } from "../roster.ts";
import type { Knocks } from "./knocks.ts";
import { GATHERING_CHECK_MS, LIVE_WAIT_MS, MAX_GATHERING_MS, RESUME_MS } from "./limits.ts";
import { idOf, nameOf } from "./opener.ts";
import { type Plan, planRotation } from "./plan.ts";
import type { Succession } from "./succession.ts";

/** What a {@linkcode Rotator} works with. */
export interface RotatorParts {
  readonly ownId: string;
  readonly keys: KeyRing;
  readonly rotations: Rotations;
  readonly succession: Succession;
  readonly knocks: Pick<Knocks, "isHopeful">;
  readonly pins: Pick<Pins, "entries">;
  readonly roster: Pick<Roster, "list">;
  readonly author: Author;
  readonly delivery: Pick<Delivery, "mark" | "changed">;
  readonly reader: Pick<Reader, "noteOwn">;
  /** Whether the key file can be changed, and who belongs to a key be kept. */
  readonly isKept: boolean;
  /** Whether this clock agrees with the relay's: the days of a new key depend on it. */
  readonly hasTime: () => boolean;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Says what simple clients are told. */
  readonly say: Say;
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
    const reason = this.#findObstacle();
    if (reason) throw new ChatError(worded("Cannot move the room on: {reason}", { reason }));
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
      if (!await keys.adopt(generation, { mustSave: true })) {
        const reason = worded("the key file cannot be written");
        throw new ChatError(worded("Cannot move the room on: {reason}", { reason }));
      }
      succession.follow(facts, ownId);
      return await this.#tell(facts, generation, dayKeys, parent);
    } finally {
      this.#isRotating = false;
    }
  }

  #findObstacle(): Wording | undefined {
    const { keys, isKept, succession, author, hasTime } = this.#parts;
    if (author.isPlain) return worded("not with --plain");
    if (!isKept) return worded("this client keeps no files");
    if (!this.#link) return worded("there is no connection");
    if (!hasTime()) return worded("your clock and the server's are more than an hour apart");
    if (this.#isRotating || keys.unannounced) {
      return worded("a new key is being told to the others");
    }
    const { current } = succession;
    const isBehind = current.mark !== idOf(keys.current).mark || succession.exclusion;
    // What could not be read may be under a newer key.
    return isBehind || this.isCatchingUp
      ? worded("you do not have the room's newest key")
      : undefined;
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
    if (link) await this.#tellSimpleClients(link, parent);
    return true;
  }

  /** Those who write plain text read on under the old key, and find nothing more. */
  async #tellSimpleClients(link: Link, parent: GenerationName): Promise<void> {
    const { keys, author, reader, say } = this.#parts;
    const text = say(
      "the room has a new key: an older chat-client cannot follow, and clients of plain text need the key of each day, which chat-client key --today prints",
    );
    const { key, now } = await keys.writing(parent);
    const plaintext = new TextEncoder().encode(`<${author.nickname}> ${text}`);
    const token = await encrypt(key, plaintext, { now });
    reader.noteOwn(token);
    await link.write(frameToken(token)).catch(() => {});
  }
}
