import assert from "node:assert/strict";
import { decodeBase64Url } from "@std/encoding/base64url";
import { converse } from "../../lib/client/conversation.ts";
import { MAX_TEXT_BYTES } from "../../lib/limits.ts";
import { fakeRoom, fakeUser } from "../support/fake_chat.ts";

Deno.test({
  name: "converse() tells a text that is one byte too long from the limit",
  permissions: "none",
  async fn() {
    const log: string[] = [];
    const user = fakeUser(log, [["x".repeat(MAX_TEXT_BYTES + 1)]]);
    await assert.rejects(converse(user, fakeRoom(log), { nickname: "al", stay: false }));
    assert.notEqual(log[0], "notify not sent: 40 kB of text, 40 kB is the most");
  },
});

Deno.test({
  name: "decodeBase64Url() throws on white space",
  permissions: "none",
  fn() {
    for (const text of ["A A A A", " AAAA", "AA\n", "AAAA\t"]) {
      assert.throws(() => decodeBase64Url(text), Error, text);
    }
  },
});
