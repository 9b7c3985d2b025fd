import assert from "node:assert/strict";
import {
  countRowsAbove,
  type CursorPosition,
  type DrawnPrompt,
  drawPrompt,
  erasePrompt,
} from "../../../lib/terminal/screen/prompt_area.ts";
import type { PromptView } from "../../../lib/terminal/screen/prompt_view.ts";
import { makeTheme } from "../../../lib/terminal/screen/theme.ts";
import { pureTest } from "../../support/pure.ts";

const ERASE_DOWN = "\x1b[K\x1b[C\x1b[J\r";

function viewOf(rows: readonly string[], row: number, column: number): PromptView {
  return { rows: rows.map((text) => [{ text, style: "plain" }]), cursor: { row, column } };
}

function draw(view: PromptView, columns = 10, maxRows = 9) {
  return drawPrompt(view, { theme: makeTheme(0), columns, maxRows });
}

pureTest("drawPrompt() draws rows, goes up to the cursor's, and there to its column", () => {
  const { text, drawn } = draw(viewOf(["> ab", "  c", "  d"], 1, 3));
  const rows = "> ab\x1b[K\r\n  c\x1b[K\r\n  d\x1b[K";
  assert.equal(text, `\x1b[?7l${rows}\x1b[1A\x1b[4G\x1b[?7h`);
  const cells = [[1, 1, 1, 1], [1, 1, 1], [1, 1, 1]];
  assert.deepEqual(drawn, { columns: 10, rows: 10, cells, row: 1, column: 3 });
});

pureTest("drawPrompt() erases nothing behind a full row, where that would take a character", () => {
  assert.equal(draw(viewOf(["0123456789"], 0, 0)).text, "\x1b[?7l0123456789\x1b[1G\x1b[?7h");
  assert.equal(draw(viewOf(["012345678"], 0, 0)).text, "\x1b[?7l012345678\x1b[K\x1b[1G\x1b[?7h");
});

pureTest("drawPrompt() leaves autowrap off to its end", () => {
  const { text } = draw(viewOf(["👍🏽a", "b"], 0, 0));
  assert.equal(text.indexOf("\x1b[?7h"), text.length - "\x1b[?7h".length);
});

pureTest("drawPrompt() draws the rows around the cursor, and keeps the cursor inside", () => {
  const rows = ["a", "b", "c", "d"];
  for (const [row, first] of [[0, 0], [1, 1], [2, 2], [3, 2]] as const) {
    const { text, drawn } = draw(viewOf(rows, row, 99), 10, 2);
    assert.ok(text.startsWith(`\x1b[?7l${rows[first]}`), `${row}`);
    assert.deepEqual([drawn.row, drawn.column, drawn.cells.length], [row - first, 9, 2]);
  }
});

pureTest("erasePrompt() goes to where the prompt began", () => {
  assert.equal(erasePrompt(0), `\r${ERASE_DOWN}`);
  assert.equal(erasePrompt(3), `\r\x1b[3A${ERASE_DOWN}`);
});

/** A prompt of rows of single columns that was drawn at 10x9. */
function drawnOf(lengths: readonly number[], row: number, column: number): DrawnPrompt {
  return { columns: 10, rows: 9, cells: lengths.map((n) => Array(n).fill(1)), row, column };
}

function count(
  drawn: DrawnPrompt,
  reflow: "none" | "breaks" | "drifts",
  size: { columns: number; rows?: number },
  answer?: CursorPosition,
): Promise<number> {
  const askCursor = () => Promise.resolve(answer);
  return countRowsAbove(drawn, { rows: 9, ...size, reflow, askCursor });
}

pureTest("countRowsAbove() is the cursor's row where no row was broken", async () => {
  const drawn = drawnOf([10, 10, 3], 2, 1);
  assert.equal(await count(drawn, "none", { columns: 4 }), 2);
  assert.equal(await count(drawn, "breaks", { columns: 10 }), 2);
  assert.equal(await count(drawn, "breaks", { columns: 11 }), 2);
  assert.equal(await count(drawn, "drifts", { columns: 10 }), 2);
});

pureTest("countRowsAbove() counts what the rows above were broken into", async () => {
  const drawn = drawnOf([10, 4, 3], 2, 1);
  assert.equal(await count(drawn, "breaks", { columns: 9 }), 3);
  assert.equal(await count(drawn, "breaks", { columns: 5 }), 3);
  assert.equal(await count(drawn, "breaks", { columns: 3 }), 4 + 2);
  const wide: DrawnPrompt = { ...drawn, cells: [[2, 2, 2], [1]], row: 1 };
  assert.equal(await count(wide, "breaks", { columns: 3 }), 3, "no wide character is halved");
});

pureTest("countRowsAbove() asks whether the cursor's own row was broken", async () => {
  const drawn = drawnOf([10, 10], 1, 7);
  // Broken at 5, the cursor is in the second part of its row, in the third column.
  assert.equal(await count(drawn, "breaks", { columns: 5 }, { row: 1, column: 3 }), 2 + 1);
  for (const answer of [undefined, { row: 1, column: 2 }, { row: 1, column: 5 }]) {
    assert.equal(await count(drawn, "breaks", { columns: 5 }, answer), 2);
  }
  const atEdge = drawnOf([10], 0, 9);
  assert.equal(await count(atEdge, "breaks", { columns: 5 }, { row: 1, column: 5 }), 0);
});

pureTest("countRowsAbove() follows a cursor that drifts with each row added below it", async () => {
  assert.equal(await count(drawnOf([4, 10], 0, 1), "drifts", { columns: 5 }), 1);
  assert.equal(await count(drawnOf([10, 4], 1, 1), "drifts", { columns: 5 }), 2);
  assert.equal(await count(drawnOf([10, 4], 0, 1), "drifts", { columns: 5 }), 0);
  assert.equal(await count(drawnOf([4, 10], 0, 1), "drifts", { columns: 5, rows: 8 }), 0);
});
