import assert from "node:assert/strict";
import { Notices } from "../../lib/cluster/notices.ts";
import type { ClusterStats } from "../../lib/relay/watch/stats.ts";
import { pureTest } from "../support/pure.ts";

function open() {
  const told: string[] = [];
  const stats = { isConnected: false, refused: 0, missing: 0 } as ClusterStats;
  const time = { now: 0 };
  const notices = new Notices({
    report: ({ kind, message, count }) => {
      told.push([kind, message, ...count === undefined ? [] : [count]].join("|"));
    },
    ...{ now: () => time.now, stats },
  });
  return { notices, told, stats, time };
}

pureTest("Notices tells once a minute that there is no connection, and at once after one", () => {
  const { notices, told, time, stats } = open();
  for (time.now = 0; time.now <= 60_000; time.now += 1000) notices.wait("refused");
  assert.deepEqual(told, Array(2).fill("cluster waiting|refused"));
  notices.connect("a:1");
  assert.equal(stats.isConnected, false);
  notices.hold("follow", undefined);
  assert.equal(stats.isConnected, true);
  notices.disconnect("reset");
  assert.equal(stats.isConnected, false);
  notices.wait("again");
  assert.deepEqual(told.slice(2), [
    ...["cluster connected|a:1", "cluster lost|a:1: reset", "cluster waiting|again"],
  ]);
});

pureTest("Notices tells once a minute of connections that are of no use", () => {
  const { notices, told, time, stats } = open();
  for (time.now = 0; time.now < 60_000; time.now += 1000) {
    notices.connect("a:1");
    notices.hold("follow", "no stream");
    notices.disconnect("no stream");
    assert.equal(stats.isConnected, false);
  }
  assert.deepEqual(told, ["cluster held|no stream", "cluster waiting|a:1: no stream"]);
  notices.connect("a:1");
  notices.hold("follow", undefined);
  notices.disconnect(undefined);
  assert.deepEqual(told.slice(2), ["cluster connected|a:1"]);
});

pureTest("Notices tells that lines which were held are taken again, if it told of that", () => {
  const { notices, told } = open();
  notices.connect("a:1");
  notices.hold("follow", undefined);
  notices.hold("publish", undefined);
  for (let i = 0; i < 10; i++) {
    notices.hold("publish", "no leader");
    notices.hold("publish", undefined);
  }
  assert.deepEqual(told, [
    ...["cluster connected|a:1", "cluster held|no leader", "cluster again|a:1"],
  ]);
});

pureTest("Notices tells why lines are held, and counts as connected without a reason", () => {
  const { notices, told, stats } = open();
  notices.connect("a:1");
  notices.hold("follow", undefined);
  notices.hold("publish", "full");
  notices.hold("follow", "no stream");
  notices.deny("Permissions Violation");
  assert.deepEqual(told.slice(1), ["cluster held|full"]);
  notices.hold("publish", undefined);
  assert.equal(stats.isConnected, false);
  notices.hold("follow", undefined);
  assert.equal(stats.isConnected, true);
});

pureTest("Notices counts what was refused between two lines of the log", () => {
  const { notices, told, time, stats } = open();
  for (let i = 0; i < 1000; i++) notices.refuse("line");
  time.now = 60_000;
  notices.refuse("part");
  assert.deepEqual(told, ["cluster refused|line|1", "cluster refused|part|1000"]);
  assert.equal(stats.refused, 1001);
});

pureTest("Notices tells of each loss", () => {
  const { notices, told, stats } = open();
  notices.miss("a", 2);
  notices.miss("a", 1);
  assert.deepEqual(told, ["cluster missing|a|2", "cluster missing|a|1"]);
  assert.equal(stats.missing, 3);
});
