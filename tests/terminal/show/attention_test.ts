import fc from "fast-check";
import assert from "node:assert/strict";
import type { BellMode } from "../../../lib/client/events.ts";
import { Attention, notifySequence, titleSequence } from "../../../lib/terminal/show/attention.ts";
import { anyCharacter, textOf } from "../../support/arbitrary_text.ts";
import { pureTest } from "../../support/pure.ts";

const CHAT = {
  form: "chat",
  age: "live",
  isOwn: false,
  isMention: false,
  nickname: "bob",
  text: "hi",
} as const;
const KINDS = [CHAT, { ...CHAT, isMention: true }, { ...CHAT, form: "private" as const }];

function attend(bell: BellMode, notify = false) {
  let now = 0;
  const options = { bell, notify, isInTmux: false, room: "room" };
  // A second passes between any two messages.
  return new Attention({ ...options, monotonic: () => now += 1000 });
}

pureTest("signal() rings for what the user chose", () => {
  const rung = (bell: BellMode) => KINDS.map((message) => attend(bell).signal(message) === "\x07");
  assert.deepEqual(rung("off"), [false, false, false]);
  assert.deepEqual(rung("pm"), [false, false, true]);
  assert.deepEqual(rung("mention"), [false, true, true]);
  assert.deepEqual(rung("all"), [true, true, true]);
});

pureTest("signal() is silent for old messages, one's own, and a flood", () => {
  const attention = attend("all", true);
  assert.equal(attention.signal({ ...CHAT, age: "old" }), "");
  assert.equal(attention.signal({ ...CHAT, isOwn: true }), "");
  assert.equal(attention.title, "room — chat");
  const options = { bell: "all", notify: false, isInTmux: false, room: "room" } as const;
  const flooded = new Attention({ ...options, monotonic: () => 0 });
  const signals = Array.from({ length: 9 }, () => flooded.signal(CHAT));
  assert.deepEqual(signals.filter((signal) => signal !== ""), ["\x07", "\x07"]);
  assert.equal(flooded.title, "(9) room — chat");
});

pureTest("signal() notifies without a bell of what is for the user", () => {
  const attention = attend("off", true);
  assert.equal(attention.signal(CHAT), "");
  const notice = "\x1b]9;bob: hi\x07\x1b]777;notify;bob;hi\x07";
  assert.equal(attention.signal({ ...CHAT, isMention: true }), notice);
  assert.equal(attend("all", true).signal(CHAT), `\x07${notice}`);
});

pureTest("notifySequence() wraps itself for tmux", () => {
  const wrapped = "\x1bPtmux;\x1b\x1b]9;a: b\x07\x1b\\\x1bPtmux;\x1b\x1b]777;notify;a;b\x07\x1b\\";
  assert.equal(notifySequence("a", "b", true), wrapped);
});

pureTest("notifySequence() and titleSequence() are bounded and end where they should", () => {
  fc.assert(fc.property(textOf(anyCharacter, 300), textOf(anyCharacter, 300), (title, body) => {
    // deno-lint-ignore no-control-regex -- our own sequences
    const shape = /^\x1b\]9;([^;\p{Cc}]*)\x07\x1b\]777;notify;([^;\p{Cc}]*);([^;\p{Cc}]*)\x07$/u;
    const match = notifySequence(title, body, false).match(shape);
    assert.ok(match && match.every((part) => part.length < 1000));
    // deno-lint-ignore no-control-regex -- our own sequence
    assert.match(titleSequence(title), /^\x1b\]2;\P{Cc}{0,200}\x07$/u);
  }));
});
