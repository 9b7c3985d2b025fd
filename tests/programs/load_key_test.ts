import assert from "node:assert/strict";
import { loadRoomKey } from "../../lib/programs/load_key.ts";
import { KEY } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

testNeeding(
  ["read", "write"],
  "loadRoomKey() tells who has no key how to come by one",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/secret.key`;
      const loading = () => loadRoomKey(path, () => assert.fail("a warning"));
      await assert.rejects(loading, {
        name: "ChatError",
        message: `Cannot load key: there is no ${path}`,
        hint: /chat-client join/,
      });
      await Deno.writeTextFile(path, KEY, { mode: 0o600 });
      assert.equal(await loading(), KEY.trim());
    });
  },
);
