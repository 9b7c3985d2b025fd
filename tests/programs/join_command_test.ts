import assert from "node:assert/strict";
import { InviterTalk } from "../../lib/client/pairing/inviter_talk.ts";
import type { CommandParts } from "../../lib/programs/command_parts.ts";
import { Questions } from "../../lib/programs/questions.ts";
import type { RelayControl } from "../../lib/protocol/control.ts";
import { answering, runCommand } from "../support/commands.ts";
import { SAY } from "../support/fake_chat.ts";
import { FakeRelay, type RelayEnd } from "../support/fake_relay.ts";
import { ALICE, EVE, SECRET } from "../support/fixed_members.ts";
import { modeOf, namesIn } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { withDirectory } from "../support/temporary.ts";
import { withWriteBudget } from "../support/write_budget.ts";
import { storeRoom } from "../../lib/storage/rooms.ts";
import { within } from "../support/within.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";
import { Pins } from "../../lib/storage/pins.ts";

const CODE = "acorn-cable-dwarf-ship";
const NEEDS = ["net", "read", "write", "uid"] as const;

/** A home directory and a relay. */
interface Place {
  readonly home: string;
  readonly rooms: string;
  /** Where the room's pins are. */
  readonly pins: string;
  readonly port: string;
  /** Runs `chat-client join` in the home directory. */
  readonly run: (args: string[], parts?: Partial<CommandParts>) => Promise<string>;
}

/** Registers a test with a relay that does `serve` with each connection. */
function testJoin(
  name: string,
  serve: (end: RelayEnd) => Promise<void>,
  fn: (place: Place) => Promise<void>,
): void {
  testNeeding(NEEDS, name, () =>
    withDirectory(async (home) => {
      using relay = new FakeRelay();
      let isOver = false;
      const serving = (async () => {
        while (!isOver) await relay.accept().then(serve).catch(() => {});
      })();
      const env = (name: string) => ({ HOME: home, USER: "bob" })[name];
      const place = {
        ...{ home, rooms: `${home}/.config/encrypted-chatroom/rooms`, port: `${relay.port}` },
        pins: `${home}/.local/state/encrypted-chatroom/rooms/${ROOM_ID}/pins`,
        run: (args: string[], parts = {}) => {
          return within(12, () =>
            "no end", runCommand(["join", ...args], { env, before: () => {}, ...parts }));
        },
      };
      try {
        await fn(place);
      } finally {
        isOver = true;
        relay[Symbol.dispose]();
        await serving;
      }
    }));
}

const ROOM_ID = "f55df89f04b46102a738345a5bb82fe4";

async function letIn(end: RelayEnd): Promise<void> {
  const { id, signing: { privateKey } } = ALICE;
  const inviter = new InviterTalk({
    code: { slot: "acorn", password: "cable-dwarf-ship" },
    ...{
      handover: () => Promise.resolve(SECRET),
      introduce: () => ({ id, nickname: "alice", privateKey }),
    },
  });
  let { message } = await end.hear("MEET");
  for (let count = 1; count <= 3; count++) {
    const turn = await inviter.take(message);
    if (!("reply" in turn)) break;
    await end.say({ verb: "PASS", slot: "acorn", message: turn.reply });
    const passed = () => end.said.flatMap((said) => said.verb === "PASS" ? [said.message] : []);
    await until(() => Promise.resolve(passed().length === count), "an answer");
    message = passed().at(-1)!;
  }
  await end.waitForEnd();
  end.kill();
}

/** Fails what connects. */
const refuse = () => Promise.reject(new Error("it has connected"));

function say(control: RelayControl) {
  return async (end: RelayEnd) => {
    await end.hear("MEET");
    await end.say(control);
    end.kill();
  };
}

