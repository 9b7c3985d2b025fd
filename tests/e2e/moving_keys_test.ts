import assert from "node:assert/strict";
import { advanceChain, dayOf } from "../../lib/crypto/key_chain.ts";
import { parseRoomSecret } from "../../lib/crypto/room_secret.ts";
import { readTime } from "../../lib/crypto/token_time.ts";
import { encrypt } from "../../lib/fernet.ts";
import { SetClock } from "../support/wrong_clock.ts";
import { type Bot, MovingRoom, TODAY } from "../support/moving_room.ts";
import { openWith } from "../support/moving_keys.ts";
import { testNeeding } from "../support/needs.ts";
import { Proxy } from "../support/proxy.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "faketime"] as const;
const DAY_SECONDS = 86_400;
const HALF_DAY = DAY_SECONDS / 2;

/** All files below a directory. */
async function listFiles(directory: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(directory));
  const lists = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    return isDirectory ? await listFiles(path) : [path];
  }));
  return lists.flat().sort();
}

/** The files of `paths` in which bytes stand, in any of the usual spellings. */
async function findBytes(paths: readonly string[], bytes: Uint8Array): Promise<string[]> {
  const spellings = [
    bytes.toHex(),
    bytes.toBase64({ omitPadding: true }),
    bytes.toBase64({ alphabet: "base64url", omitPadding: true }),
    new TextDecoder("latin1").decode(bytes),
  ];
  const found: string[] = [];
  for (const path of paths) {
    const content = new TextDecoder("latin1").decode(await Deno.readFile(path));
    if (spellings.some((spelling) => content.includes(spelling))) found.push(path);
  }
  return found;
}

testNeeding(
  [...NEEDS, "python3-cryptography"],
  "after three days nobody's files open what is older than two, and all else is read",
  async () => {
    await withDirectory(async (directory) => {
      const room = await MovingRoom.make(directory, ["alice", "bob"]);
      const tokens: string[] = [];
      /** The keys of the day that were on a disk at some time, by day. */
      const dayKeys = new Map<number, Set<string>>();
      const steps = 7;
      for (let step = 0; step < steps; step++) {
        const ahead = step * HALF_DAY;
        await using server = await room.serve(ahead, ["--backlog-file", "chat.backlog"]);
        using proxy = new Proxy(server.port);
        const past = ["--backlog", "50"];
        await using alice = await room.enter("alice", proxy.port, ahead, past);
        await using bob = await room.enter("bob", proxy.port, ahead, past);
        await alice.waitFor(/"type":"joined".*"bob".*\n/);
        await alice.say(`hello ${step}`);
        await alice.tell("bob", `psst ${step}`);
        await bob.waitForText(`psst ${step}`);
        await bob.say(`answer ${step}`);
        await alice.waitForText(`answer ${step}`);
        // The last 24 hours, in which the step before this one lies, are read by both.
        if (step > 0) {
          const before = step - 1;
          // A script is not shown what it wrote to others alone.
          for (const text of [`hello ${before}`, `answer ${before}`]) {
            assert.ok(alice.texts.includes(text), `alice: ${text}\n${alice.texts}`);
          }
          for (const text of [`hello ${before}`, `answer ${before}`, `psst ${before}`]) {
            assert.ok(bob.texts.includes(text), `bob: ${text}\n${bob.texts}`);
          }
        }
        assert.ok(!alice.program.stdout.includes('"rejected"'), alice.program.stdout);
        await alice.leave();
        await bob.leave();
        // It has then written its backlog.
        server.program.child.kill("SIGTERM");
        await server.program.finished();
        tokens.push(...proxy.tokens);
        const day = dayOf(Date.now() / 1000 + ahead);
        for (const name of ["alice", "bob"]) {
          assert.equal(await room.dayOf(name), day - 1);
          for (const path of await listFiles(room.placeOf(name))) {
            if (!/\/days-[0-9a-f]+$/.test(path)) continue;
            for (const line of (await Deno.readTextFile(path)).trimEnd().split("\n").slice(1)) {
              const [at, key] = line.split(" ") as [string, string];
              dayKeys.set(Number(at), (dayKeys.get(Number(at)) ?? new Set()).add(key));
            }
          }
        }
      }

      const last = dayOf(Date.now() / 1000 + (steps - 1) * HALF_DAY);
      const isOver = (day: number) => day < last - 1;
      const files = [
        ...await listFiles(room.placeOf("alice")),
        ...await listFiles(room.placeOf("bob")),
      ];
      assert.ok(files.some((path) => path.endsWith("/identity")));
      const days = tokens.map((token) => dayOf(readTime(token)!));
      assert.ok(days.some(isOver) && !days.every(isOver));
      const loot = await openWith(files, tokens);
      for (const [i, day] of days.entries()) {
        assert.equal(loot[i] === null, isOver(day), `${day}: ${JSON.stringify(loot[i])}`);
      }
      const texts = loot.map((each) => each?.text);
      assert.ok(texts.includes(`hello ${steps - 1}`) && texts.includes(`psst ${steps - 1}`));
      assert.ok(!texts.includes("hello 0") && !texts.includes("psst 0"));

      // Not even one who kept the first day's file, and has all identities, reads private messages.
      await Deno.writeTextFile(`${directory}/kept.key`, room.text);
      const more = await openWith([`${directory}/kept.key`, ...files], tokens);
      assert.ok(more.every((each) => each !== null));
      const isPrivate = (i: number) => more[i]?.kind === "dm";
      const privates = days.filter((_, i) => isPrivate(i));
      assert.ok(privates.some(isOver));
      for (const [i, day] of days.entries()) {
        if (isPrivate(i)) assert.equal(more[i]!.text === null, isOver(day), `${day}`);
      }

      // Nothing of what was erased stands anywhere.
      const { root, generations: [{ chain, day: first }] } = await parseRoomSecret(room.text);
      for (let day = first; isOver(day); day++) {
        assert.deepEqual(await findBytes(files, await advanceChain(chain, day - first)), []);
        for (const key of dayKeys.get(day) ?? []) {
          const bytes = Uint8Array.fromBase64(key, { alphabet: "base64url" });
          assert.deepEqual(await findBytes(files, bytes), [], `${day}`);
        }
      }
      assert.ok(dayKeys.size >= 4);
      assert.equal((await findBytes(files, root)).length, 2);
    });
  },
);

