import assert from "node:assert/strict";
import { testNeeding } from "../../support/needs.ts";
import { IMPORT_FLAGS, ROOT } from "../../support/programs.ts";

const CODE = `
import { setModes, writeNow } from "file://${ROOT}lib/terminal/input/tty_calls.ts";
setModes(true);
writeNow("é".repeat(100_000));
setModes(false);
writeNow("end");
`;

testNeeding(
  ["read", "run", "env"],
  "tty calls write all, and never throw without a terminal",
  async () => {
    const args = ["run", "-q", ...IMPORT_FLAGS, "--no-prompt", "--ext=ts", "-"];
    const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    await using child = new Deno.Command(Deno.execPath(), { args, ...piped }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(CODE));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    assert.equal(new TextDecoder().decode(stderr), "");
    assert.equal(code, 0);
    assert.equal(new TextDecoder().decode(stdout), "é".repeat(100_000) + "end");
  },
);