testJoin("join keeps the room, pins the inviter, and goes on talking", letIn, async (place) => {
  const { port, rooms, run } = place;
  const talks: (readonly string[])[] = [];
  const reported: string[] = [];
  const questions = answering(`${CODE.toUpperCase().replaceAll("-", " ")}\nhello\n`);
  const parts = {
    questions,
    report: (line: string) => void reported.push(line),
    talk: async (args: readonly string[]) => {
      talks.push(args);
      let rest = "";
      for await (const chunk of questions.rest()) rest += new TextDecoder().decode(chunk);
      assert.equal(rest, "hello\n");
    },
  };
  const args = ["127.0.0.1", port, "--name", "Friends", "--no-settings"];
  assert.equal(await run(args, parts), "");
  assert.deepEqual(talks, [["friends", "--nick=bob", "--no-settings"]]);
  assert.match(reported[0]!, /^alice has let you in, and is verified: (?:\d{5} ?){6}$/);
  assert.deepEqual(reported.slice(1), ["from now on you enter it with: chat-client friends"]);
  assert.equal(await Deno.readTextFile(`${rooms}/friends/secret.key`), SECRET);
  assert.equal(await modeOf(`${rooms}/friends/secret.key`), 0o600);
  const values = JSON.parse(await Deno.readTextFile(`${rooms}/friends/room.json`));
  assert.deepEqual(values, { ip: "127.0.0.1", port: Number(port) });
  const pins = await readPins(place);
  assert.deepEqual(pins.map(([name, id]) => [name, id]), [["alice", ALICE.id]]);
  assert.ok(pins[0]![2] > 0, "it is not pinned as verified");
});