testNeeding(NEEDS, "a client ten years ahead for a while loses nothing, and is told", async () => {
  await withDirectory(async (directory) => {
    const room = await MovingRoom.make(directory, ["alice", "bob"]);
    await using server = await room.serve(0);
    const { port } = server;
    await using bob = await room.enter("bob", port, 0);
    {
      await using alice = await room.enter("alice", port, 3650 * DAY_SECONDS);
      await alice.waitFor(/"type":"clock".*\n/);
      await alice.say("from the future");
      await bob.waitForText("from the future");
      await bob.say("from now");
      await alice.waitForText("from now");
      await alice.leave();
    }
    assert.equal(await room.dayOf("alice"), TODAY - 1);
    assert.equal(await room.dayOf("bob"), TODAY - 1);
    await using alice = await room.enter("alice", port, 0, ["--backlog", "9"]);
    await alice.waitForText("from now");
    await alice.say("back again");
    await bob.waitForText("back again");
    await bob.tell("alice", "welcome");
    await alice.waitForText("welcome");
    assert.ok(!alice.program.stdout.includes('"rejected"'), alice.program.stdout);
  });
});

testNeeding(NEEDS, "a clock that is set while a client runs costs nothing", async () => {
  await withDirectory(async (directory) => {
    const room = await MovingRoom.make(directory, ["alice", "bob"]);
    await using server = await room.serve(0);
    const clock = new SetClock(`${directory}/clock`);
    await clock.set(0);
    await using bob = await room.enter("bob", server.port, 0);
    await using alice = await room.enter("alice", server.port, clock);
    await bob.waitFor(/"type":"joined".*"alice".*\n/);
    const files = async () => [
      await Deno.readTextFile(`${room.placeOf("alice")}/secret.key`),
      ...await Promise.all(
        (await listFiles(room.placeOf("alice"))).filter((path) => /\/days-/.test(path))
          .map((path) => Deno.readTextFile(path)),
      ),
    ];
    const before = await files();
    for (const days of [3650, 0, -3, 2, -3650, 0]) {
      await clock.set(days * DAY_SECONDS);
      // More than the second after which the client looks for what is due.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await alice.say(`at ${days}`);
      await bob.waitForText(`at ${days}`);
      await bob.say(`from now ${days}`);
      await alice.waitForText(`from now ${days}`);
      assert.deepEqual(await files(), before, `${days}`);
    }
    assert.match(alice.program.stdout, /"type":"clock"/);
    await bob.tell("alice", "psst");
    await alice.waitForText("psst");
    for (const bot of [alice, bob]) assert.ok(!bot.program.stdout.includes('"rejected"'));
  });
});

testNeeding(NEEDS, "a client three days behind reads, is read, and is told", async () => {
  await withDirectory(async (directory) => {
    const room = await MovingRoom.make(directory, ["alice", "bob"]);
    await using server = await room.serve(0);
    const { port } = server;
    await using bob = await room.enter("bob", port, 0);
    await using alice = await room.enter("alice", port, -3 * DAY_SECONDS);
    await alice.waitFor(/"type":"clock".*\n/);
    await alice.say("from the past");
    await bob.waitForText("from the past");
    await bob.say("from now");
    await alice.waitForText("from now");
    assert.equal(await room.dayOf("alice"), TODAY - 1);
    assert.ok(!bob.program.stdout.includes('"rejected"'));
  });
});

