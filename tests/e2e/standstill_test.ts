import assert from "node:assert/strict";
import { connectMember, tokens, writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { startServer } from "../support/programs.ts";
import { fakeToken } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

testNeeding(
  ["net", "read", "write", "run", "env"],
  "a server that stood still for 17 s cuts nobody for it",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using server = await startServer({ cwd });
      using writer = await connectMember(server.port);
      using reader = await connectMember(server.port);
      const token = fakeToken("x", 10_060);
      await writer.send(token.slice(0, 5000));
      await pause(1);
      server.program.child.kill("SIGSTOP");
      await pause(0.2);
      await writer.send(`${token.slice(5000)}\n`);
      await pause(17);
      server.program.child.kill("SIGCONT");
      await pause(3);
      assert.deepEqual(tokens(reader), [token]);
      assert.deepEqual(writer.lines().filter((line) => line.startsWith("!ERR")), []);
    });
  },
);
