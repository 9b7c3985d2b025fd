import assert from "node:assert/strict";
import {
  CLIENT_DEAD_MS,
  CLIENT_PING_MS,
  HANDSHAKE_TIMEOUT_MS,
  RESEND_MS,
  STEADY_MS,
} from "../../lib/client/limits.ts";
import { fill, worded } from "../../lib/messages/wording.ts";
import { RefusedError } from "../../lib/errors.ts";
import { parseResendRequest } from "../../lib/protocol/resend_request.ts";
import type { RelayEnd } from "../support/fake_relay.ts";
import {
  liveTest,
  numberedOfAlice,
  openSent,
  type Sent,
  textsOf,
  tokenOfAlice,
  untilTaken,
} from "../support/live_session.ts";

async function sentTo(end: RelayEnd, count: number) {
  return await Promise.all((await end.waitForTokens(count)).map(openSent));
}

liveTest(
  "a session that comes back sends again what was not taken, and the last 60 s",
  async (live) => {
    const { end, relay, room, waitFor } = live;
    await room.write("chat", ["a", "b"]);
    await end.waitForTokens(3);
    await untilTaken(live);
    end.answersPings = false;
    await room.write("chat", ["c"]);
    const before = await sentTo(end, 4);
    end.kill();
    const again = await relay.admit({ cid: 8 });
    await waitFor((event) => event.kind === "live" && event.isAgain);
    await room.write("chat", ["d"]);
    const after = await sentTo(again, 6);
    const sequences = after.map(({ header }) => header.sequence);
    assert.deepEqual(sequences, [0, 1, 2, 3, 4, 5]);
    const plaintexts = after.map(({ plaintext }) => plaintext);
    assert.deepEqual(plaintexts.slice(0, 4), before.map(({ plaintext }) => plaintext));
    assert.deepEqual(after.slice(4).map(({ header }) => [header.kind, header.cid]), [
      ["join", 8],
      ["chat", undefined],
    ]);
    await waitFor((event) => event.kind === "live" && event.isAgain);
  },
);

liveTest("a session that comes back sends only what was not taken after a minute", async (live) => {
  const { end, relay, room, clock } = live;
  await room.write("chat", ["a"]);
  await end.waitForTokens(2);
  await untilTaken(live);
  end.answersPings = false;
  await room.write("chat", ["b"]);
  await end.waitForTokens(3);
  end.kill();
  clock.ahead += RESEND_MS;
  const again = await relay.admit();
  const [first, second] = await sentTo(again, 2);
  assert.deepEqual([first!.header.text, second!.header.kind], ["b", "join"]);
});

liveTest("a session says once that it is gone, and that it is back", async (live) => {
  const { end, relay, events, waitFor } = live;
  await waitFor(({ kind }) => kind === "live");
  end.kill();
  for (let attempt = 0; attempt < 2; attempt++) (await relay.accept()).kill();
  await relay.admit();
  await waitFor((event) => event.kind === "live" && event.isAgain);
  assert.deepEqual(events.slice(1), [
    { kind: "disconnected", reason: worded("Connection lost: the server is gone") },
    { kind: "live", isAgain: true },
  ]);
});

liveTest(
  "a session takes messages that it missed as new, and those it has not twice",
  async (live) => {
    const { end, relay, events, waitFor } = live;
    const [zero, one, two, three] = await numberedOfAlice(0, 1, 2, 3) as [
      string,
      string,
      string,
      string,
    ];
    await end.send(zero, one);
    await waitFor((event) => event.kind === "message" && event.text === "1");
    end.kill();
    // The author too has sent again what it had sent: other tokens.
    const copies = await numberedOfAlice(0, 1);
    const again = await relay.admit({ backlog: [zero, one, ...copies, two] });
    await again.send(...copies, three);
    await waitFor((event) => event.kind === "message" && event.text === "3");
    assert.deepEqual(textsOf(events), ["0", "1", "2", "3"]);
    const ages = events.flatMap((event) => event.kind === "message" ? [event.age] : []);
    assert.deepEqual(ages, ["live", "live", "live", "live"]);
  },
);

liveTest(
  "a session forgets the relay's numbers of connections when it comes back",
  async (live) => {
    const { end, relay, events, waitFor } = live;
    await end.send(await tokenOfAlice({ kind: "join", text: undefined, cid: 12 }));
    await waitFor(({ kind }) => kind === "joined");
    end.kill();
    const again = await relay.admit();
    await again.send("!GONE 12", ...await numberedOfAlice(1));
    await waitFor(({ kind }) => kind === "message");
    assert.equal(events.some(({ kind }) => kind === "lost"), false);
  },
);

