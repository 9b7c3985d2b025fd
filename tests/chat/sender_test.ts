import assert from "node:assert/strict";
import type { ShownMessage } from "../../lib/client/events.ts";
import { fakeMembers, fakeRoom, fakeUser, talk } from "../support/fake_chat.ts";
import { BOB } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

async function withBob() {
  const known = await fakeMembers();
  const rest = { epoch: "e", agreementKey: "x", cid: 7 };
  known.roster.see({ id: BOB.id, nickname: "Bob", ...rest }, 0);
  known.pins.judge("bob", BOB.id);
  return known;
}

pureTest("what the user writes is shown to the user as its own", async () => {
  const shown: ShownMessage[] = [];
  const show = (batch: readonly ShownMessage[]) => void shown.push(...batch);
  const lines = ["hello alice", "b", "/me waves", "/msg bob psst"];
  await talk(fakeUser([], [lines], { show }), fakeRoom([]), await withBob());
  const own = {
    ...{ kind: "message", id: "A".repeat(43), nickname: "alice", time: 1785571200 },
    ...{ trust: "verified", age: "live", isLate: false, isOwn: true, isMention: false },
  };
  assert.deepEqual(shown, [
    { ...own, form: "chat", text: "hello alice" },
    { ...own, form: "chat", text: "b" },
    { ...own, form: "action", text: "waves" },
    { ...own, form: "private", text: "psst", recipient: "Bob" },
  ]);
});

pureTest("a script is not shown what it writes", async () => {
  const show = () => assert.fail();
  const user = fakeUser([], [["hello", "/msg bob psst"]], { show, showOwn: undefined });
  await talk(user, fakeRoom([]), await withBob());
});

pureTest("what was not sent is not shown", async () => {
  const log: string[] = [];
  const show = () => assert.fail();
  const tell = () => Promise.reject(new RangeError("Cannot use key: it has small order"));
  const user = fakeUser(log, [["/msg bob psst", "/msg eve x"]], { show, isPatient: false });
  await talk(user, fakeRoom(log, [], { tell }), await withBob());
  assert.deepEqual(log, [
    "notify not sent: Cannot use key: it has small order",
    "notify not sent: there is no eve here; see /names",
    "finish",
  ]);
});

pureTest(
  "what the user writes waits to be shown until the relay has it, 100 ms at most",
  async () => {
    const log: string[] = [];
    const untilTaken = () => new Promise<boolean>(() => {});
    const showOwn = async (_messages: readonly ShownMessage[], taken: Promise<boolean>) => {
      log.push("own");
      await taken;
      log.push("shown");
    };
    const started = performance.now();
    await talk(fakeUser(log, [["a", "/names"]], { showOwn }), fakeRoom([], [], { untilTaken }));
    const ms = performance.now() - started;
    assert.ok(ms >= 90 && ms < 5000, `${ms} ms`);
    assert.deepEqual(log, ["own", "notify here: only you"]);
  },
);
