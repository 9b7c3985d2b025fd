import assert from "node:assert/strict";
import { FileDesk } from "../../lib/client/files/desk.ts";
import type { FileOffer } from "../../lib/protocol/file_messages.ts";
import { Member } from "../support/member.ts";
import type { Program } from "../support/programs.ts";
import { spawn } from "../support/programs.ts";
import { type Room, roomTest } from "../support/room.ts";

const PRECIOUS = "precious";

/** A member that offers what it wants, and sends what it has. */
class Liar implements AsyncDisposable {
  readonly #member: Member;
  readonly #desk: FileDesk;
  #lie: Partial<FileOffer> = {};
  #told = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(member: Member) {
    this.#member = member;
    const { post, roster, openPipe } = member.entered;
    this.#desk = new FileDesk({
      post: {
        agreementKey: post.agreementKey,
        isPlain: false,
        tell: (to, message) => post.tell(to, message),
        offer: (offer, text, to) => post.offer({ ...offer, ...this.#lie }, text, to),
      },
      ...{ roster, openPipe, directory: undefined, repeats: false },
      describe: () => "offers a file",
      monotonic: () => performance.now(),
    });
    this.#desk.listen({ onEvent: () => {}, onProgress: () => {} });
    this.#timer = setInterval(() => {
      for (; this.#told < member.events.length; this.#told++) {
        const event = member.events[this.#told]!;
        if (event.kind === "file") this.#desk.receive(event);
      }
    }, 10);
  }

  static async enter({ port, keyText }: Room, nickname = "mallory"): Promise<Liar> {
    return new Liar(await Member.enter({ port, keyText, nickname }));
  }

  async offer(path: string, lie: Partial<FileOffer>): Promise<void> {
    this.#lie = lie;
    await this.#desk.offer(path, undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#desk.close();
    await this.#member[Symbol.asyncDispose]();
  }
}

/** A taker's client, which is connected. */
async function startTaker({ directory, port }: Room, ...args: string[]): Promise<Program> {
  const address = ["127.0.0.1", `${port}`, "--nick", "bob", "--dir", "home/taken"];
  const taker = await spawn("client", ["take", ...address, ...args], { cwd: directory });
  await taker.waitFor("stderr", /connected/);
  return taker;
}

/** All paths below a directory, sorted, with their modes. */
async function treeOf(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const here = `${path}/${name}`;
    const { mode, isSymlink } = await Deno.lstat(here);
    if (!isDirectory && !isSymlink) assert.equal(mode! & 0o111, 0, `${here} can be executed`);
    found.push(here, ...isDirectory ? await treeOf(here) : []);
  }
  return found.sort();
}

/** What a hostile name, or a common one that is taken, becomes. */
const NAMES: readonly (readonly [name: string, becomes: string])[] = [
  ["../../x", "x"],
  ["/etc/cron.d/x", "x (2)"],
  ["..\\..\\x", "x (3)"],
  ["..", "_"],
  ["CON", "_CON"],
  ["nul.txt", "_nul.txt"],
  ["a\0b", "ab"],
  ["x".repeat(300), "x".repeat(200)],
  [`${"é".repeat(150)}.txt`, `${"é".repeat(98)}.txt`],
  ["gepj.\u202etxt.exe", "gepj.txt.exe"],
  [".bashrc", "_bashrc"],
  ["-rf", "_rf"],
  ["\x1b[2J", "[2J"],
  ["there.txt", "there (2).txt"],
  ["link.txt", "link (2).txt"],
  ["dangling.txt", "dangling (2).txt"],
  ["directory", "directory (2)"],
  ["run.sh", "run.sh"],
  ["x.part", "x.part_"],
  ["a/", "file"],
];

