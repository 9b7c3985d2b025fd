import assert from "node:assert/strict";
import { parseRoomSecret, type RoomSecret } from "../../lib/crypto/room_secret.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { ROOT } from "../support/programs.ts";
import type { RoomClient, StartOptions } from "../support/room_clients.ts";
import { type Setting, startAll, withRoom } from "../support/rotation_setting.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

/** How far a rotation had come when its author was killed, by the author's key file. */
type Left = "no new key" | "a key that was not told" | "a key that was told";

/** A room with alice, who is killed again and again, and bob, who is not. */
class Victims {
  readonly #setting: Setting;
  readonly #stack: AsyncDisposableStack;
  readonly #bob: RoomClient;
  readonly #directory: string;
  #round = 0;

  private constructor(setting: Setting, stack: AsyncDisposableStack, all: Map<string, RoomClient>) {
    this.#setting = setting;
    this.#stack = stack;
    this.#bob = all.get("bob")!;
    this.#directory = all.get("alice")!.directory;
  }

  static async meet(setting: Setting, stack: AsyncDisposableStack): Promise<Victims> {
    const all = await startAll(setting.clients, stack, ["alice", "bob"]);
    const victims = new Victims(setting, stack, all);
    // Whom she knows is on disk within a second: without that nobody would belong.
    const pins = `${await victims.stateDirectory()}/pins`;
    await until(async () => /"bob"/.test(await Deno.readTextFile(pins).catch(() => "")), "no pins");
    await setting.clients.leave(all.get("alice")!);
    return victims;
  }

  get keyPath(): string {
    return `${this.#directory}/secret.key`;
  }

  /** Where alice's client keeps what it knows of the room. */
  async stateDirectory(): Promise<string> {
    const rooms = `${this.#directory}/state/encrypted-chatroom/rooms`;
    const [room] = await Array.fromAsync(Deno.readDir(rooms));
    return `${rooms}/${room!.name}`;
  }

  async start(how?: StartOptions): Promise<RoomClient> {
    const alice = await this.#setting.clients.start("alice", how);
    this.#stack.use(alice.program);
    return alice;
  }

  /** Has a client of alice begin a rotation: when this returns, it is under way. */
  async rotate(alice: RoomClient): Promise<RoomSecret> {
    const before = await parseRoomSecret(await Deno.readTextFile(this.keyPath));
    await alice.enter("/rotate --yes");
    return before;
  }

  /**
   * Looks at what a killed client left, and has the next one take it up.
   *
   * @param before The room's secret before the rotation.
   * @returns The next client, and how far the killed one had come.
   */
  async takeUp(before: RoomSecret): Promise<{ next: RoomClient; left: Left }> {
    const path = this.keyPath;
    const after = await parseRoomSecret(await Deno.readTextFile(path));
    // No generation is lost that was there, but for the oldest one, for want of room.
    const marks = listMarks(after);
    for (const mark of listMarks(before).slice(0, MAX_OLDER)) assert.ok(marks.includes(mark));
    const isNew = marks[0] !== listMarks(before)[0];
    assert.equal(after.generations[0].number - before.generations[0].number, isNew ? 1 : 0);
    const next = await this.start();
    await this.#talk(next);
    await until(async () => !/unannounced/.test(await Deno.readTextFile(path)), "announced");
    const files = [path, `${this.#bob.directory}/secret.key`];
    await until(async () => {
      const texts = await Promise.all(files.map((file) => Deno.readTextFile(file)));
      const [mine, bobs] = await Promise.all(texts.map(parseRoomSecret));
      return listMarks(mine!)[0] === marks[0] && listMarks(bobs!)[0] === marks[0];
    }, "under one key, which is the newest that was on disk");
    await this.#talk(next);
    const isTold = !after.generations[0].isUnannounced;
    const left = isTold ? "a key that was told" : "a key that was not told";
    return { next, left: isNew ? left : "no new key" };
  }

