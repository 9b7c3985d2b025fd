import assert from "node:assert/strict";
import { Author } from "../../lib/client/author.ts";
import { Delivery } from "../../lib/client/delivery.ts";
import {
  CLIENT_DEAD_MS,
  CLIENT_PING_MS,
  GAP_PATIENCE_MS,
  HANDSHAKE_TIMEOUT_MS,
  MAX_HEARTBEAT_MS,
  ROSTER_TTL_MS,
} from "../../lib/client/limits.ts";
import { Outbox } from "../../lib/client/outbox.ts";
import { Presence } from "../../lib/client/presence.ts";
import { Upkeep } from "../../lib/client/upkeep.ts";
import { parseEnvelope } from "../../lib/protocol/envelope.ts";
import { BOB, KEY, ROOM, TIME } from "../support/fixed_members.ts";
import { brief, setUpInbox, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

/** Bob's upkeep, and the kinds of message that it has written. */
async function setUp(isPlain = false) {
  const around = await setUpInbox();
  const { inbox, roster, clock } = around;
  clock.now = 1000;
  const monotonic = () => clock.now;
  const now = () => TIME * 1000 + clock.now;
  const outbox = new Outbox();
  const { privateKey } = BOB.signing;
  const voice = { id: BOB.id, privateKey, roomId: ROOM.roomId, nickname: "bob", isPlain };
  const author = new Author({ ...voice, outbox, now, monotonic });
  const delivery = new Delivery(KEY, outbox, { now, monotonic });
  const presence = new Presence({ agreementKey: BOB.id, random: () => 0.5, isPlain });
  const upkeep = new Upkeep({ inbox, roster, author, presence, delivery, monotonic });
  const written = async () => {
    // Behind what is being written.
    await author.write([]);
    return outbox.nextToSend(100, clock.now).map(({ plaintext }) => {
      const envelope = parseEnvelope(plaintext);
      return envelope.kind === "signed" ? envelope.header.kind : envelope.kind;
    });
  };
  return { ...around, upkeep, written };
}

pureTest("Upkeep.followUp() asks for what is missing, and gives it up in the end", async () => {
  const { upkeep, written, take, clock } = await setUp();
  take("live", signed({ sequence: 0 }), signed({ sequence: 2, text: "2" }));
  assert.deepEqual(upkeep.followUp(7, false), []);
  assert.deepEqual(await written(), ["again"]);
  clock.now += GAP_PATIENCE_MS;
  assert.deepEqual(upkeep.followUp(7, true), [], "it is patient while others come back");
  assert.deepEqual(brief(upkeep.followUp(7, false)), ["missing alice 1", "live: 2"]);
});

pureTest("Upkeep.followUp() says here when it is time", async () => {
  const { upkeep, written, clock } = await setUp();
  upkeep.followUp(7, false);
  assert.deepEqual(await written(), []);
  clock.now += MAX_HEARTBEAT_MS;
  upkeep.followUp(7, false);
  assert.deepEqual(await written(), ["here"]);
});

pureTest("Upkeep.followUp() says nothing while not connected, or in a plain room", async () => {
  for (const isPlain of [false, true]) {
    const { upkeep, written, take, clock } = await setUp(isPlain);
    take("live", signed({ sequence: 0 }), signed({ sequence: 2 }));
    clock.now += MAX_HEARTBEAT_MS;
    upkeep.followUp(isPlain ? 7 : undefined, false);
    assert.deepEqual(await written(), []);
  }
});

pureTest("Upkeep.followUp() tells who was not heard of for too long", async () => {
  const { upkeep, take, clock, roster } = await setUp();
  take("live", signed());
  clock.now += ROSTER_TTL_MS;
  assert.deepEqual(upkeep.followUp(undefined, false), []);
  clock.now += 1;
  assert.deepEqual(brief(upkeep.followUp(undefined, false)), ["lost alice verified"]);
  assert.equal(roster.size, 0);
});

pureTest("Upkeep.isPingDue() is true once in 30 s of silence", async () => {
  const { upkeep } = await setUp();
  const due = (from: number, to: number) => {
    let count = 0;
    for (let silent = from; silent <= to; silent += 100) if (upkeep.isPingDue(silent)) count++;
    return count;
  };
  assert.equal(due(0, CLIENT_PING_MS - 100), 0);
  assert.equal(due(CLIENT_PING_MS, 2 * CLIENT_PING_MS - 100), 1);
  assert.equal(due(2 * CLIENT_PING_MS, CLIENT_DEAD_MS), 2);
  // Heard again, then silent.
  assert.equal(due(0, CLIENT_PING_MS), 1);
});

pureTest("Upkeep.isLost() after 90 s of silence, and after 10 s before it is live", async () => {
  const { upkeep } = await setUp();
  assert.deepEqual([0, CLIENT_DEAD_MS, CLIENT_DEAD_MS + 1].map((ms) => upkeep.isLost(ms, "live")), [
    false,
    false,
    true,
  ]);
  for (const phase of ["history", "catch-up"] as const) {
    assert.equal(upkeep.isLost(HANDSHAKE_TIMEOUT_MS, phase), false);
    assert.equal(upkeep.isLost(HANDSHAKE_TIMEOUT_MS + 1, phase), true);
  }
});