async function readPins({ pins }: Place): Promise<[string, string, number][]> {
  const [, ...lines] = (await Deno.readTextFile(pins)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

testJoin(
  "join takes the code and the address in every form",
  letIn,
  async ({ port, rooms, run }) => {
    const link = `chatroom://127.0.0.1:${port}/#${CODE}`;
    const forms: [args: string[], input: string][] = [
      [["127.0.0.1", port, CODE], ""],
      [["127.0.0.1", port, "acorn", "cable", "Dwarf", "ship"], ""],
      [[link], ""],
      [["127.0.0.1", port], link],
      [[], `${link}\n`],
      [[], `chat-client join "${link}"\n`],
      [[], `<${link}>\n`],
      [[], `${CODE}\n127.0.0.1 ${port}\n`],
      [[CODE], `127.0.0.1:${port}\n`],
      [CODE.split("-"), `127.0.0.1:${port}`],
    ];
    for (const [i, [args, input]] of forms.entries()) {
      const said = await run([...args, "--no-enter", "--nick", "zoë"], {
        questions: answering(input),
      });
      assert.match(said, /^alice has let you in, and is verified: (?:\d{5} ?){6}\n/);
      assert.deepEqual(said.split("\n").slice(1), [
        ...i === 0 ? [] : ["you have this room already: 127.0.0.1"],
        "room: 95355 41374 02588 71678",
        "its key is kept in ~/.config/encrypted-chatroom/rooms/127.0.0.1/secret.key",
        "enter it with: chat-client 127.0.0.1",
      ]);
      const { nick } = JSON.parse(await Deno.readTextFile(`${rooms}/127.0.0.1/room.json`));
      assert.equal(nick, "zoë");
    }
  },
);

testJoin("a room that is joined again is kept once, with its new address", letIn, async (place) => {
  const { port, rooms, run } = place;
  const address = { hostname: "192.168.1.20", port: 5050 };
  await storeRoom(rooms, { name: "friends", address, keyText: SECRET, nick: undefined });
  const said = await run(["127.0.0.1", port, CODE, "--name", "club", "--no-enter"]);
  assert.deepEqual(said.split("\n").slice(1), [
    `you have this room already: friends; its address is now 127.0.0.1:${port}`,
    "room: 95355 41374 02588 71678",
    "its key is kept in ~/.config/encrypted-chatroom/rooms/friends/secret.key",
    "enter it with: chat-client friends",
  ]);
  assert.deepEqual(await namesIn(rooms), ["friends"]);
  const values = JSON.parse(await Deno.readTextFile(`${rooms}/friends/room.json`));
  assert.deepEqual(values, { ip: "127.0.0.1", port: Number(port) });
});

testJoin("who has the inviter's login name gets another one", letIn, async (place) => {
  const { home, port, rooms, run } = place;
  const env = (name: string) => ({ HOME: home, USER: "Alice" })[name];
  const said = (await run(["127.0.0.1", port, CODE, "--no-enter"], { env })).split("\n");
  assert.match(said[0]!, /^alice has let you in, and is verified: /);
  const [, nickname] = /^the name Alice is taken: you are (Alice-[a-z0-9]{4})$/.exec(said[1]!)!;
  const { nick } = JSON.parse(await Deno.readTextFile(`${rooms}/127.0.0.1/room.json`));
  assert.equal(nick, nickname);
  // A name that was chosen stays, and is told to be another's.
  const chosen = await run(["127.0.0.1", port, CODE, "--no-enter", "--nick", "alice"]);
  assert.doesNotMatch(chosen, /taken/);
});

testJoin("join uses no code up on a full disk", refuse, async (place) => {
  const { home, rooms, run } = place;
  for (const args of [["--name", "friends"], []]) {
    // The identity has 98 bytes, so that the room is what finds no place.
    await withWriteBudget(120, () =>
      assert.rejects(run(["127.0.0.1", place.port, CODE, ...args]), {
        message: RegExp(
          `^Cannot keep room: ${rooms}/.* cannot be written: No space left on device$`,
        ),
      }));
    assert.deepEqual(await namesIn(home), [".local"]);
    assert.deepEqual(await namesIn(`${home}/.local/state/encrypted-chatroom`), ["identity"]);
    await Deno.remove(`${home}/.local`, { recursive: true });
  }
});

testJoin("join leaves a name that belongs to another key as it is", letIn, async (place) => {
  await Deno.mkdir(place.pins.replace(/\/pins$/, ""), { recursive: true });
  {
    await using pins = await Pins.open(place.pins, noWarning);
    pins.judge("alice", EVE.id);
  }
  const said = await place.run(["127.0.0.1", place.port, CODE, "--no-enter"]);
  assert.match(said, /^alice has let you in; the name belongs to another key here: see \/verify /);
  assert.equal((await readPins(place))[0]![1], EVE.id);
});

testJoin("join closes directories of state that others may write to", letIn, async (place) => {
  const room = place.pins.replace(/\/pins$/, "");
  const directories = [room.replace(/\/rooms\/\w+$/, ""), room.replace(/\/\w+$/, ""), room];
  await Deno.mkdir(room, { recursive: true });
  for (const path of directories) await Deno.chmod(path, 0o777);
  const { warnings, warn } = collectWarnings();
  await place.run(["127.0.0.1", place.port, CODE, "--no-enter"], { warn });
  assert.deepEqual(await Promise.all(directories.map(modeOf)), [0o755, 0o755, 0o755]);
  const told = (path: string) => `others could write to ${path}: now they cannot`;
  assert.deepEqual(warnings, directories.map(told));
});

testJoin("join asks at a terminal, until it can read the answer", letIn, async (place) => {
  const written: string[] = [];
  const answers = ["acorn wrong dwarf ship\n", "acorn\n", `${CODE}\n`, "b d\n", "bo\n"];
  const questions = new Questions({
    input: ReadableStream.from(answers.map((answer) => new TextEncoder().encode(answer))),
    ...{ isTerminal: true, write: (text: string) => void written.push(text), say: SAY },
    before: () => {},
  });
  const reported: string[] = [];
  const report = (line: string) => void reported.push(line);
  await place.run(["127.0.0.1", place.port, "--no-enter"], { questions, report });
  const text = written.join("");
  assert.equal(text.match(/the four words: /g)!.length, 3);
  assert.match(text, /\nNot an invitation code: it does not have 4 words\nA code looks like /);
  assert.equal(text.match(/your name \[bob\]: /g)!.length, 2);
  assert.deepEqual(reported, [
    "Cannot use nickname: it has a space, <, > or an invisible character",
    "your name is kept in ~/.config/encrypted-chatroom/config.json",
  ]);
  const settings = await Deno.readTextFile(`${place.home}/.config/encrypted-chatroom/config.json`);
  assert.deepEqual(JSON.parse(settings), { nick: "bo" });
});

const FAILURES = [
  [say({ verb: "ERR", error: { code: 404, reason: "no slot" } }), "no slot"],
  [say({ verb: "ERR", error: { code: 410, reason: "slot used" } }), "slot used"],
  [say({ verb: "ERR", error: { code: 410, reason: "inviter gone" } }), "other gone"],
  [say({ verb: "ERR", error: { code: 408, reason: "timeout" } }), "unanswered"],
  [say({ verb: "CHAL", nonce: new Uint8Array(32), mode: "open" }), "old relay"],
] as const;

for (const [serve, failure] of FAILURES) {
  testJoin(`join keeps nothing where it fails: ${failure}`, serve, async (place) => {
    const args = ["127.0.0.1", place.port, CODE, "--name", "friends"];
    await assert.rejects(place.run(args), { name: "JoinError", failure });
    // Only the identity is made, which is whole.
    assert.deepEqual(await namesIn(place.home), [".local"]);
    const state = await namesIn(`${place.home}/.local/state/encrypted-chatroom`);
    assert.deepEqual(state, ["identity"]);
  });
}

testJoin("join uses no code up where it could not keep the room", refuse, async (place) => {
  await Deno.mkdir(`${place.rooms}/friends`, { recursive: true });
  const target = ["127.0.0.1", place.port, CODE];
  await assert.rejects(place.run([...target, "--name", "friends"]), {
    message: "Cannot keep room: there is a room called friends already",
  });
  await assert.rejects(place.run([...target, "--name", "join"]), { name: "UsageError" });
  await assert.rejects(place.run([...target, "--nick", "a b"]), { name: "UsageError" });
  const env = (name: string) => ({ HOME: place.home, CHAT_EPHEMERAL: "on" })[name];
  await assert.rejects(place.run(target, { env }), {
    name: "UsageError",
    message: "With --ephemeral nothing is kept, and a room that is joined is",
  });
  await assert.rejects(place.run(target, { env: () => undefined }), {
    message: "There is no place for rooms",
  });
  assert.deepEqual(await namesIn(place.rooms), ["friends"]);
});

testNeeding([], "join says what is missing or wrong", async () => {
  const env = (name: string) => name === "HOME" ? "/nowhere" : undefined;
  const refusals: [args: string[], input: string, message: string][] = [
    [["127.0.0.1"], "", "Missing argument: <port>"],
    [["acorn-cable-dwarf"], "", "Missing argument: <port>"],
    [[CODE], "", "Cannot go on: nothing was entered"],
    [[CODE], "127.0.0.1\n", 'Not an address and a port: "127.0.0.1"'],
    [["chatroom://nowhere"], "", 'Not a link to a room: "chatroom://nowhere"'],
    [["::1", "80", "acorn-cable"], "", "Not an invitation code: it does not have 4 words"],
    [["::1", "80"], "acorn cable dwarf shp\n", 'Not a word of invitation codes: "shp"'],
    [["::1", "80"], "", "Cannot go on: nothing was entered"],
    [[], CODE, "Cannot go on: nothing was entered"],
    [[], "chatroom://x", 'Not a link to a room: "chatroom://x"'],
  ];
  for (const [args, input, message] of refusals) {
    const parts = { env, questions: answering(input) };
    await assert.rejects(runCommand(["join", ...args], parts), { message });
  }
});
