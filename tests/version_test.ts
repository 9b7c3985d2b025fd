import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { VERSION } from "../lib/version.ts";

Deno.test({
  name: "VERSION is the version in deno.json",
  permissions: "none",
  fn() {
    assert.equal(VERSION, config.version);
    assert.match(VERSION, /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}$/);
  },
});
