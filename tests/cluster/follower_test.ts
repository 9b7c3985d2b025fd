import assert from "node:assert/strict";
import { Follower, type StreamEntry } from "../../lib/cluster/follower.ts";
import { FakeNats, message } from "../support/fake_nats.ts";
import { FakeTime } from "../support/fake_time.ts";
import { pureTest } from "../support/pure.ts";

const CREATE = "CONSUMER.CREATE";

interface Opened {
  readonly follower: Follower;
  readonly nats: FakeNats;
  readonly time: FakeTime;
  readonly taken: string[];
  readonly held: (string | undefined)[];
  readonly resets: string[];
  readonly stop: AbortController;
  /** What is wrong with how the stream is set up. */
  fault: string | undefined;
  /** How often the stream began to be followed. */
  followed: number;
  /** While it is defined, entries cannot be taken. */
  room: PromiseWithResolvers<void> | undefined;
}

function info(firstSeq: number, lastSeq: number, created = "today") {
  return { created, config: {}, state: { first_seq: firstSeq, last_seq: lastSeq } };
}

function open(): Opened {
  const [taken, held, resets]: [string[], (string | undefined)[], string[]] = [[], [], []];
  const time = new FakeTime();
  const take = ({ subject, bytes }: StreamEntry) => {
    taken.push(`${subject}:${new TextDecoder().decode(bytes)}`);
  };
  const opened: Opened = {
    follower: new Follower({
      ...{ stream: "s", readBack: 10, take },
      findFault: () => opened.fault,
      untilRoom: () => opened.room?.promise,
      onFollowing: () => opened.followed++,
      onHeld: (reason) => held.push(reason),
      onReset: (what) => resets.push(what),
    }),
    ...{ nats: new FakeNats(), time, taken, held, resets, stop: new AbortController() },
    ...{ fault: undefined, room: undefined, followed: 0 },
  };
  opened.nats.answers.set("STREAM.INFO", info(1, 0));
  opened.nats.answers.set(CREATE, {});
  return opened;
}

/** Lets promises settle. */
async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await undefined;
}

async function follow({ follower, nats, stop }: Opened): Promise<{ failure: Promise<unknown> }> {
  const failure = follower.follow(nats.connection, stop.signal).then(() => undefined, (e) => e);
  await settle();
  return { failure };
}

/** Where the consumer that was made last begins. */
function begins({ nats }: Opened): number[] {
  return nats.requests.filter(({ subject }) => subject.includes(CREATE)).map(({ question }) => {
    return (question as { config: { opt_start_seq: number } }).config.opt_start_seq;
  });
}

function deliver({ nats }: Opened, seq: number, delivered: number, data = `${seq}`): void {
  const inbox = nats.subjects.at(-1)!;
  const reply = `$JS.ACK.s.c.1.${seq}.${delivered}.1700000000000000000.0`;
  nats.deliver(inbox, message({ subject: "chat.a", reply, data }));
}

function say({ nats }: Opened, headers: Record<string, string>, reply = ""): void {
  nats.deliver(nats.subjects.at(-1)!, message({ code: 100, headers, reply }));
}

pureTest(
  "Follower begins a number of entries before the end, and says when it has come there",
  async () => {
    const opened = open();
    using _time = opened.time;
    opened.nats.answers.set("STREAM.INFO", info(5, 42));
    let hasBegun = false;
    opened.follower.begun.then(() => hasBegun = true);
    await follow(opened);
    assert.deepEqual(begins(opened), [33]);
    for (let seq = 33; seq <= 41; seq++) deliver(opened, seq, seq - 32);
    await settle();
    assert.equal(hasBegun, false);
    deliver(opened, 42, 10);
    await settle();
    assert.equal(hasBegun, true);
    assert.deepEqual(opened.taken.slice(-2), ["chat.a:41", "chat.a:42"]);
    opened.stop.abort();
  },
);

pureTest("Follower begins at once where there is nothing, and where little is left", async () => {
  for (const [first, last, start] of [[1, 0, 1], [43, 42, 43], [40, 42, 40]] as const) {
    const opened = open();
    using _time = opened.time;
    opened.nats.answers.set("STREAM.INFO", info(first, last));
    await follow(opened);
    assert.deepEqual(begins(opened), [start]);
    if (last < first) await opened.follower.begun;
    opened.stop.abort();
  }
});

