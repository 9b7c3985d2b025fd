import assert from "node:assert/strict";
import { MAX_UNTAKEN_MESSAGES } from "../../lib/client/limits.ts";
import {
  liveTest,
  numberedOfAlice,
  openSent,
  textsOf,
  tokenOfAlice,
} from "../support/live_session.ts";
import { within } from "../support/within.ts";

liveTest("room.finish() says goodbye once the relay has everything", async (live) => {
  const { end, room, ended, waitFor, session } = live;
  await waitFor(({ kind }) => kind === "live");
  end.answersPings = false;
  await room.write("chat", ["a"]);
  await room.finish();
  const sent = await Promise.all((await end.waitForTokens(3)).map(openSent));
  assert.deepEqual(sent.map(({ header }) => header.kind), ["join", "chat", "leave"]);
  assert.equal(end.said.some(({ verb }) => verb === "BYE"), false);
  await end.hear("PING");
  const pings = end.said.flatMap((each) => each.verb === "PING" ? [each.n] : []);
  await end.say({ verb: "PONG", n: Math.max(...pings) });
  await end.hear("BYE");
  await end.waitForEnd();
  assert.equal(session.isClosed, false, "what still comes is shown");
  await end.send(...await numberedOfAlice(0));
  await end.conn.closeWrite();
  assert.equal(await ended, undefined);
  assert.deepEqual(textsOf(live.events), ["0"]);
});

for (const reconnectMs of [60_000, 0]) {
  liveTest(
    `nothing that is due behind the goodbye brings back: ${reconnectMs} ms`,
    async (live) => {
      const { end, room, ended, waitFor, events } = live;
      await waitFor(({ kind }) => kind === "live");
      // Who comes is answered within 0.5 s, and this relay takes longer to close.
      await end.send(await tokenOfAlice({ kind: "join", text: undefined, cid: 9 }));
      await waitFor(({ kind }) => kind === "joined");
      await room.finish();
      await end.waitForEnd();
      await new Promise((resolve) => setTimeout(resolve, 900));
      await end.conn.closeWrite();
      assert.equal(await within(5, () => "it goes on", ended), undefined);
      assert.ok(!events.some(({ kind }) => kind === "disconnected"));
    },
    { reconnectMs },
  );
}

liveTest("room.finish() comes back to deliver what was not taken", async (live) => {
  const { end, relay, room, ended, waitFor } = live;
  await waitFor(({ kind }) => kind === "live");
  end.answersPings = false;
  await room.write("chat", ["a"]);
  await room.finish();
  await end.waitForTokens(3);
  end.kill();
  const again = await relay.admit();
  const sent = await Promise.all((await again.waitForTokens(4)).map(openSent));
  assert.deepEqual(sent.map(({ header }) => header.kind), ["join", "chat", "leave", "join"]);
  await again.hear("BYE");
  await again.waitForEnd();
  await again.conn.closeWrite();
  assert.equal(await ended, undefined);
});

liveTest("room.isFull while the relay has not taken 1,000 messages", async (live) => {
  const { end, room, waitFor } = live;
  await waitFor(({ kind }) => kind === "live");
  await end.waitForTokens(1);
  end.answersPings = false;
  const texts = Array.from({ length: MAX_UNTAKEN_MESSAGES }, (_, i) => String(i));
  await room.write("chat", texts);
  assert.equal(room.isFull, true);
  await end.waitForTokens(1 + MAX_UNTAKEN_MESSAGES);
  let isFree = false;
  const freed = room.untilRoom().then(() => isFree = true);
  await end.say({ verb: "PONG", n: 0 });
  await end.say({ verb: "PING", n: 1 });
  await end.hear("PONG");
  assert.equal(isFree, false);
  const pings = end.said.flatMap((each) => each.verb === "PING" ? [each.n] : []);
  await end.say({ verb: "PONG", n: pings[0]! });
  await freed;
  assert.equal(room.isFull, false);
});

liveTest("room.untilRoom() ends when the session does", async ({ end, room, session, waitFor }) => {
  await waitFor(({ kind }) => kind === "live");
  end.answersPings = false;
  await room.write("chat", Array.from({ length: MAX_UNTAKEN_MESSAGES }, () => "x"));
  const waiting = room.untilRoom();
  await session[Symbol.asyncDispose]();
  await waiting;
  assert.equal(room.isFull, true);
});

liveTest("room.leaveQuickly() says leave if it can", async ({ end, room, ended, waitFor }) => {
  await waitFor(({ kind }) => kind === "live");
  await end.waitForTokens(1);
  await room.leaveQuickly();
  const sent = await Promise.all((await end.waitForTokens(2)).map(openSent));
  assert.deepEqual(sent.map(({ header }) => header.kind), ["join", "leave"]);
  assert.equal(await ended, undefined);
});

liveTest(
  "Session[Symbol.asyncDispose]() ends its events at once, twice if need be",
  async (live) => {
    const { end, session, ended } = live;
    await session[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
    assert.equal(await ended, undefined);
    assert.equal(session.isClosed, true);
    assert.equal(session.connection, undefined);
    await end.waitForEnd();
  },
);

liveTest(
  "Session[Symbol.asyncDispose]() ends the waiting for a relay that is gone",
  async (live) => {
    const { end, session, ended, waitFor, relay } = live;
    relay[Symbol.dispose]();
    end.kill();
    await waitFor(({ kind }) => kind === "disconnected");
    await session[Symbol.asyncDispose]();
    assert.equal(await ended, undefined);
  },
);
