import assert from "node:assert/strict";
import { readTarget, TARGETS } from "../../tools/targets.ts";
import { pureTest } from "../support/pure.ts";

pureTest("readTarget() takes every platform, in both spellings", () => {
  assert.equal(TARGETS.length, 5);
  for (const target of TARGETS) {
    assert.equal(readTarget(["--x", "--target", target]), target);
    assert.equal(readTarget([`--target=${target}`, "y"]), target);
  }
  assert.equal(readTarget(["--import-map=x", "target"]), undefined);
});

pureTest("readTarget() refuses any other platform", () => {
  for (const args of [["--target", "x86"], ["--target="], ["--target"]]) {
    assert.throws(() => readTarget(args), /^TypeError: Cannot compile for .*: use one of x86_64-/);
  }
});