pureTest(
  "Follower makes another consumer behind what it has when something is missing",
  async () => {
    const opened = open();
    using _time = opened.time;
    await follow(opened);
    opened.nats.answers.set("STREAM.INFO", info(1, 100));
    deliver(opened, 1, 1);
    deliver(opened, 4, 3);
    await settle();
    assert.deepEqual(begins(opened), [1, 2]);
    deliver(opened, 2, 1);
    say(opened, { "Nats-Last-Consumer": "2" });
    await settle();
    assert.deepEqual(begins(opened), [1, 2, 3]);
    say(opened, { "Nats-Last-Consumer": "0" });
    await settle();
    assert.equal(begins(opened).length, 3);
    deliver(opened, 3, 1, "no place");
    opened.nats.deliver(opened.nats.subjects.at(-1)!, message({ reply: "x", data: "x" }));
    await settle();
    assert.deepEqual(begins(opened), [1, 2, 3, 4]);
    assert.deepEqual(opened.taken.length, 3);
    opened.stop.abort();
  },
);

pureTest(
  "Follower makes another consumer after 3 s of silence, and not while it hears",
  async () => {
    const opened = open();
    using _time = opened.time;
    await follow(opened);
    for (let second = 0; second < 10; second++) {
      await opened.time.passSlowly(1000);
      say(opened, { "Nats-Last-Consumer": "0" });
    }
    assert.equal(begins(opened).length, 1);
    await opened.time.passSlowly(3000);
    assert.equal(begins(opened).length, 1);
    await opened.time.passSlowly(1000);
    assert.equal(begins(opened).length, 2);
    opened.stop.abort();
  },
);

pureTest("Follower gives a connection up on which nobody answers, and tells why", async () => {
  const opened = open();
  using _time = opened.time;
  opened.nats.answers.set("STREAM.INFO", { error: { err_code: 10059, description: "x" } });
  const { failure } = await follow(opened);
  await opened.time.passSlowly(400);
  assert.deepEqual(opened.held, ["there is no stream s; chat-server cluster-setup makes it"]);
  await opened.time.passSlowly(700);
  assert.match(String(await failure), /there is no stream s/);
  assert.equal(opened.held.length, 3);
});

pureTest("Follower reads no stream that is not set up as it has to be", async () => {
  const opened = open();
  using _time = opened.time;
  opened.fault = "stream s differs in retention";
  await follow(opened);
  assert.deepEqual(opened.held, ["stream s differs in retention"]);
  assert.deepEqual(begins(opened), []);
  opened.fault = undefined;
  await opened.time.passSlowly(600);
  assert.deepEqual(opened.held.slice(1), [undefined]);
  assert.equal(opened.followed, 1);
  assert.deepEqual(begins(opened), [1]);
  opened.stop.abort();
});

pureTest("Follower goes on with the same connection when it answers again", async () => {
  const opened = open();
  using _time = opened.time;
  opened.nats.answers.set(CREATE, { error: { description: "no" } });
  await follow(opened);
  assert.deepEqual(opened.held, ["no"]);
  assert.equal(opened.followed, 0);
  opened.nats.answers.set(CREATE, {});
  await opened.time.passSlowly(600);
  assert.deepEqual(opened.held, ["no", undefined]);
  assert.equal(opened.followed, 1);
  assert.equal(opened.follower.isFollowing, true);
  opened.stop.abort();
  await settle();
  assert.equal(opened.follower.isFollowing, false);
});

pureTest("Follower holds what comes until there is room, and the server with it", async () => {
  const opened = open();
  using _time = opened.time;
  await follow(opened);
  opened.room = Promise.withResolvers();
  deliver(opened, 1, 1);
  deliver(opened, 2, 2);
  say(opened, {}, "flow");
  say(opened, { "Nats-Consumer-Stalled": "stalled" });
  await settle();
  assert.deepEqual([opened.taken, opened.nats.sent], [[], []]);
  assert.equal(opened.follower.isFollowing, false);
  const { room } = opened;
  opened.room = undefined;
  room.resolve();
  await settle();
  assert.deepEqual(opened.taken, ["chat.a:1", "chat.a:2"]);
  assert.deepEqual(opened.nats.sent.map(({ subject }) => subject), ["flow", "stalled"]);
  deliver(opened, 3, 3);
  assert.equal(opened.taken.length, 3);
  opened.stop.abort();
});

