import assert from "node:assert/strict";
import { meetKnownRoom } from "../../lib/storage/known_room.ts";
import { loadRoom, type NewRoom, storeRoom } from "../../lib/storage/rooms.ts";
import { KEY } from "../support/key_files.ts";
import { parseRoomSecret } from "../../lib/crypto/room_secret.ts";
import { makeGeneration, textOf } from "../support/generations.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const ROOM: NewRoom = {
  name: undefined,
  address: { hostname: "192.168.1.20", port: 5050 },
  keyText: KEY,
  nick: undefined,
};
const OTHER_KEY = "A".repeat(43) + "=";

function testRooms(name: string, fn: (directory: string) => Promise<void>) {
  testNeeding(["read", "write", "uid"], name, () => withDirectory(fn));
}

testRooms("meetKnownRoom() has the room with the key name the new address", async (directory) => {
  assert.equal(await meetKnownRoom(`${directory}/none`, ROOM), undefined);
  await storeRoom(directory, { ...ROOM, name: "work", keyText: OTHER_KEY });
  assert.equal(await meetKnownRoom(directory, ROOM), undefined);
  const address = { hostname: "::1", port: 4000 };
  const stored = await storeRoom(directory, { ...ROOM, name: "friends", address, nick: "bob" });
  // What a person has set there, and an ending that an editor has added.
  const { path } = stored.file;
  await Deno.writeTextFile(path, '{"ip":"::1","port":4000,"nick":"bob","bell":"off"}');
  await Deno.writeTextFile(stored.keyPath, `${KEY}\n`);
  const known = await meetKnownRoom(directory, { ...ROOM, name: "new" });
  assert.deepEqual([known!.name, known!.file.values.ip], ["friends", "::1"]);
  const values = async () => (await loadRoom(directory, "friends"))!.file.values;
  const moved = { ip: "192.168.1.20", port: 5050, nick: "bob", bell: "off" };
  assert.deepEqual(await values(), moved);
  assert.equal(await Deno.readTextFile(stored.keyPath), `${KEY}\n`);
  await meetKnownRoom(directory, { ...ROOM, nick: "robert" });
  assert.deepEqual(await values(), { ...moved, nick: "robert" });
});

testRooms("meetKnownRoom() writes nothing where nothing changes", async (directory) => {
  const { file: { path } } = await storeRoom(directory, ROOM);
  await Deno.writeTextFile(path, '{ "ip": "192.168.1.20", "port": 5050 }');
  await meetKnownRoom(directory, ROOM);
  assert.equal(await Deno.readTextFile(path), '{ "ip": "192.168.1.20", "port": 5050 }');
});

testRooms("of several rooms with the key, it is the one that is meant", async (directory) => {
  const places = [["a", "10.0.0.1"], ["b", "10.0.0.2"], ["c", "10.0.0.3"]] as const;
  for (const [name, hostname] of places) {
    await storeRoom(directory, { ...ROOM, name, address: { hostname, port: 5050 } });
  }
  const meet = async (name: string | undefined, hostname: string) => {
    const address = { hostname, port: 5050 };
    return (await meetKnownRoom(directory, { ...ROOM, name, address }))!.name;
  };
  assert.equal(await meet(undefined, "10.0.0.2"), "b");
  assert.equal(await meet("c", "10.0.0.4"), "c");
  assert.equal(await meet("d", "10.0.0.5"), "a");
});

testRooms("a room that cannot be read is passed over", async (directory) => {
  const { file: { path } } = await storeRoom(directory, { ...ROOM, name: "a" });
  await Deno.writeTextFile(path, "{");
  await Deno.mkdir(`${directory}/b/secret.key`, { recursive: true });
  assert.equal(await meetKnownRoom(directory, ROOM), undefined);
  assert.equal(await Deno.readTextFile(path), "{");
});

testRooms(
  "meetKnownRoom() has a room move on whose newer keys are handed over",
  async (directory) => {
    const { keyPath, name } = await storeRoom(directory, ROOM);
    const newer = textOf(await makeGeneration(1, 1));
    assert.equal((await meetKnownRoom(directory, { ...ROOM, keyText: newer }))!.name, name);
    const { generations } = await parseRoomSecret(await Deno.readTextFile(keyPath));
    assert.deepEqual(generations.map(({ number }) => number), [1, 0]);
    // What is older takes nothing back.
    const text = await Deno.readTextFile(keyPath);
    await meetKnownRoom(directory, { ...ROOM, keyText: KEY });
    await meetKnownRoom(directory, { ...ROOM, keyText: newer });
    assert.equal(await Deno.readTextFile(keyPath), text);
  },
);
