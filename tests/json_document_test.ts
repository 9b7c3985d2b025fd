import assert from "node:assert/strict";
import { sayIn } from "../lib/messages/say.ts";
import { MAX_REF_CHARS, parseJsonInput } from "../lib/script/json_input.ts";
import { MAX_JSON_LINE_BYTES } from "../lib/script/json_interface.ts";
import { formatJsonLine } from "../lib/text/json_text.ts";
import { readBlocks, readDocument } from "./support/documents.ts";
import { testNeeding } from "./support/needs.ts";
import { isValid, typesOf } from "./support/schema.ts";

const NEEDS = ["read", "env"] as const;
const SAY = sayIn("en");

async function linesOf(info: string): Promise<string[]> {
  const blocks = readBlocks(await readDocument("docs/JSON.md"));
  return blocks.filter((block) => block.info === info).flatMap(({ lines }) => lines);
}

testNeeding(NEEDS, "every input in docs/JSON.md is one, by schema and parser", async () => {
  const lines = await linesOf("in");
  for (const line of lines) {
    assert.deepEqual(parseJsonInput(line, SAY), { input: JSON.parse(line) });
    assert.ok(isValid(JSON.parse(line), "input"), line);
  }
  const types = new Set(lines.map((line) => JSON.parse(line).type));
  assert.deepEqual([...types].sort(), typesOf("input"));
});

testNeeding(NEEDS, "every line that docs/JSON.md calls no input is none", async () => {
  const lines = await linesOf("no-in");
  assert.equal(lines.length, 9);
  for (const line of lines) assert.ok("mistake" in parseJsonInput(line, SAY), line);
  for (const line of lines.slice(1)) {
    // A schema does not tell lone surrogates.
    if (!line.includes("ud800")) assert.ok(!isValid(JSON.parse(line), "input"), line);
  }
});

testNeeding(
  NEEDS,
  "every output in docs/JSON.md is one, and each type has an example",
  async () => {
    const lines = await linesOf("out");
    for (const line of lines) {
      const value = JSON.parse(line);
      assert.ok(isValid(value, "output"), line);
      assert.equal(formatJsonLine(value), line + "\n");
      const { type: _, ...rest } = value;
      assert.ok(!isValid(rest, "output"), line);
    }
    const types = new Set(lines.map((line) => JSON.parse(line).type));
    assert.deepEqual([...types].sort(), typesOf("output"));
  },
);

testNeeding(NEEDS, "the Python bot in docs/JSON.md has 15 lines", async () => {
  const code = (await linesOf("python")).filter((line) => line !== "");
  assert.ok(code.length <= 15, `${code.length}`);
});

testNeeding(NEEDS, "docs/JSON.md and the schema have the limits of the code", async () => {
  const text = await readDocument("docs/JSON.md");
  assert.ok(text.includes(`at most ${MAX_JSON_LINE_BYTES.toLocaleString("en")} bytes`));
  assert.ok(text.includes(`1 to ${MAX_REF_CHARS} characters`));
  for (const [length, valid] of [[0, false], [MAX_REF_CHARS, true], [MAX_REF_CHARS + 1, false]]) {
    const ref = "x".repeat(length as number);
    assert.equal(isValid({ type: "quit", ref }, "input"), valid);
  }
});