  async #talk(alice: RoomClient): Promise<void> {
    const [round, bob] = [++this.#round, this.#bob];
    await alice.enter(`alice ${round}`);
    await bob.program.waitFor("stdout", new RegExp(`^<alice> alice ${round}$`, "m"));
    await bob.enter(`bob ${round}`);
    await alice.program.waitFor("stdout", new RegExp(`^<bob> bob ${round}$`, "m"));
  }
}

/** Older generations that a key file has room for. */
const MAX_OLDER = 7;

function listMarks({ generations }: RoomSecret): string[] {
  return generations.map(({ mark }) => mark.toHex());
}

const env = Deno.permissions.querySync({ name: "env" }).state === "granted" ? Deno.env : undefined;
/** How often a client is killed at random. More are for a run of its own. */
const KILLS = Number(env?.get("CHAT_ROTATION_KILLS") ?? 6);
/** Rooms at once: most of a round is waiting. */
const ROOMS = 4;
/** Longest time from the beginning of a rotation to the kill, in ms: one takes some 30 ms. */
const MAX_KILL_MS = 40;
/** Rounds of one test: it has 5 minutes. */
const KILLS_AT_ONCE = 60;

for (let first = 0; first < KILLS; first += KILLS_AT_ONCE) {
  const rounds = Math.min(KILLS_AT_ONCE, KILLS - first);
  const name =
    `client killed at ${rounds} random moments of a rotation loses no key, from ${first}`;
  testNeeding(NEEDS, name, async () => {
    const left: Left[] = [];
    let begun = 0;
    const worker = () =>
      withRoom(async (setting) => {
        await using stack = new AsyncDisposableStack();
        const victims = await Victims.meet(setting, stack);
        let alice = await victims.start();
        while (begun++ < rounds) {
          const before = await victims.rotate(alice);
          await alice.program.waitFor("stderr", /^what was written so far can still be read/m);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_KILL_MS));
          await alice.program[Symbol.asyncDispose]();
          const taken = await victims.takeUp(before);
          alice = taken.next;
          left.push(taken.left);
        }
      });
    await Promise.all(Array.from({ length: Math.min(ROOMS, rounds) }, worker));
    assert.equal(left.length, rounds);
    if (KILLS < KILLS_AT_ONCE) return;
    const counts = Map.groupBy(left, (each) => each);
    console.log([...counts].map(([each, { length }]) => `${length} left ${each}`).join("\n"));
  });
}

/** A system call on a file, on entering which a client is killed. */
interface Call {
  readonly syscalls: string;
  /**
   * Which file. `n` of a file is its n-th temporary one: that of the key is made to try, then for the
   * new key, and then to note that it was told.
   */
  readonly file:
    | "rotations.lock"
    | "rotations 1"
    | "key.lock"
    | "key 1"
    | "key 2"
    | "key 3"
    | "directory";
}

/** A line that is for the relay; the client is killed before the relay has it, or after. */
interface Sent {
  readonly line: "rotation" | "text for simple clients";
  readonly isTaken: boolean;
}

const WRITING = [
  ["opening", "?open,openat"],
  ["chmod", "?chmod,?fchmodat,?fchmodat2"],
  ["writing", "write,pwrite64,writev"],
  ["syncing", "fsync,fdatasync"],
  ["renaming", "?rename,renameat,?renameat2"],
] as const;

function writing(file: Call["file"], left: Left) {
  return WRITING.map(([name, syscalls]) => ({
    name: `${name} ${file}`,
    at: { syscalls, file },
    left,
  }));
}

const LOCK = "flock,fcntl";
const SYNC = "fsync,fdatasync";

/** Each step of a rotation, in order, and what is left by being killed just before it. */
const STEPS: readonly { readonly name: string; readonly at: Call | Sent; readonly left: Left }[] = [
  { name: "locking the key", at: { syscalls: LOCK, file: "key.lock" }, left: "no new key" },
  {
    name: "removing the file that was made to try",
    at: { syscalls: "?unlink,unlinkat", file: "key 1" },
    left: "no new key",
  },
  { name: "locking rotations", at: { syscalls: LOCK, file: "rotations.lock" }, left: "no new key" },
  ...writing("rotations 1", "no new key"),
  ...writing("key 2", "no new key"),
  {
    name: "syncing the directory",
    at: { syscalls: SYNC, file: "directory" },
    left: "a key that was not told",
  },
  {
    name: "sending the rotation",
    at: { line: "rotation", isTaken: false },
    left: "a key that was not told",
  },
  {
    name: "hearing that it is taken",
    at: { line: "rotation", isTaken: true },
    left: "a key that was not told",
  },
  ...writing("key 3", "a key that was not told"),
  {
    name: "sending the text for simple clients",
    at: { line: "text for simple clients", isTaken: false },
    left: "a key that was told",
  },
];

