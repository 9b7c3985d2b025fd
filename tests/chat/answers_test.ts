import assert from "node:assert/strict";
import { MAX_LASTLOG_SHOWN } from "../../lib/chat/limits.ts";
import type { RoomEvent } from "../../lib/client/events.ts";
import { formatSafetyNumber } from "../../lib/crypto/fingerprint.ts";
import {
  fakeMembers,
  fakeRoom,
  fakeUser,
  letOthersRun,
  message,
  talk,
} from "../support/fake_chat.ts";
import { BOB, EVE } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

function client(id: string, nickname: string, away?: string) {
  return { id, epoch: "e", nickname, agreementKey: "x", cid: 7, away };
}

/** What is told, once `before` has happened, of these lines; then `after` happens, and the rest. */
async function ask(
  lines: readonly string[],
  rooms: { before?: readonly RoomEvent[]; after?: readonly RoomEvent[] } = {},
  rest: readonly string[] = [],
): Promise<string[]> {
  const log: string[] = [];
  const known = await fakeMembers();
  known.roster.see(client(BOB.id, "bob"), 0);
  known.pins.judge("bob", BOB.id);
  known.roster.see(client(EVE.id, "eve", "lunch"), 0);
  known.pins.judge("eve", EVE.id);
  const asked = Promise.withResolvers<void>();
  const inputs = async function* () {
    await letOthersRun();
    yield lines;
    asked.resolve();
    await letOthersRun();
    yield rest;
  };
  const finished = Promise.withResolvers<void>();
  const room = fakeRoom(log, [], {
    finish: () => Promise.resolve(finished.resolve()),
    async *events() {
      yield rooms.before ?? [];
      await asked.promise;
      yield rooms.after ?? [];
      await finished.promise;
    },
  });
  await talk(fakeUser(log, [], { inputs, isPatient: false }), room, known);
  return log;
}

const fromEve = { id: EVE.id, nickname: "eve" } as const;

pureTest("/ignore hides all that a key writes, and that it comes and goes", async () => {
  const trust = "verified";
  const log = await ask(["/ignore EVE"], {
    after: [
      message("1", fromEve),
      message("2", { ...fromEve, form: "private" }),
      message("3", { ...fromEve, form: "action" }),
      message("4", { ...fromEve, nickname: "mallory" }),
      message("5", { ...fromEve, age: "old" }),
      { kind: "renamed", id: EVE.id, before: "eve", nickname: "mallory", trust },
      { kind: "left", id: EVE.id, nickname: "mallory", trust },
      { kind: "joined", id: EVE.id, nickname: "mallory", trust },
      { kind: "missing", id: EVE.id, nickname: "mallory", trust, count: 1 },
      { kind: "mended", id: EVE.id, nickname: "mallory", trust, count: 1 },
      { kind: "lost", id: EVE.id, nickname: "mallory", trust },
      { kind: "left", id: BOB.id, nickname: "bob", trust },
      message("6", { id: BOB.id }),
      message("<eve> 7", { id: undefined, nickname: undefined, trust: "unverified" }),
    ],
  }, ["/reply hi", "/lastlog 4", "/status", "/ignore"]);
  assert.deepEqual(log, [
    "notify EVE is ignored from now on",
    "notify bob left",
    "show <bob> 6",
    "show (unverified) <eve> 7",
    "notify not sent: nobody has written to you alone",
    "notify nothing was found",
    "notify fine",
    "notify not shown of those you ignore: 5",
    "notify ignored: EVE",
  ]);
});

pureTest("/unignore shows again, by the name then or now", async () => {
  for (const name of ["eve", "Eve"]) {
    const log = await ask(["/ignore eve", `/unignore ${name}`], {
      after: [message("1", fromEve)],
    }, [`/unignore ${name}`, "/ignore"]);
    assert.deepEqual(log, [
      "notify eve is ignored from now on",
      `notify ${name} is no longer ignored`,
      "show <eve> 1",
      `notify ${name} is not ignored`,
      "notify nobody is ignored",
    ]);
  }
});

pureTest("/ignore says why it cannot ignore", async () => {
  assert.deepEqual(await ask(["/ignore py", "/ignore Alice"]), [
    "notify no key is known as py, and only a key can be ignored",
    "notify you cannot ignore yourself",
  ]);
});

pureTest("/ignore of one's own name ignores who else uses it", async () => {
  const log: string[] = [];
  const known = await fakeMembers();
  known.pins.judge("alice", "A".repeat(43));
  known.roster.see(client(EVE.id, "alice"), 0);
  known.roster.see(client(BOB.id, "carol"), 0);
  known.roster.see({ ...client(EVE.id, "carol"), epoch: "f" }, 0);
  await talk(fakeUser(log, [["/ignore alice", "/ignore carol"]]), fakeRoom(log), known);
  assert.deepEqual(log, [
    "notify alice is ignored from now on",
    "notify several keys are used as carol, and all are ignored from now on",
    "finish",
  ]);
});

pureTest("/names and /whois tell who is away, and who is ignored", async () => {
  const number = await formatSafetyNumber(EVE.signing.publicKey);
  assert.deepEqual(await ask(["/names", "/ignore eve", "/whois eve", "/whois carol"]), [
    "notify here: you, bob, eve (away: lunch)",
    "notify eve is ignored from now on",
    `notify eve: safety number ${number}`,
    "notify   the key known for this name",
    "notify   here with 1 client; away: lunch",
    "notify   ignored by you",
    "notify nobody is known as carol",
  ]);
});

pureTest("/lastlog shows what was written with times, and to whom", async () => {
  const before = [message("Hello", { time: 7 }), message("x")];
  assert.deepEqual(await ask(["/msg bob hello", "/me says hello", "/lastlog HELLO"], { before }), [
    "show <bob> Hello",
    "show <bob> x",
    "tell bob hello",
    "act says hello",
    "notify 3 of 3 found:",
    "notify [7] <bob> Hello",
    "notify [1785571200] (private, to bob) <alice> hello",
    "notify [1785571200] * alice says hello",
  ]);
});

pureTest("/lastlog shows the last 50", async () => {
  const before = Array.from({ length: MAX_LASTLOG_SHOWN + 2 }, (_, i) => message(`m${i}`));
  const log = (await ask(["/lastlog m"], { before })).filter((line) => !line.startsWith("show"));
  assert.equal(log[0], "notify 50 of 52 found:");
  assert.equal(log[1], "notify [1785571200] <bob> m2");
  assert.equal(log.length, 51);
});

pureTest("/bell, /timestamps and /clear change what the user sees", async () => {
  assert.deepEqual(await ask(["/bell PM", "/timestamps", "/clear"]), [
    "bell pm",
    "notify the bell rings for: pm",
    "timestamps",
    "notify times are shown",
    "clear",
  ]);
});

pureTest("/help tells all about one command, or that there is none", async () => {
  assert.deepEqual(await ask(["/help /whois", "/help quit", "/help nope", "/help /nope"]), [
    "notify /whois <nick>",
    "notify   Show what is known of a member",
    "notify   Shows the key's safety number, whether the key is the one known for this name, how many clients of the member are here, and whether the member is away.",
    "notify /quit",
    "notify   Leave",
    "notify there is no command /nope",
    "notify there is no command /nope",
  ]);
});
