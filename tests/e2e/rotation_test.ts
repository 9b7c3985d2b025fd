import assert from "node:assert/strict";
import { type BotEvent, connect } from "../../lib/bot.ts";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { until } from "../support/process_info.ts";
import { ROOT, run, spawn } from "../support/programs.ts";
import { runPython, spawnPython } from "../support/python.ts";
import type { RoomClient } from "../support/room_clients.ts";
import { rotationTest, startAll } from "../support/rotation_setting.ts";

/** The lines that a client showed, but for the marks of those that are old. */
function linesOf({ program }: RoomClient): string[] {
  return program.stdout.split("\n").map((line) => line.replace(/^\[[^\]]*\] /, ""));
}

const SIMPLE = `
import socket, sys
from cryptography.fernet import Fernet, InvalidToken
room = Fernet(sys.argv[2])
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(room.encrypt(b"<py> " + sys.argv[3].encode()) + b"\\n")
print("here", flush=True)
for line in s.makefile("rb"):
    if line[:1] != b"g": continue
    try: print(repr(room.decrypt(line.strip())), flush=True)
    except InvalidToken: print("?", flush=True)
`;

for (const isKeyless of [false, true]) {
  rotationTest(
    `/rotate without bob: four go on, and bob reads nothing${isKeyless ? ", keyless" : ""}`,
    async ({ cwd, server, proxy, clients }) => {
      await using stack = new AsyncDisposableStack();
      const all = await startAll(clients, stack, ["alice", "bob", "carol", "dave", "erin"]);
      const [alice, bob, carol, dave, erin] = [...all.values()] as [
        RoomClient,
        RoomClient,
        RoomClient,
        RoomClient,
        RoomClient,
      ];
      const first = await Deno.readTextFile(`${bob.directory}/secret.key`);
      const args = ["-c", SIMPLE, `${proxy.port}`, first.trim(), "still here"];
      const simple = stack.use(spawnPython(args, { cwd }));
      await erin.program.waitFor("stdout", /^\(unverified\) <py> still here$/m);
      await clients.leave(dave);

      const before = proxy.tokens.length;
      await alice.enter("/rotate without bob --yes");
      // What is written while it is told to all is lost to none of those who stay.
      for (const [name, { enter }] of [["carol", carol], ["erin", erin]] as const) {
        for (let i = 0; i < 5; i++) await enter(`${name} meanwhile ${i}`);
      }
      for (const { program } of [carol, erin]) {
        await program.waitFor("stderr", /^alice moved the room on to a new key, without bob$/m);
      }
      for (
        const [name, { enter }] of [["alice", alice], ["carol", carol], ["erin", erin]] as const
      ) {
        for (let i = 0; i < 5; i++) await enter(`${name} says ${i}`);
      }
      const here = { alice, carol, erin };
      for (const [name, { program }] of Object.entries(here)) {
        for (const other of Object.keys(here)) {
          if (other !== name) {
            await program.waitFor("stdout", new RegExp(`^<${other}> ${other} says 4$`, "m"));
          }
        }
      }
      assert.match(alice.program.stderr, /^get the new key: you, .*\bcarol\b.*$/m);
      assert.match(alice.program.stderr, /^put out: bob$/m);
      assert.match(alice.program.stderr, /^clients of plain text write here: /m);
      assert.match(carol.program.stderr, /^alice moved the room on to a new key, without bob$/m);
      await bob.program.waitFor(
        "stderr",
        /^alice moved the room on to a new key that is not for you/m,
      );
      await bob.enter("can anybody read this?");
      // Those who are here miss nothing, in order.
      for (const [name, client] of Object.entries(here)) {
        for (const other of Object.keys(here).filter((each) => each !== name)) {
          const said = linesOf(client).filter((line) =>
            line.startsWith(`<${other}> ${other} says`)
          );
          assert.deepEqual(said, [0, 1, 2, 3, 4].map((i) => `<${other}> ${other} says ${i}`), name);
        }
        assert.doesNotMatch(client.program.stderr, /missing|decrypted|late/);
      }
      for (
        const [reader, writer] of [[alice, "carol"], [alice, "erin"], [carol, "erin"]] as const
      ) {
        const said = linesOf(reader).filter((line) =>
          line.startsWith(`<${writer}> ${writer} mean`)
        );
        assert.deepEqual(said, [0, 1, 2, 3, 4].map((i) => `<${writer}> ${writer} meanwhile ${i}`));
      }

      // The one who was away catches up: with what was written meanwhile, and with what comes.
      const back = await clients.start("dave", { args: ["--backlog", "200"] });
      stack.use(back.program);
      await back.program.waitFor("stdout", /<erin> erin says 4$/m);
      await erin.enter("welcome back");
      await back.program.waitFor("stdout", /^<erin> welcome back$/m);
      await back.enter("thanks");
      for (const { program } of Object.values(here)) {
        await program.waitFor("stdout", /^<dave> thanks$/m);
      }
      for (const name of ["alice", "carol", "erin"]) {
        const said = linesOf(back).filter((line) => line.startsWith(`<${name}> ${name} says`));
        assert.equal(said.length, 5, name);
      }

      // Neither bob's client nor bob's files open what was written after, nor does anybody hear bob.
      for (const client of [alice, carol, erin, back]) {
        assert.doesNotMatch(client.program.stdout, /can anybody read this/);
      }
      assert.doesNotMatch(bob.program.stdout, /says|welcome back|thanks/);
      await Deno.writeTextFile(`${cwd}/tokens`, proxy.tokens.slice(before).join("\n"));
      const script = await Deno.readTextFile(`${ROOT}tests/support/eavesdropper.py`);
      const open = async (directory: string): Promise<string> => {
        return await runPython(script, { args: [directory, `${cwd}/tokens`] });
      };
      const byBob = await open(bob.directory);
      assert.match(byBob, /the room has a new key/);
      assert.match(byBob, /\\"k\\":\\"rekey\\"/);
      for (const text of ["says", "welcome back", "thanks"]) assert.ok(!byBob.includes(text), text);
      // The same script with carol's files opens all of it: it does try.
      const byCarol = await open(carol.directory);
      for (const text of ["erin says 4", "welcome back", "thanks"]) {
        assert.ok(byCarol.includes(text), text);
      }

      // Nor do the lasting keys of all members: no chain is ever sealed for one of them.
      const thief = `${cwd}/thief`;
      await Deno.mkdir(`${thief}/state`, { recursive: true });
      await Deno.copyFile(`${bob.directory}/secret.key`, `${thief}/secret.key`);
      for (const { directory } of all.values()) {
        const identity = `${directory}/state/encrypted-chatroom/identity`;
        await Deno.copyFile(identity, `${thief}/state/${crypto.randomUUID()}`);
      }
      const byThief = await open(thief);
      for (const text of ["says", "welcome back", "thanks"]) assert.ok(!byThief.includes(text));

      // A simple client goes on with the key of the day. The old key opens nothing more.
      await simple.waitFor("stdout", /the room has a new key/);
      assert.doesNotMatch(simple.stdout, /says/);
      const options = await clients.optionsOf("carol");
      const { stdout } = await run("client", ["key", "--today"], options);
      const again = ["-c", SIMPLE, `${proxy.port}`, stdout.trim(), "again"];
      const simpleAgain = stack.use(spawnPython(again, { cwd }));
      await alice.program.waitFor("stdout", /^\(unverified\) <py> again$/m);
      await alice.enter("hello py");
      await simpleAgain.waitFor("stdout", /hello py/);

      // The relay was not touched.
      assert.match(server.program.stderr, /^listening on /m);
      assert.equal(server.program.stderr.match(/^listening on /gm)?.length, 1);
    },
    { isKeyless, parts: ["python3-cryptography"] },
  );
}

