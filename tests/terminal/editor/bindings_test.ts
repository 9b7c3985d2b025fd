import assert from "node:assert/strict";
import { findBinding } from "../../../lib/terminal/editor/bindings.ts";
import { Draft } from "../../../lib/terminal/editor/draft.ts";
import { type Modifiers, pressed } from "../../../lib/terminal/input/input_events.ts";
import { pureTest } from "../../support/pure.ts";

/** What a key makes of `one two` with the cursor before `two`. */
function edit(name: string, modifiers?: Modifiers): string {
  const draft = new Draft();
  draft.replace("one two", 4);
  const binding = findBinding(pressed(name, modifiers));
  if (typeof binding === "function") binding(draft);
  return `${draft.text.slice(0, draft.cursor)}|${draft.text.slice(draft.cursor)}`;
}

pureTest("findBinding() knows the keys that edit", () => {
  for (
    const [after, ...keys] of [
      ["one| two", ["left"], ["b", { ctrl: true }], ["left", { shift: true }]],
      ["one t|wo", ["right"], ["f", { ctrl: true }]],
      ["|one two", ["home"], ["a", { ctrl: true }], ["b", { alt: true }], ["left", { ctrl: true }]],
      ["|one two", ["left", { alt: true }], ["home", { ctrl: true }]],
      ["one two|", ["end"], ["e", { ctrl: true }], ["f", { alt: true }], ["right", { ctrl: true }]],
      ["one two|", ["right", { alt: true }], ["end", { ctrl: true }]],
      ["one|two", ["backspace"], ["h", { ctrl: true }]],
      ["one |wo", ["delete"]],
      ["one |", ["k", { ctrl: true }], ["d", { alt: true }], ["delete", { ctrl: true }]],
      ["|two", ["u", { ctrl: true }], ["w", { ctrl: true }], ["backspace", { alt: true }]],
      ["one \n|two", ["enter", { alt: true }], ["enter", { shift: true }]],
      ["onet |wo", ["t", { ctrl: true }]],
    ] as const
  ) {
    for (const [name, modifiers] of keys) {
      assert.equal(edit(name, modifiers), after, `${name} ${JSON.stringify(modifiers)}`);
    }
  }
});

pureTest("findBinding() knows the keys that do more", () => {
  assert.equal(findBinding(pressed("enter")), "submit");
  assert.equal(findBinding(pressed("tab")), "complete");
  assert.equal(findBinding(pressed("tab", { shift: true })), "complete-backward");
  assert.equal(findBinding(pressed("p", { ctrl: true })), "older");
  assert.equal(findBinding(pressed("n", { ctrl: true })), "newer");
  assert.equal(findBinding(pressed("q", { ctrl: true })), undefined);
});
