import assert from "node:assert/strict";
import { decrypt, importKey } from "../../lib/fernet.ts";
import { type Program, spawn, type SpawnOptions, startServer } from "../support/programs.ts";
import { peakResidentBytes, until } from "../support/process_info.ts";
import { Proxy } from "../support/proxy.ts";
import { RawClient } from "../support/raw_client.ts";
import { type Room, roomTest } from "../support/room.ts";
import { spawnOnSmallDisk } from "../support/small_disk.ts";

const MIB = 1024 * 1024;

/** A member's client, with an identity that stays from run to run. */
function clientOf({ directory, port }: Room, nickname: string) {
  const options: SpawnOptions = {
    cwd: directory,
    env: { XDG_STATE_HOME: `${directory}/state-of-${nickname}` },
  };
  const address = ["127.0.0.1", `${port}`, "--nick", nickname, "--key", "secret.key"];
  return {
    send: (path: string, ...args: string[]) =>
      spawn("client", ["send-file", path, ...address, ...args], options),
    take: (...args: string[]) =>
      spawn("client", ["take", ...address, "--dir", "taken", ...args], options),
    talk: (...args: string[]) => spawn("client", [...address, "--stay", ...args], options),
  };
}

async function writeRandom(path: string, mib: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(mib * MIB);
  for (let at = 0; at < bytes.length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  await Deno.writeFile(path, bytes);
  return bytes;
}

async function assertTaken(room: Room, bytes: Uint8Array, name = "a.bin"): Promise<void> {
  const taken = await Deno.readFile(`${room.directory}/taken/${name}`);
  assert.equal(taken.length, bytes.length);
  assert.ok(taken.every((byte, i) => byte === bytes[i]), "equal");
  const names = (await Array.fromAsync(Deno.readDir(`${room.directory}/taken`))).map((e) => e.name);
  assert.deepEqual(names.filter((each) => /part/.test(each)), []);
}

async function done(program: Program): Promise<string> {
  const { code, stdout, stderr } = await program.finished(150);
  assert.equal(code, 0, stderr);
  return stdout;
}

roomTest("send-file and take pass a file on, whoever begins", async (room) => {
  const [alice, bob] = [clientOf(room, "alice"), clientOf(room, "bob")];
  const bytes = await writeRandom(`${room.directory}/a.bin`, 5);
  for (const isSenderFirst of [true, false]) {
    await using first = await (isSenderFirst ? alice.send("a.bin") : bob.take());
    await first.waitFor("stderr", isSenderFirst ? /you offer a\.bin/ : /connected/);
    await using second = await (isSenderFirst ? bob.take() : alice.send("a.bin"));
    const [sender, taker] = isSenderFirst ? [first, second] : [second, first];
    assert.equal(await done(sender), "");
    assert.equal(await done(taker), isSenderFirst ? "taken/a.bin\n" : "taken/a (2).bin\n");
  }
  await assertTaken(room, bytes);
  await assertTaken(room, bytes, "a (2).bin");
});

roomTest("a private offer waits for its member, and is nobody else's", async (room) => {
  const [alice, bob, eve] = ["alice", "bob", "eve"].map((name) => clientOf(room, name));
  const bytes = await writeRandom(`${room.directory}/a.bin`, 1);
  await using sender = await alice!.send("a.bin", "--to", "bob");
  await sender.waitFor("stderr", /there is no bob here/);
  await using other = await eve!.take();
  await other.waitFor("stderr", /connected/);
  await using taker = await bob!.take("--from", "ALICE");
  await done(taker);
  await done(sender);
  assert.doesNotMatch(other.stderr, /a\.bin/);
  await assertTaken(room, bytes);
});

roomTest("--for offers a file to many, and fails if nobody took it", async (room) => {
  const alice = clientOf(room, "alice");
  await writeRandom(`${room.directory}/a.bin`, 1);
  await using sender = await alice.send("a.bin", "--for", "15", "--json");
  await sender.waitFor("stdout", /"type":"live"/);
  const takers = await Promise.all(
    ["bob", "carol", "dave", "eve"].map((name) => clientOf(room, name).take("--dir", name)),
  );
  for (const taker of takers) {
    await done(taker);
    await taker[Symbol.asyncDispose]();
  }
  await done(sender);
  const events = sender.stdout.trim().split("\n").map((line) => JSON.parse(line));
  const ends = events.filter(({ state }) => state === "done").map(({ nickname }) => nickname);
  assert.deepEqual(ends.sort(), ["bob", "carol", "dave", "eve"]);
  await using lonely = await alice.send("a.bin", "--for", "1");
  const { code, stderr } = await lonely.finished();
  assert.equal(code, 1);
  assert.match(stderr, /error: nobody has taken the file/);
});

roomTest("a conversation offers, lists, takes and cancels", async (room) => {
  const bytes = await writeRandom(`${room.directory}/a b.bin`, 1);
  await using alice = await clientOf(room, "alice").talk();
  await alice.waitFor("stderr", /^connected/m);
  await using bob = await clientOf(room, "bob").talk();
  await alice.waitFor("stderr", /bob joined/);
  await alice.write("/send a b.bin bob\n/send a b.bin\n/send nothing\n/files\n");
  await bob.waitFor("stderr", /alice offers you alone a b\.bin \(1\.05 MB\): \/take 1/);
  await bob.waitFor("stderr", /alice offers a b\.bin \(1\.05 MB\): \/take 2/);
  await alice.waitFor("stderr", /2: a b\.bin \(1\.05 MB\), offered by you, taken 0 times/);
  await alice.waitFor("stderr", /there is no nothing/);
  await bob.write("/take 1 taken\n/take x\n/take 9\n");
  await bob.waitFor("stderr", /a b\.bin of alice is here: taken\/a b\.bin/);
  await bob.waitFor("stderr", /a file is named by its number/);
  await bob.waitFor("stderr", /there is no offer 9/);
  await alice.waitFor("stderr", /bob has a b\.bin/);
  await alice.write("/cancel 2\n");
  await alice.waitFor("stderr", /file 2 is cancelled/);
  await bob.write("/take 2 taken\n");
  await bob.waitFor("stderr", /a b\.bin of alice did not come: it is not offered any more/);
  await assertTaken(room, bytes, "a b.bin");
});

roomTest("a file that changes after it was offered does not go", async (room) => {
  await writeRandom(`${room.directory}/a.bin`, 1);
  await using sender = await clientOf(room, "alice").send("a.bin");
  await sender.waitFor("stderr", /you offer a\.bin/);
  await writeRandom(`${room.directory}/a.bin`, 1);
  await using taker = await clientOf(room, "bob").take();
  const { code, stderr } = await taker.finished();
  assert.equal(code, 1);
  assert.match(stderr, /error: Cannot take the file: the sender's file has changed/);
  await sender.waitFor("stderr", /a\.bin has changed since it was offered/);
  const names = (await Array.fromAsync(Deno.readDir(`${room.directory}/taken`))).map((e) => e.name);
  assert.ok(!names.includes("a.bin"), `${names}`);
});

for (const victim of ["sender", "taker", "relay"] as const) {
  const server = ["--pipe-rate", "4"];
  roomTest(`a file goes on where it was when the ${victim} is killed five times`, async (room) => {
    const { directory } = room;
    const bytes = await writeRandom(`${directory}/a.bin`, 32);
    // A relay of its own, which is slow enough to be killed in the middle.
    let relay = await startServer({ cwd: directory, args: server });
    const here = { ...room, port: relay.port };
    const [alice, bob] = [clientOf(here, "alice"), clientOf(here, "bob")];
    let sender = await alice.send("a.bin");
    let taker = await bob.take();
    try {
      for (let round = 0; round < 5; round++) {
        await taker.alive(untilPart(directory, (round + Math.random()) / 8 * bytes.length), 40);
        if (victim === "relay") {
          await relay[Symbol.asyncDispose]();
          relay = await startServer({ cwd: directory, args: server, port: relay.port });
        } else if (victim === "sender") {
          await sender[Symbol.asyncDispose]();
          sender = await alice.send("a.bin");
        } else {
          await taker[Symbol.asyncDispose]();
          taker = await bob.take();
        }
      }
      await done(taker);
      await done(sender);
      await assertTaken(room, bytes);
    } finally {
      await sender[Symbol.asyncDispose]();
      await taker[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
    }
  });
}

roomTest("a conversation goes on with a file whose sender is killed", async (room) => {
  const { directory } = room;
  const bytes = await writeRandom(`${directory}/a.bin`, 24);
  await using relay = await startServer({ cwd: directory, args: ["--pipe-rate", "4"] });
  const here = { ...room, port: relay.port };
  const [alice, bob] = [clientOf(here, "alice"), clientOf(here, "bob")];
  await using taker = await bob.talk();
  await taker.waitFor("stderr", /^connected/m);
  let sender = await alice.send("a.bin");
  try {
    await taker.waitFor("stderr", /alice offers a\.bin \(25\.2 MB\): \/take 1/);
    await taker.write("/take 1 taken\n");
    for (let round = 0; round < 2; round++) {
      await taker.alive(untilPart(directory, (round + Math.random()) / 6 * bytes.length), 40);
      await sender[Symbol.asyncDispose]();
      sender = await alice.send("a.bin");
    }
    await done(sender);
    await taker.waitFor("stderr", /a\.bin of alice is here: taken\/a\.bin/);
    await taker.write("/files\n");
    await taker.waitFor("stderr", /1: a\.bin/);
    assert.doesNotMatch(taker.stderr, /\/take 2/);
    await assertTaken(room, bytes);
  } finally {
    await sender[Symbol.asyncDispose]();
  }
});

/** Waits until a file has come to a client behind a proxy that passes no answer on, and no more. */
async function untilCome(proxy: Proxy, bytes: number): Promise<void> {
  let come = 0;
  let seen = 0;
  while (come < bytes) {
    for (; seen < proxy.recorded.length; seen++) come += proxy.recorded[seen]!.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

roomTest("a sender knows that a file is whole though the relay is killed then", async (room) => {
  const { directory } = room;
  const bytes = await writeRandom(`${directory}/a.bin`, 2);
  let relay = await startServer({ cwd: directory });
  // The answer in the pipe is no line, so that the proxy keeps it.
  using proxy = new Proxy(relay.port);
  const here = { ...room, port: relay.port };
  const [alice, bob] = [clientOf(here, "alice"), clientOf({ ...room, port: proxy.port }, "bob")];
  await using talker = await clientOf(here, "carol").talk();
  await talker.waitFor("stderr", /^connected/m);
  try {
    for (const from of ["alice", "carol"]) {
      await using sender = from === "alice" ? await alice.send("a.bin") : undefined;
      await sender?.waitFor("stderr", /waiting for somebody to take the file/);
      proxy.recorded.length = 0;
      await using taker = await bob.take("--from", from);
      await taker.waitFor("stderr", /^connected/m);
      if (!sender) await talker.write("/send a.bin\n");
      await untilCome(proxy, bytes.length);
      await relay[Symbol.asyncDispose]();
      relay = await startServer({ cwd: directory, port: relay.port });
      await done(taker);
      if (sender) await done(sender);
      else await talker.waitFor("stderr", /bob has a\.bin/);
    }
    assert.doesNotMatch(talker.stderr, /did not get to/);
  } finally {
    await relay[Symbol.asyncDispose]();
  }
  await assertTaken(room, bytes);
  await assertTaken(room, bytes, "a (2).bin");
});

roomTest("a sender that is killed at the end is told that the file is there", async (room) => {
  const { directory } = room;
  const bytes = await writeRandom(`${directory}/a.bin`, 2);
  using proxy = new Proxy(room.port);
  const [alice, bob] = [clientOf(room, "alice"), clientOf({ ...room, port: proxy.port }, "bob")];
  await using taker = await bob.talk();
  await taker.waitFor("stderr", /^connected/m);
  await using first = await alice.send("a.bin");
  await taker.waitFor("stderr", /alice offers a\.bin \(2\.1 MB\): \/take 1/);
  await taker.write("/take 1 taken\n");
  await untilCome(proxy, bytes.length);
  await first[Symbol.asyncDispose]();
  await taker.waitFor("stderr", /a\.bin of alice is here: taken\/a\.bin/);
  await using again = await alice.send("a.bin");
  await done(again);
  await assertTaken(room, bytes);
  assert.doesNotMatch(taker.stderr, /\/take 2/);
});

/**
 * Waits until more than `bytes` have come. Some 10 MiB after these may be on their way in the system:
 * they come also if their sender is killed.
 */
async function untilPart(directory: string, bytes: number): Promise<void> {
  await until(async () => await partSize(directory) > bytes, `${bytes} bytes of it`);
}

/** Bytes of the part that has come; 0 if there is none. */
async function partSize(directory: string): Promise<number> {
  try {
    for await (const { name } of Deno.readDir(`${directory}/taken`)) {
      if (name.endsWith(".part")) return (await Deno.stat(`${directory}/taken/${name}`)).size;
    }
  } catch {
    // It is not begun yet, or has just got its name.
  }
  return 0;
}

roomTest("a full disk ends the taking, and it goes on when there is room", async (room) => {
  const { directory, port } = room;
  const bytes = await writeRandom(`${directory}/a.bin`, 4);
  await using sender = await clientOf(room, "alice").send("a.bin", "--for", "40");
  const take = `./client take 127.0.0.1 ${port} --nick bob --key secret.key --dir small`;
  await using taker = await spawnOnSmallDisk(
    `${take}; echo "code $?"; ls small; grow 16384; ${take}; echo "code $?"; ls small
     cp small/a.bin whole`,
    { cwd: directory, kib: 2048, env: { XDG_STATE_HOME: `${directory}/state` } },
  );
  const { stdout, stderr } = await taker.finished();
  assert.match(stderr, /error: Cannot take the file: .*\.part cannot be written: the disk is full/);
  const part = "a\\.bin\\.[0-9a-f]{16}\\.part";
  assert.match(
    stdout,
    RegExp(`^code 1\n${part}\n${part}\\.json\nsmall/a\\.bin\ncode 0\na\\.bin\n$`),
  );
  assert.ok((await Deno.readFile(`${directory}/whole`)).every((byte, i) => byte === bytes[i]));
  await sender.waitFor("stderr", /a\.bin (?:did not get to bob|is not sent to bob any more)/);
}, ["mount"]);

roomTest("the clients and the relay stay small, however large the file is", async (room) => {
  await writeRandom(`${room.directory}/a.bin`, 64);
  await using sender = await clientOf(room, "alice").send("a.bin", "--for", "30", "--json");
  await sender.waitFor("stdout", /"type":"live"/);
  await using taker = await clientOf(room, "bob").take();
  await done(taker);
  const peak = await peakResidentBytes(sender.child.pid);
  assert.ok(peak < 220 * MIB, `${peak} bytes`);
});

roomTest("a client that knows no offers is told in words, and nothing else", async (room) => {
  const key = await importKey(room.keyText);
  const [alice, bob] = [clientOf(room, "alice"), clientOf(room, "bob")];
  await writeRandom(`${room.directory}/a.bin`, 1);
  // It has no handshake, and reads what its key opens.
  using simple = await RawClient.connect(room.port);
  await using taker = await bob.take();
  await taker.waitFor("stderr", /connected/);
  await using sender = await alice.send("a.bin");
  await done(sender);
  await done(taker);
  await until(() => Promise.resolve(simple.lines().length > 6), "what they said");
  const tokens = simple.lines().filter((line) => line.startsWith("g"));
  assert.equal(tokens.length, simple.lines().length, "nothing but tokens");
  const messages = await Promise.all(tokens.map(async (token) => {
    const text = new TextDecoder().decode((await decrypt(key, token)).plaintext);
    return JSON.parse(text.slice(1).split("\n")[0]!);
  }));
  const [shown, ...more] = messages.filter(({ k }) => ["chat", "act", "dm"].includes(k));
  assert.equal(shown.b, "offers the file a.bin (1.05 MB), which newer clients can take");
  assert.deepEqual(more, []);
  assert.ok(messages.some(({ k }) => k === "file"));
});