rotationTest(
  "--send and a short pipe of who was away are under the new key, and of who was put out fail",
  async ({ proxy, clients }) => {
    await using stack = new AsyncDisposableStack();
    const all = await startAll(clients, stack, ["alice", "bob", "dave", "erin"]);
    const [alice, bob] = [all.get("alice")!, all.get("bob")!];
    for (const name of ["dave", "erin"]) await clients.leave(all.get(name)!);
    await alice.enter("before");
    await alice.enter("/rotate without bob --yes");
    await bob.program.waitFor(
      "stderr",
      /^alice moved the room on to a new key that is not for you/m,
    );
    const write = async (name: string, args: readonly string[], input?: string) => {
      const all = ["127.0.0.1", `${proxy.port}`, "--nick", name, ...args];
      return await run("client", all, { ...await clients.optionsOf(name), input });
    };
    const results = [
      await write("dave", ["--send", "sent by dave"]),
      await write("erin", [], "piped by erin\n"),
      await write("bob", ["--send", "sent by bob"]),
      await write("bob", [], "piped by bob\n"),
    ];
    assert.deepEqual(results.map(({ code }) => code), [0, 0, 1, 1]);
    for (const { stderr } of results.slice(2)) {
      assert.match(stderr, /^error: Cannot send: the room has a new key that is not for you$/m);
      assert.match(stderr, /^hint: Ask a member for an invitation\.$/m);
    }
    await alice.program.waitFor("stdout", /^<dave> sent by dave$/m);
    await alice.program.waitFor("stdout", /^<erin> piped by erin$/m);
    assert.doesNotMatch(alice.program.stdout, /by bob/);
    // A short pipe shows nothing of what was written before it came.
    assert.deepEqual(results.map(({ stdout }) => stdout), ["", "", "", ""]);
    await clients.leave(bob);
    assert.doesNotMatch(bob.program.stdout, /by (?:dave|erin)/);
  },
);