testNeeding(NEEDS, "a relay with a wrong clock moves nobody's keys, and members do", async () => {
  await withDirectory(async (directory) => {
    const room = await MovingRoom.make(directory, ["alice", "bob"], TODAY - 9);
    await using server = await room.serve(3650 * DAY_SECONDS);
    const { port } = server;
    await using alice = await room.enter("alice", port, 0);
    await alice.waitFor(/"type":"clock".*\n/);
    await alice.program.waitFor(
      "stderr",
      /old keys are kept until this clock and the server's agree/,
    );
    assert.equal(await room.dayOf("alice"), TODAY - 9);
    await using bob = await room.enter("bob", port, 0);
    // Once each has pinned the other, what the other signs tells the day.
    for (const text of ["one", "two"]) {
      await alice.say(text);
      await bob.waitForText(text);
      await bob.say(`${text} more`);
      await alice.waitForText(`${text} more`);
    }
    await alice.leave();
    await bob.leave();
    assert.equal(await room.dayOf("alice"), TODAY - 1);
    assert.equal(await room.dayOf("bob"), TODAY - 1);
  });
});

testNeeding(NEEDS, "nothing is lost at midnight, neither of members nor of scripts", async () => {
  await withDirectory(async (directory) => {
    const now = Date.now() / 1000;
    // Each program begins some seconds before midnight.
    const ahead = Math.ceil((dayOf(now) + 1) * DAY_SECONDS - now) - 10;
    const midnight = (dayOf(now) + 1) * DAY_SECONDS - ahead;
    const room = await MovingRoom.make(directory, ["alice", "bob"]);
    await using server = await room.serve(ahead);
    const { port } = server;
    const key = await room.todayKey("alice", ahead);
    await using alice = await room.enter("alice", port, ahead);
    await using bob = await room.enter("bob", port, ahead);
    using script = await RawClient.connect(port);
    await alice.waitFor(/"type":"joined".*"bob".*\n/);
    const sent: string[] = [];
    while (Date.now() / 1000 < midnight + 3) {
      const i = sent.length;
      await Promise.all([alice.say(`a${i}`), bob.say(`b${i}`)]);
      const token = await encrypt(key, new TextEncoder().encode(`<py> ${i}`), {
        now: Math.floor(Date.now() / 1000 + ahead),
      });
      await script.send(`${token}\n`);
      await alice.tell("bob", `p${i}`);
      sent.push(`${i}`);
      await Promise.all([bob.waitForText(`p${i}`), alice.waitForText(`<py> ${i}`)]);
    }
    assert.ok(sent.length > 10);
    for (const bot of [alice, bob]) {
      const plain = bot.texts.filter((text) => text.startsWith("<py>"));
      assert.deepEqual(plain, sent.map((i) => `<py> ${i}`));
      assert.ok(!bot.program.stdout.includes('"rejected"'));
    }
    assert.deepEqual(bob.texts.filter((text) => /^a\d/.test(text)), sent.map((i) => `a${i}`));
    assert.deepEqual(bob.texts.filter((text) => /^p\d/.test(text)), sent.map((i) => `p${i}`));
    assert.deepEqual(alice.texts.filter((text) => /^b\d/.test(text)), sent.map((i) => `b${i}`));
    await alice.leave();
    await bob.leave();
    assert.equal(await room.dayOf("alice"), dayOf(now));
    assert.equal(await room.dayOf("bob"), dayOf(now));
  });
});

testNeeding(NEEDS, "four clients of one member share their files over midnight", async () => {
  await withDirectory(async (directory) => {
    const now = Date.now() / 1000;
    const midnight = (dayOf(now) + 1) * DAY_SECONDS;
    const ahead = Math.ceil(midnight - now) - 10;
    const room = await MovingRoom.make(directory, ["alice", "bob"]);
    await using server = await room.serve(ahead);
    await using stack = new AsyncDisposableStack();
    const bob = stack.use(await room.enter("bob", server.port, ahead));
    const all: Bot[] = [];
    // One after the other: the kernel's times are not set, so that each takes new files for old ones.
    for (let i = 0; i < 4; i++) all.push(stack.use(await room.enter("alice", server.port, ahead)));
    for (const [i, each] of all.entries()) {
      await each.say(`before ${i}`);
      await bob.waitForText(`before ${i}`);
    }
    while (Date.now() / 1000 + ahead < midnight + 2) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    for (const [i, each] of all.entries()) {
      await each.say(`after ${i}`);
      await bob.waitForText(`after ${i}`);
    }
    await bob.tell("alice", "psst");
    for (const each of all) await each.waitForText("psst");
    for (const each of all) await each.leave();
    for (const { program: { stdout, stderr } } of [...all, bob]) {
      assert.ok(!stdout.includes('"rejected"'), stdout);
      assert.ok(!stderr.includes("cannot save"), stderr);
    }
    assert.equal(await room.dayOf("alice"), dayOf(now));
    const files = await listFiles(room.placeOf("alice"));
    assert.deepEqual(files.filter((path) => /\.tmp$|\.damaged$/.test(path)), []);
    const [days, ...more] = files.filter((path) => /\/days-[0-9a-f]+$/.test(path));
    assert.deepEqual(more, []);
    const lines = (await Deno.readTextFile(days!)).trimEnd().split("\n");
    assert.deepEqual(lines.slice(1).map((line) => Number(line.split(" ")[0]) - dayOf(now)), [0, 1]);
  });
});
