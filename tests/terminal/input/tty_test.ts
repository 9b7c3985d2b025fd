import assert from "node:assert/strict";
import { HANGUP_WAIT_MS, RESTORE } from "../../../lib/terminal/input/tty.ts";
import { testNeeding } from "../../support/needs.ts";
import { runInPty } from "../../support/pty.ts";

const WAYS: [way: string, code: number, signal?: number][] = [
  ["end", 0],
  ["throw", 1],
  ["farewell", 0],
  ["busy", 3],
  ["signal", 143, 15],
];

for (const [way, code, signal] of WAYS) {
  testNeeding(
    ["read", "run", "env", "python3"],
    `Tty leaves the terminal as it was: ${way}`,
    async () => {
      const left = await runInPty(way, { signal });
      assert.ok(left.wasRaw || way !== "signal", "it was never in cbreak mode");
      assert.ok(left.isSame, "tcgetattr differs");
      assert.equal(left.code, code, left.output);
      const written = left.output.slice(left.output.lastIndexOf("\x1b[?2004l"));
      // The engine itself reports an error that nobody caught, behind all of ours.
      if (way === "throw") assert.ok(written.startsWith(RESTORE));
      else assert.equal(written, RESTORE);
      assert.ok(left.output.includes("\x1b[22;2t") && left.output.includes("\x1b[23;2t"));
      assert.ok(left.output.includes("\x1b[?7h"));
    },
  );
}

testNeeding(["read", "run", "env", "python3"], "Tty hands on keys and knows its size", async () => {
  const { output } = await runInPty("echo", { type: "é\x7fq" });
  assert.match(output, /\{"columns":40,"rows":10\} 195,169,127,113\r\r\n/);
});

testNeeding(
  ["read", "run", "env", "python3"],
  "Tty.input() ends later than the signal of a terminal that is gone comes",
  async () => {
    const { code, secondsAfterHangup } = await runInPty("echo", { isGone: true });
    assert.equal(code, 0);
    assert.ok(
      secondsAfterHangup! * 1000 >= HANGUP_WAIT_MS,
      `it ended after ${secondsAfterHangup} s`,
    );
  },
);