/** Has alice rotate, and kills her on entering a system call. */
async function killAtCall(victims: Victims, { syscalls, file }: Call): Promise<RoomSecret> {
  const state = await victims.stateDirectory();
  const directory = victims.keyPath.replace(/\/[^/]*$/, "");
  const temporary = (path: string, n: string) => {
    return path.replace(/[^/]*$/, (name) => `.${name}.${n.padStart(16, "0")}.tmp`);
  };
  const path = {
    "rotations.lock": `${state}/rotations.lock`,
    "rotations 1": temporary(`${state}/rotations`, "1"),
    "key.lock": `${victims.keyPath}.lock`,
    "key 1": temporary(victims.keyPath, "1"),
    "key 2": temporary(victims.keyPath, "2"),
    "key 3": temporary(victims.keyPath, "3"),
    directory,
  }[file];
  const inject = ["-e", `inject=${syscalls}:signal=KILL`];
  const alice = await victims.start({
    wrapper: ["strace", "-f", "-qq", "-o", "/dev/null", "-P", path, ...inject],
    denoFlags: [`--preload=${ROOT}tests/support/numbered_temporaries.ts`],
  });
  const before = await victims.rotate(alice);
  // If it is not killed, it ends with its input.
  await alice.enter("/quit").catch(() => {});
  const { signal } = await alice.program.child.status;
  assert.equal(signal, "SIGKILL", alice.program.stderr);
  for (const place of [state, directory]) await removeTemporaries(place);
  return before;
}

/** The next client numbers its own anew. */
async function removeTemporaries(directory: string): Promise<void> {
  for await (const { name } of Deno.readDir(directory)) {
    if (name.endsWith(".tmp")) await Deno.remove(`${directory}/${name}`);
  }
}

/** Has alice rotate, and kills her when a line is on its way to the relay. */
async function killAtLine(
  victims: Victims,
  { proxy }: Setting,
  { line, isTaken }: Sent,
): Promise<RoomSecret> {
  const alice = await victims.start();
  let sent: string | undefined;
  proxy.meddle = (text) => {
    const isRotation = text.length > MIN_REKEY_CHARS;
    const isIt = line === "rotation" ? isRotation : sent !== undefined && text.startsWith("g");
    if (isRotation) sent = text;
    if (!isIt) return [text];
    alice.program.child.kill("SIGKILL");
    return isTaken ? [text] : [];
  };
  const before = await victims.rotate(alice);
  await alice.program.finished();
  proxy.meddle = (text) => [text];
  return before;
}

/** Shortest rotation, in characters: all else that is sent here is shorter. */
const MIN_REKEY_CHARS = 800;

const isLinux = Deno.build.os === "linux";
const testLinux = isLinux ? testNeeding : () => {};

testLinux(
  [...NEEDS, "strace"],
  "client killed at any step of a rotation tells it later",
  async () => {
    const steps = [...STEPS];
    const worker = () =>
      withRoom(async (setting) => {
        await using stack = new AsyncDisposableStack();
        const victims = await Victims.meet(setting, stack);
        for (let step = steps.shift(); step; step = steps.shift()) {
          const { name, at, left } = step;
          try {
            const before = "line" in at
              ? await killAtLine(victims, setting, at)
              : await killAtCall(victims, at);
            const taken = await victims.takeUp(before);
            assert.equal(taken.left, left);
            await setting.clients.leave(taken.next);
          } catch (cause) {
            throw new Error(`killed at ${name}`, { cause });
          }
        }
      });
    await Promise.all(Array.from({ length: ROOMS }, worker));
  },
);