rotationTest("a pipe ends when its member is put out, and sends no more", async (setting) => {
  const { clients, proxy } = setting;
  await using stack = new AsyncDisposableStack();
  const all = await startAll(clients, stack, ["alice", "bob"]);
  const alice = all.get("alice")!;
  await clients.leave(all.get("bob")!);
  const args = ["127.0.0.1", `${proxy.port}`, "--nick", "bob"];
  const pipe = stack.use(await spawn("client", args, await clients.optionsOf("bob")));
  await pipe.write("first\n");
  await alice.program.waitFor("stdout", /^<bob> first$/m);
  await alice.enter("/rotate without bob --yes");
  await pipe.waitFor("stderr", /^alice moved the room on to a new key that is not for you/m);
  await pipe.write("second\n");
  const { code, stderr } = await pipe.finished();
  assert.equal(code, 1);
  assert.match(stderr, /^error: Cannot send: the room has a new key that is not for you$/m);
  assert.doesNotMatch(alice.program.stdout, /second/);
});

rotationTest("a bot follows, and one that was away writes under the new key", async (setting) => {
  const { cwd, clients, proxy } = setting;
  await using stack = new AsyncDisposableStack();
  const all = await startAll(clients, stack, ["alice", "bob"]);
  const [alice, bob] = [all.get("alice")!, all.get("bob")!];
  const key = (await Deno.readTextFile(`${bob.directory}/secret.key`)).trimEnd();
  const place = { hostname: "127.0.0.1", port: proxy.port, key };
  const enter = async (nickname: string) => {
    return stack.use(await connect({ ...place, nickname, directory: `${cwd}/${nickname}` }));
  };
  const next = async (events: AsyncIterator<BotEvent>, is: (event: BotEvent) => boolean) => {
    for (;;) {
      const { value, done } = await events.next();
      assert.ok(!done);
      if (is(value)) return value;
    }
  };
  const [here, away] = [await enter("here"), await enter("away")];
  const [events, eventsOfAway] = [here.events(), away.events()];
  for (const [name, bot] of [["here", here], ["away", away]] as const) {
    await bot.say("hello");
    await alice.program.waitFor("stdout", new RegExp(`^<${name}> hello$`, "m"));
  }
  // They follow those alone whom they know.
  await alice.enter("hello bots");
  for (const each of [events, eventsOfAway]) {
    await next(each, (event) => event.type === "message" && event.from.nickname === "alice");
  }
  await away.leave();
  const before = here.fingerprint;
  await alice.enter("/rotate without bob --yes");
  const event = await next(events, ({ type }) => type === "rotation");
  assert.ok(event.type === "rotation");
  assert.deepEqual([event.state, event.names], ["moved", ["bob"]]);
  assert.notEqual(here.fingerprint, before);
  await here.say("under the new key");
  await alice.program.waitFor("stdout", /^<here> under the new key$/m);
  // Its key is still that of before: it writes when a member has given it the new one.
  await (await enter("away")).say("back");
  await alice.program.waitFor("stdout", /^<away> back$/m);
  await bob.enter("/quit");
  await bob.program.finished();
  assert.doesNotMatch(bob.program.stdout, /under the new key|back/);
});

