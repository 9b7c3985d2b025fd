import assert from "node:assert/strict";
import { isColorWanted } from "../../lib/cli/color.ts";
import { pureTest } from "../support/pure.ts";

pureTest("isColorWanted() asks the terminal only where the user has not chosen", () => {
  const wanted = (choice: "auto" | "always" | "never", env: Record<string, string>, tty: boolean) =>
    isColorWanted(choice, (name) => env[name], tty);
  const environments: Record<string, string>[] = [{}, { NO_COLOR: "1" }, { TERM: "dumb" }, {
    TERM: "xterm",
    NO_COLOR: "",
  }];
  for (const isTerminal of [true, false]) {
    for (const env of environments) {
      assert.equal(wanted("always", env, isTerminal), true);
      assert.equal(wanted("never", env, isTerminal), false);
      const isPlain = env.NO_COLOR === "1" || env.TERM === "dumb";
      assert.equal(wanted("auto", env, isTerminal), isTerminal && !isPlain);
    }
  }
});
