import assert from "node:assert/strict";
import { CLIENT_SPEC, CONFIG_SPEC } from "../../lib/cli/client_spec.ts";
import { COMMON_OPTIONS, listCommandSpecs, listSpellings } from "../../lib/cli/spec.ts";
import { checkValue } from "../../lib/cli/values.ts";
import { worded } from "../../lib/messages/wording.ts";
import { pureTest } from "../support/pure.ts";

const SPECS = [CLIENT_SPEC, ...listCommandSpecs(CLIENT_SPEC).map(({ spec }) => spec)];

pureTest("no two options of a table have a spelling in common", () => {
  for (const { name, options } of SPECS) {
    const all = [...options, ...COMMON_OPTIONS];
    const spellings = all.flatMap((option) => [
      ...listSpellings(option),
      ...option.short === undefined ? [] : [`-${option.short}`],
    ]);
    assert.equal(spellings.length, new Set(spellings).size, `${name}: ${spellings}`);
  }
});

pureTest("the default of every option is a value that the option can have", () => {
  let count = 0;
  for (const option of SPECS.flatMap(({ options }) => options)) {
    if (option.fallback === undefined) continue;
    const where = worded("Option --{name}", option);
    assert.equal(checkValue(option, option.fallback, where), option.fallback);
    count++;
  }
  assert.ok(count >= 10, `${count} defaults`);
});

pureTest("CONFIG_SPEC has the options of the client, with a --json and a --path of its own", () => {
  const names = CONFIG_SPEC.options.map(({ name }) => name);
  const client = CLIENT_SPEC.options.map(({ name }) => name);
  assert.deepEqual(names.toSorted(), [...client, "path"].toSorted());
  assert.ok(CLIENT_SPEC.options.find(({ name }) => name === "json")!.isSettable);
  assert.ok(!CONFIG_SPEC.options.find(({ name }) => name === "json")!.isSettable);
});

pureTest("the arguments of the client are settings too", () => {
  const names = CLIENT_SPEC.args.map(([name]) => name);
  assert.deepEqual(CLIENT_SPEC.argSettings!.map(({ name }) => name), names);
});
