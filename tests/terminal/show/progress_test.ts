import assert from "node:assert/strict";
import { ProgressRow } from "../../../lib/terminal/show/progress.ts";
import { pureTest } from "../../support/pure.ts";
import { messageOf, VirtualClient } from "../../support/virtual_client.ts";

pureTest("above() has one row that fits, or none", () => {
  const row = new ProgressRow();
  const view = {
    rows: [[{ text: "> a", style: "prompt" as const }]],
    cursor: { row: 0, column: 3 },
  };
  assert.equal(row.above(view, 20), view);
  row.text = "x".repeat(50);
  const above = row.above(view, 20);
  assert.equal(above.rows.length, 2);
  assert.equal(above.rows[0]!.map(({ text }) => text).join(""), `${"x".repeat(19)}…`);
  assert.deepEqual(above.cursor, { row: 1, column: 3 });
});

pureTest("progress leaves the draft alone while one types and messages come", async () => {
  await using client = await VirtualClient.open({ columns: 60, rows: 10 });
  const { terminal, client: user } = client;
  const draft = "a draft that goes on";
  for (let i = 0; i < draft.length; i++) {
    user.progress(`↓ a.bin  ${i} % of 30 MB`);
    await client.type(draft[i]!);
    if (i % 3 === 0) await client.show(messageOf(`message ${i}`));
    const rows = terminal.screen().filter((row) => row.trim() !== "");
    const seen = `\n${rows.join("\n")}`;
    assert.equal(rows.filter((row) => row.includes("% of 30 MB")).length, 1, seen);
    assert.ok(rows.at(-2)!.includes(` ${i} %`), seen);
    assert.equal(rows.at(-1)!.trimEnd(), `al> ${draft.slice(0, i + 1)}`.trimEnd(), seen);
    assert.deepEqual(terminal.cursor()[0], "al> ".length + i + 1);
  }
  assert.ok(terminal.all().filter((row) => row.includes("message")).length === 7);
  user.progress(undefined);
  await client.settle();
  assert.ok(terminal.all().every((row) => !row.includes("% of 30 MB")));
  await client.type("\r");
  assert.deepEqual(client.entered, [draft]);
});
