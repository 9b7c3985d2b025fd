/**
 * A room under attack beside one that is left alone, and what those who talk there notice.
 *
 * @module
 */

import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { sealEnvelope } from "../../lib/protocol/envelope.ts";
import { EPOCH_BYTES, type HeaderFields } from "../../lib/protocol/header.ts";
import { createIdentity, type Identity } from "../../lib/storage/identity.ts";
import { SECRET } from "./forged_tokens.ts";
import { connectMember, ROOM, writeKey } from "./member_client.ts";
import { type Part, testNeeding } from "./needs.ts";
import { peakResidentBytes, processorSeconds } from "./process_info.ts";
import { commandLine, type Program, spawn, startServer } from "./programs.ts";
import { Pty } from "./pty.ts";
import type { RawClient } from "./raw_client.ts";
import { withDirectory } from "./temporary.ts";

/** Between two messages of the member who talks, in ms. */
const PROBE_MS = 100;
/** How often those who listen are looked at, in ms. */
const LOOK_MS = 5;
/** Longest wait, in s, for the last messages to be shown. */
const SETTLE_SECONDS = 60;
/** Sealed at once; more would only wait for the same threads. */
const IN_FLIGHT = 64;

const MIB = 1024 * 1024;

/** What those who talk may notice of an attack, at most. */
const BOUNDS = { medianMs: 1000, p99Ms: 3000, peakMib: 150, moreProcessor: 0.25 } as const;

/** Makes an epoch as a client that started at that time would, in ms since 1970. */
export function makeEpoch(startedAt = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(EPOCH_BYTES));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(startedAt / 2 ** 32));
  view.setUint32(2, startedAt % 2 ** 32);
  return formatBase64Url(bytes);
}

/** A member that holds the room's key and keeps no rule. */
export class HostileMember implements Disposable {
  readonly identity: Identity;
  readonly nickname: string;
  /** Its present run; the numbers of {@linkcode seal} count up in it. */
  epoch = makeEpoch();
  sequence = 0;
  /** Its connection. */
  readonly client: RawClient;

  private constructor(client: RawClient, identity: Identity, nickname: string) {
    this.client = client;
    this.identity = identity;
    this.nickname = nickname;
  }

  /** Connects and proves the key. */
  static async enter(port: number, nickname = "mallory"): Promise<HostileMember> {
    return new HostileMember(await connectMember(port), await createIdentity(), nickname);
  }

  /** Seals a message: a chat with the next number, unless the fields say otherwise. */
  async seal(fields: Partial<HeaderFields> = {}): Promise<string> {
    const sequence = fields.sequence ?? this.sequence++;
    return await this.sealAs(this.identity, { ...fields, sequence });
  }

  /** Seals a message of a key: the first chat of its run, unless the fields say otherwise. */
  async sealAs(identity: Identity, fields: Partial<HeaderFields> = {}): Promise<string> {
    const { id, signing: { privateKey } } = identity;
    const { nickname, epoch } = this;
    const time = Math.floor(Date.now() / 1000);
    const own = {
      kind: "chat",
      text: "x",
      id,
      nickname,
      epoch,
      time,
      sequence: 0,
      ...fields,
    } as const;
    const plaintext = await sealEnvelope(own, { privateKey, roomId: ROOM.roomId });
    return await encrypt(await KEY, plaintext) + "\n";
  }

  /** Seals many messages. */
  async sealAll(all: readonly Partial<HeaderFields>[]): Promise<string[]> {
    const lines: string[] = [];
    for (let i = 0; i < all.length; i += IN_FLIGHT) {
      lines.push(
        ...await Promise.all(all.slice(i, i + IN_FLIGHT).map((fields) => this.seal(fields))),
      );
    }
    return lines;
  }

  /** Sends lines, each with its LF. */
  async send(lines: readonly string[]): Promise<void> {
    await this.client.send(lines.join(""));
  }

  /** Closes its connection at once. */
  [Symbol.dispose](): void {
    this.client[Symbol.dispose]();
  }
}

const KEY = importKey(SECRET);

