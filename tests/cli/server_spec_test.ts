import assert from "node:assert/strict";
import { SERVER_SPEC } from "../../lib/cli/server_spec.ts";
import { COMMON_OPTIONS, listSpellings } from "../../lib/cli/spec.ts";
import { checkValue } from "../../lib/cli/values.ts";
import { worded } from "../../lib/messages/wording.ts";
import { pureTest } from "../support/pure.ts";

pureTest("no two options of the server have a spelling in common", () => {
  const spellings = [...SERVER_SPEC.options, ...COMMON_OPTIONS].flatMap((option) => [
    ...listSpellings(option),
    ...option.short === undefined ? [] : [`-${option.short}`],
  ]);
  assert.equal(spellings.length, new Set(spellings).size, `${spellings}`);
});

pureTest("the default of every option of the server is a value that the option can have", () => {
  const options = SERVER_SPEC.options.filter(({ fallback }) => fallback !== undefined);
  assert.ok(options.length >= 5, `${options.length} defaults`);
  for (const option of options) {
    const where = worded("Option --{name}", option);
    assert.equal(checkValue(option, option.fallback, where), option.fallback, option.name);
  }
});

pureTest("the server has no settings: its options and the environment say all", () => {
  assert.equal(SERVER_SPEC.argSettings, undefined);
  assert.deepEqual(SERVER_SPEC.options.filter(({ isSettable }) => isSettable), []);
});
