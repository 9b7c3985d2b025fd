/**
 * A room of members who rotate, without secrets and sockets: each line comes to each member after a
 * time of its own, and only the lines of one author keep their order.
 *
 * @module
 */

import { Doorkeeper } from "../../lib/client/rotation/doorkeeper.ts";
import { Knocking } from "../../lib/client/rotation/knocking.ts";
import { type GenerationId, Succession } from "../../lib/client/rotation/succession.ts";
import type { GenerationFacts } from "../../lib/protocol/rekey.ts";
import { seeded } from "./seeded.ts";

/** The day of all rotations. */
const TODAY = 20_666;
/** The generation that all begin with. */
export const ZERO: GenerationId = { generation: 0, mark: "A".repeat(43) };

type Said =
  | { readonly kind: "rekey"; readonly facts: GenerationFacts; readonly boxes: readonly string[] }
  | { readonly kind: "chat"; readonly text: string };

type Line =
  & { readonly author: string }
  & (
    | { readonly kind: "token"; readonly under: GenerationId; readonly said: Said }
    | { readonly kind: "knock"; readonly known: GenerationId; readonly key: string }
    | {
      readonly kind: "answer";
      readonly to: string;
      readonly key: string;
      readonly facts: GenerationFacts | undefined;
    }
  );

/** One member of the room. */
export class RotatingMember {
  readonly id: string;
  readonly succession: Succession;
  readonly keeper: Doorkeeper;
  readonly knocking: Knocking;
  /** The marks of the generations whose keys it has. */
  readonly keys = new Set([ZERO.mark]);
  readonly facts = new Map<string, GenerationFacts>();
  held: Line[] = [];
  /** What it was shown, and what it was told. */
  readonly shown: string[] = [];
  readonly told: string[] = [];
  knock: string | undefined;
  isHere = true;
  trusts: (id: string) => boolean = () => true;

  constructor(id: string, random: () => number, members: () => number) {
    this.id = id;
    this.succession = new Succession(id, [ZERO]);
    this.keeper = new Doorkeeper({ random, members });
    this.knocking = new Knocking(random);
  }

  /** The generation that it writes under: the first in order that it has the key of. */
  get writing(): GenerationId {
    return this.succession.followed.find(({ mark }) => this.keys.has(mark))!;
  }
}

/** The room. */
export class RotatingRoom {
  readonly members: ReadonlyMap<string, RotatingMember>;
  readonly random: () => number;
  now = 0;
  answers = 0;
  knocks = 0;
  #queue: { readonly at: number; readonly to: RotatingMember; readonly line: Line }[] = [];
  readonly #latest = new Map<string, number>();
  #marks = 0;

  constructor(ids: readonly string[], seed: number) {
    this.random = seeded(seed);
    this.members = new Map(
      ids.map((id) => [id, new RotatingMember(id, this.random, () => ids.length)]),
    );
  }

  /** Rotates as a member does: the generation is there before it is told. */
  rotate(author: string, to: readonly string[], boxes: readonly string[] = to): GenerationFacts {
    const member = this.members.get(author)!;
    const under = member.writing;
    const mark = this.#makeMark();
    const { generation, mark: parent } = under;
    const facts = { generation: generation + 1, parent, mark, day: TODAY - 1, to };
    member.keys.add(mark);
    member.facts.set(mark, facts);
    this.say(author, { kind: "rekey", facts, boxes }, under);
    member.succession.follow(facts, author);
    return facts;
  }

  /** Writes under the newest key that a member has. */
  say(author: string, said: Said, under = this.members.get(author)!.writing): void {
    this.#send({ author, kind: "token", under, said });
  }

  /** Lets time pass. */
  run(ms: number): void {
    for (const end = this.now + ms; this.now < end; this.now += 10) {
      const due = this.#queue.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
      this.#queue = this.#queue.filter(({ at }) => at > this.now);
      for (const { to, line } of due) if (to.isHere) this.#receive(to, line);
      for (const member of this.members.values()) if (member.isHere) this.#tick(member);
    }
  }

