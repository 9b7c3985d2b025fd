import assert from "node:assert/strict";
import {
  chooseDepth,
  type ColorChoice,
  type ColorDepth,
  isDumb,
} from "../../../lib/terminal/screen/color_depth.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("chooseDepth() goes by the choice, NO_COLOR, the terminal and its name", () => {
  const depth = (
    color: ColorChoice,
    env: Record<string, string>,
    isTerminal = true,
    isWindows = false,
  ) => chooseDepth({ color, isTerminal, env: (name) => env[name], isWindows });
  const cases: [actual: ColorDepth, expected: ColorDepth][] = [
    [depth("auto", { TERM: "xterm-256color" }), 256],
    [depth("auto", { TERM: "xterm", COLORTERM: "truecolor" }), 256],
    [depth("auto", { TERM: "linux" }), 16],
    [depth("auto", { TERM: "dumb" }), 0],
    [depth("auto", {}), 0],
    [depth("auto", {}, true, true), 256],
    [depth("auto", { TERM: "xterm-256color" }, false), 0],
    [depth("auto", { TERM: "xterm-256color", NO_COLOR: "1" }), 0],
    [depth("auto", { TERM: "xterm-256color", NO_COLOR: "" }), 256],
    [depth("always", { TERM: "xterm-256color", NO_COLOR: "1" }, false), 256],
    [depth("always", { TERM: "dumb" }, false), 16],
    [depth("never", { TERM: "xterm-256color" }), 0],
  ];
  for (const [i, [actual, expected]] of cases.entries()) assert.equal(actual, expected, `${i}`);
});

pureTest("isDumb() is true of what has no name", () => {
  assert.equal(isDumb(() => undefined), true);
  assert.equal(isDumb(() => "dumb"), true);
  assert.equal(isDumb(() => "vt100"), false);
});
