import assert from "node:assert/strict";
import { converse, type Room, type UserInterface } from "../../lib/client/conversation.ts";
import type { SessionEvent } from "../../lib/client/session.ts";
import { MAX_TEXT_BYTES } from "../../lib/limits.ts";
import { fakeRoom, fakeUser, letOthersRun, message } from "../support/fake_chat.ts";

function talk(user: UserInterface, room: Room): Promise<void> {
  return converse(user, room, { nickname: "al", stay: false });
}

function pureTest(name: string, fn: (log: string[]) => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn: () => fn([]) });
}

pureTest("converse() sends what the user writes, in order, then finishes", async (log) => {
  await talk(fakeUser(log, [["a", ""], ["b"], ["<eve> c"]]), fakeRoom(log));
  assert.deepEqual(log, [
    "send <al> a",
    "send <al> ",
    "send <al> b",
    "send <al> <eve> c",
    "finish",
  ]);
});

pureTest("converse() finishes though there was no input", async (log) => {
  await talk(fakeUser(log, []), fakeRoom(log));
  assert.deepEqual(log, ["finish"]);
});

pureTest("converse() takes no further input before the last was sent", async (log) => {
  const inputs = async function* () {
    for (const text of ["a", "b"]) {
      log.push(`input ${text}`);
      yield [text];
    }
    await Promise.resolve();
  };
  const send = async ([text]: readonly string[]) => {
    await letOthersRun();
    log.push(`sent ${text}`);
  };
  await talk(fakeUser(log, [], { inputs }), fakeRoom(log, [], { send }));
  assert.deepEqual(log, ["input a", "sent <al> a", "input b", "sent <al> b", "finish"]);
});

pureTest("converse() shows what the room says, in order, a batch at a time", async (log) => {
  const show = async (texts: readonly string[]) => {
    log.push(`begin ${texts}`);
    await letOthersRun();
    log.push(`end ${texts}`);
  };
  const batches = [[message("1"), message("2")], [], [message("3")]];
  await talk(fakeUser(log, [], { show }), fakeRoom(log, batches));
  const shown = log.filter((line) => line !== "finish");
  assert.deepEqual(shown, ["begin 1,2", "end 1,2", "begin 3", "end 3"]);
});

pureTest("converse() passes messages on as they came", async (log) => {
  const text = "<eve> \x1b[2J\u202e\n\ufeff";
  await talk(fakeUser(log, []), fakeRoom(log, [[message(text)]]));
  assert.ok(log.includes(`show ${text}`));
});

pureTest("converse() shows what comes after the end of the input", async (log) => {
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
  assert.deepEqual(log, ["send <al> a", "show late"]);
});

pureTest("converse() sends a text of 40,000 bytes", async (log) => {
  for (const text of ["x".repeat(MAX_TEXT_BYTES), "é".repeat(MAX_TEXT_BYTES / 2)]) {
    log.length = 0;
    await talk(fakeUser(log, [[text]]), fakeRoom(log));
    assert.deepEqual(log, [`send <al> ${text}`, "finish"]);
  }
});

pureTest(
  "converse() refuses a longer text, sends the others, and fails at the end",
  async (log) => {
    const long = "é".repeat(MAX_TEXT_BYTES / 2) + "x";
    const user = fakeUser(log, [["a", long, "b"], ["x".repeat(50_000)], ["c"]]);
    await assert.rejects(talk(user, fakeRoom(log)), {
      name: "ChatError",
      message: "Not everything was sent: 2 refused, see above",
    });
    assert.match(log[0]!, /^notify not sent: \d+ bytes of text \(40 kB is the most\)$/);
    assert.deepEqual(log.slice(1), [
      "send <al> a",
      "send <al> b",
      "notify not sent: 50000 bytes of text (40 kB is the most)",
      "send <al> c",
      "finish",
    ]);
  },
);

pureTest("converse() fails at the end if the user's side refused lines", async (log) => {
  const long = "x".repeat(MAX_TEXT_BYTES + 1);
  const cases: [string[], number, number][] = [[["a"], 3, 3], [[long], 3, 4], [[], 1, 1]];
  for (const [texts, refusedLines, sum] of cases) {
    await assert.rejects(talk(fakeUser(log, [texts], { refusedLines }), fakeRoom(log)), {
      name: "ChatError",
      message: `Not everything was sent: ${sum} refused, see above`,
    });
    assert.equal(log.at(-1), "finish");
  }
});

pureTest("converse() counts what it cannot read, at 1, 10, 100 and the end", async () => {
  const counted: Record<number, number[]> = {
    0: [],
    1: [1],
    2: [1, 2],
    9: [1, 9],
    10: [1, 10],
    11: [1, 10, 11],
    100: [1, 10, 100],
    1234: [1, 10, 100, 1000, 1234],
  };
  for (const [total, counts] of Object.entries(counted)) {
    for (const batchSize of [1, 16, 2000]) {
      const log: string[] = [];
      const events = Array<SessionEvent>(Number(total)).fill({ kind: "unreadable" });
      const batches = Array.from(
        { length: Math.ceil(events.length / batchSize) },
        (_, i) => events.slice(i * batchSize, (i + 1) * batchSize),
      );
      await talk(fakeUser(log, []), fakeRoom(log, batches));
      const subjects = counts.map((count) => count === 1 ? "1 message" : `${count} messages`);
      assert.deepEqual(
        log.filter((line) => line !== "finish"),
        subjects.map((subject) =>
          `notify ${subject} could not be decrypted: not written with this room's key`
        ),
      );
    }
  }
});
