import assert from "node:assert/strict";
import { runClusterSetup } from "../../lib/programs/cluster_setup.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { SECRET } from "../support/forged_tokens.ts";
import { pureTest } from "../support/pure.ts";

async function run(...args: string[]): Promise<{ text: string; reported: string }> {
  const reported: string[] = [];
  const loaded: string[] = [];
  const text = await runClusterSetup({
    ...{ args, env: () => undefined, say: sayIn("en") },
    loadKey: (path) => {
      loaded.push(path);
      return Promise.resolve(SECRET);
    },
    report: (line) => reported.push(line),
    warn: () => {},
  });
  return { text, reported: [...reported, ...loaded].join("\n") };
}

pureTest(
  "runClusterSetup() prints the stream alone, and what relays are allowed beside it",
  async () => {
    const { text, reported } = await run("--key", "a.key");
    const config = JSON.parse(text);
    assert.match(config.name, /^chat-[0-9a-f]{32}$/);
    assert.equal(config.num_replicas, 3);
    assert.match(reported, /^each relay, here relay1, has to be allowed:\npermissions: \{/);
    assert.match(reported, /\na\.key$/);
    assert.equal(JSON.parse((await run("--replicas", "1")).text).num_replicas, 1);
  },
);

pureTest("runClusterSetup() has a help, and refuses what contradicts itself", async () => {
  assert.match((await run("--help")).text, /^Usage: chat-server cluster-setup \[options\]$/m);
  await assert.rejects(run("--key", "a", "--keyless", "b"), { name: "UsageError" });
  await assert.rejects(run("--replicas", "6"), /cannot be "6"/);
  await assert.rejects(run("--cluster-creds", "x"), /Option --cluster-creds needs --cluster/);
});
