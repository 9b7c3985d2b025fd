import assert from "node:assert/strict";
import { sayIn } from "../../../lib/messages/say.ts";
import { type EditorViewOptions, viewEditor } from "../../../lib/terminal/editor/editor_view.ts";
import { pureTest } from "../../support/pure.ts";

function view(options: Partial<EditorViewOptions>) {
  const { rows, cursor } = viewEditor({
    columns: 40,
    maxRows: 3,
    say: sayIn("en"),
    prompt: [{ text: "> ", style: "prompt" }],
    draft: { text: "a\nb\nc", cursor: 5 },
    search: undefined,
    hint: [],
    isAsking: false,
    ...options,
  });
  const texts = rows.map((row) => row.map(({ text }) => text).join(""));
  return [texts, [cursor.row, cursor.column]];
}

const hint = [{ text: "hint", style: "hint" }] as const;

pureTest("viewEditor() gives the last row to a hint", () => {
  assert.deepEqual(view({ maxRows: 4, hint }), [["> a", "  b", "  c", "hint"], [2, 3]]);
  assert.deepEqual(view({ hint }), [["  b", "  c", "hint"], [1, 3]]);
  assert.deepEqual(view({ hint, columns: 3 })[0], ["b", "c", "hi…"]);
});

pureTest("viewEditor() gives no row to a hint that says nothing", () => {
  assert.deepEqual(view({ hint: [] })[0], ["> a", "  b", "  c"]);
  assert.deepEqual(view({ hint: [{ text: "", style: "hint" }] })[0], ["> a", "  b", "  c"]);
});

pureTest("viewEditor() gives a single row to a question, but to no other hint", () => {
  assert.deepEqual(view({ maxRows: 1, hint }), [["  c"], [0, 3]]);
  assert.deepEqual(view({ maxRows: 1, hint, isAsking: true }), [["hint"], [0, 0]]);
});

pureTest("viewEditor() shows a search with what was found in place of the draft", () => {
  const found = { index: 0, text: "make tea", start: 5 };
  const search = { query: "te", found, hasFailed: false };
  assert.deepEqual(view({ search }), [['search "te": make tea'], [0, 18]]);
  const { rows } = viewEditor({
    ...{ columns: 40, maxRows: 3, say: sayIn("en"), prompt: [], hint: [], isAsking: false },
    ...{ draft: { text: "", cursor: 0 }, search },
  });
  assert.deepEqual(rows[0]!.filter(({ style }) => style === "match"), [
    { text: "te", style: "match" },
  ]);
});

pureTest("viewEditor() marks nothing where a search has failed", () => {
  const found = { index: 0, text: "make tea", start: 5 };
  const search = { query: "tex", found, hasFailed: true };
  assert.deepEqual(view({ search })[0], ['nothing older has "tex": make tea']);
  const draft = { text: "draft", cursor: 2 };
  const none = { query: "x", found: undefined, hasFailed: true };
  assert.deepEqual(view({ search: none, draft }), [['nothing older has "x": draft'], [0, 25]]);
});
