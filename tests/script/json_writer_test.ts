import assert from "node:assert/strict";
import { JsonWriter } from "../../lib/script/json_writer.ts";
import { pureTest } from "../support/pure.ts";

function openWriter() {
  const writes: string[] = [];
  let now = 1999;
  const writer = new JsonWriter(
    (bytes) => Promise.resolve(void writes.push(new TextDecoder().decode(bytes))),
    () => now++,
  );
  return { writer, writes };
}

pureTest(
  "JsonWriter.remark() dates lines by the clock, write() leaves them their time",
  async () => {
    const { writer, writes } = openWriter();
    await writer.remark({ type: "taken", ref: 1 });
    await writer.remark({ type: "taken", ref: 2 }, { type: "notice", text: "\u2028" });
    await writer.write({ type: "impostor", time: 7, nickname: "bob" });
    assert.deepEqual(writes, [
      '{"type":"taken","time":1,"ref":1}\n',
      '{"type":"taken","time":2,"ref":2}\n{"type":"notice","time":2,"text":"\\u2028"}\n',
      '{"type":"impostor","time":7,"nickname":"bob"}\n',
    ]);
  },
);

pureTest("JsonWriter.write() waits for all that was written before", async () => {
  const { writer, writes } = openWriter();
  writer.remark({ type: "taken", ref: 1 });
  await writer.write();
  assert.equal(writes.length, 1);
});

pureTest("JsonWriter rejects with what the write throws", async () => {
  const writer = new JsonWriter(() => Promise.reject(new Error("closed")), () => 0);
  await assert.rejects(writer.remark({ type: "taken", ref: 1 }), { message: "closed" });
  await assert.rejects(writer.write(), { message: "closed" });
});
