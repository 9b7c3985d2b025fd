import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { run, spawn, startServer } from "../support/programs.ts";
import { findFreePort } from "../support/streams.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

testNeeding(
  NEEDS,
  "client tries a list of relays in turn, and goes on at the next one",
  async () => {
    await withDirectory(async (cwd) => {
      await using first = await startServer({ cwd });
      await using second = await startServer({ cwd });
      const places = [findFreePort(), first.port, second.port].map((port) => `127.0.0.1:${port}`);
      const address = [places.join(","), "5050"];
      await using client = await spawn("client", [...address, "--stay"], { cwd });
      await client.waitFor("stderr", new RegExp(`^connected to ${places[1]} as `, "m"));
      first.program.child.kill("SIGKILL");
      await client.waitFor("stderr", /connected again/);
      const sent = await run("client", [...address, "--send", "after all"], { cwd });
      assert.equal(sent.code, 0, sent.stderr);
      await client.waitFor("stdout", /> after all$/m);
    });
  },
);

testNeeding(
  NEEDS,
  "client keeps a list under a room's name, and refuses what is none",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const env = { XDG_CONFIG_HOME: `${cwd}/config`, HOME: cwd };
      const list = `localhost:${findFreePort()},127.0.0.1`;
      const added = await run("client", ["rooms", "add", "us", list, `${server.port}`], {
        cwd,
        env,
      });
      assert.equal(added.code, 0, added.stderr);
      const sent = await run("client", ["us", "--send", "hi"], { cwd, env });
      assert.equal(sent.code, 0, sent.stderr);
      const refused = await run("client", ["127.0.0.1,b c", "5050"], { cwd, env });
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /^error: Not an address: "b c"$/m);
    });
  },
);
