import assert from "node:assert/strict";
import { ADMISSION_SPEC, CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { readClientOptions } from "../../lib/cli/client_options.ts";
import { findRoom, hasAddress, refuseRoom } from "../../lib/cli/room_choice.ts";
import { Guidance } from "../../lib/errors.ts";
import { storeRoom } from "../../lib/storage/rooms.ts";
import { roomsDirectory } from "../../lib/storage/state_paths.ts";
import { clientLine } from "../support/client_line.ts";
import { SAY } from "../support/fake_chat.ts";
import { KEY } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

interface Home {
  readonly add: (name: string, nick?: string) => Promise<void>;
  readonly find: (args: string[], values?: Record<string, unknown>) => Promise<string | undefined>;
  readonly read: (args: string[], env?: Record<string, string>) => ReturnType<
    typeof readClientOptions
  >;
  readonly directory: string;
}

/** Registers a test with a home directory that has no rooms yet. */
function testHome(name: string, fn: (home: Home) => Promise<void>): void {
  testNeeding(["read", "write"], name, () =>
    withDirectory(async (home) => {
      const env = (name: string) => name === "HOME" ? home : undefined;
      const directory = roomsDirectory(env, "linux")!;
      const address = { hostname: "10.0.0.1", port: 5050 };
      await fn({
        directory,
        add: async (name, nick) => {
          await storeRoom(directory, { name, address, keyText: KEY, nick });
        },
        find: async (args, values) => {
          const file = values && { path: "config.json", values };
          const place = { env, os: "linux", file };
          return (await findRoom(CLIENT_SPEC, clientLine(args), place))?.name;
        },
        read: (args, more = {}) => {
          return readClientOptions(args, (name) => more[name] ?? env(name), "linux", SAY);
        },
      });
    }));
}

testHome("findRoom() takes the room that is named, in any case", async ({ add, find }) => {
  await add("friends");
  await add("work");
  assert.equal(await find(["work"]), "work");
  assert.equal(await find(["Friends", "--stay"]), "friends");
  assert.equal(await find([]), undefined);
  assert.equal(await find(["10.0.0.1", "5050"]), undefined);
  await assert.rejects(find(["freinds"]), {
    name: "UsageError",
    message: 'There is no room called "freinds"',
    hint: "Did you mean friends?",
  });
  await assert.rejects(find(["../friends"]), { message: 'There is no room called "../friends"' });
});

testHome("findRoom() takes the only room, unless there is an address", async ({ add, find }) => {
  assert.equal(await find([]), undefined);
  await add("friends");
  assert.equal(await find([]), "friends");
  assert.equal(await find([], { ip: "::1", port: 5050 }), undefined);
  assert.equal(await find([], { bell: "all" }), "friends");
});

testHome(
  "readClientOptions() lets a room weigh more than the settings file, and its address and key more than the environment",
  async ({ add, read, directory }) => {
    await add("friends", "alice");
    const path = `${directory}/friends/room.json`;
    const values = { ip: "10.0.0.1", port: 5050, nick: "alice", bell: "pm" };
    await Deno.writeTextFile(path, JSON.stringify(values), { mode: 0o600 });
    const settings = directory.replace(/rooms$/, "config.json");
    const file = { nick: "settings", bell: "off", history: true };
    await Deno.writeTextFile(settings, JSON.stringify(file), { mode: 0o600 });
    const options = async (args: string[], env?: Record<string, string>) => {
      const found = await read(args, env);
      assert.ok(typeof found !== "string");
      const { address: { hostname, port }, keyPath, nickname, bell, history, room } = found;
      return [room?.name, hostname, port, keyPath, nickname, bell, history];
    };
    const key = `${directory}/friends/secret.key`;
    const expected = ["friends", "10.0.0.1", 5050, key, "alice", "pm", true];
    assert.deepEqual(await options(["friends"]), expected);
    assert.deepEqual(await options([]), expected);
    const env = { CHAT_IP: "::1", CHAT_PORT: "1", CHAT_KEY: "k", CHAT_NICK: "env" };
    assert.deepEqual(await options(["friends"], env), expected.with(4, "env"));
    const line = ["friends", "--nick", "bob", "--key", "l"];
    assert.deepEqual(await options(line, env), expected.with(4, "bob").with(3, "l"));
    const other = [undefined, "::1", 1, "k", "env", "off", true];
    assert.deepEqual(await options([], env), other);
    await Deno.writeTextFile(path, '{"key": "~/k", "port": 1}');
    await assert.rejects(options(["friends"]), {
      name: "UsageError",
      message: `${path} has no ip`,
    });
    await Deno.writeTextFile(path, '{"ip": "::1", "port": 1, "key": "~/k", "nick": "a b"}');
    await assert.rejects(options(["friends"]), { hint: `Correct the setting nick in ${path}.` });
    const home = directory.replace(/\/\.config\/.*$/, "");
    assert.equal((await options(["friends", "--nick=a"]))[3], `${home}/k`);
    await Deno.writeTextFile(path, '{"send": "hi"}');
    const unknown = `Unknown setting in ${path}: "send"`;
    await assert.rejects(options(["friends"]), { name: "UsageError", message: unknown });
  },
);

testHome(
  "readClientOptions() says what to do where no room can be chosen",
  async ({ add, read }) => {
    const guided = async (env?: Record<string, string>) => {
      const error = await read([], env).then(
        () => assert.fail("there was a room"),
        (error) => error,
      );
      assert.ok(error instanceof Guidance);
      return error.lines;
    };
    assert.equal((await guided()).length, 5);
    assert.match((await guided({ CHAT_TASK: "1" }))[2]!, / deno task client rooms add /);
    await add("friends", "alice");
    await add("work");
    assert.deepEqual(await guided(), [
      "Which room? chat-client NAME",
      "  friends  10.0.0.1:5050 as alice",
      "  work     10.0.0.1:5050",
    ]);
    assert.match(await read(["--help"]) as string, /^Usage: /m);
    const half = read([], { CHAT_IP: "::1" });
    await assert.rejects(half, { message: "Missing argument: <port>" });
  },
);

pureTest("hasAddress() looks for a part of one outside of rooms", () => {
  const has = (args: string[], env: Record<string, string> = {}) => {
    return hasAddress(clientLine(args), { env: (name) => env[name], os: "linux", file: undefined });
  };
  assert.ok(has(["a", "80"]));
  assert.ok(has([], { CHAT_PORT: "80" }));
  assert.ok(!has([]));
  assert.ok(!has(["friends"]));
});

pureTest("refuseRoom() tells an address without its port from a room", () => {
  const refuse = (text: string, spec = CLIENT_SPEC) => {
    const { message, hint } = refuseRoom(spec, text, ["friends"]);
    return [message, hint];
  };
  const missing = "Missing argument: <port>";
  const usage = "Usage: chat-client <ip> <port> [options]";
  for (const text of ["127.0.0.1", "::1", "localhost"]) {
    assert.deepEqual(refuse(text), [missing, usage]);
  }
  assert.deepEqual(refuse("a.example:80"), [missing, "Did you mean a.example 80?"]);
  const none = (text: string) => `There is no room called "${text}"`;
  assert.deepEqual(refuse("friend"), [none("friend"), "Did you mean friends?"]);
  assert.deepEqual(refuse("comfig"), [none("comfig"), "Did you mean config?"]);
  assert.deepEqual(refuse("elsewhere"), [none("elsewhere"), "See chat-client rooms."]);
  assert.equal(refuse("::1", ADMISSION_SPEC)[0], none("::1"));
});
