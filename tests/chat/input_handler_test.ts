import assert from "node:assert/strict";
import { MAX_AWAY_CHARS } from "../../lib/client/limits.ts";
import {
  fakeMembers,
  fakeRoom,
  fakeUser,
  letOthersRun,
  message,
  talk,
} from "../support/fake_chat.ts";
import { ALICE, BOB, EVE } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

/** A client of bob's, unless it is another's. */
function client(id = BOB.id, nickname = "bob") {
  return { id, epoch: "e", nickname, agreementKey: "x", cid: 7 };
}

/** Bob is here, and his key is pinned. */
async function withBob() {
  const known = await fakeMembers();
  known.roster.see(client(), 0);
  known.pins.judge("bob", BOB.id);
  return known;
}

type Known = Awaited<ReturnType<typeof withBob>>;

/** What comes of lines at a prompt, and of what happens between them. */
async function enter(...steps: (string | ((known: Known) => void))[]): Promise<string[]> {
  const log: string[] = [];
  const known = await withBob();
  const inputs = async function* () {
    for (const step of steps) {
      if (typeof step === "string") yield [step];
      else step(known);
      await letOthersRun();
    }
  };
  const private_ = message("psst", { id: BOB.id, form: "private" });
  const user = fakeUser(log, [], { inputs, isPatient: false });
  await talk(user, fakeRoom(log, [[private_]]), known);
  return log.filter((line) => line !== "finish" && line !== "show (private) <bob> psst");
}

const QUERIED = ["recipient bob", "notify you write to bob alone now; /query ends it"];

pureTest("/query sends texts to one alone, until it is ended", async () => {
  assert.deepEqual(await enter("/query bob", "a", "/query", "b", "/query"), [
    ...QUERIED,
    "tell bob a",
    "recipient all",
    "notify you write to the room again",
    "chat b",
    "recipient all",
    "notify you write to the room already",
  ]);
});

pureTest("/query sends nothing to the room if nobody is there, or the member leaves", async () => {
  assert.deepEqual(await enter("/query bbo", "a"), [
    "recipient bbo",
    "notify you write to bbo alone now; /query ends it",
    "notify there is no bbo here; see /names",
    "notify not sent: there is no bbo here; see /names",
  ]);
  const leave = ({ roster }: Known) => void roster.leave(BOB.id, "e");
  assert.deepEqual(await enter("/query bob", leave, "a"), [
    ...QUERIED,
    "notify not sent: there is no bob here; see /names",
  ]);
});

pureTest("/query follows a member's key, and no other under its name", async () => {
  const rename = ({ roster, pins }: Known) => {
    roster.see(client(BOB.id, "rob"), 1);
    pins.judge("rob", BOB.id);
    roster.see(client(EVE.id, "bob"), 2);
  };
  assert.deepEqual(await enter("/query bob", rename, "a", "b"), [
    ...QUERIED,
    "tell rob a",
    "recipient rob",
    "tell rob b",
  ]);
  const replace = ({ roster }: Known) => {
    roster.leave(BOB.id, "e");
    roster.see(client(EVE.id), 1);
  };
  assert.deepEqual(await enter("/query bob", replace, "a"), [
    ...QUERIED,
    "notify not sent: bob has another key than before: see /verify bob",
  ]);
});

pureTest("/query keeps the name in use where a member uses two", async () => {
  const another = ({ roster, pins }: Known) => {
    roster.see({ ...client(BOB.id, "bobphone"), epoch: "f" }, 1);
    pins.judge("bobphone", BOB.id);
  };
  assert.deepEqual(await enter(another, "/query bob", "a"), [...QUERIED, "tell bob a"]);
});

pureTest("/me is refused in a query, and never sent to the room", async () => {
  assert.deepEqual(await enter("/query bob", "/me waves", "/query", "/me waves"), [
    ...QUERIED,
    "notify not sent: a private message cannot be an action; /query goes back to the room",
    "recipient all",
    "notify you write to the room again",
    "act waves",
  ]);
});

pureTest("/reply follows the key of who wrote", async () => {
  const rename = ({ roster, pins }: Known) => {
    roster.see(client(BOB.id, "rob"), 1);
    pins.judge("rob", BOB.id);
  };
  assert.deepEqual(await enter("/reply a", rename, "/reply b"), ["tell bob a", "tell rob b"]);
  const replace = ({ roster }: Known) => {
    roster.leave(BOB.id, "e");
    roster.see(client(EVE.id), 1);
  };
  assert.deepEqual(await enter(replace, "/reply a"), [
    "notify not sent: bob has another key than before: see /verify bob",
  ]);
});

