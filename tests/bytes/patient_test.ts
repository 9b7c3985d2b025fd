import assert from "node:assert/strict";
import { callPatiently, patientWriter, readPatiently } from "../../lib/bytes/patient.ts";
import { writeAll } from "../../lib/bytes/write_all.ts";
import { pureTest } from "../support/pure.ts";

const { WouldBlock, BrokenPipe } = Deno.errors;

/** Answers calls in turn; an error is thrown. */
function answering<T>(answers: (T | Error)[]): () => Promise<T> {
  return () => {
    const answer = answers.shift()!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
}

pureTest("callPatiently() calls until it need not wait, however often", async () => {
  const answers = [...Array.from({ length: 8 }, () => new WouldBlock("planned")), 7, 8];
  assert.equal(await callPatiently(answering(answers)), 7);
  assert.deepEqual(answers, [8]);
});

pureTest("callPatiently() throws any other error at once", async () => {
  const call = answering<number>([new WouldBlock("planned"), new BrokenPipe("gone"), 7]);
  await assert.rejects(callPatiently(call), { name: "BrokenPipe", message: "gone" });
});

pureTest("readPatiently() goes on where there was nothing yet, and ends at the end", async () => {
  const call = answering<number | null>([1, new WouldBlock("planned"), 2, null]);
  const read = async (buffer: Uint8Array) => {
    const length = await call();
    buffer.fill(length ?? 0, 0, length ?? 0);
    return length;
  };
  const chunks = await Array.fromAsync(readPatiently({ read }));
  assert.deepEqual(chunks, [new Uint8Array([1]), new Uint8Array([2, 2])]);
});

pureTest("patientWriter() writes every byte once where writes are refused in between", async () => {
  const received: number[] = [];
  let calls = 0;
  const write = (bytes: Uint8Array) => {
    if (++calls % 2 === 1) return Promise.reject(new WouldBlock("planned"));
    received.push(bytes[0]!);
    return Promise.resolve(1);
  };
  await writeAll(patientWriter({ write }), new Uint8Array([1, 2, 3]));
  assert.deepEqual(received, [1, 2, 3]);
});
