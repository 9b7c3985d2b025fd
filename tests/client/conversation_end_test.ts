import assert from "node:assert/strict";
import { converse, type Room, type UserInterface } from "../../lib/client/conversation.ts";
import type { SessionEvent } from "../../lib/client/session.ts";
import { FINISH_TIMEOUT_MS } from "../../lib/limits.ts";
import {
  fakeListener,
  fakeLostRoom,
  fakeRoom,
  fakeUser,
  message,
  never,
} from "../support/fake_chat.ts";

const LOST = { name: "ChatError", message: "Connection lost: the server is gone", hint: undefined };
const BROKEN = { send: () => Promise.reject(new Deno.errors.BrokenPipe("gone")) };

function talk(user: UserInterface, room: Room, stay = false): Promise<void> {
  return converse(user, room, { nickname: "al", stay });
}

function refused(code: number, reason: string): SessionEvent {
  return { kind: "refused", error: { code, reason } };
}

function closedBy(error: string, hint?: string) {
  return { name: "ChatError", message: `Connection closed by the server: ${error}`, hint };
}

function pureTest(name: string, fn: (log: string[]) => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn: () => fn([]) });
}

pureTest("converse() says that the connection is lost when it ends first", async (log) => {
  await assert.rejects(talk(fakeListener(log), fakeLostRoom(log, [[message("bye")]])), LOST);
  assert.deepEqual(log, ["show bye"]);
});

pureTest("converse() stays, and does not finish, if it is told so", async (log) => {
  const sent = Promise.withResolvers<void>();
  const room = fakeRoom(log, [], {
    send: () => Promise.resolve(sent.resolve()),
    async *events() {
      await sent.promise;
      yield [message("late")];
    },
  });
  await assert.rejects(talk(fakeUser(log, [["a"]]), room, true), LOST);
  assert.deepEqual(log, ["show late"]);
});

pureTest("converse() says why the server closed the connection", async (log) => {
  const hint = "The room is full; try again later.";
  const cases = [
    { error: refused(503, "full"), expected: closedBy("503 full", hint) },
    { error: refused(413, "too long"), expected: closedBy("413 too long") },
  ];
  for (const { error, expected } of cases) {
    const events = [[message("a"), error]];
    await assert.rejects(talk(fakeListener(log), fakeLostRoom(log, events)), expected);
    await assert.rejects(talk(fakeUser(log, [["b"]]), fakeRoom(log, events)), expected);
    await assert.rejects(talk(fakeUser(log, [["b"]]), fakeLostRoom(log, events), true), expected);
    await assert.rejects(talk(fakeUser(log, [["b"]]), fakeLostRoom(log, events, BROKEN)), expected);
  }
  assert.equal(log.filter((line) => line === "show a").length, 8);
});

pureTest("converse() prefers the server's reason to a refused line", async (log) => {
  const user = fakeUser(log, [["a"]], { refusedLines: 1 });
  const room = fakeRoom(log, [[refused(429, "too slow")]]);
  await assert.rejects(talk(user, room), closedBy("429 too slow"));
});

pureTest("converse() reads on when sending breaks, then says that all is lost", async (log) => {
  let isClosed = false;
  const inputs = async function* () {
    try {
      yield ["a"];
      yield ["b"];
      await never;
    } finally {
      isClosed = true;
    }
  };
  const room = fakeLostRoom(log, [[message("1")], [message("2")]], BROKEN);
  await assert.rejects(talk(fakeUser(log, [], { inputs }), room), LOST);
  assert.deepEqual(log, ["show 1", "show 2"]);
  assert.ok(isClosed, "the input is no longer read");
});

pureTest("converse() says that the connection is lost when finishing fails", async (log) => {
  const finish = () => Promise.reject(new Deno.errors.NotConnected("gone"));
  await assert.rejects(talk(fakeUser(log, [["a"]]), fakeLostRoom(log, [], { finish })), LOST);
  assert.deepEqual(log, ["send <al> a"]);
});

pureTest("converse() throws what either side throws", async (log) => {
  const error = { name: "BrokenPipe", message: "closed" };
  const fail = () => Promise.reject(new Deno.errors.BrokenPipe("closed"));
  // deno-lint-ignore require-yield -- fails at once
  const failing = async function* () {
    await fail();
  };
  const room = fakeRoom(log, [[message("1")]]);
  await assert.rejects(talk(fakeUser(log, [], { inputs: failing }), fakeRoom(log)), error);
  await assert.rejects(talk(fakeUser(log, [], { show: fail }), room), error);
  await assert.rejects(talk(fakeListener(log), fakeRoom(log, [], { events: failing })), error);
});

pureTest("converse() gives up when the server does not take what was sent", async (log) => {
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
  assert.deepEqual(delays, [FINISH_TIMEOUT_MS]);
  assert.deepEqual(log, ["send <al> a", "finish"]);
});
