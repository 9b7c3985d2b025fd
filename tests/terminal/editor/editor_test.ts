import fc from "fast-check";
import assert from "node:assert/strict";
import { sayIn } from "../../../lib/messages/say.ts";
import { MAX_TEXT_BYTES } from "../../../lib/protocol/limits.ts";
import type { Action } from "../../../lib/terminal/editor/actions.ts";
import { Editor } from "../../../lib/terminal/editor/editor.ts";
import { History } from "../../../lib/terminal/editor/history.ts";
import {
  type Modifiers,
  pressed,
  type TtyEvent,
} from "../../../lib/terminal/input/input_events.ts";
import { splitClusters, textWidth } from "../../../lib/text/cluster.ts";
import { pureTest } from "../../support/pure.ts";

const SIZE = { columns: 60, maxRows: 9 };
const BELL = [{ kind: "bell" }];

function editorWith(...entries: string[]): Editor {
  return new Editor({
    say: sayIn("en"),
    prompt: [{ text: "> ", style: "prompt" }],
    history: new History(entries),
  });
}

const type = (editor: Editor, text: string) => editor.handle({ kind: "text", text });
const paste = (editor: Editor, text: string, isWhole = true) => {
  return editor.handle({ kind: "paste", text, isWhole });
};
function press(editor: Editor, name: string, modifiers?: Modifiers): readonly Action[] {
  return editor.handle(pressed(name, modifiers));
}
const ctrl = (editor: Editor, name: string) => press(editor, name, { ctrl: true });
const alt = (editor: Editor, name: string) => press(editor, name, { alt: true });
/** What Enter alone submits. */
const NOTHING = [{ kind: "submit", text: "" }];
const rowsOf = (editor: Editor, size = SIZE) => {
  return editor.view(size).rows.map((row) => row.map((span) => span.text).join(""));
};

pureTest("handle() submits what was typed, and remembers it", () => {
  const editor = editorWith();
  assert.deepEqual(press(editor, "enter"), NOTHING);
  type(editor, "hello");
  assert.deepEqual(press(editor, "enter"), [{ kind: "submit", text: "hello" }]);
  assert.equal(editor.text, "");
  assert.deepEqual(press(editor, "up"), []);
  assert.equal(editor.text, "hello");
  assert.deepEqual(press(editor, "up"), BELL);
});

pureTest("handle() submits nothing that shows nothing", () => {
  for (const text of ["   ", "\u00a0", "\u3000 ", "\u200b", "\u2800", " \n \n", "\u3164"]) {
    const editor = editorWith("old");
    paste(editor, text);
    assert.deepEqual(press(editor, "enter"), NOTHING, JSON.stringify(text));
    assert.equal(editor.text, "");
    press(editor, "up");
    assert.equal(editor.text, "old");
  }
  const editor = editorWith();
  type(editor, "  x ");
  assert.deepEqual(press(editor, "enter"), [{ kind: "submit", text: "  x " }]);
});

pureTest("handle() binds the keys of readline", () => {
  const editor = editorWith();
  type(editor, "one two three");
  ctrl(editor, "a");
  alt(editor, "f");
  ctrl(editor, "k");
  assert.equal(editor.text, "one");
  ctrl(editor, "y");
  ctrl(editor, "w");
  assert.equal(editor.text, "one two ");
  alt(editor, "backspace");
  ctrl(editor, "h");
  ctrl(editor, "t");
  assert.equal(editor.text, "oen");
  ctrl(editor, "_");
  ctrl(editor, "b");
  ctrl(editor, "d");
  assert.equal(editor.text, "on");
  ctrl(editor, "u");
  assert.equal(editor.text, "");
  assert.deepEqual(ctrl(editor, "l"), [{ kind: "clear" }]);
  assert.deepEqual(ctrl(editor, "f"), BELL);
  assert.deepEqual(ctrl(editor, "a"), []);
  assert.deepEqual(press(editor, "insert"), []);
  assert.deepEqual(ctrl(editor, "d"), [{ kind: "end" }]);
  assert.deepEqual(ctrl(editor, "c"), [{ kind: "interrupt" }]);
});

pureTest(
  "handle() takes one sign with Backspace, and the cluster with Delete and the arrows",
  () => {
    const editor = editorWith();
    type(editor, "x हिन्दी");
    press(editor, "backspace");
    assert.equal(editor.text, "x हिन्द");
    ctrl(editor, "h");
    assert.equal(editor.text, "x हिन्");
    press(editor, "left");
    press(editor, "left");
    assert.equal(editor.cursor, 2);
    press(editor, "delete");
    assert.equal(editor.text, "x न्");
    ctrl(editor, "_");
    assert.equal(editor.text, "x हिन्");
  },
);

