import assert from "node:assert/strict";
import { type Entries, LongWay, quantile, tryToEnter } from "../support/far_member.ts";
import { writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { type Server, startServer } from "../support/programs.ts";
import { RawClient } from "../support/raw_client.ts";
import { type Knocks, startKnocking } from "../support/strangers.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;
/** One way, so that a question and its answer take 80 ms. */
const WAY_MS = 40;
/** Relays that are attacked at the same time. */
const AT_ONCE = 3;
const MEMBERS_ONLY = ["--members-only"];
const FULL_ROOM = ["--max-clients", "10"];

/** Has members from afar try to get in while strangers come, some seconds of them already. */
async function enterAmong(args: readonly string[], knocks: Knocks): Promise<Entries> {
  return await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using server = await startServer({ cwd, args });
    using _guests = args === FULL_ROOM ? await fill(server) : undefined;
    await using _strangers = await startKnocking(server.port, knocks);
    using way = new LongWay(server.port, WAY_MS);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return await tryToEnter(way.port, 15, 100);
  });
}

/** Guests who take all places of the room. */
async function fill({ port, program }: Server): Promise<DisposableStack> {
  const guests = new DisposableStack();
  for (let i = 0; i < 10; i++) guests.use(await RawClient.connect(port));
  await program.waitFor("stderr", /client 10 joined/);
  return guests;
}

const MANY = { perSecond: 400, addresses: 4000 };
const CASES: readonly (readonly [string, readonly string[], Knocks])[] = [
  ["silent strangers, members-only", MEMBERS_ONLY, { ...MANY, mood: "silent" }],
  ["strangers who say hello, members-only", MEMBERS_ONLY, { ...MANY, mood: "hello" }],
  ["silent strangers, a full room", FULL_ROOM, { ...MANY, mood: "silent" }],
  ["strangers who say hello, a full room", FULL_ROOM, { ...MANY, mood: "hello" }],
  ["false proofs from everywhere", MEMBERS_ONLY, { ...MANY, mood: "false proofs" }],
  ["false proofs from the member's own address", MEMBERS_ONLY, {
    perSecond: 400,
    addresses: 1,
    mood: "false proofs",
  }],
];

testNeeding(NEEDS, "a member 80 ms away is in within 2 s among 400 connects a second", async () => {
  const failures: string[] = [];
  for (let i = 0; i < CASES.length; i += AT_ONCE) {
    await Promise.all(
      CASES.slice(i, i + AT_ONCE).map(async ([name, args, knocks]) => {
        const { tried, ms } = await enterAmong(args, knocks);
        const times = `median ${quantile(ms, 0.5).toFixed(0)} ms, longest ${ms.at(-1)?.toFixed(0)}`;
        const text = `${name}: ${ms.length} of ${tried} got in, ${times}`;
        console.log(text);
        if (ms.length < tried) failures.push(text);
      }),
    );
  }
  assert.deepEqual(failures, []);
});
