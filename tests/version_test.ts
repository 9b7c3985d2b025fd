import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { formatVersion, VERSION } from "../lib/version.ts";

Deno.test({
  name: "VERSION is the version in deno.json",
  permissions: "none",
  fn() {
    assert.equal(VERSION, config.version);
    assert.match(VERSION, /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}$/);
  },
});

Deno.test({
  name: "formatVersion() names the program, its version, the runtime and the platform",
  permissions: "none",
  fn() {
    const text = /^chat-client (\S+) \(Deno (\d+\.\d+\.\d+), (\S+)\)$/.exec(
      formatVersion("chat-client"),
    );
    assert.deepEqual(text?.slice(1), [VERSION, Deno.version.deno, Deno.build.target]);
  },
});
