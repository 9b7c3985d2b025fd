import assert from "node:assert/strict";
import type { FileMove, RoomEvent } from "../../lib/client/events.ts";
import type { FileDesk } from "../../lib/client/files/desk.ts";
import { MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import {
  fakeListener,
  fakeMembers,
  fakeRoom,
  fakeUser,
  letOthersRun,
  message,
  talk,
} from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

pureTest("converse() writes what the user enters, in order, then finishes", async () => {
  const log: string[] = [];
  await talk(fakeUser(log, [["a", ""], ["b"], ["<eve> c"]]), fakeRoom(log));
  assert.deepEqual(log, ["chat a", "chat ", "chat b", "chat <eve> c", "finish"]);
});

pureTest("converse() writes a batch of the user's at once", async () => {
  const batches: (readonly string[])[] = [];
  const write = (_: string, texts: readonly string[]) => {
    batches.push(texts);
    return Promise.resolve([]);
  };
  await talk(fakeUser([], [["a", "b"], ["c"]]), fakeRoom([], [], { write }));
  assert.deepEqual(batches, [["a", "b"], ["c"]]);
});

pureTest("converse() finishes though there was no input", async () => {
  const log: string[] = [];
  await talk(fakeUser(log, []), fakeRoom(log));
  assert.deepEqual(log, ["finish"]);
});

pureTest("converse() takes no further input before the last was written", async () => {
  const log: string[] = [];
  const inputs = async function* () {
    for (const text of ["a", "b"]) {
      log.push(`input ${text}`);
      yield [text];
    }
    await Promise.resolve();
  };
  const write = async (_: string, [text]: readonly string[]) => {
    await letOthersRun();
    log.push(`wrote ${text}`);
    return [];
  };
  await talk(fakeUser(log, [], { inputs }), fakeRoom(log, [], { write }));
  assert.deepEqual(log, ["input a", "wrote a", "input b", "wrote b", "finish"]);
});

pureTest("converse() shows what the room says, in order, a batch at a time", async () => {
  const log: string[] = [];
  const show = async (lines: readonly { text: string }[]) => {
    const texts = lines.map(({ text }) => text);
    log.push(`begin ${texts}`);
    await letOthersRun();
    log.push(`end ${texts}`);
  };
  const batches = [[message("1"), message("2")], [], [message("3")]];
  await talk(fakeUser(log, [], { show }), fakeRoom(log, batches));
  assert.deepEqual(log.filter((line) => line !== "finish"), [
    "begin 1,2",
    "end 1,2",
    "begin 3",
    "end 3",
  ]);
});

pureTest("converse() tells what happens between two messages between them", async () => {
  const log: string[] = [];
  const joined = {
    kind: "joined",
    id: "E".repeat(42) + "A",
    nickname: "eve",
    trust: "verified",
  } as const;
  const silent = { kind: "live", isAgain: false } as const;
  const batch = [message("1"), joined, silent, message("2"), message("3"), joined];
  await talk(fakeUser(log, []), fakeRoom(log, [batch]));
  assert.deepEqual(log.filter((line) => line !== "finish"), [
    "show <bob> 1",
    "notify eve joined",
    "show <bob> 2",
    "show <bob> 3",
    "notify eve joined",
  ]);
});

pureTest("converse() passes messages on as they came", async () => {
  const log: string[] = [];
  const text = "<eve> \x1b[2J\u202e\n\ufeff";
  await talk(fakeUser(log, []), fakeRoom(log, [[message(text, { nickname: undefined })]]));
  assert.ok(log.includes(`show ${text}`));
});

pureTest("converse() shows what comes after the end of the input", async () => {
  const log: string[] = [];
  const finished = Promise.withResolvers<void>();
  const room = fakeRoom(log, [], {
    finish: () => Promise.resolve(finished.resolve()),
    async *events() {
      await finished.promise;
      await letOthersRun();
      yield [message("late")];
    },
  });
  await talk(fakeUser(log, [["a"]]), room);
  assert.deepEqual(log, ["chat a", "show <bob> late"]);
});

pureTest("converse() writes a text of 40,000 bytes", async () => {
  for (const text of ["x".repeat(MAX_TEXT_BYTES), "é".repeat(MAX_TEXT_BYTES / 2)]) {
    const log: string[] = [];
    await talk(fakeUser(log, [[text]]), fakeRoom(log));
    assert.deepEqual(log, [`chat ${text}`, "finish"]);
  }
});

pureTest("converse() refuses a longer text, writes the others, and fails in the end", async () => {
  const log: string[] = [];
  const long = "é".repeat(MAX_TEXT_BYTES / 2) + "x";
  const user = fakeUser(log, [["a", long, "b"], ["x".repeat(50_000)], ["c"]]);
  await assert.rejects(talk(user, fakeRoom(log)), {
    name: "ChatError",
    message: "Not everything was sent: 2 refused, see above",
  });
  assert.deepEqual(log, [
    "notify not sent: 40001 bytes of text (40 kB is the most)",
    "chat a",
    "chat b",
    "notify not sent: 50000 bytes of text (40 kB is the most)",
    "chat c",
    "finish",
  ]);
});

pureTest("converse() fails in the end if the user's side refused lines", async () => {
  const long = "x".repeat(MAX_TEXT_BYTES + 1);
  const cases: [string[], number, number][] = [[["a"], 3, 3], [[long], 3, 4], [[], 1, 1]];
  for (const [texts, refusedLines, sum] of cases) {
    const log: string[] = [];
    await assert.rejects(talk(fakeUser(log, [texts], { refusedLines }), fakeRoom(log)), {
      name: "ChatError",
      message: `Not everything was sent: ${sum} refused, see above`,
    });
    assert.equal(log.at(-1), "finish");
  }
});

pureTest("converse() tells what it cannot read at 1, 10, 100 and the end", async () => {
  const log: string[] = [];
  const rejected = Array.from({ length: 1234 }, (_, i): RoomEvent => {
    return { kind: "rejected", reason: "unreadable", count: i + 1 };
  });
  await talk(fakeUser(log, []), fakeRoom(log, [rejected]));
  const subjects = ["1 message", "10 messages", "100 messages", "1000 messages", "1234 messages"];
  assert.deepEqual(
    log.filter((line) => line !== "finish"),
    subjects.map((subject) =>
      `notify ${subject} could not be decrypted: not written with this room's key`
    ),
  );
});

pureTest("converse() ends when nobody can be told what becomes of a file", async () => {
  const facts = { nickname: "alice", name: "a.bin", size: 1, bytes: 1, path: "a.bin" };
  const move: FileMove = { kind: "transfer", direction: "in", number: 1, state: "done", ...facts };
  const listen: FileDesk["listen"] = ({ onEvent }) => void queueMicrotask(() => onEvent(move));
  const log: string[] = [];
  const happen = () => Promise.reject(new Error("nobody reads"));
  await assert.rejects(
    talk({ ...fakeListener(log), happen }, fakeRoom(log), { files: { listen } as FileDesk }),
    /nobody reads/,
  );
});

pureTest("converse() hands no offer of a member on who is ignored", async () => {
  const received: string[] = [];
  const files = {
    receive: ({ message }) => void received.push(message.kind),
    listen() {},
  } as Partial<FileDesk> as FileDesk;
  const { members, roster } = await fakeMembers();
  const id = "B".repeat(43);
  const known = { epoch: "e", agreementKey: "x", cid: undefined };
  roster.see({ ...known, id, nickname: "bob" }, 0);
  const offer = { id: "o", name: "a", size: 1, hash: "h", agreementKey: "x" };
  const note = { kind: "file", id, epoch: "e", nickname: "bob", trust: "verified" } as const;
  const ignoring = Promise.withResolvers<void>();
  const room = fakeRoom([], [], {
    async *events() {
      await ignoring.promise;
      yield [
        { ...note, message: { kind: "offer", offer } },
        { ...note, message: { kind: "no", transfer: "t", reason: "gone" } },
      ];
    },
  });
  const user = fakeUser([], [], {
    async *inputs() {
      yield ["/ignore bob"];
      ignoring.resolve();
      await letOthersRun();
    },
  });
  await talk(user, room, { members, files }).catch(() => {});
  assert.deepEqual(received, ["no"]);
});