rotationTest("who was away without a backlog gets the key by a knock", async ({ clients }) => {
  await using stack = new AsyncDisposableStack();
  const all = await startAll(clients, stack, ["alice", "bob", "carol"]);
  await clients.leave(all.get("carol")!);
  await all.get("alice")!.enter("/rotate --yes");
  await all.get("bob")!.program.waitFor("stderr", /^alice moved the room on to a new key$/m);
  const carol = await clients.start("carol", { args: ["--backlog", "0"] });
  stack.use(carol.program);
  await carol.program.waitFor(
    "stderr",
    /^the room had moved on: (?:alice|bob) gave you its new key$/m,
  );
  await all.get("bob")!.enter("there you are");
  await carol.program.waitFor("stdout", /^<bob> there you are$/m);
  const keys = await Promise.all(["alice", "bob", "carol"].map((name) => {
    return Deno.readTextFile(`${all.get(name)!.directory}/secret.key`);
  }));
  assert.equal(new Set(keys.map((text) => text.split("\n")[0])).size, 1);
  for (const text of keys) assert.match(text, /^room2\./);
});

rotationTest("nobody follows a member with another key", async ({ clients }) => {
  await using stack = new AsyncDisposableStack();
  const all = await startAll(clients, stack, ["alice", "bob", "carol"]);
  const [bob, carol] = [all.get("bob")!, all.get("carol")!];
  await clients.leave(all.get("alice")!);
  const mallory = await clients.start("mallory", { nickname: "alice" });
  stack.use(mallory.program);
  for (const [name, { enter }] of [["bob", bob], ["carol", carol]] as const) {
    await enter(`who is ${name}`);
    await mallory.program.waitFor("stdout", new RegExp(`^<${name}> who is ${name}$`, "m"));
  }
  await mallory.enter("/rotate --yes");
  await mallory.program.waitFor("stderr", /^the room has a new key: /m);
  await mallory.enter("follow me");
  for (const { program, directory } of [bob, carol]) {
    await program.waitFor(
      "stderr",
      /^alice \(NOT the known one!\) announces a new key for the room/m,
    );
    assert.doesNotMatch(await Deno.readTextFile(`${directory}/secret.key`), /^room2\./);
  }
  await bob.enter("still here");
  await carol.program.waitFor("stdout", /^<bob> still here$/m);
  assert.doesNotMatch(carol.program.stdout, /follow me/);
  // It is followed once its author's key is accepted.
  await carol.enter("/verify alice");
  await carol.enter("/trust alice");
  await carol.program.waitFor("stdout", /<alice> follow me$/m);
  assert.match(await Deno.readTextFile(`${carol.directory}/secret.key`), /^room2\./);
});

rotationTest("chat-client rotate gives a room a new key, and asks before", async (setting) => {
  const { clients, proxy } = setting;
  await using stack = new AsyncDisposableStack();
  const all = await startAll(clients, stack, ["alice", "bob", "carol"]);
  const [bob, carol] = [all.get("bob")!, all.get("carol")!];
  await clients.leave(all.get("alice")!);
  const options = await clients.optionsOf("alice");
  const command = ["rotate", "127.0.0.1", `${proxy.port}`, "--without", "bob"];
  const unasked = await run("client", command, options);
  assert.equal(unasked.code, 2);
  assert.match(unasked.stderr, /add --yes/);
  const unknown = await run("client", [...command, "--without", "zoe", "--yes"], options);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /nobody is known as zoe/);
  // What keeps it from being done is said before anything else: nobody is asked in vain.
  const lock = `${options.cwd}/secret.key.lock`;
  await Deno.mkdir(lock);
  const unwritable = await run("client", [...command, "--yes"], options);
  await Deno.remove(lock);
  assert.equal(unwritable.code, 1);
  assert.match(
    unwritable.stderr,
    /^error: Cannot move the room on: the key file cannot be written: .*\n$/,
  );
  const done = await run("client", [...command, "--yes"], options);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /^get the new key: you, carol$/m);
  assert.match(done.stderr, /^put out: bob$/m);
  assert.match(done.stderr, /^the room has a new key: (?:\d{5} ){3}\d{5}$/m);
  assert.equal(done.stdout, "");
  await carol.program.waitFor("stderr", /^alice moved the room on to a new key, without bob$/m);
  await bob.program.waitFor("stderr", /^alice moved the room on to a new key that is not for you/m);
  const alice = await clients.start("alice");
  stack.use(alice.program);
  await alice.enter("just us");
  await carol.program.waitFor("stdout", /^<alice> just us$/m);
  assert.doesNotMatch(bob.program.stdout, /just us/);
});

