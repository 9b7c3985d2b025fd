import assert from "node:assert/strict";
import { modeOf, namesIn } from "../support/key_files.ts";
import { writeKey } from "../support/member_client.ts";
import { SECRET } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { ROOT, spawn, startServer } from "../support/programs.ts";
import { spawnPython } from "../support/python.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3-cryptography"] as const;
const CODE = /^([a-z]+)-([a-z]+(?:-[a-z]+){2})$/m;
/** Pairings at once: each has four programs. */
const AT_ONCE = 3;

/** What became of a pairing through the machine in the middle. */
interface Outcome {
  /** The last lines of those who pair, and their exit codes. */
  readonly inviter: readonly [code: number, stderr: string];
  readonly joiner: readonly [code: number, stderr: string];
  /** The files of the joiner's rooms. */
  readonly rooms: readonly string[];
  /** What the middle saw, in hexadecimal, and the key that it has learned. */
  readonly seen: readonly string[];
  readonly key: string | null;
  readonly words: string;
}

/** Has two real clients pair through the Python script, which does a deed. */
async function pair(
  port: number,
  deed: readonly string[],
  tell: (words: string) => string = () => "",
): Promise<Outcome> {
  let outcome!: Outcome;
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using middle = spawnPython([
      `${ROOT}tests/support/evil_middle.py`,
      `${port}`,
      ...deed,
    ]);
    const [at] = await middle.waitFor("stdout", /^\d+$/m);
    const start = (command: string, name: string, ...args: string[]) => {
      const env = { XDG_STATE_HOME: `${cwd}/${name}`, XDG_CONFIG_HOME: `${cwd}/${name}-config` };
      return spawn("client", [command, "127.0.0.1", at!, "--nick", name, ...args], { cwd, env });
    };
    await using inviting = await start("invite", "alice");
    const [code, , words] = await inviting.waitFor("stdout", CODE);
    await middle.write(`${tell(words!)}\n`);
    await using joining = await start("join", "bob", "--no-enter", "--name", "friends");
    await joining.write(`${code}\n`);
    const [joiner, inviter] = await Promise.all([joining.finished(20), inviting.finished(20)]);
    const { stdout } = await middle.finished(20);
    const report = JSON.parse(stdout.split("\n")[1]!);
    const rooms = `${cwd}/bob-config/encrypted-chatroom/rooms`;
    outcome = {
      ...report,
      inviter: [inviter.code, inviter.stderr.trim().split("\n").slice(5).join("\n")],
      joiner: [joiner.code, joiner.stderr.trim()],
      rooms: await namesIn(rooms).catch(() => []),
      words: words!,
    };
    if (outcome.rooms.length > 0) {
      assert.deepEqual(await namesIn(`${rooms}/friends`), ["room.json", "secret.key"]);
      assert.equal(await modeOf(`${rooms}/friends/secret.key`), 0o600);
    }
  });
  return outcome;
}

/** Ends of a pairing in which the inviter and the joiner have nothing of each other. */
const WRONG = [
  /^error: Invitation over: somebody came with a wrong code\n/,
  /^error: Cannot join: the code is wrong\n/,
] as const;
const UNHEARD = [
  /^error: Invitation over: (?:nobody came in time|who came left before the end)\n/,
  /^error: Cannot join: who invited you (?:is gone|does not answer)\n/,
] as const;
const GARBLED = [UNHEARD[0], /^error: Cannot join: the answer makes no sense\n/] as const;
/** The inviter has sent its box, and no answer came. */
const UNNAMED =
  /^error: Invitation over: somebody has the key, and did not say who they are\nhint: /;

const DEEDS: readonly [deed: string, ends: readonly [inviter: RegExp, joiner: RegExp]][] = [
  ["drop 1", UNHEARD],
  ["zeros 0", [WRONG[0], UNHEARD[1]]],
  ["flip 0", WRONG],
  ["reorder 1", UNHEARD],
  ["replay 0", WRONG],
  ["swap 1", [WRONG[0], UNHEARD[1]]],
  ["cut 1", GARBLED],
  ["replay 1", WRONG],
  ["zeros 1", GARBLED],
  ["flip 2", [WRONG[0], UNHEARD[1]]],
  ["cut 2", [WRONG[0], UNHEARD[1]]],
  ["replay 2", [WRONG[0], UNHEARD[1]]],
  ["reorder 2", UNHEARD],
  ["swap 3", [UNNAMED, UNHEARD[1]]],
  ["flip 3", [UNNAMED, GARBLED[1]]],
  ["replay 3", [UNNAMED, GARBLED[1]]],
];

testNeeding(
  NEEDS,
  "a machine in the middle that an independent script plays learns and completes nothing",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using server = await startServer({ cwd, args: ["--members-only"] });
      const { port } = server;
      // It reads all, and both sides are as without it.
      const honest = await pair(port, ["read"]);
      assert.deepEqual([honest.inviter[0], ...honest.joiner], [0, 0, ""]);
      assert.deepEqual(honest.rooms, ["friends"]);
      assert.deepEqual(honest.seen.map((hex) => hex.length / 2), [32, 96, 64, 176, 144]);
      const seen = honest.seen.join("");
      const key = Uint8Array.fromBase64(SECRET, { alphabet: "base64url" }).toHex();
      const texts = ["alice", "bob", honest.words].map((text) => {
        return new TextEncoder().encode(text).toHex();
      });
      for (const secret of [key.slice(0, 16), ...texts]) assert.ok(!seen.includes(secret), secret);

      const left = [...DEEDS];
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        for (let next; (next = left.shift());) {
          const [deed, [inviter, joiner]] = next;
          const outcome = await pair(port, deed.split(" "), () => JSON.stringify(honest.seen));
          assert.deepEqual([outcome.inviter[0], outcome.joiner[0]], [1, 1], deed);
          assert.match(outcome.inviter[1], inviter, deed);
          assert.match(outcome.joiner[1], joiner, deed);
          assert.deepEqual([outcome.rooms, outcome.key], [[], null], deed);
        }
      }));
    });
  },
);

testNeeding(
  NEEDS,
  "one that plays both sides has one guess, and both are told of a wrong one",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using server = await startServer({ cwd });
      const wrong = await pair(server.port, ["guess"], () => "zoom-zoom-zoom");
      assert.match(wrong.inviter[1], WRONG[0]);
      assert.match(wrong.joiner[1], WRONG[1]);
      assert.deepEqual([wrong.rooms, wrong.key], [[], null]);
      // With the right words the same script has the key: it is no clumsy attacker.
      const right = await pair(server.port, ["guess"], (words) => words);
      assert.deepEqual([right.inviter[0], right.joiner[0], right.key], [0, 0, SECRET]);
    });
  },
);
