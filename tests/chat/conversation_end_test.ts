import assert from "node:assert/strict";
import { ECHO_WAIT_MS, FINISH_NOTICE_MS, FINISH_TIMEOUT_MS } from "../../lib/chat/limits.ts";
import { ChatError, RefusedError } from "../../lib/errors.ts";
import { worded } from "../../lib/messages/wording.ts";
import {
  fakeListener,
  fakeLostRoom,
  fakeRoom,
  fakeUser,
  letOthersRun,
  message,
  never,
  talk,
} from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const LOST = { name: "ChatError", message: "Connection lost: the server is gone", hint: undefined };

pureTest("converse() says that the connection is lost when the session ends first", async () => {
  const log: string[] = [];
  await assert.rejects(talk(fakeListener(log), fakeLostRoom(log, [[message("bye")]])), LOST);
  assert.deepEqual(log, ["show <bob> bye"]);
});

pureTest("converse() throws what ended the session, after showing what came", async () => {
  const refused = new RefusedError({ code: 503, reason: "full" });
  for (const user of [fakeListener, (log: string[]) => fakeUser(log, [["b"]])]) {
    for (const stay of [false, true]) {
      const log: string[] = [];
      const room = fakeLostRoom(log, [[message("a")]], refused);
      await assert.rejects(talk(user(log), room, { stay }), refused);
      assert.ok(log.includes("show <bob> a"));
    }
  }
});

pureTest("converse() prefers the session's error to a refused line", async () => {
  const error = new ChatError(worded("Connection lost: the server is gone"));
  const room = fakeLostRoom([], [], error);
  await assert.rejects(talk(fakeUser([], [["/nope"]], { refusedLines: 1 }), room), error);
});

pureTest("converse() stays, and does not finish, if it is told so", async () => {
  const log: string[] = [];
  const written = Promise.withResolvers<void>();
  const room = fakeRoom(log, [], {
    write: () => {
      written.resolve();
      return Promise.resolve([]);
    },
    async *events() {
      await written.promise;
      yield [message("late")];
      await letOthersRun();
    },
  });
  await talk(fakeUser(log, [["a"]]), room, { stay: true });
  assert.deepEqual(log, ["show <bob> late"]);
});

pureTest("converse() leaves at /quit, even if it should stay", async () => {
  const log: string[] = [];
  const user = fakeUser(log, [["a", "/quit", "b"], ["c"]]);
  await talk(user, fakeRoom(log), { stay: true });
  assert.deepEqual(log, ["chat a", "finish"]);
});

pureTest("converse() throws what either side throws", async () => {
  const error = { name: "BrokenPipe", message: "closed" };
  const fail = () => Promise.reject(new Deno.errors.BrokenPipe("closed"));
  // deno-lint-ignore require-yield -- fails at once
  const failing = async function* () {
    await fail();
  };
  const log: string[] = [];
  const room = fakeRoom(log, [[message("1")]]);
  await assert.rejects(talk(fakeUser(log, [], { inputs: failing }), fakeRoom(log)), error);
  await assert.rejects(talk(fakeUser(log, [], { show: fail }), room), error);
  await assert.rejects(talk(fakeUser(log, [["a"]]), fakeRoom(log, [], { write: fail })), error);
  await assert.rejects(talk(fakeUser(log, []), fakeRoom(log, [], { finish: fail })), error);
  await assert.rejects(talk(fakeListener(log), fakeRoom(log, [], { events: failing })), error);
});

pureTest("converse() gives up when the server does not take what was sent", async () => {
  const log: string[] = [];
  const setTimer = globalThis.setTimeout;
  const delays: number[] = [];
  const expireAtOnce = (callback: () => void, ms: number) => {
    delays.push(ms);
    queueMicrotask(callback);
    return 0;
  };
  globalThis.setTimeout = expireAtOnce as unknown as typeof setTimeout;
  try {
    // deno-lint-ignore require-yield -- says nothing and does not end
    const events = async function* () {
      await never;
    };
    await assert.rejects(talk(fakeUser(log, [["a"]]), fakeRoom(log, [], { events })), {
      name: "ChatError",
      message: "Cannot finish: the server does not take what was sent",
    });
  } finally {
    globalThis.setTimeout = setTimer;
  }
  assert.deepEqual(delays, [ECHO_WAIT_MS, FINISH_NOTICE_MS, FINISH_TIMEOUT_MS]);
  assert.deepEqual(log.slice(0, 2), ["chat a", "finish"]);
  assert.match(log[2]!, /waiting for the server to take what you wrote; Ctrl-C leaves at once/);
});
