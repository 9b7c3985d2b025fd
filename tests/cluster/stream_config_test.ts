import assert from "node:assert/strict";
import {
  describeDifferences,
  describePermissions,
  findDifferences,
  streamConfig,
} from "../../lib/cluster/stream_config.ts";
import { pureTest } from "../support/pure.ts";

pureTest("streamConfig() keeps a day and 64 MiB, and lets nobody take anything out", () => {
  const config = streamConfig("ab", 3);
  assert.equal(config.name, "chat-ab");
  assert.deepEqual(config.subjects, ["chat.ab.*"]);
  assert.deepEqual([config.max_bytes, config.max_age, config.max_msg_size], [
    ...[64 * 2 ** 20, 86_400e9, 2 ** 20],
  ]);
  assert.deepEqual([config.num_replicas, config.deny_delete, config.deny_purge], [3, true, true]);
});

pureTest("findDifferences() names what relays rely on, and nothing else", () => {
  const config = streamConfig("ab", 1);
  assert.deepEqual(findDifferences("ab", { ...config, num_replicas: 5, max_age: 1 }), []);
  const other = { ...config, subjects: ["chat.ab.>"], discard: "new" };
  assert.deepEqual(findDifferences("ab", other), ["subjects", "discard"]);
  assert.deepEqual(findDifferences("cd", config), ["subjects"]);
  assert.equal(describeDifferences("ab", config), undefined);
  assert.equal(describeDifferences("ab", other), "stream chat-ab differs in subjects, discard");
});

pureTest("describePermissions() allows a relay its own subjects", () => {
  const text = describePermissions("ab", "r1");
  assert.match(text, /"chat\.ab\.r1", "here\.ab\.r1", "\$JS\.API\.STREAM\.INFO\.chat-ab"/);
  assert.match(text, /subscribe: \{ allow: \["_INBOX\.r1\.>", "here\.ab\.\*"\] \}/);
});
