import assert from "node:assert/strict";
import { NicknameKeeper } from "../../lib/programs/keep_nickname.ts";
import type { StoredRoom } from "../../lib/storage/rooms.ts";
import { SAY } from "../support/fake_chat.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings } from "../support/wordings.ts";

const NO_FILE = "there is no file to keep a name in";

testNeeding(
  ["read", "write"],
  "a name is kept in the settings, or in those of the room",
  async () => {
    await withDirectory(async (home) => {
      const env = (name: string) => name === "HOME" ? home : undefined;
      const { warnings, warn } = collectWarnings();
      const path = `${home}/room.json`;
      const room: StoredRoom = { name: "friends", keyPath: "", file: { path, values: {} } };
      const keeper = (named: boolean, ephemeral = false, args: string[] = []) =>
        new NicknameKeeper({
          options: { ephemeral, room: named ? room : undefined },
          ...{ args, env, os: "linux", say: SAY, warn },
        });
      const nickIn = async (path: string) => JSON.parse(await Deno.readTextFile(path)).nick;
      const settings = `${home}/.config/encrypted-chatroom/config.json`;
      const inSettings = "your name is kept in ~/.config/encrypted-chatroom/config.json";
      assert.equal(await keeper(true).keepFirst("one"), inSettings);
      assert.equal(await nickIn(settings), "one");
      assert.equal(await keeper(false).keepNow("two"), inSettings);
      assert.equal(await nickIn(settings), "two");
      assert.equal(await keeper(true).keepNow("three"), "your name is kept in ~/room.json");
      assert.deepEqual([await nickIn(settings), await nickIn(path)], ["two", "three"]);
      for (
        const [named, ephemeral, args] of [[false, false, ["--no-settings"]], [
          true,
          true,
          [],
        ]] as const
      ) {
        assert.equal(await keeper(named, ephemeral, [...args]).keepFirst("four"), undefined);
        assert.equal(await keeper(named, ephemeral, [...args]).keepNow("four"), NO_FILE);
      }
      assert.deepEqual([await nickIn(settings), await nickIn(path)], ["two", "three"]);
      await Deno.writeTextFile(path, "{");
      assert.equal(await keeper(true).keepNow("five"), undefined);
      const reason = `Cannot load settings: ${path} is not a JSON object`;
      assert.deepEqual(warnings, [`cannot save ${path}: ${reason}`]);
    });
  },
);
