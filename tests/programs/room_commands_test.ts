import assert from "node:assert/strict";
import { Questions } from "../../lib/programs/questions.ts";
import { runCommand } from "../support/commands.ts";
import { SAY } from "../support/fake_chat.ts";
import { makeGeneration, textOf } from "../support/generations.ts";
import { KEY } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

type Run = (args: string[], questions?: Questions) => Promise<string>;

/** Registers a test with a home directory, whose keys are all the same. */
function testHome(name: string, fn: (run: Run, rooms: string) => Promise<void>): void {
  testNeeding(["read", "write"], name, () =>
    withDirectory(async (home) => {
      const env = (name: string) => name === "HOME" ? home : undefined;
      const loadKey = () => Promise.resolve(KEY);
      const run: Run = (args, questions) =>
        runCommand(["rooms", ...args], { env, loadKey, ...questions ? { questions } : {} });
      await fn(run, `${home}/.config/encrypted-chatroom/rooms`);
    }));
}

/** A terminal at which something is typed. */
function typing(text: string, asked: string[]): Questions {
  return new Questions({
    input: ReadableStream.from([new TextEncoder().encode(text)]),
    isTerminal: true,
    write: (text) => void asked.push(text),
    before: () => assert.fail("nothing is hidden"),
    say: SAY,
  });
}

testHome("rooms add keeps a key and an address, and rooms lists them", async (run, rooms) => {
  assert.equal(await run([]), "there are no rooms yet: chat-client rooms add --help");
  assert.deepEqual((await run(["add", "Friends", "[::1]", "5050", "--nick", "zoë"])).split("\n"), [
    "room: 95355 41374 02588 71678",
    "its key is kept in ~/.config/encrypted-chatroom/rooms/friends/secret.key",
    "enter it with: chat-client friends",
  ]);
  assert.equal(await Deno.readTextFile(`${rooms}/friends/secret.key`), KEY);
  const values = { ip: "::1", port: 5050, nick: "zoë" };
  assert.deepEqual(JSON.parse(await Deno.readTextFile(`${rooms}/friends/room.json`)), values);
  await run(["add", "work", "a.example", "80"]);
  assert.equal(await run([]), "friends  [::1]:5050 as zoë\nwork     a.example:80");
});

testNeeding(
  ["read", "write"],
  "rooms add says that a copy of a key that moves on is enough",
  () =>
    withDirectory(async (home) => {
      const env = (name: string) => name === "HOME" ? home : undefined;
      const text = textOf(await makeGeneration(1, 1));
      const loadKey = () => Promise.resolve(text);
      const args = ["rooms", "add", "friends", "::1", "5050", "--key", "old.key"];
      const lines = (await runCommand(args, { env, loadKey })).split("\n");
      assert.equal(lines.at(-1), "remove old.key: nothing is erased there any more");
      const path = `${home}/.config/encrypted-chatroom/rooms/friends/secret.key`;
      assert.equal(await Deno.readTextFile(path), text);
    }),
);

testHome("rooms add refuses what could not be entered, and writes nothing", async (run, rooms) => {
  const refusals: [args: string[], message: string][] = [
    [["rooms", "::1", "80"], 'Not a name for a room: "rooms"'],
    [["../x", "::1", "80"], 'Not a name for a room: "../x"'],
    [["a", "a b", "80"], 'Not an address: "a b"'],
    [["a", "::1", "0"], "Port 0 cannot be connected to"],
    [["a", "::1"], "Missing argument: <port>"],
    [
      ["a", "::1", "80", "--nick", "a b"],
      "Cannot use nickname: it has a space, <, > or an invisible character",
    ],
  ];
  for (const [args, message] of refusals) {
    await assert.rejects(run(["add", ...args]), { name: "UsageError", message });
  }
  await assert.rejects(run(["add", "a", "1.2.3.4:80"]), { hint: "Did you mean 1.2.3.4 80?" });
  await assert.rejects(Deno.stat(rooms), Deno.errors.NotFound);
});

testHome("rooms remove loses no key without a word", async (run) => {
  await run(["add", "friends", "::1", "80"]);
  await assert.rejects(run(["remove", "friends"]), {
    name: "UsageError",
    message: "Cannot remove room friends: nobody can be asked",
    hint: "Remove its key, too, with --yes.",
  });
  for (const typed of ["", "\n", "y\n", "friend\n"]) {
    const asked: string[] = [];
    const nothing = { name: "ChatError", message: "Nothing was removed" };
    await assert.rejects(run(["remove", "friends"], typing(typed, asked)), nothing);
    assert.deepEqual(asked, [
      "This removes the key of the room. Who has no other copy cannot come back.\n",
      "Type friends to remove it: ",
    ]);
  }
  assert.equal(await run([]), "friends  [::1]:80");
  assert.equal(await run(["remove", "FRIENDS"], typing(" Friends \n", [])), "friends is removed");
  await run(["add", "friends", "::1", "80"]);
  assert.equal(await run(["remove", "-y", "friends"]), "friends is removed");
  await assert.rejects(run(["remove", "friends", "--yes"]), {
    name: "UsageError",
    message: 'There is no room called "friends"',
  });
});

pureTest("rooms needs a place", async () => {
  await assert.rejects(
    runCommand(["rooms", "add", "a", "::1", "80"], { loadKey: () => Promise.resolve(KEY) }),
    {
      name: "ChatError",
      message: "There is no place for rooms",
      hint: "Set HOME or XDG_CONFIG_HOME.",
    },
  );
});
