import assert from "node:assert/strict";
import { Questions } from "../../lib/client/questions.ts";
import { formatResendRequest } from "../../lib/protocol/resend_request.ts";
import { pureTest } from "../support/pure.ts";

pureTest("Questions.take() answers what is for this run, and leaves others' to who asked", () => {
  const told: unknown[] = [];
  const window = { id: "alice", epoch: "e", next: 5, missing: [], seenAt: 0 };
  const questions = new Questions({
    own: { id: "bob", epoch: "e" },
    seen: { find: (id) => id === "alice" ? window : undefined },
    delivery: { resend: (range, asker) => void told.push([range, asker]) },
    turns: { postpone: (of, asked) => void told.push([of, asked]) },
  });
  const ask = (id: string, epoch: string) => {
    questions.take(formatResendRequest({ id, epoch, range: [1, 2] }), "eve");
    return told.splice(0);
  };
  assert.deepEqual(ask("bob", "e"), [[[1, 2], "eve"]]);
  assert.deepEqual(ask("bob", "another run"), []);
  assert.deepEqual(ask("alice", "e"), [[window, { range: [1, 2], asker: "eve" }]]);
  questions.take("what?", "eve");
  assert.deepEqual(told, []);
});