pureTest("/msg to oneself says so, unless there is another client", async () => {
  const own = "A".repeat(43);
  const pin = ({ pins }: Known) => void pins.judge("alice", own);
  const another = ({ roster }: Known) => void roster.see(client(own, "alice"), 1);
  assert.deepEqual(await enter(pin, "/msg alice a", another, "/msg alice a"), [
    "notify not sent: alice is you",
    "tell alice a",
  ]);
});

pureTest("commands about others say first that this client is here; others do not", async () => {
  const log: string[] = [];
  const meet = () => Promise.resolve(void log.push("meet"));
  const lines = ["hi", "/whois bob", "/me waves", "/names", "/status"];
  await talk(fakeUser(log, [lines]), fakeRoom(log, [], { meet }));
  assert.deepEqual(log, [
    "chat hi",
    "meet",
    "notify nobody is known as bob",
    "act waves",
    "meet",
    "notify here: only you",
    "notify fine",
    "finish",
  ]);
});

pureTest("/away and /back tell the room once each", async () => {
  const log: string[] = [];
  let away: string | undefined;
  const setAway = (reason: string | undefined) => {
    const isNew = reason !== away;
    away = reason;
    return Promise.resolve(isNew);
  };
  const lines = ["/away", "/away lunch", "/away lunch", "/back", "/back"];
  await talk(fakeUser(log, [lines]), fakeRoom(log, [], { setAway }));
  assert.deepEqual(log, [
    "notify you are away now",
    "notify you are away now",
    "notify you are away already",
    "notify you are back",
    "notify you are not away",
    "finish",
  ]);
});

pureTest("/away refuses a reason of more than 200 characters", async () => {
  const fits = "x".repeat(MAX_AWAY_CHARS);
  assert.deepEqual(await enter(`/away ${fits}`, `/away ${fits}x`), [
    `away ${fits}`,
    "notify you are away now",
    "notify 201 characters of reason (200 is the most)",
  ]);
});

pureTest("/nick to the same name tells nobody", async () => {
  assert.deepEqual(await enter("/nick alice", "/nick Alice", "/nick bob"), [
    "notify alice is your name already",
    "rename Alice",
    "nickname Alice",
    "rename bob",
    "nickname bob",
    "notify the name bob belongs to another key here: others may see you marked",
  ]);
});

pureTest("/quit leaves what comes after it", async () => {
  assert.deepEqual(await enter("a", "/quit", "b"), ["chat a"]);
});

pureTest("a line that was parsed before is taken as it is", async () => {
  const log: string[] = [];
  const inputs = async function* () {
    yield [{ kind: "text", text: "/quit" } as const, "b"];
    yield [{ kind: "mistake", reason: "no", isText: true } as const];
    yield [{ kind: "mistake", reason: "usage", isText: false } as const];
    yield [{ kind: "command", name: "me", args: ["waves"] } as const];
    await Promise.resolve();
  };
  await talk(fakeUser(log, [], { inputs, isPatient: false }), fakeRoom(log));
  assert.deepEqual(log, [
    "chat /quit",
    "chat b",
    "notify not sent: no",
    "notify usage",
    "act waves",
    "finish",
  ]);
});

pureTest("a private text goes to no key but the pinned one", async () => {
  const join = ({ roster }: Known) => void roster.see(client(ALICE.id, "carol"), 1);
  assert.deepEqual(await enter(join, "/msg carol a"), [
    "notify not sent: the key of carol is not pinned: see /verify carol, /trust carol",
  ]);
});

pureTest("/nick --keep keeps the name of now, where one can be kept", async () => {
  const log: string[] = [];
  const keepNickname = (nickname: string) => Promise.resolve(`kept ${nickname}`);
  const lines = ["/nick bobby", "/nick --keep", "/nick bobby"].map((line) => [line]);
  await talk(fakeUser(log, lines), fakeRoom(log), { ...await withBob(), keepNickname });
  assert.deepEqual(log.filter((line) => line.startsWith("notify")), [
    "notify to have this name next time, too: /nick --keep",
    "notify kept bobby",
    "notify bobby is your name already",
  ]);
  assert.deepEqual(await enter("/nick --keep"), [
    "notify a name can only be kept at a terminal",
  ]);
});