  #send(line: Line): void {
    for (const member of this.members.values()) {
      if (member.id === line.author) continue;
      const way = `${line.author} ${member.id}`;
      const at = Math.max(this.now + this.random() * 800, this.#latest.get(way) ?? 0);
      this.#latest.set(way, at);
      this.#queue.push({ at, to: member, line });
    }
  }

  #receive(member: RotatingMember, line: Line): void {
    if (line.kind === "knock") return this.#hearKnock(member, line);
    if (line.kind === "answer") return this.#hearAnswer(member, line);
    if (!member.keys.has(line.under.mark)) {
      member.held.push(line);
      return member.knocking.want(this.now);
    }
    const { author, under, said } = line;
    if (said.kind === "rekey") return this.#hearRekey(member, author, under, said);
    if (member.succession.mayBeHeard(author, under)) member.shown.push(said.text);
  }

  #hearRekey(
    member: RotatingMember,
    author: string,
    under: GenerationId,
    { facts, boxes }: Extract<Said, { kind: "rekey" }>,
  ): void {
    const isTrusted = member.trusts(author);
    const verdict = member.succession.judge({ facts, author, isTrusted, under, days: [TODAY] });
    if (verdict === "left out" && member.succession.exclude(facts, author)) {
      member.told.push(`left out by ${author}`);
    }
    if (verdict !== "follow") return;
    this.#follow(member, facts, author);
    if (boxes.includes(member.id)) this.#unlock(member, facts);
    else member.knocking.want(this.now);
  }

  #follow(member: RotatingMember, facts: GenerationFacts, author: string): void {
    if (member.succession.follow(facts, author)) member.told.push(`overruled by ${author}`);
    member.facts.set(facts.mark, facts);
  }

  #unlock(member: RotatingMember, { mark }: GenerationId): void {
    member.keys.add(mark);
    if (member.writing.mark === member.succession.current.mark) member.knocking.stop();
    for (const line of member.held.splice(0)) this.#receive(member, line);
  }

  #hearKnock(
    member: RotatingMember,
    { author, known, key }: Extract<Line, { kind: "knock" }>,
  ): void {
    const { succession } = member;
    const hasKey = member.keys.has(succession.current.mark);
    const isBehind = succession.current.mark !== known.mark && !succession.isAhead(known);
    if (!hasKey || !isBehind || succession.current.to === undefined) return;
    member.keeper.take({ id: author, key, isWelcome: succession.belongs(author) }, this.now);
  }

  #hearAnswer(
    member: RotatingMember,
    { author, to, key, facts }: Extract<Line, { kind: "answer" }>,
  ): void {
    if (member.succession.belongs(author)) member.keeper.noteAnswered(to, key);
    if (to !== member.id || key !== member.knock || !member.trusts(author)) return;
    member.knock = undefined;
    if (!facts) {
      if (member.knocking.refuse()) member.told.push("refused");
      return;
    }
    this.#follow(member, facts, author);
    this.#unlock(member, facts);
  }

  #tick(member: RotatingMember): void {
    if (member.knocking.isDue(this.now)) {
      this.knocks++;
      member.knock = `${this.random()}`;
      const { writing: known, knock: key } = member;
      this.#send({ author: member.id, kind: "knock", known, key });
    }
    for (const { id, key, isWelcome } of member.keeper.due(this.now)) {
      this.answers++;
      const facts = isWelcome ? member.facts.get(member.succession.current.mark) : undefined;
      this.#send({ author: member.id, kind: "answer", to: id, key, facts });
    }
  }

  #makeMark(): string {
    const bytes = new Uint8Array(32);
    new DataView(bytes.buffer).setUint32(0, this.random() * 2 ** 32);
    new DataView(bytes.buffer).setUint32(4, ++this.#marks);
    return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  }
}
