import assert from "node:assert/strict";
import { sayIn } from "../../../lib/messages/say.ts";
import { formatPrompt } from "../../../lib/terminal/show/prompt_text.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("formatPrompt() tells who writes to whom, and whether it can go out", () => {
  const format = (connection: "connecting" | "online" | "offline", recipient?: string) => {
    return formatPrompt({ nickname: "al", recipient, connection }, sayIn("en"));
  };
  assert.deepEqual(format("online"), [{ text: "al> ", style: "prompt" }]);
  assert.deepEqual(format("connecting"), [{ text: "al (connecting)> ", style: "offline" }]);
  assert.deepEqual(format("offline", "bob"), [{ text: "al → bob (offline)> ", style: "offline" }]);
  assert.deepEqual(format("online", "x> \x1b"), [{ text: "al → <x> ␛>> ", style: "prompt" }]);
});