pureTest("handle() goes up in the draft first, and then in the history", () => {
  const editor = editorWith("old");
  type(editor, "a");
  alt(editor, "enter");
  type(editor, "b");
  press(editor, "up");
  assert.equal(editor.cursor, 1);
  ctrl(editor, "p");
  assert.equal(editor.text, "old");
  ctrl(editor, "n");
  assert.equal(editor.text, "a\nb");
  assert.deepEqual(press(editor, "enter"), [{ kind: "submit", text: "a\nb" }]);
});

pureTest("interrupt() drops the draft, and leaves the second time", () => {
  const editor = editorWith();
  assert.equal(editor.interrupt(), "warned");
  assert.deepEqual(rowsOf(editor), ["> ", "Ctrl-C again leaves"]);
  assert.equal(editor.interrupt(), "leave");
  type(editor, "draft");
  assert.deepEqual(rowsOf(editor), ["> draft"]);
  assert.equal(editor.interrupt(), "discarded");
  assert.equal(editor.text, "");
  press(editor, "up");
  assert.equal(editor.text, "draft");
  assert.equal(editor.interrupt(), "discarded");
  ctrl(editor, "y");
  assert.equal(editor.text, "draft");
  editor.interrupt();
  assert.equal(editor.interrupt(), "leave");
});

pureTest("handle() searches the history letter by letter", () => {
  const editor = editorWith("make test", "bake", "make it");
  type(editor, "draft");
  ctrl(editor, "r");
  type(editor, "ma");
  type(editor, "ke");
  assert.deepEqual(rowsOf(editor), ['search "make": make it']);
  ctrl(editor, "r");
  assert.deepEqual(rowsOf(editor), ['search "make": make test']);
  assert.deepEqual(ctrl(editor, "r"), BELL);
  assert.deepEqual(rowsOf(editor), ['nothing older has "make": make test']);
  ctrl(editor, "g");
  assert.equal(editor.text, "draft");
  ctrl(editor, "r");
  type(editor, "bax");
  press(editor, "backspace");
  assert.deepEqual(editor.view(SIZE).rows, [[
    { text: 'search "ba": ', style: "prompt" },
    { text: "ba", style: "match" },
    { text: "ke", style: "plain" },
  ]]);
  ctrl(editor, "e");
  type(editor, "d");
  assert.equal(editor.text, "baked");
  press(editor, "down");
  press(editor, "down");
  assert.equal(editor.text, "draft");
});

pureTest("handle() submits what was found, and nothing if nothing was", () => {
  const editor = editorWith("make it");
  ctrl(editor, "r");
  type(editor, "it");
  assert.deepEqual(press(editor, "enter"), [{ kind: "submit", text: "make it" }]);
  type(editor, "draft");
  ctrl(editor, "r");
  assert.deepEqual(type(editor, "x"), BELL);
  assert.deepEqual(press(editor, "enter"), BELL);
  assert.equal(editor.text, "draft");
  ctrl(editor, "r");
  assert.equal(editor.interrupt(), "discarded");
  assert.equal(editor.text, "draft");
});

pureTest("offer() puts a single candidate in, and goes through several", () => {
  const editor = editorWith();
  type(editor, "hi al");
  assert.deepEqual(press(editor, "tab"), [{
    kind: "complete",
    before: "hi al",
  }]);
  assert.deepEqual(editor.offer({ start: 3, candidates: ["alice"] }), []);
  assert.equal(editor.text, "hi alice");
  assert.deepEqual(rowsOf(editor), ["> hi alice"]);
  ctrl(editor, "u");
  press(editor, "tab");
  editor.offer({ start: 0, candidates: ["a", "bb", "c"] });
  assert.deepEqual(editor.view(SIZE).rows[1]?.slice(0, 3), [
    { text: "a", style: "match" },
    { text: "  bb  c  ", style: "hint" },
  ]);
  press(editor, "tab");
  assert.equal(editor.text, "bb");
  press(editor, "tab", { shift: true });
  press(editor, "tab", { shift: true });
  assert.equal(editor.text, "c");
  type(editor, "!");
  assert.deepEqual(rowsOf(editor), ["> c!"]);
  assert.equal(press(editor, "tab")[0]?.kind, "complete");
});

pureTest("offer() is left aside if a key came since, and rings if there is nothing", () => {
  const editor = editorWith();
  type(editor, "a");
  press(editor, "tab");
  assert.deepEqual(editor.offer({ start: 0, candidates: [] }), BELL);
  assert.deepEqual(editor.offer({ start: 0, candidates: ["late"] }), []);
  press(editor, "tab");
  press(editor, "left");
  editor.offer({ start: 0, candidates: ["late"] });
  assert.equal(editor.text, "a");
  press(editor, "end");
  press(editor, "tab", { shift: true });
  editor.offer({ start: 0, candidates: ["x", "y"] });
  assert.equal(editor.text, "y");
});

