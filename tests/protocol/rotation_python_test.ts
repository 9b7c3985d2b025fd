import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { ROOT } from "../support/programs.ts";
import { runPython } from "../support/python.ts";

testNeeding(
  ["read", "run", "env", "python3-cryptography"],
  "a script that knows docs/PROTOCOL.md alone makes the same boxes, rotations and knocks",
  async () => {
    const script = await Deno.readTextFile(`${ROOT}tests/support/rotation_example.py`);
    const told = await runPython(script, { args: [`${ROOT}docs/PROTOCOL.md`] });
    assert.equal(told, "all examples are true\n");
  },
);
