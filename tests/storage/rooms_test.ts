import assert from "node:assert/strict";
import { MAX_ROOMS } from "../../lib/storage/limits.ts";
import {
  expectFreeRoom,
  listRooms,
  loadRoom,
  type NewRoom,
  removeRoom,
  storeRoom,
  tryRoom,
} from "../../lib/storage/rooms.ts";
import { assertChatError, KEY, modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { withWriteBudget } from "../support/write_budget.ts";

const ROOM: NewRoom = {
  name: "friends",
  address: { hostname: "192.168.1.20", port: 5050 },
  keyText: KEY,
  nick: "alice",
};
const FULL = { name: "ChatError", message: /^Cannot keep room: .*: No space left on device$/ };
const UNNAMED = { ...ROOM, name: undefined };

/** Registers a test with a directory for rooms that is not there yet. */
function testRooms(name: string, fn: (directory: string) => Promise<void>, test = testNeeding) {
  test(
    ["read", "write", "uid"],
    name,
    () => withDirectory((parent) => fn(`${parent}/config/rooms`)),
  );
}

testRooms("storeRoom() writes a key and settings that loadRoom() finds", async (directory) => {
  assert.deepEqual(await listRooms(directory), []);
  const stored = await storeRoom(directory, ROOM);
  assert.deepEqual(stored, {
    name: "friends",
    keyPath: `${directory}/friends/secret.key`,
    file: {
      path: `${directory}/friends/room.json`,
      values: { ip: "192.168.1.20", port: 5050, nick: "alice" },
    },
  });
  assert.deepEqual(await loadRoom(directory, "friends"), stored);
  assert.equal(await Deno.readTextFile(stored.keyPath), KEY);
  assert.equal(
    await Deno.readTextFile(stored.file.path),
    '{\n  "ip": "192.168.1.20",\n  "port": 5050,\n  "nick": "alice"\n}\n',
  );
  assert.deepEqual(await listRooms(directory), ["friends"]);
  assert.deepEqual(await namesIn(directory), ["friends"]);
  assert.equal(await loadRoom(directory, "work"), undefined);
  const { file } = await storeRoom(directory, { ...ROOM, name: "work", nick: undefined });
  assert.deepEqual(file.values, { ip: "192.168.1.20", port: 5050 });
});

testRooms("storeRoom() keeps others out", async (directory) => {
  const { keyPath, file } = await storeRoom(directory, ROOM);
  for (const path of [keyPath, file.path]) assert.equal(await modeOf(path), 0o600);
  for (const path of [directory, `${directory}/friends`]) assert.equal(await modeOf(path), 0o700);
}, testUnix);

testRooms("storeRoom() writes over nothing", async (directory) => {
  await Deno.mkdir(`${directory}/empty`, { recursive: true });
  await Deno.mkdir(`${directory}/key`);
  await Deno.writeTextFile(`${directory}/key/secret.key`, "other");
  await Deno.mkdir(`${directory}/more`);
  await Deno.writeTextFile(`${directory}/more/notes`, "");
  await Deno.writeTextFile(`${directory}/file`, "");
  for (const name of ["key", "more", "file"]) {
    await assertChatError(
      storeRoom(directory, { ...ROOM, name }),
      `Cannot keep room: there is a room called ${name} already`,
      "Choose another name: no key is written over.",
    );
  }
  assert.equal(await Deno.readTextFile(`${directory}/key/secret.key`), "other");
  assert.deepEqual(await namesIn(`${directory}/key`), ["secret.key"]);
  await storeRoom(directory, { ...ROOM, name: "empty" });
  assert.deepEqual(await namesIn(directory), ["empty", "file", "key", "more"]);
});

testRooms("storeRoom() lets one of many that take a name at once have it", async (directory) => {
  const keys = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(44));
  const outcomes = await Promise.allSettled(
    keys.map((keyText) => storeRoom(directory, { ...ROOM, keyText })),
  );
  const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  assert.equal(await Deno.readTextFile(`${directory}/friends/secret.key`), keys[winner]);
  assert.deepEqual(await namesIn(directory), ["friends"]);
});

testRooms("storeRoom() chooses a free name where none is given", async (directory) => {
  const rooms = [];
  for (let i = 0; i < 3; i++) rooms.push(await storeRoom(directory, UNNAMED));
  const names = ["192.168.1.20", "192.168.1.20-2", "192.168.1.20-3"];
  assert.deepEqual(rooms.map(({ name }) => name), names);
  assert.deepEqual(await listRooms(directory), names);
});

testRooms("storeRoom() and listRooms() go no further than MAX_ROOMS", async (directory) => {
  for (let i = 1; i <= MAX_ROOMS + 1; i++) {
    const name = i === 1 ? "192.168.1.20" : `192.168.1.20-${i}`;
    await Deno.mkdir(`${directory}/${name}`, { recursive: true });
    await Deno.writeTextFile(`${directory}/${name}/room.json`, "{}");
  }
  assert.equal((await listRooms(directory)).length, MAX_ROOMS);
  await assertChatError(
    storeRoom(directory, UNNAMED),
    "Cannot keep room: there is a room called 192.168.1.20 already",
    "Choose another name: no key is written over.",
  );
});

testRooms(
  "storeRoom() says why a room cannot be written, and leaves nothing",
  async (directory) => {
    await Deno.mkdir(directory.replace(/\/rooms$/, ""), { recursive: true });
    await Deno.writeTextFile(directory, "");
    const path = `${directory}/friends`;
    const error = await storeRoom(directory, ROOM).catch((error) => error);
    assert.match(error.message, RegExp(`^Cannot keep room: ${path} cannot be written: `));
    assert.equal(error.hint, "Choose a directory that you may write to, with XDG_CONFIG_HOME.");
    await assert.rejects(listRooms(directory), {
      name: "ChatError",
      message: /^Cannot list rooms: /,
    });
  },
);

