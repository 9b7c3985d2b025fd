import assert from "node:assert/strict";
import { readLocaleVariable, readVariable } from "../../lib/cli/environment.ts";
import { pureTest } from "../support/pure.ts";

/** Calls a function while variables have values; an error is thrown. */
function withVariables<T>(variables: Record<string, string | Error>, fn: () => T): T {
  const { get } = Deno.env;
  Deno.env.get = (name) => {
    const value = variables[name];
    if (value instanceof Error) throw value;
    return value;
  };
  try {
    return fn();
  } finally {
    Deno.env.get = get;
  }
}

const VARIABLES = {
  SET: "é",
  BROKEN: new Deno.errors.InvalidData("planned"),
  SECRET: new Deno.errors.NotCapable("planned"),
};

pureTest("readVariable() returns what is set, and names what is not UTF-8", () => {
  withVariables(VARIABLES, () => {
    assert.deepEqual([readVariable("SET"), readVariable("UNSET")], ["é", undefined]);
    const message = "Variable BROKEN is not UTF-8";
    assert.throws(() => readVariable("BROKEN"), { name: "UsageError", message });
    assert.throws(() => readVariable("SECRET"), { name: "NotCapable" });
  });
});

pureTest("readLocaleVariable() takes what is not UTF-8 for not set", () => {
  withVariables(VARIABLES, () => {
    assert.deepEqual([readLocaleVariable("SET"), readLocaleVariable("BROKEN")], ["é", undefined]);
    assert.throws(() => readLocaleVariable("SECRET"), { name: "NotCapable" });
  });
});