pureTest("handle() keeps a paste that comes during the question about another", () => {
  const editor = editorWith();
  paste(editor, "x\n".repeat(11));
  paste(editor, "second\n");
  assert.deepEqual(paste(editor, "third"), []);
  assert.deepEqual(rowsOf(editor), ["> ", "Paste 13 lines as one message? (y/n)"]);
  type(editor, "y");
  assert.equal(editor.text, "x\n".repeat(11) + "second\nthird");
  editor.interrupt();
  for (const cancel of [() => type(editor, "n"), () => editor.interrupt()]) {
    paste(editor, "x\n".repeat(11));
    paste(editor, "second");
    cancel();
    assert.equal(editor.text, "");
    paste(editor, "y");
    assert.equal(editor.text, "y");
    editor.interrupt();
  }
});

pureTest("handle() says why a paste is not added to the one that it asks about", () => {
  const editor = editorWith();
  paste(editor, "x\n".repeat(11));
  assert.deepEqual(paste(editor, "y".repeat(MAX_TEXT_BYTES - 22)), []);
  assert.deepEqual(paste(editor, "z"), BELL);
  const wide = { columns: 200, maxRows: 9 };
  const question = "Paste 12 lines as one message? (y/n)";
  const limit = `${MAX_TEXT_BYTES}`;
  assert.deepEqual(rowsOf(editor, wide), [
    "> ",
    `${question} too long: ${MAX_TEXT_BYTES + 1} bytes, and a message holds ${limit}`,
  ]);
  assert.deepEqual(paste(editor, "", false), BELL);
  assert.deepEqual(rowsOf(editor, wide), [
    "> ",
    `${question} too long to paste: a message holds ${limit} bytes`,
  ]);
  type(editor, "y");
  assert.equal(editor.text, "x\n".repeat(11) + "y".repeat(MAX_TEXT_BYTES - 22));
});

pureTest("handle() submits nothing that stands for bytes that are not UTF-8", () => {
  const wide = { columns: 80, maxRows: 9 };
  const told = "your terminal sent what is not UTF-8: \ufffd stands for it";
  for (
    const event of [
      { kind: "text", text: "caf\ufffd", isBroken: true },
      { kind: "paste", text: "caf\ufffd", isWhole: true, isBroken: true },
    ] as const
  ) {
    const editor = editorWith();
    type(editor, "\ufffd");
    assert.deepEqual(press(editor, "enter"), [{ kind: "submit", text: "\ufffd" }]);
    assert.deepEqual(editor.handle(event), BELL);
    assert.deepEqual(rowsOf(editor, wide), ["> caf\ufffd", told]);
    assert.deepEqual(press(editor, "enter"), BELL);
    assert.deepEqual(rowsOf(editor, wide), ["> caf\ufffd", "not sent: a line is not UTF-8"]);
    // Once discarded and recalled it is no better.
    editor.interrupt();
    press(editor, "up");
    assert.deepEqual(press(editor, "enter"), BELL);
    press(editor, "backspace");
    type(editor, "é");
    assert.deepEqual(press(editor, "enter"), [{ kind: "submit", text: "café" }]);
  }
});

pureTest("handle() asks before a paste of more than ten lines", () => {
  const ten = "x\n".repeat(10);
  const editor = editorWith();
  paste(editor, ten);
  assert.equal(editor.text, ten.slice(0, -1));
  ctrl(editor, "c");
  editor.interrupt();
  for (const answer of [() => type(editor, "y"), () => press(editor, "enter")]) {
    paste(editor, ten + "y");
    assert.deepEqual(rowsOf(editor), ["> ", "Paste 11 lines as one message? (y/n)"]);
    assert.deepEqual(rowsOf(editor, { columns: 60, maxRows: 1 }), [
      "Paste 11 lines as one message? (y/n)",
    ]);
    assert.deepEqual(type(editor, "x"), BELL);
    assert.deepEqual(answer(), []);
    assert.equal(editor.text, ten + "y");
    editor.interrupt();
  }
  for (
    const answer of [
      () => type(editor, "N"),
      () => press(editor, "escape"),
      () => editor.interrupt(),
    ]
  ) {
    paste(editor, ten + "y");
    answer();
    assert.equal(editor.text, "");
    assert.equal(rowsOf(editor).includes("Paste 11 lines as one message? (y/n)"), false);
  }
});