pureTest("Follower keeps 64 MiB of what a server sends ahead, and then begins anew", async () => {
  const opened = open();
  using _time = opened.time;
  await follow(opened);
  opened.room = Promise.withResolvers();
  const big = "x".repeat(16 * 2 ** 20);
  for (let seq = 1; seq <= 4; seq++) deliver(opened, seq, seq, big);
  await settle();
  assert.equal(begins(opened).length, 1);
  deliver(opened, 5, 5);
  await settle();
  assert.deepEqual(begins(opened), [1, 1]);
  opened.stop.abort();
});

pureTest("Follower reads the last entries again if one is missing", async () => {
  const opened = open();
  using _time = opened.time;
  opened.nats.answers.set("STREAM.INFO", info(1, 1000));
  await follow(opened);
  for (let i = 1; i <= 10; i++) deliver(opened, 990 + i, i);
  opened.follower.rewind();
  await settle();
  assert.deepEqual(begins(opened), [991, 991]);
  opened.stop.abort();
});

pureTest("Follower takes an entry for one whatever its headers say", async () => {
  const opened = open();
  using _time = opened.time;
  await follow(opened);
  const place = (seq: number) => `$JS.ACK.s.c.1.${seq}.${seq}.1700000000000000000.0`;
  const [inbox] = opened.nats.subjects as [string];
  opened.nats.deliver(inbox, message({ reply: place(1), code: 100, data: "1" }));
  const headers = () => {
    throw new Error("Bad header");
  };
  const poisoned = Object.defineProperty(message({ reply: place(2), data: "2" }), "headers", {
    get: headers,
  });
  opened.nats.deliver(inbox, poisoned);
  await settle();
  assert.deepEqual([opened.taken.length, begins(opened).length], [2, 1]);
  opened.stop.abort();
});

pureTest("Follower waits before it asks again for what brings nothing", async () => {
  const opened = open();
  using _time = opened.time;
  await follow(opened);
  deliver(opened, 9, 9);
  await settle();
  assert.equal(begins(opened).length, 1);
  await opened.time.passSlowly(600);
  assert.equal(begins(opened).length, 2);
  opened.stop.abort();
});

pureTest("Follower answers a consumer over its own connection", async () => {
  const opened = open();
  using _time = opened.time;
  await follow(opened);
  opened.room = Promise.withResolvers();
  deliver(opened, 1, 1);
  opened.stop.abort();
  await settle();
  const other = new FakeNats();
  for (const [subject, answer] of opened.nats.answers) other.answers.set(subject, answer);
  const stop = new AbortController();
  opened.follower.follow(other.connection, stop.signal);
  await settle();
  const [inbox] = other.subjects as [string];
  other.deliver(inbox, message({ code: 100, reply: "$JS.FC.2" }));
  opened.room.resolve();
  await settle();
  assert.deepEqual([opened.nats.sent, other.sent.map(({ subject }) => subject)], [[], [
    "$JS.FC.2",
  ]]);
  stop.abort();
});

pureTest("Follower tells of a stream that is another, shorter, or emptied", async () => {
  const opened = open();
  using _time = opened.time;
  opened.nats.answers.set("STREAM.INFO", info(1, 600));
  await follow(opened);
  for (let i = 1; i <= 10; i++) deliver(opened, 590 + i, i);
  const again = async (answer: Record<string, unknown>) => {
    opened.nats.answers.set("STREAM.INFO", answer);
    deliver(opened, 9999, 99);
    await opened.time.passSlowly(600);
    return [begins(opened).at(-1), opened.resets.at(-1)];
  };
  assert.deepEqual(await again(info(1, 600)), [601, undefined]);
  assert.deepEqual(await again(info(1, 599)), [591, "it has lost its last entries"]);
  assert.deepEqual(await again(info(700, 699)), [700, "it has lost entries that were not read"]);
  assert.deepEqual(await again(info(1, 3, "later")), [1, "it was made anew"]);
  opened.stop.abort();
});
