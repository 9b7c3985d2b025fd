import assert from "node:assert/strict";
import { CLIENT_SPEC } from "../lib/cli/client_spec.ts";
import { SERVER_SPEC } from "../lib/cli/server_spec.ts";
import { spellOption } from "../lib/cli/spec.ts";
import { testNeeding } from "./support/permissions.ts";
import { ROOT, run, spawn, startServer } from "./support/programs.ts";
import { PYTHON } from "./support/python.ts";
import { withDirectory } from "./support/temporary.ts";

testNeeding(
  ["net", "read", "write", "run", "env"],
  "README's Python client talks with the programs",
  async () => {
    const readme = await Deno.readTextFile(`${ROOT}README.md`);
    const [, code] = /```python\n(.*?)```/s.exec(readme)!;
    assert.equal(code!.trimEnd().split("\n").length, 6);
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const args = ["127.0.0.1", `${server.port}`, "--ephemeral"];
      await using client = await spawn("client", [...args, "--stay"], { cwd });
      await client.waitFor("stderr", /^connected to /m);
      const python = new Deno.Command(PYTHON, {
        args: ["-u", "-c", code!.replace("5050", args[1]!)],
        cwd,
        stdout: "piped",
        stderr: "null",
      }).spawn();
      await client.waitFor("stdout", /^\(unverified\) <py> hello$/m);
      await run("client", [...args, "-n", "al"], { cwd, input: "hi\n" });
      await server[Symbol.asyncDispose]();
      const { stdout } = await python.output();
      assert.equal(new TextDecoder().decode(stdout), "<al> hi\n");
    });
  },
);

testNeeding(["read", "run", "env", "net", "write"], "README names every option", async () => {
  const readme = await Deno.readTextFile(`${ROOT}README.md`);
  for (const option of [...SERVER_SPEC.options, ...CLIENT_SPEC.options]) {
    const spelled = spellOption(option);
    assert.ok(readme.includes(`${spelled}\``), `${spelled} is missing`);
  }
});
