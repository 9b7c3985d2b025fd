import assert from "node:assert/strict";
import { FakeRelay } from "../support/fake_relay.ts";
import { SECRET } from "../support/forged_tokens.ts";
import { testNeeding } from "../support/needs.ts";
import { spawn } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const SECONDS = 4;
/** Messages of one text of 40,000 bytes each that the client has not got rid of. */
const MESSAGES = 20;

testNeeding(NEEDS, "a relay welcomes a client and closes, again and again", async () => {
  await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/secret.key`, SECRET, { mode: 0o600 });
    using relay = new FakeRelay();
    const args = ["127.0.0.1", `${relay.port}`, "--nick", "alice", "--json"];
    await using client = await spawn("client", args, { cwd });
    const first = await relay.admit();
    await client.waitFor("stdout", /"live"/);
    first.answersPings = false;
    const say = JSON.stringify({ type: "message", text: "x".repeat(40_000) });
    await client.write(`${say}\n`.repeat(MESSAGES));
    await first.waitForTokens(MESSAGES + 1);
    first.kill();
    const until = performance.now() + SECONDS * 1000;
    let welcomes = 0;
    let bytes = 0;
    while (performance.now() < until) {
      const end = await relay.admit();
      welcomes++;
      end.answersPings = false;
      await end.waitForTokens(MESSAGES);
      bytes += end.tokens.reduce((sum, { length }) => sum + length + 1, 0);
      end.kill();
    }
    const mib = bytes / 1024 ** 2;
    console.log(`${welcomes} connections and ${mib.toFixed(1)} MiB in ${SECONDS} s`);
    assert.ok(welcomes <= 4, `${welcomes} connections in ${SECONDS} s`);
    // Nothing is lost, and the client goes on to say what happens.
    const end = await relay.admit();
    const tokens = await end.waitForTokens(MESSAGES + 1);
    assert.ok(new Set(tokens).size > MESSAGES);
    assert.match(client.stdout, /"disconnected"/);
  });
});