/** A room that is attacked. */
export interface Target {
  readonly port: number;
  /** The room's key, 44 characters. */
  readonly keyText: string;
  /** The server's directory. */
  readonly directory: string;
  readonly server: Program;
}

/** What those who talk noticed. */
export interface Noticed {
  /** From the sending of another member's message until the terminal shows it, in ms. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Messages that one of the clients did not show, or showed twice. */
  readonly lost: number;
  /** Whether a client lost its connection. */
  readonly isCut: boolean;
  /** Most memory of a client, in MiB. */
  readonly peakMib: number;
  /** Share of a core that the busier client took. */
  readonly processor: number;
}

/** Somebody's client, and when it showed each of the member's messages. */
interface Watcher {
  readonly pid: number;
  readonly output: () => string;
  readonly shownAt: Map<number, number>;
  looked: number;
  twice: number;
}

/** A room with a member who talks, and two who listen with the real client. */
class TalkingRoom implements AsyncDisposable {
  readonly target: Target;
  readonly #stack: AsyncDisposableStack;
  readonly #watchers: Watcher[];
  readonly #talker: HostileMember;
  readonly #sentAt: number[] = [];

  private constructor(
    target: Target,
    stack: AsyncDisposableStack,
    { watchers, talker }: { watchers: Watcher[]; talker: HostileMember },
  ) {
    this.target = target;
    this.#stack = stack;
    this.#watchers = watchers;
    this.#talker = talker;
  }

  static async open(directory: string, args: readonly string[]): Promise<TalkingRoom> {
    await using stack = new AsyncDisposableStack();
    await writeKey(directory);
    const { port, program: server } = stack.use(await startServer({ cwd: directory, args }));
    const env = { NO_COLOR: "1", LC_ALL: "C.UTF-8", XDG_CONFIG_HOME: `${directory}/config` };
    const address = ["127.0.0.1", `${port}`, "--nick"];
    const command = [...await commandLine("client", "source"), ...address, "watcher"];
    const pty = stack.use(
      await Pty.open(command, {
        cwd: directory,
        env: { ...env, XDG_STATE_HOME: `${directory}/watcher` },
        columns: 100,
        rows: 30,
      }),
    );
    await pty.waitFor(/here: /);
    const bot = stack.use(await spawn("client", [...address, "bot", "--json"], { cwd: directory }));
    await bot.waitFor("stdout", /"live"/);
    const talker = stack.use(await HostileMember.enter(port, "talker"));
    const watch = (pid: number, output: () => string) => {
      return { pid, output, shownAt: new Map<number, number>(), looked: 0, twice: 0 };
    };
    const watchers = [watch(pty.pid, () => pty.output), watch(bot.child.pid, () => bot.stdout)];
    const target = { port, keyText: SECRET, directory, server };
    return new TalkingRoom(target, stack.move(), { watchers, talker });
  }

