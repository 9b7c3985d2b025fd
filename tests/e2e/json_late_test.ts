import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { commandLine, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

testNeeding(
  ["net", "read", "write", "run", "env"],
  "a bot that reads late gets the answer to each input, and whole lines",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const [command, ...words] = await commandLine("client", "source");
      const args = ["127.0.0.1", `${server.port}`, "--json", "--nick", "alice", "--ephemeral"];
      await using child = new Deno.Command(command!, {
        args: [...words, ...args],
        ...{ cwd, stdin: "piped", stdout: "piped", stderr: "null" },
      }).spawn();
      const count = 1000;
      const lines = Array.from({ length: count }, (_, i) => {
        return `${JSON.stringify({ type: "message", text: "a", ref: `${i}`.padEnd(128, "x") })}\n`;
      });
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(lines.join("")));
      await writer.close();
      await new Promise((resolve) => setTimeout(resolve, 2500));
      const output = await new Response(child.stdout).text();
      assert.equal((await child.status).code, 0);
      const answers = output.split("\n");
      assert.equal(answers.pop(), "");
      const types = answers.map((line) => JSON.parse(line).type);
      assert.equal(types.filter((type) => type === "taken").length, count);
    });
  },
);
