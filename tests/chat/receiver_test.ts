import assert from "node:assert/strict";
import type { FileDesk } from "../../lib/client/files/desk.ts";
import type { Message, ShownMessage } from "../../lib/client/events.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { worded } from "../../lib/messages/wording.ts";
import { fakeMembers, fakeRoom, fakeUser, message, talk } from "../support/fake_chat.ts";
import { openLog } from "../support/kept.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

/** These messages as alice is shown them, and who was noted to have spoken. */
async function receive(...messages: Message[]) {
  const shown: ShownMessage[] = [];
  const speakers: string[] = [];
  const show = (batch: readonly ShownMessage[]) => void shown.push(...batch);
  const onSpeaker = (nickname: string) => void speakers.push(nickname);
  const user = fakeUser([], [], { show });
  await talk(user, fakeRoom([], [messages]), { onSpeaker });
  return { shown, speakers };
}

pureTest("a message is shown as it came, and is not the user's own", async () => {
  const { shown } = await receive(message("hi", { isLate: true }));
  assert.deepEqual(shown, [{ ...message("hi", { isLate: true }), isOwn: false, isMention: false }]);
});

pureTest("a message that names the user is a mention, if it is live and for all", async () => {
  const cases: [Partial<Message>, boolean][] = [
    [{}, true],
    [{ form: "action" }, true],
    [{ trust: "changed" }, true],
    [{ id: undefined, nickname: undefined, trust: "unverified" }, true],
    [{ form: "private" }, false],
    [{ age: "old" }, false],
    [{ text: "malice" }, false],
  ];
  for (const [changes, isMention] of cases) {
    const { shown } = await receive(message("ALICE?", changes));
    assert.equal(shown[0]!.isMention, isMention, JSON.stringify(changes));
  }
});

pureTest("an offer is noted, and not what an earlier run of the user's offered", async () => {
  const file = { id: "1", name: "a", size: 1, hash: "h", agreementKey: "y" };
  const offered = { epoch: "e", file };
  const id = "A".repeat(43);
  const noted: Message[] = [];
  const files = {
    listen() {},
    noteOffer: (message: Message) => noted.push(message) > 0,
  } as unknown as FileDesk;
  const shown: ShownMessage[] = [];
  const user = fakeUser([], [], { show: (batch) => void shown.push(...batch) });
  const messages = [
    message("his", { offered, age: "old" }),
    message("mine, of another client", { offered, id }),
    message("mine of before", { offered, id, age: "old" }),
  ];
  await talk(user, fakeRoom([], [messages]), { files });
  assert.deepEqual(noted.map(({ text }) => text), ["his", "mine, of another client"]);
  assert.deepEqual(shown, []);
});

pureTest("who speaks is noted, if it has a name", async () => {
  const nobody = { id: undefined, nickname: undefined, trust: "unverified" } as const;
  const { speakers } = await receive(
    message("1"),
    message("2", nobody),
    message("3", { nickname: "eve" }),
  );
  assert.deepEqual(speakers, ["bob", "eve"]);
});

pureTest("why a connection is gone is explained in the user's language", async () => {
  const log: string[] = [];
  const reason = worded("Connection lost: the server is gone");
  const room = fakeRoom(log, [[{ kind: "disconnected", reason }]]);
  await talk(fakeUser(log, []), room, { say: sayIn("fr") });
  const french = "Connexion perdue : le serveur n’est plus là ; nouvelle connexion en cours";
  assert.ok(log.includes(`notify ${french}`), log.join());
});

pureTest(
  "another key under the user's own name is told otherwise than under another's",
  async () => {
    const log: string[] = [];
    const impostor = (nickname: string) => ({ kind: "impostor", nickname } as const);
    await talk(fakeUser(log, []), fakeRoom(log, [[impostor("bob"), impostor("ALICE")]]));
    const [bob, alice] = log.filter((line) => line.startsWith("notify WARNING"));
    assert.match(bob!, /writes as bob\. .*\/trust bob$/);
    assert.match(alice!, /writes as ALICE, too: .* with \/nick$/);
  },
);