rotationTest(
  "a client that is killed tells of its rotation once it runs again",
  async (setting) => {
    const { clients } = setting;
    await using stack = new AsyncDisposableStack();
    const all = await startAll(clients, stack, ["alice", "bob"]);
    const [alice, bob] = [all.get("alice")!, all.get("bob")!];
    await alice.enter("/rotate --yes");
    await bob.program.waitFor("stderr", /^alice moved the room on to a new key$/m);
    await clients.leave(alice);
    // The next one is on disk, and nobody has heard of it.
    const path = `${alice.directory}/secret.key`;
    const [line = "", ...older] = (await Deno.readTextFile(path)).split("\n");
    const [prefix, root, number, day, , mark] = line.split(".") as string[];
    const chain = new Uint8Array(32).fill(7);
    const newMark = formatBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", chain)));
    const next = [prefix, root, Number(number) + 1, day, formatBase64Url(chain), newMark].join(".");
    const until = `${line}.until-${Math.floor(Date.now() / 1000) + 172_800}`;
    await Deno.writeTextFile(path, `${next}.unannounced\n${until}\n${older[0]}\n`);
    const state = `${alice.directory}/state/encrypted-chatroom/rooms`;
    const [room] = [...Deno.readDirSync(state)].map(({ name }) => name);
    const file = `${state}/${room}/rotations`;
    const known = JSON.parse((await Deno.readTextFile(file)).trim().split("\n").at(-1)!);
    const begun = {
      ...known,
      gen: Number(number) + 1,
      parent: mark,
      fp: newMark,
      day: Number(day),
    };
    await Deno.writeTextFile(file, `${JSON.stringify(known)}\n${JSON.stringify(begun)}\n`);
    const again = await clients.start("alice");
    stack.use(again.program);
    await bob.enter("are you back?");
    await again.program.waitFor("stdout", /^<bob> are you back\?$/m);
    await again.enter("yes");
    await bob.program.waitFor("stdout", /^<alice> yes$/m);
    while (!(await Deno.readTextFile(`${bob.directory}/secret.key`)).startsWith(next)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    while ((await Deno.readTextFile(path)).includes("unannounced")) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await again.enter("under the new key");
    await bob.program.waitFor("stdout", /^<alice> under the new key$/m);
  },
);

rotationTest(
  "two rotations in one moment: all who are in both end under one key",
  async (setting) => {
    const { clients, proxy } = setting;
    await using stack = new AsyncDisposableStack();
    const all = await startAll(clients, stack, ["alice", "bob", "carol", "dave", "erin"]);
    // The first to come waits for the second, so that neither author knows of the other.
    let held: ((lines: void) => void) | undefined;
    let count = 0;
    proxy.meddle = async (line) => {
      if (line.length > 1000 && count < 2 && ++count === 1) {
        await new Promise<void>((resolve) => held = resolve);
      } else if (count === 2) held?.();
      return [line];
    };
    await all.get("alice")!.enter("/rotate without erin --yes");
    await all.get("bob")!.enter("/rotate without dave --yes");
    for (const name of ["alice", "bob"]) {
      await all.get(name)!.program.waitFor("stderr", /^the room has a new key: /m);
    }
    const newest = async (name: string) => {
      const text = await Deno.readTextFile(`${all.get(name)!.directory}/secret.key`);
      return text.split("\n")[0]!.split(".").slice(2, 6).join(".");
    };
    const names = ["alice", "bob", "carol"];
    await until(async () => new Set(await Promise.all(names.map(newest))).size === 1, "no one key");
    const isOverruled = (name: string) => {
      return all.get(name)!.program.stderr.includes("at the same moment");
    };
    await until(() => isOverruled("alice") || isOverruled("bob"), "nobody was overruled");
    const isAlices = isOverruled("bob");
    const [winner, loser, out, stays] = isAlices
      ? ["alice", "bob", "erin", "dave"] as const
      : ["bob", "alice", "dave", "erin"] as const;
    await all.get(loser)!.program.waitFor(
      "stderr",
      new RegExp(
        `^${winner} moved the room on at the same moment, and that key counts: ${stays}`,
        "m",
      ),
    );
    await all.get(out)!.program.waitFor(
      "stderr",
      new RegExp(`^${winner} moved the room on to a new key that is not for you`, "m"),
    );
    for (const name of [...names, stays]) await all.get(name)!.enter(`${name} is in`);
    for (const name of [...names, stays]) {
      for (const other of [...names, stays].filter((each) => each !== name)) {
        await all.get(name)!.program.waitFor(
          "stdout",
          new RegExp(`^<${other}> ${other} is in$`, "m"),
        );
      }
    }
    for (const name of names.filter((each) => each !== loser)) {
      await all.get(out)!.enter("and I?");
      assert.doesNotMatch(all.get(name)!.program.stdout, /and I\?/);
    }
  },
);
