import assert from "node:assert/strict";
import { GAP_PATIENCE_MS, RECENT_COPY_MS, ROSTER_TTL_MS } from "../../lib/client/limits.ts";
import { decrypt, encrypt } from "../../lib/fernet.ts";
import { ALICE, BOB, encode, EPOCH, EVE, KEY } from "../support/fixed_members.ts";
import {
  liveTest,
  numberedOfAlice,
  openSent,
  textsOf,
  tokenOfAlice,
} from "../support/live_session.ts";

const OLD = await tokenOfAlice({ sequence: 3, text: "before" });

liveTest(
  "a session shows the backlog as old, then is live and says that it has come",
  async (live) => {
    const { end, events, waitFor } = live;
    await waitFor(({ kind }) => kind === "live");
    const [old, now] = events;
    assert.ok(old?.kind === "message");
    assert.deepEqual([old.text, old.age], ["before", "old"]);
    assert.deepEqual(now, { kind: "live", isAgain: false });
    const [token] = await end.waitForTokens(1);
    const { header } = await openSent(token!);
    assert.deepEqual([header.kind, header.id, header.nickname, header.cid], [
      "join",
      BOB.id,
      "bob",
      9,
    ]);
    assert.equal(header.sequence, 0);
    assert.ok(header.agreementKey);
    await end.send(...await numberedOfAlice(4));
    await waitFor((event) =>
      event.kind === "message" && event.text === "4" && event.age === "live"
    );
  },
  { greeting: { backlog: [OLD], cid: 9 } },
);

liveTest(
  "a session shows what comes, in order, and each token once",
  async ({ end, events, waitFor }) => {
    const tokens = await numberedOfAlice(0, 1, 2);
    const plain = await encrypt(KEY, encode("<py> hi"));
    await end.send(tokens[0]!, tokens[0]!, plain, tokens[2]!, plain, tokens[1]!);
    await waitFor((event) => event.kind === "message" && event.text === "2");
    assert.deepEqual(textsOf(events), ["0", "<py> hi", "1", "2"]);
    const rejected = events.filter(({ kind }) => kind === "rejected");
    assert.deepEqual(rejected.map((event) => event.kind === "rejected" && event.reason), [
      "replayed",
      "replayed",
    ]);
    assert.ok(events.some((event) => event.kind === "mended" && event.count === 1));
  },
);

liveTest("a session goes live once, however often the relay says so", async (live) => {
  const { end, events, waitFor } = live;
  await waitFor(({ kind }) => kind === "live");
  for (let i = 0; i < 1000; i++) await end.say({ verb: "LIVE" });
  const [zero] = await numberedOfAlice(0) as [string];
  await end.send(zero);
  await waitFor((event) => event.kind === "message" && event.text === "0");
  assert.equal(events.filter(({ kind }) => kind === "live").length, 1);
  assert.equal((await end.waitForTokens(1)).length, 1);
});

liveTest("a session asks for what is missing, and shows it in its place", async (live) => {
  const { end, events, waitFor } = live;
  const [zero, one, two] = await numberedOfAlice(0, 1, 2) as [string, string, string];
  await end.send(zero, two);
  const [, asked] = await end.waitForTokens(2);
  const { header } = await openSent(asked!);
  assert.equal(header.kind, "again");
  assert.deepEqual(JSON.parse(header.text!), { id: ALICE.id, e: EPOCH, from: 1, to: 1 });
  await end.send(one);
  await waitFor((event) => event.kind === "message" && event.text === "2");
  assert.deepEqual(textsOf(events), ["0", "1", "2"]);
  assert.equal(events.some(({ kind }) => kind === "missing"), false);
});

liveTest("a session gives up on what does not come, and tells", async (live) => {
  const { end, events, waitFor, clock } = live;
  const [zero, one, two] = await numberedOfAlice(0, 1, 2) as [string, string, string];
  await end.send(zero, two);
  await end.waitForTokens(2);
  assert.deepEqual(textsOf(events), ["0"]);
  clock.ahead += GAP_PATIENCE_MS;
  await waitFor(({ kind }) => kind === "missing");
  await waitFor((event) => event.kind === "message" && event.text === "2");
  await end.send(one);
  const late = await waitFor((event) => event.kind === "message" && event.text === "1");
  assert.equal(late.kind === "message" && late.isLate, true);
});

liveTest("a session sends again what others ask for, byte-identical", async (live) => {
  const { end, room, clock, waitFor } = live;
  await room.write("chat", ["a", "b", "c"]);
  const before = await Promise.all((await end.waitForTokens(4)).map(openSent));
  const { epoch } = before[0]!.header;
  clock.ahead += RECENT_COPY_MS + 1000;
  const text = JSON.stringify({ id: BOB.id, e: epoch, from: 2, to: 9 });
  await end.send(await tokenOfAlice({ kind: "again", text }));
  const tokens = await end.waitForTokens(6);
  const again = await Promise.all(tokens.slice(4).map(openSent));
  assert.deepEqual(again.map(({ plaintext }) => plaintext), [
    before[2]!.plaintext,
    before[3]!.plaintext,
  ]);
  assert.equal(new Set(tokens).size, 6, "each copy is a token of its own");
  await waitFor(({ kind }) => kind === "live");
});