pureTest("notices mark a name that looks like a known one", async () => {
  const log: string[] = [];
  const known = await fakeMembers();
  const bob = { id: "B".repeat(42) + "A", nickname: "bob", trust: "verified" } as const;
  known.pins.judge("bob", bob.id);
  const double = { id: "E".repeat(42) + "A", nickname: "ьob", trust: "verified" } as const;
  await talk(
    fakeUser(log, []),
    fakeRoom(log, [[
      { kind: "joined", ...double },
      { kind: "missing", ...double, count: 2 },
      { kind: "lost", ...double },
      { kind: "lost", ...bob },
    ]]),
    known,
  );
  assert.deepEqual(log.slice(0, 4), [
    "notify ьob (looks like bob) joined",
    "notify 2 messages of ьob (looks like bob) are missing",
    "notify ьob (looks like bob): connection lost",
    "notify bob: connection lost",
  ]);
});

pureTest("a script is not shown what the user wrote elsewhere to another alone", async () => {
  const shown: string[] = [];
  const show = (batch: readonly ShownMessage[]) =>
    void shown.push(...batch.map(({ text }) => text));
  const own = { id: "A".repeat(43), nickname: "alice" };
  const room = fakeRoom([], [[
    message("to all", own),
    message("to bob", { ...own, form: "private", recipientId: "bob" }),
  ]]);
  await talk(fakeUser([], [], { show, showOwn: undefined }), room);
  assert.deepEqual(shown, ["to all"]);
});

pureTest("what the user wrote elsewhere is shown as the user's own", async () => {
  const own = { id: "A".repeat(43), nickname: "alice" };
  const { shown, speakers } = await receive(
    message("of an earlier run", { ...own, age: "old" }),
    message("alice, from another client", own),
    message("to bob", { ...own, form: "private", recipientId: "bob" }),
  );
  assert.deepEqual(shown.map(({ isOwn, isMention }) => [isOwn, isMention]), [
    [true, false],
    [true, false],
    [true, false],
  ]);
  assert.deepEqual(shown.map(({ recipient }) => recipient), [undefined, undefined, "somebody"]);
  assert.deepEqual(speakers, []);
});

pureTest(
  "events that come at once are told in their order, without a wait between them",
  async () => {
    const log: string[] = [];
    const happen = async (_event: unknown, text: string | undefined) => {
      log.push(`begin ${text}`);
      await Promise.resolve();
      log.push(`end ${text}`);
    };
    const left = (nickname: string) => {
      return { kind: "left", id: nickname, nickname, trust: "verified" } as const;
    };
    const show = (batch: readonly ShownMessage[]) => {
      log.push(...batch.map(({ text }) => `show ${text}`));
    };
    const events = [left("a"), left("b"), message("1"), message("2"), left("c"), message("3")];
    await talk(fakeUser([], [], { happen, show }), fakeRoom([], [events]));
    assert.deepEqual(log, [
      ...["begin a left", "begin b left", "show 1", "show 2", "begin c left", "show 3"],
      ...["end a left", "end b left", "end c left"],
    ]);
  },
);

testNeeding(["read", "write"], "what was kept is shown first, and not again", async () => {
  await withDirectory(async (directory) => {
    const { log } = await openLog(directory);
    const bob = message("kept", { mark: `${message("").id} e 1`, age: "old" });
    const mine = message("to bob", { form: "private" });
    const own = { ...mine, recipient: "bob", isOwn: true, isMention: false };
    const past = Promise.resolve([{ ...bob, isOwn: false, isMention: false }, own]);
    const shown: string[] = [];
    const show = (batch: readonly ShownMessage[]) => {
      shown.push(...batch.map(({ text, age }) => `${text} ${age}`));
    };
    const live = { ...bob, age: "live" } as const;
    const news = message("new", { mark: `${bob.id} e 2` });
    const room = () => fakeRoom([], [[bob, live, news]]);
    const keeping = { log, past, ownId: "A".repeat(43) };
    await talk(fakeUser([], [["mine"]], { show }), room(), { keeping });
    assert.deepEqual(shown.slice(0, 4), ["kept old", "to bob live", "kept live", "new live"]);
    // A script knows what it has written to others alone.
    shown.length = 0;
    await talk(fakeUser([], [], { show, showOwn: undefined }), room(), { keeping });
    assert.deepEqual(shown, ["kept old", "kept live", "new live"]);
    await log.close();
    assert.deepEqual((await log.search("", 9)).last.map(({ text }) => text).sort(), [
      "kept",
      "mine",
      "new",
    ]);
  });
});