  /** Has the member talk until a promise settles, and tells what the others noticed. */
  async talkUntil(over: Promise<unknown>): Promise<Noticed> {
    const looking = setInterval(() => this.#watchers.forEach(look), LOOK_MS);
    try {
      const before = await Promise.all(this.#watchers.map(({ pid }) => processorSeconds(pid)));
      const began = performance.now();
      let isOver = false;
      over.finally(() => isOver = true).catch(() => {});
      while (!isOver) {
        const line = await this.#talker.seal({ text: `probe-${this.#sentAt.length};` });
        this.#sentAt.push(performance.now());
        await this.#talker.send([line]);
        await sleep(PROBE_MS);
      }
      await over;
      await this.#settle();
      const seconds = (performance.now() - began) / 1000;
      const after = await Promise.all(this.#watchers.map(({ pid }) => processorSeconds(pid)));
      const processor = Math.max(...after.map((end, i) => (end - before[i]!) / seconds));
      return { ...await this.#sumUp(), processor };
    } finally {
      clearInterval(looking);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #settle(): Promise<void> {
    const until = performance.now() + SETTLE_SECONDS * 1000;
    const hasAll = ({ shownAt }: Watcher) => shownAt.size === this.#sentAt.length;
    while (!this.#watchers.every(hasAll) && performance.now() < until) await sleep(LOOK_MS);
  }

  async #sumUp(): Promise<Omit<Noticed, "processor">> {
    const [terminal] = this.#watchers as [Watcher];
    const late = SETTLE_SECONDS * 1000;
    const delays = this.#sentAt
      .map((sentAt, i) => (terminal.shownAt.get(i) ?? sentAt + late) - sentAt)
      .sort((a, b) => a - b);
    const at = (share: number) => delays[Math.floor(share * delays.length)] ?? NaN;
    const peaks = await Promise.all(this.#watchers.map(({ pid }) => peakResidentBytes(pid)));
    const missed = ({ shownAt, twice }: Watcher) => this.#sentAt.length - shownAt.size + twice;
    const isCut = this.#watchers.some(({ output }) =>
      /connecting again|connected again/.test(output())
    );
    return {
      medianMs: at(0.5),
      p99Ms: at(0.99),
      lost: this.#watchers.reduce((sum, watcher) => sum + missed(watcher), 0),
      isCut,
      peakMib: Math.max(...peaks) / MIB,
    };
  }
}

function look(watcher: Watcher): void {
  const now = performance.now();
  const text = watcher.output();
  // The last line may be a part of one.
  const end = text.lastIndexOf("\n") + 1;
  for (const [, number] of text.slice(watcher.looked, end).matchAll(/probe-(\d+);/g)) {
    if (watcher.shownAt.has(Number(number))) watcher.twice++;
    else watcher.shownAt.set(Number(number), now);
  }
  watcher.looked = end;
}

/** Settings of {@linkcode attackTest}. */
export interface AttackOptions {
  /** Of the server. */
  readonly args?: readonly string[];
  /** What the attack needs beside the programs. */
  readonly parts?: readonly Part[];
}

/**
 * Registers a test: while one room is attacked and another is not, those who talk there notice no
 * more of the attack than {@linkcode BOUNDS} allow. It prints what they noticed.
 *
 * @param prepare Gets what the attack needs ready; what it returns attacks.
 */
export function attackTest(
  name: string,
  { args = [], parts = [] }: AttackOptions,
  prepare: (target: Target) => Promise<() => Promise<void>>,
): void {
  const needs = ["net", "read", "write", "run", "env", "python3", ...parts] as const;
  testNeeding(needs, name, async () => {
    await withDirectory(async (directory) => {
      await using stack = new AsyncDisposableStack();
      const open = async (room: string) => {
        await Deno.mkdir(`${directory}/${room}`);
        return stack.use(await TalkingRoom.open(`${directory}/${room}`, args));
      };
      const [attacked, calm] = [await open("attacked"), await open("calm")];
      const attack = (await prepare(attacked.target))();
      const [noticed, usual] = await Promise.all([
        attacked.talkUntil(attack),
        calm.talkUntil(attack),
      ]);
      console.log(`${name}:\n  attacked  ${describe(noticed)}\n  calm      ${describe(usual)}`);
      assertUnharmed(noticed, usual);
    });
  });
}

function describe(noticed: Noticed): string {
  const { medianMs, p99Ms, lost, isCut, peakMib, processor } = noticed;
  const shown = `shown after ${medianMs.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`;
  const cost = `${peakMib.toFixed(0)} MiB, ${(100 * processor).toFixed(0)}% of a core`;
  return `${shown}; lost ${lost}${isCut ? ", cut" : ""}; ${cost}`;
}

function assertUnharmed(noticed: Noticed, usual: Noticed): void {
  const { medianMs, p99Ms, lost, isCut, peakMib, processor } = noticed;
  assert.deepEqual({ lost, isCut }, { lost: 0, isCut: false });
  assert.ok(medianMs <= BOUNDS.medianMs, `shown after ${medianMs} ms`);
  assert.ok(p99Ms <= BOUNDS.p99Ms, `p99 ${p99Ms} ms`);
  assert.ok(peakMib <= BOUNDS.peakMib, `${peakMib} MiB`);
  assert.ok(processor <= usual.processor + BOUNDS.moreProcessor, `${processor} of a core`);
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