liveTest(
  "a session that comes back asks for what it lost of a run that it has not heard of",
  async (live) => {
    const { end, relay, events, waitFor } = live;
    end.kill();
    const again = await relay.admit();
    const [zero, one, two, three] = await numberedOfAlice(0, 1, 2, 3);
    await again.send(two!);
    // Behind two that say that it is there, of which the first is sent again.
    const [, , { header }] = await sentTo(again, 3) as [Sent, Sent, Sent];
    assert.equal(header.kind, "again");
    assert.deepEqual(parseResendRequest(header.text!)?.range, [0, 1]);
    await again.send(zero!, one!, three!);
    await waitFor((event) => event.kind === "message" && event.text === "3");
    assert.deepEqual(textsOf(events), ["0", "1", "2", "3"]);
    assert.equal(events.some(({ kind }) => kind === "missing"), false);
  },
);

liveTest(
  "a session tries again when the relay is full, and ends when it is refused",
  async (live) => {
    const { end, relay, ended, waitFor, session } = live;
    await end.send("!ERR 503 full");
    await end.conn.closeWrite();
    const told = await waitFor(({ kind }) => kind === "disconnected");
    assert.equal(
      told.kind === "disconnected" && fill(told.reason),
      "Connection closed by the server: 503 full",
    );
    const full = await relay.accept();
    await full.send("!ERR 503 full");
    const refusing = await relay.accept();
    await refusing.challenge();
    await refusing.send("!ERR 401 auth");
    const error = await ended;
    assert.ok(error instanceof RefusedError);
    assert.equal(error.message, "Connection closed by the server: 401 auth");
    assert.equal(session.isClosed, true);
  },
);

liveTest("a session that may not come back ends with the reason", async ({ end, ended }) => {
  await end.send("!ERR 413 too long");
  await end.conn.closeWrite();
  const error = await ended;
  assert.ok(error instanceof RefusedError);
  assert.equal(error.message, "Connection closed by the server: 413 too long");
}, { reconnectMs: 0 });

liveTest("a session gives up once its time to come back is over", async (live) => {
  const { end, relay, clock, ended, waitFor } = live;
  await waitFor(({ kind }) => kind === "live");
  end.kill();
  await waitFor(({ kind }) => kind === "disconnected");
  clock.ahead += 60_001;
  (await relay.accept()).kill();
  const error = await ended;
  assert.ok(error instanceof Error);
  assert.equal(error.message, "Connection lost: the server is gone");
});

liveTest("a session pings a silent relay, and leaves it when it does not answer", async (live) => {
  const { end, relay, clock, waitFor } = live;
  await end.waitForTokens(1);
  await untilTaken(live);
  end.answersPings = false;
  clock.ahead += CLIENT_PING_MS;
  await end.hear("PING");
  assert.equal(end.isEnded, false);
  clock.ahead += CLIENT_DEAD_MS - CLIENT_PING_MS + 1;
  await waitFor(({ kind }) => kind === "disconnected");
  await relay.admit();
  await waitFor((event) => event.kind === "live" && event.isAgain);
});

liveTest("a session leaves a relay that welcomes it and does not go on", async (live) => {
  const { end, relay, clock, events, waitFor } = live;
  await waitFor(({ kind }) => kind === "live");
  end.kill();
  const stuck = await relay.accept();
  await stuck.challenge();
  await stuck.say({ verb: "WELCOME", cid: 8, time: 0, maxBytes: 65_536, peers: 1 });
  // It tells of the clock once it has read the welcome.
  await waitFor(({ kind }) => kind === "clock");
  clock.ahead += HANDSHAKE_TIMEOUT_MS + 1;
  await stuck.waitForEnd();
  assert.deepEqual(stuck.tokens, [], "nothing is sent before it is live");
  await relay.admit();
  await waitFor((event) => event.kind === "live" && event.isAgain);
  assert.equal(events.filter(({ kind }) => kind === "disconnected").length, 2);
});

liveTest("a session that is welcomed and closed tries ever more seldom", async (live) => {
  const { end, relay, waitFor, clock } = live;
  await waitFor(({ kind }) => kind === "live");
  clock.ahead += STEADY_MS;
  end.kill();
  const gaps: number[] = [];
  for (let i = 0, before = performance.now(); i < 4; i++) {
    (await relay.admit()).kill();
    gaps.push(performance.now() - before);
    before = performance.now();
  }
  assert.ok(gaps[3]! > 1900, gaps.join());
});

liveTest(
  "a session whose relay takes nothing for 90 s comes back and loses nothing",
  async (live) => {
    const { end, relay, room, clock, waitFor, events } = live;
    await waitFor(({ kind }) => kind === "live");
    await end.waitForTokens(1);
    await untilTaken(live);
    end.answersPings = false;
    await room.write("chat", ["a"]);
    await end.waitForTokens(2);
    clock.ahead += CLIENT_DEAD_MS;
    // It says that it is there.
    await end.send("!PING 1", ...await numberedOfAlice(0));
    await waitFor(({ kind }) => kind === "message");
    const again = await relay.admit();
    const texts = (await sentTo(again, 3)).map(({ header }) => header.text);
    assert.ok(texts.includes("a"), texts.join());
    const reason = worded("Connection lost: the server takes nothing any more");
    assert.deepEqual(events.find(({ kind }) => kind === "disconnected"), {
      kind: "disconnected",
      reason,
    });
  },
);
