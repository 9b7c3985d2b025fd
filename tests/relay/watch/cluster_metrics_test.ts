import assert from "node:assert/strict";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { createMetrics } from "../../../lib/relay/watch/metrics.ts";
import { pureTest } from "../../support/pure.ts";

const STATS = {
  ...{ isConnected: true, outboxBytes: 1, relays: 2, members: 3, published: 4, resent: 5 },
  ...{ taken: 6, refused: 7, missing: 8 },
};

async function read(cluster: typeof STATS | undefined, hasCluster = true): Promise<string[]> {
  const stats = () => ({ ...createStats(), cluster });
  const { registry } = createMetrics({ stats, maxLogBytes: 1, hasCluster, residentBytes: () => 1 });
  return (await registry.metrics()).split("\n").filter((line) => line.startsWith("chat_cluster_"));
}

pureTest("addClusterMetrics() shows every number of a cluster under its name", async () => {
  assert.deepEqual(await read(STATS), [
    "chat_cluster_connected 1",
    "chat_cluster_outbox_bytes 1",
    "chat_cluster_relays 2",
    "chat_cluster_members 3",
    "chat_cluster_published_total 4",
    "chat_cluster_resent_total 5",
    "chat_cluster_taken_total 6",
    "chat_cluster_refused_total 7",
    "chat_cluster_missing_total 8",
  ]);
});

pureTest(
  "addClusterMetrics() shows zeros before the relay is made, and nothing without one",
  async () => {
    assert.deepEqual([...new Set((await read(undefined)).map((line) => line.split(" ")[1]))], [
      "0",
    ]);
    assert.deepEqual(await read(STATS, false), []);
  },
);
