import assert from "node:assert/strict";
import { chooseReflow } from "../../../lib/terminal/screen/reflow.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("chooseReflow() knows who breaks no rows, and that tmux does", () => {
  const cases = [
    [{}, "breaks"],
    [{ TERM: "xterm-256color" }, "breaks"],
    [{ TERM: "linux" }, "none"],
    [{ TERM: "xterm", XTERM_VERSION: "XTerm(390)" }, "none"],
    [{ TERM: "screen", STY: "1.tty" }, "none"],
    [{ TERM: "xterm-256color", TERM_PROGRAM: "vscode" }, "drifts"],
    [{ TERM: "screen", XTERM_VERSION: "XTerm(390)", TMUX: "/tmp/tmux" }, "breaks"],
    [{ TERM: "linux", TMUX: "" }, "none"],
  ] as const;
  for (const [env, expected] of cases) {
    const reflow = chooseReflow((name) => (env as Record<string, string>)[name]);
    assert.equal(reflow, expected, JSON.stringify(env));
  }
});
