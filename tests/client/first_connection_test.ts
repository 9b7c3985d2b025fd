import assert from "node:assert/strict";
import { connectAtFirst } from "../../lib/client/first_connection.ts";
import { ChatError, LineTooLongError, RefusedError, UnknownHostError } from "../../lib/errors.ts";
import { worded } from "../../lib/messages/wording.ts";
import { pureTest } from "../support/pure.ts";

const gone = () => new ChatError(worded("Connection lost: the server is gone"));
const full = () => new RefusedError({ code: 503, reason: "full" });

/** Connects to what answers so, one answer an attempt. Time passes at each look at the clock. */
async function connect(answers: (Error | string)[], patienceMs: number) {
  const waits: string[] = [];
  let now = 0;
  const result = await connectAtFirst(() => {
    const answer = answers.shift()!;
    return typeof answer === "string" ? Promise.resolve(answer) : Promise.reject(answer);
  }, {
    patienceMs,
    monotonic: () => now++,
    random: () => 0,
    onWait: (reason) => void waits.push(reason.message),
  }).catch((error) => error);
  return { result, waits, left: answers.length };
}

pureTest("connectAtFirst() waits for nothing where it is answered at once", async () => {
  assert.deepEqual(await connect(["link"], 1000), { result: "link", waits: [], left: 0 });
});

pureTest(
  "connectAtFirst() waits while nobody answers or the relay is full, and says so once",
  async () => {
    const { result, waits } = await connect([gone(), full(), "link"], 1000);
    assert.equal(result, "link");
    assert.deepEqual(waits, ["Connection lost: the server is gone"]);
  },
);

pureTest("connectAtFirst() gives up with the last failure when time is over", async () => {
  const last = full();
  const { result, left } = await connect([gone(), last, "link"], 2);
  assert.equal(result, last);
  assert.equal(left, 1);
});

pureTest("connectAtFirst() does not try again without patience", async () => {
  const first = full();
  assert.deepEqual(await connect([first, "link"], 0), { result: first, waits: [], left: 1 });
});

pureTest("connectAtFirst() does not wait for what stays as it is", async () => {
  const finals = [
    new RefusedError({ code: 401, reason: "auth" }),
    new UnknownHostError("no.such.host"),
    new ChatError(worded("Cannot read from the server: it sent a line that is too long"), {
      cause: new LineTooLongError(10),
    }),
    new TypeError("planned"),
  ];
  for (const error of finals) {
    assert.deepEqual(await connect([error, "link"], 1000), { result: error, waits: [], left: 1 });
    assert.equal((await connect([full(), error, "link"], 1000)).result, error);
  }
});