roomTest(
  "names of files lead nowhere, overwrite nothing, and nothing can be executed",
  async (room) => {
    const { directory } = room;
    const taken = `${directory}/home/taken`;
    await Deno.mkdir(`${taken}/directory`, { recursive: true });
    await Deno.writeTextFile(`${directory}/outside`, PRECIOUS);
    await Deno.writeTextFile(`${taken}/there.txt`, PRECIOUS);
    await Deno.symlink(`${directory}/outside`, `${taken}/link.txt`);
    await Deno.symlink(`${directory}/made`, `${taken}/dangling.txt`);
    // A program, as its mode is no part of what is sent.
    await Deno.writeTextFile(`${directory}/source`, "#!/bin/sh\n", { mode: 0o755 });
    const before = await treeOf(`${directory}/home`);
    await using mallory = await Liar.enter(room);
    for (const [name, becomes] of NAMES) {
      await using taker = await startTaker(room);
      await mallory.offer(`${directory}/source`, { name });
      const { code, stdout, stderr } = await taker.finished();
      assert.equal(code, 0, `${JSON.stringify(name)}: ${stderr}`);
      assert.equal(stdout, `home/taken/${becomes}\n`);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(stderr, /[\x00-\x09\x0b-\x1f\u202e]/);
    }
    const after = await treeOf(`${directory}/home`);
    const made = NAMES.map(([, becomes]) => `${taken}/${becomes}`);
    assert.deepEqual(after, [...before, ...made].sort());
    for (const path of [`${directory}/outside`, `${taken}/there.txt`]) {
      assert.equal(await Deno.readTextFile(path), PRECIOUS);
    }
    await assert.rejects(Deno.stat(`${directory}/made`), Deno.errors.NotFound);
  },
);

roomTest("a nickname with slashes is in no path", async (room) => {
  const { directory } = room;
  await Deno.writeTextFile(`${directory}/source`, "text");
  await using mallory = await Liar.enter(room, "../../up");
  await using taker = await startTaker(room);
  await mallory.offer(`${directory}/source`, {});
  assert.equal((await taker.finished()).stdout, "home/taken/source\n");
  assert.deepEqual(await treeOf(`${directory}/home`), [
    `${directory}/home/taken`,
    `${directory}/home/taken/source`,
  ]);
});

const BYTES = 300_000;
const LIES: readonly (readonly [string, Partial<FileOffer>, RegExp])[] = [
  [
    "a false hash",
    { hash: "A".repeat(43) },
    /what came is not the file that was offered: wrong hash/,
  ],
  ["too small a size", { size: BYTES - 1 }, /the file has another size than was offered/],
  ["a size of whole frames, too small", { size: 65_536 }, /another size than was offered/],
  ["no size", { size: 0 }, /another size than was offered/],
  ["too large a size", { size: BYTES + 1 }, /the file has another size than was offered/],
  ["a size of another number of frames", { size: 10 * BYTES }, /another size than was offered/],
];

for (const [what, lie, error] of LIES) {
  roomTest(
    `an offer with ${what} ends with an error, and leaves no file of that name`,
    async (room) => {
      const { directory } = room;
      await Deno.writeFile(`${directory}/source`, new Uint8Array(BYTES).fill(7));
      await using mallory = await Liar.enter(room);
      await using taker = await startTaker(room);
      await mallory.offer(`${directory}/source`, lie);
      const { code, stdout, stderr } = await taker.finished();
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, error);
      const names = await treeOf(`${directory}/home`);
      assert.ok(names.every((name) => /taken$|\.part(\.json)?$/.test(name)), `${names}`);
    },
  );
}

roomTest("what is whole and hostile does not stop the next file of its name", async (room) => {
  const { directory } = room;
  await Deno.writeTextFile(`${directory}/source`, "text");
  await using mallory = await Liar.enter(room);
  for (const [hash, code] of [["A".repeat(43), 1], [undefined, 0]] as const) {
    await using taker = await startTaker(room);
    await mallory.offer(`${directory}/source`, hash === undefined ? {} : { hash });
    assert.equal((await taker.finished()).code, code);
  }
  assert.equal(await Deno.readTextFile(`${directory}/home/taken/source`), "text");
});
