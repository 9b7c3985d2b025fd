import assert from "node:assert/strict";
import { TextWriter } from "../../lib/script/text_writer.ts";
import { pureTest } from "../support/pure.ts";

pureTest("TextWriter.write() writes in order, one write at a time", async () => {
  const log: string[] = [];
  const writer = new TextWriter(async (bytes) => {
    const text = new TextDecoder().decode(bytes);
    log.push(`begin ${text}`);
    await Promise.resolve();
    log.push(`end ${text}`);
  });
  const first = writer.write("a").then(() => writer.write("c"));
  await writer.write("b");
  await first;
  assert.deepEqual(log, ["begin ab", "end ab", "begin c", "end c"]);
});

pureTest("TextWriter.write() rejects for good after a failure", async () => {
  const writer = new TextWriter(() => Promise.reject(new Deno.errors.BrokenPipe("closed")));
  writer.write("nobody waits");
  for (let i = 0; i < 2; i++) await assert.rejects(writer.write("a"), { message: "closed" });
});