liveTest(
  "a session tells who has come, and whose connection is lost",
  async ({ end, waitFor, events }) => {
    const join = { kind: "join", text: undefined, agreementKey: EVE.id } as const;
    await end.send(await tokenOfAlice({ ...join, cid: 12 }), "!GONE 13", "!GONE 12", "!GONE 12");
    await waitFor(({ kind }) => kind === "lost");
    await end.send(...await numberedOfAlice(1));
    await waitFor(({ kind }) => kind === "message");
    const told = events.filter(({ kind }) => kind === "joined" || kind === "lost");
    assert.deepEqual(told.map((event) => [event.kind, "nickname" in event && event.nickname]), [
      ["joined", "alice"],
      ["lost", "alice"],
    ]);
  },
);

liveTest("a session does not take an impostor's lost connection for a member's", async (live) => {
  const { end, waitFor } = live;
  const join = { kind: "join", text: undefined, agreementKey: EVE.id } as const;
  await end.send(
    await tokenOfAlice({ ...join, cid: 12 }),
    await tokenOfAlice({ ...join, cid: 13 }, EVE),
  );
  await end.send("!GONE 13");
  const lost = await waitFor(({ kind }) => kind === "lost");
  assert.deepEqual(lost, { kind: "lost", id: EVE.id, nickname: "alice", trust: "changed" });
});

liveTest("a session says of one not heard of that the connection is lost", async (live) => {
  const { end, waitFor, clock } = live;
  await end.send(await tokenOfAlice({ kind: "join", text: undefined, cid: 12 }));
  await waitFor(({ kind }) => kind === "joined");
  clock.ahead += ROSTER_TTL_MS + 1;
  const lost = await waitFor(({ kind }) => kind === "lost");
  assert.equal(lost.kind === "lost" && lost.nickname, "alice");
});

liveTest("a session answers who has come with here", async ({ end, clock }) => {
  await end.waitForTokens(1);
  await end.send(await tokenOfAlice({ kind: "join", text: undefined, cid: 12 }));
  const answer = await openSent((await end.waitForTokens(2))[1]!);
  assert.deepEqual([answer.header.kind, answer.header.cid], ["here", 7]);
  clock.ahead += 55_000;
  const heartbeat = await openSent((await end.waitForTokens(3))[2]!);
  assert.equal(heartbeat.header.kind, "here");
});

liveTest("a session counts noise, and goes on", async ({ end, waitFor, events, session }) => {
  await end.send("hello", "gAAAAA", "", ...await numberedOfAlice(0));
  await waitFor(({ kind }) => kind === "message");
  assert.equal(session.rejected.get("unreadable"), 3);
  assert.equal(events.filter(({ kind }) => kind === "rejected").length, 3);
});

liveTest("a session answers a ping of the relay", async ({ end }) => {
  await end.say({ verb: "PING", n: 77 });
  assert.deepEqual(await end.hear("PONG"), { verb: "PONG", n: 77 });
});

liveTest("a session tells once that the clocks differ", async ({ waitFor }) => {
  const event = await waitFor(({ kind }) => kind === "clock");
  const seconds = event.kind === "clock" ? event.seconds : 0;
  assert.ok(Math.abs(seconds - 600) <= 2, `${seconds}`);
}, { greeting: { secondsBehind: 600 } });

liveTest(
  "a session in a plain room writes plain text, and says nothing of itself",
  async (live) => {
    const { end, room } = live;
    await room.write("chat", ["hello"]);
    const [token] = await end.waitForTokens(1);
    const { plaintext } = await decrypt(KEY, token!);
    assert.equal(new TextDecoder().decode(plaintext), "<bob> hello");
    await room.finish();
    await end.waitForEnd();
    assert.equal(end.tokens.length, 1);
  },
  { isPlain: true },
);

liveTest("a session decrypts 16 tokens at once, and no more", async ({ end, waitFor }) => {
  await waitFor(({ kind }) => kind === "live");
  const tokens = await numberedOfAlice(...Array.from({ length: 40 }, (_, i) => i));
  const { decrypt } = crypto.subtle;
  let [underWay, most] = [0, 0];
  crypto.subtle.decrypt = (async (...args: Parameters<typeof decrypt>) => {
    most = Math.max(most, ++underWay);
    try {
      return await decrypt.apply(crypto.subtle, args);
    } finally {
      underWay--;
    }
  }) as typeof decrypt;
  try {
    await end.send(...tokens);
    await waitFor((event) => event.kind === "message" && event.text === "39");
  } finally {
    crypto.subtle.decrypt = decrypt;
  }
  assert.ok(most > 0 && most <= 16, `${most} at once`);
});