testRooms("listRooms() takes directories with a room in them alone", async (directory) => {
  await storeRoom(directory, ROOM);
  for (const name of ["Upper", "0".repeat(32), ".hidden"]) await Deno.mkdir(`${directory}/${name}`);
  await Deno.writeTextFile(`${directory}/Upper/room.json`, "{}");
  await Deno.writeTextFile(`${directory}/file`, "");
  await Deno.mkdir(`${directory}/keyed`);
  await Deno.writeTextFile(`${directory}/keyed/secret.key`, KEY);
  await Deno.symlink("friends", `${directory}/alias`);
  assert.deepEqual(await listRooms(directory), ["alias", "friends", "keyed"]);
  const keyed = await loadRoom(directory, "keyed");
  assert.deepEqual(keyed!.file, { path: `${directory}/keyed/room.json`, values: {} });
  assert.equal((await loadRoom(directory, "alias"))!.keyPath, `${directory}/alias/secret.key`);
}, testUnix);

testRooms("loadRoom() checks room.json as the settings file is checked", async (directory) => {
  const { file: { path } } = await storeRoom(directory, ROOM);
  await Deno.writeTextFile(path, "{");
  const load = () => loadRoom(directory, "friends");
  const message = `Cannot load settings: ${path} is not a JSON object`;
  await assert.rejects(load, { name: "UsageError", message });
  await Deno.chmod(path, 0o622);
  const others = `Cannot load settings: others may write to ${path}`;
  await assert.rejects(load, { name: "UsageError", message: others });
}, testUnix);

testRooms("removeRoom() removes a room, and nothing else", async (directory) => {
  await storeRoom(directory, ROOM);
  await storeRoom(directory, { ...ROOM, name: "work" });
  await Deno.symlink("work", `${directory}/alias`);
  await removeRoom(directory, "friends");
  await removeRoom(directory, "alias");
  assert.deepEqual(await namesIn(directory), ["work"]);
  assert.deepEqual(await namesIn(`${directory}/work`), ["room.json", "secret.key"]);
  await Deno.writeTextFile(`${directory}/work/notes`, "mine");
  await assert.rejects(removeRoom(directory, "work"), {
    name: "ChatError",
    message: `Cannot remove room work: ${directory}/work cannot be written: Directory not empty`,
  });
  assert.deepEqual(await namesIn(`${directory}/work`), ["notes"]);
}, testUnix);

testRooms("tryRoom() leaves nothing, and no directory that was not there", async (directory) => {
  const parent = directory.replace(/\/config\/rooms$/, "");
  for (const room of [ROOM, UNNAMED]) {
    await tryRoom(directory, room);
    assert.deepEqual(await namesIn(parent), []);
  }
  await Deno.mkdir(directory, { recursive: true });
  await tryRoom(directory, ROOM);
  assert.deepEqual(await namesIn(directory), []);
  await storeRoom(directory, UNNAMED);
  await tryRoom(directory, UNNAMED);
  assert.deepEqual(await namesIn(directory), ["192.168.1.20"]);
});

testRooms("tryRoom() fails where storeRoom() would, and leaves nothing", async (directory) => {
  await storeRoom(directory, ROOM);
  await assertChatError(
    tryRoom(directory, ROOM),
    "Cannot keep room: there is a room called friends already",
    "Choose another name: no key is written over.",
  );
  const blocked = `${directory}/friends/secret.key`;
  for (const room of [{ ...ROOM, name: "work" }, UNNAMED]) {
    const error = await tryRoom(`${blocked}/rooms`, room).catch((error) => error);
    assert.match(
      error.message,
      /^Cannot keep room: .* cannot be written: a part of its path is not /,
    );
  }
  assert.deepEqual(await namesIn(directory), ["friends"]);
});

testRooms("tryRoom() and storeRoom() leave nothing on a full disk", async (directory) => {
  const parent = directory.replace(/\/config\/rooms$/, "");
  // A key, and a key with a part of the settings.
  for (const bytes of [0, 20, 44, 60]) {
    for (const fill of [tryRoom, storeRoom]) {
      await withWriteBudget(bytes, () => assert.rejects(fill(directory, ROOM), FULL));
      assert.deepEqual(await namesIn(parent), []);
    }
  }
});

testRooms("expectFreeRoom() refuses a name that anything has", async (directory) => {
  await expectFreeRoom(`${directory}/none`, "friends");
  await expectFreeRoom(directory, "friends");
  await storeRoom(directory, ROOM);
  await Deno.symlink("nowhere", `${directory}/alias`);
  for (const name of ["friends", "alias"]) {
    await assert.rejects(expectFreeRoom(directory, name), {
      name: "ChatError",
      message: `Cannot keep room: there is a room called ${name} already`,
      hint: "Choose another name: no key is written over.",
    });
  }
}, testUnix);

testRooms("rooms are not used where everybody may write", async (directory) => {
  await storeRoom(directory, ROOM);
  await Deno.chmod(directory, 0o777);
  const text = `Cannot use ${directory}: others may write to it`;
  const hint = `Make it yours alone: chmod go-w ${directory}`;
  await assertChatError(loadRoom(directory, "friends"), text, hint);
  await assertChatError(storeRoom(directory, { ...ROOM, name: "work" }), text, hint);
  await assertChatError(expectFreeRoom(directory, "work"), text, hint);
  assert.deepEqual(await namesIn(directory), ["friends"]);
}, testUnix);
