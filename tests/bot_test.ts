import assert from "node:assert/strict";
import { type Bot, type BotEvent, connect } from "../lib/bot.ts";
import { generateKey } from "../lib/fernet.ts";
import { MAX_WAITING_EVENTS } from "../lib/script/typed_interface.ts";
import { Member } from "./support/member.ts";
import { testNeeding } from "./support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT, type Server, startServer } from "./support/programs.ts";
import { withDirectory } from "./support/temporary.ts";
import { within } from "./support/within.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

interface Room {
  readonly server: Server;
  readonly key: string;
  readonly cwd: string;
  /** Enters as a bot, and reads until the room is live. */
  readonly enter: (nickname: string, more?: object) => Promise<Entered>;
}

interface Entered {
  readonly bot: Bot;
  readonly next: (matches: (event: BotEvent) => boolean) => Promise<BotEvent>;
}

/** Registers a test of bots in a real room. */
function botTest(name: string, fn: (room: Room) => Promise<void>): void {
  testNeeding(NEEDS, name, async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const key = await Deno.readTextFile(`${cwd}/secret.key`);
      const enter = async (nickname: string, more = {}) => {
        const place = { hostname: "127.0.0.1", port: server.port };
        const bot = await connect({ ...place, key, nickname, ...more });
        const events = bot.events();
        const next = async (matches: (event: BotEvent) => boolean) => {
          const seen: BotEvent[] = [];
          const state = () => `it did not happen, but ${JSON.stringify(seen)}`;
          const look = async () => {
            for (;;) {
              const { value, done } = await events.next();
              assert.ok(!done, state());
              seen.push(value);
              if (matches(value)) return value;
            }
          };
          return await within(10, state, look());
        };
        await next(({ type }) => type === "live");
        return { bot, next };
      };
      await fn({ server, key, cwd, enter });
    });
  });
}

botTest("bots say, act, tell and rename, and hear each other", async ({ enter }) => {
  const alice = await enter("alice");
  const bob = await enter("bob");
  await using _a = alice.bot;
  await using _b = bob.bot;
  await alice.next(({ type }) => type === "joined");
  await bob.bot.say("/hello\nalice");
  const heard = await alice.next(({ type }) => type === "message");
  assert.deepEqual({ ...heard, time: 0 }, {
    type: "message",
    time: 0,
    form: "chat",
    from: { nickname: "bob", id: bob.bot.id },
    text: "/hello\nalice",
    trust: "verified",
    age: "live",
    late: false,
    mention: true,
  });
  await bob.bot.act("waves");
  const acted = await alice.next(({ type }) => type === "message");
  assert.ok(acted.type === "message" && acted.form === "action" && acted.text === "waves");
  await alice.bot.tell("bob", "psst");
  const told = await bob.next(({ type }) => type === "message");
  assert.ok(told.type === "message" && told.form === "private" && told.text === "psst");
  await bob.bot.rename("robert");
  assert.equal(bob.bot.nickname, "robert");
  await alice.next(({ type }) => type === "renamed");
  await bob.bot.setAway("lunch");
  await bob.bot.say("away");
  await alice.next(({ type }) => type === "message");
  const [member] = alice.bot.members();
  assert.deepEqual([member?.nickname, member?.away], ["robert", "lunch"]);
  assert.match(await alice.bot.ask("whois", "robert"), /robert/);
  assert.match(await alice.bot.status(), /^connected to 127\.0\.0\.1:\d+ as alice\n/);
  await bob.bot.setAway();
  await bob.bot.leave();
  await alice.next(({ type }) => type === "left");
});

botTest("what a bot cannot do is an error, and the bot goes on", async ({ enter }) => {
  const { bot } = await enter("alice");
  await using _bot = bot;
  await assert.rejects(bot.tell("nobody", "hi"), { name: "ChatError", message: /nobody/ });
  await assert.rejects(bot.say("x".repeat(40_001)), {
    name: "ChatError",
    message: /40001 bytes of text/,
  });
  // It has no bytes in UTF-8: others would see another text.
  await assert.rejects(bot.say("half of \ud83d"), {
    name: "ChatError",
    message: "Cannot be done: text is missing, or not text",
  });
  await assert.rejects(bot.setAway("\udc00"), { message: /reason is missing, or not text/ });
  assert.match(await bot.ask("verify", "nobody"), /nobody/);
  await assert.rejects(bot.rename("two words"), { name: "ChatError" });
  await bot.say("still here");
  // What was refused was told; leaving is no error.
  await bot.leave();
  await assert.rejects(bot.say("late"), { message: "Cannot be done: the bot has left" });
});

