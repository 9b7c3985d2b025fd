import assert from "node:assert/strict";
import { MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import { SingleMessage } from "../../lib/script/single_message.ts";
import { fakeRoom, message, talk } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";
import { inWords } from "../support/wordings.ts";

pureTest("SingleMessage sends its text as it is, and tells nothing of others", async () => {
  const log: string[] = [];
  const reported: string[] = [];
  const user = new SingleMessage("/quit\nnow", (line) => void reported.push(line));
  const joined = { kind: "joined", id: "A", nickname: "eve", trust: "verified" } as const;
  await talk(user, fakeRoom(log, [[message("hello"), joined]]));
  assert.deepEqual(log, ["chat /quit\nnow", "finish"]);
  assert.deepEqual(reported, []);
});

pureTest("SingleMessage reports a lost connection, and fails if its text is too long", async () => {
  const reported: string[] = [];
  const text = "x".repeat(MAX_TEXT_BYTES + 1);
  const user = new SingleMessage(text, (line) => void reported.push(line));
  const lost = { kind: "disconnected", reason: inWords("gone\x1b") } as const;
  await assert.rejects(talk(user, fakeRoom([], [[lost]])), /1 refused/);
  assert.deepEqual(reported.sort(), [
    "gone␛; connecting again",
    "not sent: 40001 bytes of text (40 kB is the most)",
  ]);
});
