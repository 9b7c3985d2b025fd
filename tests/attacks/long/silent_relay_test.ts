import assert from "node:assert/strict";
import { FakeRelay } from "../../support/fake_relay.ts";
import { SECRET } from "../../support/forged_tokens.ts";
import { testNeeding } from "../../support/needs.ts";
import { spawn } from "../../support/programs.ts";
import { withDirectory } from "../../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
/** A client gives a relay that takes nothing 90 s. */
const SECONDS = 100;

for (const how of [["--send", "hello"], ["--stay"], ["--json"]]) {
  testNeeding(NEEDS, `a relay answers pings and takes nothing: ${how[0]}`, async () => {
    await withDirectory(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/secret.key`, SECRET, { mode: 0o600 });
      using relay = new FakeRelay();
      const args = ["127.0.0.1", `${relay.port}`, "--nick", "alice", "--reconnect", "0", ...how];
      await using client = await spawn("client", args, { cwd });
      const end = await relay.admit();
      end.answersPings = false;
      const began = performance.now();
      if (how[0] === "--json") await client.write('{"type":"message","text":"hello"}\n');
      else if (how[0] === "--stay") await client.write("hello\n");
      // The relay is there, and says so.
      const pinging = setInterval(() => end.say({ verb: "PING", n: 1 }).catch(() => {}), 5000);
      try {
        const { code, stdout, stderr } = await client.finished(SECONDS);
        const seconds = (performance.now() - began) / 1000;
        console.log(`${how[0]}: ended after ${seconds.toFixed(0)} s with ${code}`);
        assert.equal(code, 1);
        assert.match(stdout + stderr, /the server takes nothing any more/);
      } finally {
        clearInterval(pinging);
      }
    });
  });
}
