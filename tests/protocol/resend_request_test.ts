import fc from "fast-check";
import assert from "node:assert/strict";
import { formatResendRequest, parseResendRequest } from "../../lib/protocol/resend_request.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { ALICE, EPOCH } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

pureTest("formatResendRequest() writes what an author needs to find its messages", () => {
  const text = formatResendRequest({ id: ALICE.id, epoch: EPOCH, range: [7, 8] });
  assert.equal(text, `{"id":"${ALICE.id}","e":"${EPOCH}","from":7,"to":8}`);
  assert.deepEqual(parseResendRequest(text), { id: ALICE.id, epoch: EPOCH, range: [7, 8] });
});

pureTest("parseResendRequest() takes any text, and throws for none", () => {
  fc.assert(fc.property(fc.oneof(textOf(anyCharacter, 60), fc.json()), (text) => {
    assert.equal(parseResendRequest(text), undefined);
  }));
});

pureTest("parseResendRequest() takes ranges of whole numbers that ascend", () => {
  const parse = (from: unknown, to: unknown) =>
    parseResendRequest(JSON.stringify({ id: ALICE.id, e: EPOCH, from, to }))?.range;
  assert.deepEqual(parse(0, 0), [0, 0]);
  assert.deepEqual(parse(0, Number.MAX_SAFE_INTEGER), [0, Number.MAX_SAFE_INTEGER]);
  const bad = [[1, 0], [-1, 0], [0, 0.5], ["0", 1], [null, 1], [0, 2 ** 53], [[0], [1]], [true, 1]];
  for (const [from, to] of bad) assert.equal(parse(from, to), undefined, `${from} ${to}`);
});