pureTest("handle() refuses what is too long, and says how long it is", () => {
  const editor = editorWith();
  assert.deepEqual(paste(editor, "a".repeat(MAX_TEXT_BYTES + 1)), BELL);
  const refused = "too long: 40001 bytes, and a message holds 40000";
  assert.deepEqual(rowsOf(editor), ["> ", refused]);
  assert.deepEqual(paste(editor, "a\n".repeat(30_000)), BELL);
  assert.equal(rowsOf(editor)[1], "too long: 59999 bytes, and a message holds 40000");
  assert.deepEqual(paste(editor, "", false), BELL);
  assert.equal(rowsOf(editor)[1], "too long to paste: a message holds 40000 bytes");
  paste(editor, "a".repeat(MAX_TEXT_BYTES));
  assert.deepEqual(type(editor, "b"), BELL);
  assert.equal(rowsOf(editor).at(-1), refused);
});

pureTest("setPrompt() changes what is shown before the draft", () => {
  const editor = editorWith();
  type(editor, "a");
  editor.setPrompt([{ text: "bob> ", style: "offline" }]);
  assert.deepEqual(rowsOf(editor), ["bob> a"]);
});

pureTest("typing alone makes the text that was typed", () => {
  const texts = fc.array(fc.string({ unit: "grapheme" }));
  fc.assert(fc.property(texts, (texts) => {
    const editor = editorWith();
    for (const text of texts) type(editor, text);
    assert.equal(editor.text, texts.join("").toWellFormed().replace(/\r\n?/g, "\n"));
  }));
});

pureTest("any keys leave the cursor between clusters, and a view that fits", () => {
  const text = fc.constantFrom("a", "b ", "漢", "\u0301", "🇫", "🇷", "👩", "\u200d", "🚀", "y", "n");
  const names = "enter tab backspace delete up down left right home end escape pageup".split(" ");
  const name = fc.constantFrom(...names, ..."abcdefghklnprtuwy_<>");
  const key = fc.tuple(name, fc.constantFrom({}, { ctrl: true }, { alt: true }, { shift: true }));
  const event = fc.oneof<fc.Arbitrary<TtyEvent>[]>(
    text.map((text): TtyEvent => ({ kind: "text", text })),
    key.map(([name, modifiers]): TtyEvent => pressed(name, modifiers)),
    fc.constantFrom("x\ny", "x\n".repeat(12), "\x1b\t\u202e", "a".repeat(30_000)).map(
      (text): TtyEvent => ({ kind: "paste", text, isWhole: true }),
    ),
  );
  const size = fc.record({
    columns: fc.integer({ min: 1, max: 90 }),
    maxRows: fc.integer({ min: 1, max: 9 }),
  });
  const step = fc.tuple(event, size, fc.nat(20));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const editor = editorWith("one 漢", "two\nlines");
      for (const [event, size, dice] of steps) {
        const actions = editor.handle(event);
        if (actions[0]?.kind === "complete" && dice > 5) {
          editor.offer({ start: dice - 10, candidates: ["alice", "👩‍🚀", "\u0301"] });
        }
        if (dice === 0) editor.interrupt();
        const { rows, cursor } = editor.view(size);
        assert.ok(rows.length >= 1 && rows.length <= size.maxRows);
        assert.ok(cursor.row < rows.length && cursor.column < size.columns);
        for (const row of rows) {
          assert.ok(textWidth(row.map((span) => span.text).join("")) <= size.columns);
        }
        let index = 0;
        const boundaries = new Set([0]);
        for (const cluster of splitClusters(editor.text)) {
          boundaries.add(index += cluster.text.length);
        }
        assert.ok(boundaries.has(editor.cursor));
      }
    }),
    { numRuns: 150 },
  );
});

pureTest("Editor takes a key within a moment in the longest of drafts", () => {
  for (const unit of ["hello ", "👍🏽👩‍🚀❤️🇫🇷", "漢字かな", "e\u0301a\u0300", "สวัสดี "]) {
    const editor = new Editor({ say: sayIn("en"), prompt: [{ text: "> ", style: "prompt" }] });
    const bytes = new TextEncoder().encode(unit).length;
    editor.handle({ kind: "text", text: unit.repeat(Math.floor(39_900 / bytes)) });
    const times = Array.from({ length: 9 }, () => {
      const began = performance.now();
      editor.handle({ kind: "text", text: "x" });
      editor.view({ columns: 80, maxRows: 23 });
      return performance.now() - began;
    });
    // It takes 20 ms at most; laid out anew cluster by cluster, it took half a second.
    const median = times.toSorted((a, b) => a - b)[4]!;
    assert.ok(median < 80, `${unit}: ${median} ms`);
  }
});