botTest("connect() says why it cannot", async ({ server, key, enter }) => {
  const place = { hostname: "127.0.0.1", port: server.port, nickname: "eve" };
  await assert.rejects(connect({ ...place, key: "short" }), RangeError);
  await assert.rejects(
    connect({ ...place, key, nickname: "a b" }),
    /^ChatError: Cannot use nickname: /,
  );
  await assert.rejects(connect({ ...place, key: generateKey() }), {
    name: "RefusedError",
    message: /401/,
  });
  await assert.rejects(connect({ ...place, key, signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
  await server.program[Symbol.asyncDispose]();
  await assert.rejects(enter("eve"), { name: "ChatError", message: /^Cannot connect/ });
});

botTest(
  "events() ends with an error when the server is gone for good",
  async ({ enter, server }) => {
    const { bot, next } = await enter("alice", { reconnectMs: 0 });
    await using _bot = bot;
    await server.program[Symbol.asyncDispose]();
    await assert.rejects(next(() => false), { name: "ChatError", message: /^Connection lost/ });
    await assert.rejects(bot.say("anybody?"), { name: "ChatError" });
    await assert.rejects(bot.leave(), { name: "ChatError" });
  },
);

botTest("a signal makes a bot leave, and disposing of it twice does nothing", async ({ enter }) => {
  const leaving = new AbortController();
  const alice = await enter("alice");
  await using _alice = alice.bot;
  const { bot, next } = await enter("bob", { signal: leaving.signal });
  await alice.next(({ type }) => type === "joined");
  leaving.abort();
  await assert.rejects(next(() => false), /it did not happen/);
  await alice.next(({ type }) => type === "left");
  await bot[Symbol.asyncDispose]();
  await bot[Symbol.asyncDispose]();
});

botTest("a bot with a directory is the same again, and knows what it has seen", async (room) => {
  const { enter, cwd, server, key } = room;
  const directory = `${cwd}/state`;
  const first = await enter("alice", { directory });
  await first.bot.leave();
  await using bob = await Member.enter({ port: server.port, keyText: key, nickname: "bob" });
  await bob.say("one");
  const again = await enter("alice", { directory, backlog: 200 });
  assert.equal(again.bot.id, first.bot.id);
  await again.bot.leave();
  const third = await connect({
    ...{ hostname: "127.0.0.1", port: server.port, key, nickname: "alice", directory },
    backlog: 200,
  });
  await third.leave();
  const events = await Array.fromAsync(third.events());
  const ages = events.flatMap((event) => event.type === "message" ? [event.age] : []);
  assert.deepEqual(ages, ["old"]);
});

botTest(
  "a bot that does not read keeps a bounded number of events",
  async ({ enter, server, key }) => {
    const place = { hostname: "127.0.0.1", port: server.port, key, nickname: "lazy" };
    await using lazy = await connect(place);
    const { bot: busy } = await enter("busy");
    await using _busy = busy;
    const count = 4 * MAX_WAITING_EVENTS;
    for (let i = 0; i < count; i += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, j) => busy.say(`${i + j}`)));
    }
    const texts: string[] = [];
    for await (const event of lazy.events()) {
      if (event.type === "message") texts.push(event.text);
      if (texts.length === count) break;
    }
    assert.deepEqual(texts, Array.from({ length: count }, (_, i) => `${i}`));
  },
);

botTest("docs/clients/echo_bot.ts answers, and leaves when it is told to", async (room) => {
  const { enter, server, cwd } = room;
  const alice = await enter("alice");
  await using _alice = alice.bot;
  const flags = [...IMPORT_FLAGS, "--no-prompt", "--allow-net", "--allow-read"];
  const path = `${ROOT}docs/clients/echo_bot.ts`;
  const command = [Deno.execPath(), "run", "-q", ...flags, path, "127.0.0.1", `${server.port}`];
  await using echo = Program.spawn(command, { cwd });
  await echo.waitFor("stdout", /echobot is in room/);
  await alice.next(({ type }) => type === "joined");
  await alice.bot.say("not for a bot");
  await alice.bot.tell("echobot", "!echo in private");
  await alice.bot.say("!echo to be\nor not");
  const answer = await alice.next(({ type }) => type === "message");
  assert.equal(answer.type === "message" && answer.text, "to be\nor not");
  echo.child.kill("SIGTERM");
  assert.equal((await echo.finished()).code, 0, echo.stderr);
  await alice.next(({ type }) => type === "left");
});

testNeeding(["read"], "the bot of the documents has at most 25 lines", async () => {
  const source = await Deno.readTextFile(`${ROOT}docs/clients/echo_bot.ts`);
  assert.ok(source.trimEnd().split("\n").length <= 25);
});

botTest("a bot that comes back takes what it missed for old", async ({ enter, cwd }) => {
  const alice = await enter("alice");
  await using _alice = alice.bot;
  const directory = `${cwd}/state`;
  const before = await enter("helper", { directory });
  await alice.bot.say("hello");
  await before.next(({ type }) => type === "message");
  await before.bot.leave();
  await alice.bot.say("!ping");
  // Times in messages are whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const after = await enter("helper", { directory });
  await using _after = after.bot;
  await alice.bot.say("hey");
  const ages = [];
  for (let i = 0; i < 2; i++) {
    const event = await after.next(({ type }) => type === "message");
    if (event.type === "message") ages.push(`${event.text} ${event.age}`);
  }
  assert.deepEqual(ages, ["!ping old", "hey live"]);
});
