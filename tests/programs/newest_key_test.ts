import assert from "node:assert/strict";
import type { Standing } from "../../lib/client/rotation/mover.ts";
import { openGate } from "../../lib/programs/newest_key.ts";
import { SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

/** A gate, and what a test changes and counts. */
function setUp(mayBeOut: boolean) {
  const mover = {
    standing: "newest" as Standing,
    asked: 0,
    catchUp() {
      this.asked++;
      return Promise.resolve(this.standing);
    },
  };
  const reported: string[] = [];
  const report = (line: string) => void reported.push(line);
  return { mover, reported, ready: openGate({ mover, mayBeOut, report, say: SAY }) };
}

pureTest("openGate() waits for the newest key once", async () => {
  const { mover, reported, ready } = setUp(false);
  mover.standing = "behind";
  for (let i = 0; i < 3; i++) await ready();
  assert.equal(mover.asked, 1);
  assert.deepEqual(reported, [
    "nobody here has given you the room's new key: the message is under an older one",
  ]);
});

pureTest("openGate() closes when the member is put out, unless it may be", async () => {
  const { mover, reported, ready } = setUp(false);
  await ready();
  mover.standing = "put out";
  await assert.rejects(ready(), {
    name: "ChatError",
    message: "Cannot send: the room has a new key that is not for you",
    hint: "Ask a member for an invitation.",
  });
  const other = setUp(true);
  other.mover.standing = "put out";
  await other.ready();
  assert.deepEqual([reported, other.reported], [[], []]);
});
