import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { advanceChain } from "../../lib/crypto/key_chain.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { parseRoomSecret } from "../../lib/crypto/room_secret.ts";
import { firstGeneration, makeGeneration, textOf } from "../support/generations.ts";
import { KEY } from "../support/key_files.ts";
import { MovingRoom, TODAY } from "../support/moving_room.ts";
import { testNeeding } from "../support/needs.ts";
import { ROOT, run, spawn, startServer } from "../support/programs.ts";
import { spawnPython } from "../support/python.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

testNeeding(
  [...NEEDS, "faketime"],
  "an invitation into a room that moves on hands over yesterday's value",
  async () => {
    await withDirectory(async (directory) => {
      const room = await MovingRoom.make(directory, ["alice", "bob"], TODAY - 9);
      await using server = await room.serve(0);
      const place = ["127.0.0.1", `${server.port}`];
      await using inviting = await spawn("client", ["invite", ...place], {
        cwd: room.placeOf("alice"),
      });
      const [code] = await inviting.waitFor("stdout", /^[a-z]+(?:-[a-z]+){3}\n/);
      await Deno.mkdir(`${directory}/carol`);
      const cwd = `${directory}/carol`;
      const args = ["join", ...place, ...code.trim().split("-"), "--name", "family"];
      args.push("--nick", "carol", "--no-enter");
      const joined = await run("client", args, { cwd });
      assert.equal(joined.code, 0, joined.stderr);
      assert.equal((await inviting.finished()).code, 0);

      const { fingerprint } = await deriveRoomKey(room.text);
      assert.ok(joined.stdout.includes(`room: ${fingerprint}\n`), joined.stdout);
      const path = `${cwd}/config/encrypted-chatroom/rooms/family/secret.key`;
      const text = await Deno.readTextFile(path);
      const { generations } = await parseRoomSecret(text);
      assert.deepEqual(generations.map(({ number, day }) => [number, day - TODAY]), [[1, -1]]);
      const { generations: [{ chain }] } = await parseRoomSecret(room.text);
      assert.deepEqual(generations[0].chain, await advanceChain(chain, 8));
      assert.ok(!text.includes(formatBase64Url(chain)));
      // What the newcomer has is enough to talk.
      await using bob = await room.enter("bob", server.port, 0);
      const sent = await run("client", ["family", "--nick", "carol", "--send", "hello"], { cwd });
      assert.equal(sent.code, 0, sent.stderr);
      await bob.waitForText("hello");
    });
  },
);

testNeeding(
  [...NEEDS, "faketime", "python3-cryptography"],
  "join_room.py gets the same line of a room that moves on",
  async () => {
    await withDirectory(async (directory) => {
      const room = await MovingRoom.make(directory, ["alice"]);
      await using server = await room.serve(0);
      const place = ["127.0.0.1", `${server.port}`];
      const cwd = room.placeOf("alice");
      await using inviting = await spawn("client", ["invite", ...place], { cwd });
      const [code] = await inviting.waitFor("stdout", /^[a-z]+(?:-[a-z]+){3}\n/);
      const script = `${ROOT}docs/clients/join_room.py`;
      await using joining = spawnPython([script, ...place, "carol"]);
      await joining.write(code);
      const joined = await joining.finished();
      assert.equal(joined.code, 0, joined.stderr);
      assert.equal((await inviting.finished()).code, 0);
      assert.equal(`${joined.stdout.split("\n")[0]}\n`, room.text);
    });
  },
);

testNeeding(NEEDS, "a server serves a room whichever form its key file has", async () => {
  const second = textOf(
    await makeGeneration(1, 7, { first: TODAY - 3 }),
    await firstGeneration({ until: (TODAY + 2) * 86_400 }),
  );
  for (const [ofServer, ofMember] of [[KEY, second], [second, KEY], [second, second]]) {
    await withDirectory(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/secret.key`, ofServer!, { mode: 0o600 });
      await Deno.mkdir(`${cwd}/member`);
      await Deno.writeTextFile(`${cwd}/member/secret.key`, ofMember!, { mode: 0o600 });
      await using server = await startServer({ cwd, args: ["--members-only"] });
      const args = ["127.0.0.1", `${server.port}`, "--send", "hello"];
      const { code, stderr } = await run("client", args, { cwd: `${cwd}/member` });
      assert.equal(code, 0, stderr);
      const { fingerprint } = await deriveRoomKey(ofServer!);
      assert.ok(server.program.stderr.includes(fingerprint), server.program.stderr);
      assert.equal(await Deno.readTextFile(`${cwd}/secret.key`), ofServer);
      // One that stays in the first form has nothing but its key.
      const names = [...Deno.readDirSync(`${cwd}/member`)].map(({ name }) => name);
      assert.equal(names.includes("secret.key.lock"), ofMember !== KEY);
    });
  }
});
