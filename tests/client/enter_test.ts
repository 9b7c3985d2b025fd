import assert from "node:assert/strict";
import { enterRoom, type Entry } from "../../lib/client/enter.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { SeenStore } from "../../lib/storage/seen_store.ts";
import { SAY } from "../support/fake_chat.ts";
import { FakeRelay } from "../support/fake_relay.ts";
import { BOB, ROOM, SECRET } from "../support/fixed_members.ts";
import { liveTest, openSent, tokenOfAlice } from "../support/live_session.ts";
import { testNeeding } from "../support/needs.ts";

/** Bob's, for a relay on that port. */
async function entryFor(port: number): Promise<Entry> {
  return {
    ...{ hostname: "127.0.0.1", port, keyText: SECRET, room: ROOM, identity: BOB, say: SAY },
    ...{ nickname: "bob", isPlain: false, backlog: 0, reconnectMs: 60_000 },
    pins: await Pins.open(undefined, () => {}),
    seenStore: await SeenStore.open(undefined, () => {}),
  };
}

liveTest("enterRoom() puts a room together whose parts know each other", async (live) => {
  const { end, room, members, waitFor } = live;
  await end.send(await tokenOfAlice({ kind: "join", text: undefined }));
  await waitFor(({ kind }) => kind === "joined");
  assert.deepEqual(members.names(), ["alice"]);
  await room.write("act", ["waves"]);
  const sent = await Promise.all((await end.waitForTokens(2)).map(openSent));
  assert.deepEqual(sent.map(({ header: { kind, nickname, id } }) => [kind, nickname, id]), [
    ["join", "bob", BOB.id],
    ["act", "bob", BOB.id],
  ]);
});

testNeeding(["net"], "enterRoom() rejects if there is no relay", async () => {
  const relay = new FakeRelay();
  const entry = await entryFor(relay.port);
  relay[Symbol.dispose]();
  await assert.rejects(enterRoom(entry), {
    name: "ChatError",
    message: `Cannot connect: no server answers at 127.0.0.1:${entry.port}`,
  });
});
