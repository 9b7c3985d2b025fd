import fc from "fast-check";
import assert from "node:assert/strict";
import { LineSplitter } from "../../lib/bytes/lines.ts";
import { LineTooLongError } from "../../lib/errors.ts";
import { pureTest } from "../support/pure.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Split {
  lines: string[];
  tooLong: number;
}

/** Pushes every chunk, then ends the stream; too-long lines are counted. */
function split(maxBytes: number, chunks: readonly string[]): Split {
  let tooLong = 0;
  const splitter = new LineSplitter(maxBytes, () => void tooLong++);
  const lines = chunks.flatMap((chunk) => splitter.push(encoder.encode(chunk)));
  const last = splitter.finish();
  if (last) lines.push(last);
  return { lines: lines.map((line) => decoder.decode(line)), tooLong };
}

/** What `split()` must give, wherever the ASCII text is cut. */
function expectedSplit(maxBytes: number, text: string): Split {
  const parts = text.split("\n");
  if (parts.at(-1) === "") parts.pop();
  const lines = parts.map((part) => part.endsWith("\r") ? part.slice(0, -1) : part);
  const fitting = lines.filter((line) => line.length <= maxBytes);
  return { lines: fitting, tooLong: lines.length - fitting.length };
}

function cutAt(text: string, cut: number): string[] {
  return [text.slice(0, cut), text.slice(cut)];
}

pureTest("LineSplitter yields the same lines wherever bytes are cut", () => {
  const text = "a\n\nbcd\r\n\r\n\r\r\n\re\rf\n\ntail";
  const lines = ["a", "", "bcd", "", "\r", "\re\rf", "", "tail"];
  for (let cut = 0; cut <= text.length; cut++) {
    assert.deepEqual(split(4, cutAt(text, cut)), { lines, tooLong: 0 }, `cut at ${cut}`);
  }
  assert.deepEqual(split(4, [...text]), { lines, tooLong: 0 });
});

pureTest("LineSplitter splits any text, cut anywhere, with any limit", () => {
  const chunk = fc.string({ unit: fc.constantFrom("a", "b", "\r", "\n"), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(chunk), fc.integer({ min: 0, max: 6 }), (chunks, maxBytes) => {
      assert.deepEqual(split(maxBytes, chunks), expectedSplit(maxBytes, chunks.join("")));
    }),
    { numRuns: 2000 },
  );
});

pureTest("LineSplitter.push() takes a line of maxBytes, with any line ending", () => {
  for (const ending of ["\n", "\r\n", ""]) {
    const text = "abcd" + ending;
    for (let cut = 0; cut <= text.length; cut++) {
      assert.deepEqual(split(4, cutAt(text, cut)), { lines: ["abcd"], tooLong: 0 });
    }
  }
});

pureTest("LineSplitter refuses a line of maxBytes + 1, with any line ending", () => {
  for (const ending of ["\n", "\r\n", ""]) {
    const text = "abcde" + ending;
    for (let cut = 0; cut <= text.length; cut++) {
      const splitter = new LineSplitter(4);
      assert.throws(
        () => {
          for (const chunk of cutAt(text, cut)) splitter.push(encoder.encode(chunk));
          splitter.finish();
        },
        (error: unknown) =>
          error instanceof LineTooLongError &&
          error.message === "Cannot read line: longer than 4 bytes",
        `${JSON.stringify(text)} cut at ${cut}`,
      );
    }
  }
});

pureTest("LineSplitter.push() throws what onTooLong throws", () => {
  const splitter = new LineSplitter(1, () => {
    throw new TypeError("Cannot go on: flood");
  });
  assert.throws(() => splitter.push(encoder.encode("abc")), {
    name: "TypeError",
    message: "Cannot go on: flood",
  });
});

pureTest("LineSplitter.push() calls onTooLong once, before the line ends", () => {
  let calls = 0;
  const splitter = new LineSplitter(4, () => void calls++);
  assert.deepEqual(splitter.push(encoder.encode("ok\nabcde")), [encoder.encode("ok")]);
  assert.equal(calls, 0, "the fifth byte may be a CR");
  for (let i = 0; i < 100; i++) assert.deepEqual(splitter.push(encoder.encode("fghij")), []);
  assert.equal(calls, 1);
  assert.deepEqual(splitter.push(encoder.encode("k\nlater\n\nabcd\r\n")), [
    new Uint8Array(),
    encoder.encode("abcd"),
  ]);
  assert.equal(calls, 2);
});

pureTest("LineSplitter.push() returns copies: a chunk may be reused", () => {
  const splitter = new LineSplitter(8);
  const chunk = encoder.encode("one\ntw");
  const [one] = splitter.push(chunk);
  chunk.fill(0x2a);
  const [two] = splitter.push(encoder.encode("o\nthree\n"));
  assert.deepEqual([one, two], [encoder.encode("one"), encoder.encode("two")]);
});

pureTest("LineSplitter.finish() returns nothing after a line ending", () => {
  for (const text of ["", "\n", "a\n", "a\r\n", "far too long\n", "far too long"]) {
    const splitter = new LineSplitter(4, () => {});
    splitter.push(encoder.encode(text));
    assert.equal(splitter.finish(), undefined, JSON.stringify(text));
  }
});

pureTest("LineSplitter.push() takes linear time for a line pushed byte by byte", () => {
  // Copying the line for each byte of it would move half a terabyte.
  const bytes = 1024 * 1024;
  const deadline = performance.now() + 10_000;
  const splitter = new LineSplitter(bytes);
  const chunk = encoder.encode("x");
  for (let i = 0; i < bytes; i++) {
    splitter.push(chunk);
    if (i % 1024 === 0) assert.ok(performance.now() < deadline, `${i} bytes took 10 s`);
  }
  assert.deepEqual(splitter.push(encoder.encode("\n")), [new Uint8Array(bytes).fill(0x78)]);
});
