import assert from "node:assert/strict";
import { formOf, plainMessage, signedMessage } from "../../lib/client/message.ts";
import { ALICE, BOB, EPOCH, TIME } from "../support/fixed_members.ts";
import { signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

pureTest("formOf() knows the kinds of which people see the text", () => {
  const kinds = ["chat", "act", "dm", "join", "file", "toString"];
  const forms = ["chat", "action", "private", undefined, undefined, undefined];
  assert.deepEqual(kinds.map(formOf), forms);
});

pureTest("plainMessage() is nobody's", () => {
  assert.deepEqual(plainMessage("hi", "live", TIME), {
    ...{ kind: "message", form: "chat", id: undefined, nickname: undefined },
    ...{ trust: "unverified", text: "hi", age: "live", time: TIME, isLate: false },
  });
});

pureTest("signedMessage() has the message's mark, and to whom one's own went", () => {
  const shown = { form: "private", age: "old", trust: "verified", isLate: true } as const;
  const opened = { ...signed({ kind: "dm", sequence: 3, copyOf: BOB.id }), text: "hi" };
  const { id } = ALICE;
  const message = {
    ...{ kind: "message", id, nickname: "alice", text: "hi", time: TIME },
    ...{ mark: `${id} ${EPOCH} 3`, ...shown },
  };
  assert.deepEqual(signedMessage(opened, shown, BOB.id), message);
  assert.deepEqual(signedMessage(opened, shown, id), { ...message, recipientId: BOB.id });
});
