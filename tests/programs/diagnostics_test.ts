import assert from "node:assert/strict";
import {
  Diagnostics,
  DIAGNOSTICS_ORDER_MS,
  DIAGNOSTICS_WAIT_MS,
  MAX_WAITING_DIAGNOSTIC_BYTES,
} from "../../lib/programs/diagnostics.ts";
import { never } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

pureTest("report() writes lines in their order, one write at a time", async () => {
  const log: string[] = [];
  const diagnostics = new Diagnostics(async (bytes) => {
    log.push(`begin ${decode(bytes)}`);
    await Promise.resolve();
    log.push(`end ${decode(bytes)}`);
  });
  diagnostics.report("a");
  diagnostics.report("b\nc");
  await diagnostics.settle();
  assert.deepEqual(log, ["begin a\n", "end a\n", "begin b\nc\n", "end b\nc\n"]);
});

pureTest("report() drops a line that cannot be written, and writes the next one", async () => {
  const log: string[] = [];
  const diagnostics = new Diagnostics((bytes) => {
    log.push(decode(bytes));
    return log.length === 1 ? Promise.reject(new Error("planned")) : Promise.resolve();
  });
  diagnostics.report("a");
  await diagnostics.settle();
  diagnostics.report("b");
  await diagnostics.settle();
  assert.deepEqual(log, ["a\n", "b\n"]);
});

pureTest("report() drops the oldest lines of a standard error that takes nothing", async () => {
  const log: number[] = [];
  const first = Promise.withResolvers<void>();
  const diagnostics = new Diagnostics((bytes) => {
    log.push(bytes[0]!);
    return log.length === 1 ? first.promise : Promise.resolve();
  });
  const half = MAX_WAITING_DIAGNOSTIC_BYTES / 2;
  for (const byte of [1, 2, 3, 4]) void diagnostics.write(new Uint8Array(half).fill(byte));
  void diagnostics.write(new Uint8Array([5]));
  first.resolve();
  await diagnostics.settle();
  assert.deepEqual(log, [1, 4, 5]);
});

pureTest("settle() and keepOrder() do not wait for ever", async () => {
  const diagnostics = new Diagnostics(() => never);
  diagnostics.report("a");
  const waits: number[] = [];
  for (const wait of ["keepOrder", "keepOrder", "settle"] as const) {
    const began = performance.now();
    await diagnostics[wait]();
    waits.push(performance.now() - began);
  }
  assert.ok(waits[0]! >= DIAGNOSTICS_ORDER_MS - 5, `${waits[0]} ms`);
  assert.ok(waits[1]! < waits[2]!, `${waits[1]} ms`);
  assert.ok(waits[2]! >= DIAGNOSTICS_WAIT_MS - 5, `${waits[2]} ms`);
});
