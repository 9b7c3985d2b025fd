import assert from "node:assert/strict";
import { namesOf, readInfo } from "../../lib/cluster/stream_info.ts";
import { FakeNats } from "../support/fake_nats.ts";
import { pureTest } from "../support/pure.ts";

function read(answer: Record<string, unknown>) {
  const nats = new FakeNats();
  nats.answers.set("$JS.API.STREAM.INFO.s", answer);
  return readInfo(nats, "s");
}

pureTest("readInfo() reads what the server says of a stream", async () => {
  const config = { subjects: ["a"] };
  const state = { first_seq: 3, last_seq: 9, messages: 7 };
  assert.deepEqual(await read({ type: "x", created: "today", config, state }), {
    ...{ created: "today", firstSeq: 3, lastSeq: 9, config },
  });
});

pureTest("readInfo() asks again soon, as nobody hears it during an election", async () => {
  const nats = new FakeNats();
  await readInfo(nats, "s").catch(() => {});
  assert.ok(nats.requests[0]!.againMs! <= 500);
});

pureTest("readInfo() tells a missing stream from other refusals", async () => {
  const missing = { error: { code: 404, err_code: 10059, description: "stream not found" } };
  await assert.rejects(read(missing), {
    name: "NoStreamError",
    message: "there is no stream s; chat-server cluster-setup makes it",
  });
  await assert.rejects(read({ error: { code: 503, description: "busy" } }), /^Error: busy$/);
  await assert.rejects(read({ error: {} }), /the server refuses/);
  const state = { first_seq: 1, last_seq: 1 };
  const wrong = [{}, { created: 1, config: {}, state }, { created: "x", config: {} }];
  for (const answer of [...wrong, { created: "x", config: {}, state: { first_seq: "1" } }]) {
    await assert.rejects(read(answer), /the server's answer is none/);
  }
});

pureTest("namesOf() names what belongs to a room", () => {
  assert.deepEqual(namesOf("ab"), { stream: "chat-ab", lines: "chat.ab", presence: "here.ab" });
});
