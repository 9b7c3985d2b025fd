import assert from "node:assert/strict";
import { HostileMember } from "../../support/attack.ts";
import { writeKey } from "../../support/member_client.ts";
import { testNeeding } from "../../support/needs.ts";
import { commandLine, IMPORT_FLAGS, Program, ROOT, startServer } from "../../support/programs.ts";
import { Pty } from "../../support/pty.ts";
import { withDirectory } from "../../support/temporary.ts";
import { Witness } from "../../support/crowd.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;
const MEMBERS = 1000;
/** Time after the return, in ms, from which on the relay is as quick as ever. */
const SETTLED_MS = 5000;

testNeeding(NEEDS, "1,000 members come back after a restart of the relay", async () => {
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    const args = ["--max-clients", `${MEMBERS + 10}`];
    let server = await startServer({ cwd, args });
    const { port } = server;
    const crowd = ["run", "-A", "--no-check", ...IMPORT_FLAGS];
    const script = `${ROOT}tests/support/returning_members.ts`;
    await using members = Program.spawn([
      Deno.execPath(),
      ...crowd,
      script,
      `${port}`,
      `${MEMBERS}`,
    ], {
      cwd,
    });
    await members.waitFor("stdout", /^ready$/m);
    const command = [...await commandLine("client", "source"), "127.0.0.1", `${port}`];
    await using terminal = await Pty.open([...command, "--nick", "alice"], {
      cwd,
      env: { NO_COLOR: "1", XDG_STATE_HOME: `${cwd}/state`, XDG_CONFIG_HOME: `${cwd}/config` },
      columns: 100,
      rows: 30,
    });
    await terminal.waitFor(/here: /);
    await server[Symbol.asyncDispose]();
    await terminal.waitFor(/connecting again/);
    server = await startServer({ cwd, args, port });
    await using _server = server;
    await terminal.waitFor(/connected again/);
    // While the others are still coming, and when all are there.
    using bob = await HostileMember.enter(port, "bob");
    const say = async (text: string) => {
      const line = await bob.seal({ text });
      const sentAt = performance.now();
      await bob.send([line]);
      await terminal.waitFor(RegExp(text));
      return performance.now() - sentAt;
    };
    const firstMs = await say("the first message");
    await members.waitFor("stdout", /^back$/m);
    const backAt = performance.now();
    const nextMs = await say("the next message");
    const shownMs = Math.max(firstMs, nextMs);
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS - (performance.now() - backAt)));
    const { lost, p99Ms } = await (await Witness.start(port, 6)).testify();
    const shown = [firstMs, nextMs].map((ms) => ms.toFixed(0)).join(" and ");
    console.log(`shown after ${shown} ms; then p99 ${p99Ms.toFixed(0)} ms`);
    assert.ok(shownMs < 1000, `shown after ${shownMs} ms`);
    assert.equal(lost, 0);
    assert.ok(p99Ms < 250, `p99 ${p99Ms} ms`);
    assert.doesNotMatch(terminal.output.replace(/.*connected again/s, ""), /connecting again/);
  });
});
