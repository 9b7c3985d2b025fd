import assert from "node:assert/strict";
import { fromKept, toKept } from "../../lib/chat/kept_messages.ts";
import type { ShownMessage } from "../../lib/client/events.ts";
import { message } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

pureTest("fromKept() makes of what was kept a message of the past, with its marks", () => {
  const bob = message("hi");
  const cases: ShownMessage[] = [
    { ...bob, isOwn: false, isMention: true, mark: `${bob.id} e 1` },
    { ...bob, isOwn: true, isMention: false, form: "private", recipient: "alice" },
    { ...message("x", { trust: "changed", isLate: true }), isOwn: false, isMention: false },
  ];
  for (const shown of cases) {
    const ownId = shown.isOwn ? bob.id! : "somebody";
    const expected = { ...shown, age: "old", isMention: false };
    assert.deepEqual(fromKept(toKept(shown), ownId), expected);
  }
  const { doubt: _, ...known } = { ...cases[0]!, doubt: "letters", recipientId: "x" };
  assert.deepEqual(toKept({ ...known, doubt: "letters" }), toKept(cases[0]!));
});
