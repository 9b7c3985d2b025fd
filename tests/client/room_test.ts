import assert from "node:assert/strict";
import { ROOM } from "../support/fixed_members.ts";
import { liveTest, openSent, tokenOfAlice, untilTaken } from "../support/live_session.ts";

liveTest("room.setAway() says here with the reason, and whether that was new", async (live) => {
  const { end, room } = live;
  await end.waitForTokens(1);
  const told = [];
  for (const reason of [undefined, "", "", "lunch", "lunch", undefined, undefined]) {
    told.push(await room.setAway(reason));
  }
  assert.deepEqual(told, [false, true, false, true, false, true, false]);
  const sent = await Promise.all((await end.waitForTokens(4)).map(openSent));
  const said = sent.map(({ header: { kind, text } }) => [kind, text]);
  assert.deepEqual(said, [
    ["join", undefined],
    ["here", ""],
    ["here", "lunch"],
    ["here", undefined],
  ]);
});

liveTest("room.setAway() goes on after the connection was lost", async ({ end, room, relay }) => {
  await end.waitForTokens(1);
  await room.setAway("lunch");
  await end.waitForTokens(2);
  end.kill();
  const next = await relay.admit();
  // What the relay may have lost comes first: the first join, and that the member is away.
  const sent = await Promise.all((await next.waitForTokens(3)).map(openSent));
  const said = sent.map(({ header: { kind, text } }) => [kind, text]);
  assert.deepEqual(said, [["join", undefined], ["here", "lunch"], ["join", "lunch"]]);
});

liveTest("room.setAway() says nothing of a plain member", async ({ end, room }) => {
  await room.setAway("lunch");
  await room.write("chat", ["hello"]);
  assert.equal((await end.waitForTokens(1)).length, 1);
}, { isPlain: true });

liveTest("room.self is this member under its present name", async ({ room }) => {
  const { id } = room.self;
  assert.deepEqual(room.self, { id, nickname: "bob" });
  await room.rename("rob");
  assert.deepEqual(room.self, { id, nickname: "rob" });
});

liveTest("room.status() tells the state of the connection and the room", async (live) => {
  const { end, room, relay, waitFor } = live;
  await end.send(await tokenOfAlice({ kind: "join", text: undefined }));
  await waitFor(({ kind }) => kind === "joined");
  await end.waitForTokens(1);
  await untilTaken(live);
  const lines = room.status().map((line) => line.replace(/\d+ ms$/, "N ms"));
  assert.deepEqual(lines, [
    `connected to 127.0.0.1:${relay.port} as bob`,
    `room ${ROOM.fingerprint}`,
    "room open: guests without the key can be here",
    "members known here: 2; connections when this one began: 2",
    "the server answers in N ms",
    "not taken by the server yet: 0",
    "not shown: none",
  ]);
});

liveTest("room.status() says nothing of a server's answers while it is away", async (live) => {
  const { end, room, relay, waitFor } = live;
  await untilTaken(live);
  end.kill();
  await waitFor(({ kind }) => kind === "disconnected");
  assert.deepEqual(room.status().slice(0, 2), [
    `not connected to 127.0.0.1:${relay.port}`,
    `room ${ROOM.fingerprint}`,
  ]);
  assert.doesNotMatch(room.status().join("\n"), /answers|asked/);
});

liveTest(
  "room.finish() waits for no relay that is away and has everything, if hasty",
  async (live) => {
    const { end, room, relay, waitFor } = live;
    await end.waitForTokens(1);
    await untilTaken(live);
    end.kill();
    await waitFor(({ kind }) => kind === "disconnected");
    await room.write("chat", ["unsent"]);
    await room.finish({ isHasty: true });
    const next = await relay.admit();
    const tokens = await next.waitForTokens(3);
    const sent = await Promise.all(tokens.map(openSent));
    assert.ok(sent.some(({ header: { text } }) => text === "unsent"));
  },
);

liveTest("room.finish() ends the session at once, if hasty and offline", async (live) => {
  const { end, room, waitFor, ended } = live;
  await end.waitForTokens(1);
  await untilTaken(live);
  end.kill();
  await waitFor(({ kind }) => kind === "disconnected");
  await room.finish({ isHasty: true });
  assert.equal(await ended, undefined);
});
