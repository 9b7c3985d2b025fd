import assert from "node:assert/strict";
import { readRefusal } from "../../lib/cluster/answer.ts";
import { message } from "../support/fake_nats.ts";
import { pureTest } from "../support/pure.ts";

pureTest("readRefusal() tells an entry that is stored from one that is not", () => {
  const read = (data: string, code?: number) => readRefusal(message({ data, code }));
  assert.equal(read('{"stream":"s","seq":4}'), undefined);
  assert.equal(read('{"stream":"s","seq":4,"duplicate":true}'), undefined);
  assert.equal(read("", 503), "no JetStream answers");
  assert.equal(
    read('{"error":{"code":503,"description":"insufficient resources"}}'),
    [
      "insufficient resources",
    ].join(),
  );
  assert.equal(read('{"error":{}}'), "refused");
  for (const data of ["", "x", "null", "1", "{}", '{"seq":"4"}']) {
    assert.equal(read(data), "an answer that is none", data);
  }
});
