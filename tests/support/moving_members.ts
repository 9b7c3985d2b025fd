/**
 * Members in the test's own process, whose keys are in files, as a room that moves on needs them.
 *
 * @module
 */

import { createIdentity, type Identity } from "../../lib/storage/identity.ts";
import { KeyStore } from "../../lib/storage/key_store.ts";
import { DayKeyFile } from "../../lib/storage/day_keys.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { Rotations, rotationsPath } from "../../lib/storage/rotations.ts";
import { SECRET } from "./forged_tokens.ts";
import { Member, type MemberOptions } from "./member.ts";

/** What stays of a member when its client ends. */
export interface Home {
  readonly directory: string;
  readonly identity: Identity;
  readonly pins: Pins;
}

/** Members by their names, who know each other. */
export class MovingMembers implements AsyncDisposable {
  readonly #homes = new Map<string, Home>();
  readonly #members = new Map<string, Member>();
  readonly #cwd: string;
  readonly #port: number;

  constructor(cwd: string, port: number) {
    this.#cwd = cwd;
    this.#port = port;
  }

  /** Makes homes of members who know each other. */
  async introduce(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const directory = `${this.#cwd}/${name}`;
      await Deno.mkdir(directory);
      await Deno.writeTextFile(`${directory}/secret.key`, SECRET, { mode: 0o600 });
      const pins = await Pins.open(undefined, () => {});
      this.#homes.set(name, { directory, pins, identity: await createIdentity() });
    }
    for (const { pins } of this.#homes.values()) {
      for (const [name, { identity }] of this.#homes) pins.judge(name, identity.id);
    }
  }

  /** A member's home. */
  home(name: string): Home {
    return this.#homes.get(name)!;
  }

  /** Starts a member's client, with what its home has. */
  async enter(name: string, options: Partial<MemberOptions> = {}): Promise<Member> {
    const { directory, identity, pins } = this.home(name);
    const path = `${directory}/secret.key`;
    const keyText = (await Deno.readTextFile(path)).trimEnd();
    const member = await Member.enter({
      ...{ port: this.#port, nickname: name, identity, pins, keyText },
      keyStore: await KeyStore.at(path, () => {}),
      dayKeys: await DayKeyFile.open(`${directory}/day-keys`, () => {}),
      rotations: await Rotations.open(rotationsPath(directory), () => {}),
      ...options,
    });
    this.#members.set(name, member);
    return member;
  }

  /** Starts several, and waits until all know who is here. */
  async enterAll(...names: readonly string[]): Promise<Member[]> {
    const members: Member[] = [];
    for (const name of names) members.push(await this.enter(name));
    for (const { entered: { roster } } of members) {
      while (new Set([...roster.values()].map(({ id }) => id)).size < names.length - 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    return members;
  }

  /** Ends a member's client, without a word. */
  async leave(name: string): Promise<void> {
    await this.#members.get(name)![Symbol.asyncDispose]();
    this.#members.delete(name);
  }

  /** Who is named, by id. */
  ids(...names: readonly string[]): ReadonlySet<string> {
    return new Set(names.map((name) => this.home(name).identity.id));
  }

  /** The newest line of a member's key file, without the root. */
  async newest(name: string): Promise<string> {
    const text = await Deno.readTextFile(`${this.home(name).directory}/secret.key`);
    return text.split("\n")[0]!.split(".").slice(2, 6).join(".");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#members.keys()]) await this.leave(name);
  }
}
