import fc from "fast-check";
import assert from "node:assert/strict";
import { Lastlog } from "../../lib/chat/lastlog.ts";
import { MAX_LASTLOG_CHARS, MAX_LASTLOG_MESSAGES } from "../../lib/chat/limits.ts";
import type { ShownMessage } from "../../lib/client/events.ts";
import { message } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

function shown(text: string, nickname: string | undefined = "bob"): ShownMessage {
  return { ...message(text), nickname, isOwn: false, isMention: false };
}

function textsOf(lastlog: Lastlog, pattern: string): string[] {
  return lastlog.find(pattern).map(({ text }) => text);
}

pureTest("Lastlog.find() looks at names and texts, whatever their case, the oldest first", () => {
  const lastlog = new Lastlog();
  lastlog.add(shown("Hello"));
  lastlog.add(shown("nothing", "Hella"));
  lastlog.add({ ...shown("<py> hello"), nickname: undefined });
  assert.deepEqual(textsOf(lastlog, "HELL"), ["Hello", "nothing", "<py> hello"]);
  assert.deepEqual(textsOf(lastlog, "<bob>"), ["Hello"]);
  assert.deepEqual(textsOf(lastlog, "[a-z]"), [], "a text, not an expression");
});

pureTest("Lastlog.add() keeps the last 10,000", () => {
  const lastlog = new Lastlog();
  for (let i = 0; i < 3 * MAX_LASTLOG_MESSAGES + 7; i++) lastlog.add(shown(`${i}`));
  const texts = textsOf(lastlog, "");
  assert.equal(texts.length, MAX_LASTLOG_MESSAGES);
  assert.deepEqual([texts[0], texts.at(-1)], ["20007", "30006"]);
});

pureTest("Lastlog.add() keeps the longest end that has 4 Mi characters, and one at least", () => {
  const lengths = fc.array(fc.constantFrom(0, 1, 1000, 2 ** 20, 2 ** 21, 2 ** 23), {
    maxLength: 30,
  });
  fc.assert(fc.property(lengths, (all) => {
    const lastlog = new Lastlog();
    for (const length of all) lastlog.add(shown("x".repeat(length)));
    const kept = textsOf(lastlog, "").map(({ length }) => length);
    assert.deepEqual(kept, all.slice(all.length - kept.length), "the last ones");
    const sum = kept.reduce((a, b) => a + b, 0);
    assert.ok(sum <= MAX_LASTLOG_CHARS || kept.length === 1);
    const before = all.at(-kept.length - 1);
    if (kept.length < all.length) assert.ok(sum + before! > MAX_LASTLOG_CHARS);
  }));
});
