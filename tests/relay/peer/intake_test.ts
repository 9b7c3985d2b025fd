import fc from "fast-check";
import assert from "node:assert/strict";
import { LineTooLongError } from "../../../lib/errors.ts";
import { MAX_LINE_BYTES } from "../../../lib/protocol/limits.ts";
import { MAX_READ_BUFFER_BYTES } from "../../../lib/relay/limits.ts";
import { Intake } from "../../../lib/relay/peer/intake.ts";
import { pureTest } from "../../support/pure.ts";
import { fakeToken } from "../../support/raw_client.ts";

/** What an intake passed on. */
interface Passed {
  tokens: string;
  runs: number;
  lines: number;
  control: string[];
  noise: number;
}

function createIntake(): { intake: Intake; passed: Passed } {
  const passed: Passed = { tokens: "", runs: 0, lines: 0, control: [], noise: 0 };
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const intake = new Intake({
    onTokens(run, lines) {
      passed.tokens += decode(run);
      passed.runs++;
      passed.lines += lines;
    },
    onControl: (line) => passed.control.push(decode(line)),
    onNoise(line) {
      passed.noise++;
      assert.ok(!line.includes(0x0a));
    },
  });
  return { intake, passed };
}

/** Feeds bytes in pieces of given lengths, the last one repeated as long as needed. */
function feed(intake: Intake, bytes: Uint8Array, pieces: readonly number[] = [Infinity]): void {
  let start = 0;
  for (let i = 0; start < bytes.length; i++) {
    const space = intake.space();
    assert.ok(space.length > 0, "there is no space to read to");
    const piece = pieces[Math.min(i, pieces.length - 1)]!;
    const part = bytes.subarray(start, start + Math.min(piece, space.length));
    space.set(part);
    intake.take(part.length);
    start += part.length;
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const [A, B, C] = [fakeToken("-a-"), fakeToken("-b-", 332), fakeToken("-c-")];
const MIXED = `${A}\n${B}\r\nnoise\n\n!PING 1\r\n${C}\n${A}\n!X\nGET / HTTP/1.1\r\n${B}\nleft`;
const MIXED_PASSED = { tokens: `${A}\n${B}\n${C}\n${A}\n${B}\n`, control: ["!PING 1", "!X"] };

pureTest("take() passes the same lines on wherever the bytes are cut", () => {
  const bytes = encode(MIXED);
  for (let cut = 1; cut < bytes.length; cut++) {
    const { intake, passed } = createIntake();
    feed(intake, bytes, [cut, Infinity]);
    const { tokens, control, noise, lines } = passed;
    assert.deepEqual({ tokens, control }, MIXED_PASSED);
    assert.deepEqual([noise, lines, intake.unfinishedBytes], [3, 5, 4]);
  }
});

pureTest("take() passes the same lines on byte by byte", () => {
  const { intake, passed } = createIntake();
  feed(intake, encode(MIXED), [1]);
  assert.deepEqual({ tokens: passed.tokens, control: passed.control }, MIXED_PASSED);
});

pureTest("take() passes neighbouring tokens on in one run", () => {
  const { intake, passed } = createIntake();
  const text = `${A}\n${C}\n${A}\n`;
  feed(intake, encode(text));
  assert.deepEqual([passed.runs, passed.lines, passed.tokens], [1, 3, text]);
});

pureTest(
  "take() accepts the longest line, with CR and without, and throws at one byte more",
  () => {
    for (const ending of ["\n", "\r\n"]) {
      const { intake, passed } = createIntake();
      feed(intake, encode("x".repeat(MAX_LINE_BYTES) + ending));
      assert.equal(passed.noise, 1);
      const tooLong = encode(A + "\n" + "x".repeat(MAX_LINE_BYTES + 1) + ending);
      for (const pieces of [[Infinity], [1000], [MAX_LINE_BYTES + A.length + 1, 1]]) {
        const fresh = createIntake();
        assert.throws(() => feed(fresh.intake, tooLong, pieces), {
          name: "LineTooLongError",
          message: "Cannot read line: longer than 65536 bytes",
        });
        assert.equal(fresh.passed.tokens, A + "\n");
      }
    }
  },
);

pureTest("take() throws without LF as soon as a line can no longer end in time", () => {
  const { intake } = createIntake();
  feed(intake, encode("x".repeat(MAX_LINE_BYTES + 1)), [8192]);
  assert.throws(() => feed(intake, encode("xx")), LineTooLongError);
});

pureTest("space() grows while reads fill it, within its bound, and shrinks afterwards", () => {
  const { intake } = createIntake();
  const small = intake.space().length;
  let largest = 0;
  const tokens = encode(`${A}\n`.repeat(100));
  for (let total = 0; total < 20 * MAX_READ_BUFFER_BYTES; total += tokens.length) {
    feed(intake, tokens);
    largest = Math.max(largest, intake.space().length);
  }
  assert.ok(largest <= MAX_READ_BUFFER_BYTES && largest > 8 * small, `${largest} bytes`);
  feed(intake, encode("\n"));
  for (let i = 0; i < 1000; i++) feed(intake, encode(`${A}\n`));
  assert.ok(intake.space().length <= 4 * small, `${intake.space().length} bytes`);
});

pureTest("space() is 256 KiB at most, however much comes at once", () => {
  const { intake } = createIntake();
  for (let i = 0; i < 12; i++) {
    // All lines end: it is the reads alone that fill it.
    const space = intake.space();
    space.fill(0x0a);
    intake.take(space.length);
  }
  assert.equal(intake.space().length, 256 * 1024);
});

pureTest("take() passes on exactly the tokens, for any lines and any cuts", () => {
  const line = fc.oneof(
    fc.constantFrom(A, B, C),
    fc.constantFrom("", "x", "!OK", A.slice(1), A.slice(0, -1), `${A.slice(0, 50)}=${A.slice(51)}`),
  );
  const lines = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n")), { maxLength: 60 });
  const pieces = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(lines, pieces, (written, cuts) => {
    const { intake, passed } = createIntake();
    feed(intake, encode(written.flat().join("")), cuts);
    const texts = written.map(([text]) => text);
    const tokens = texts.filter((text) => [A, B, C].includes(text));
    assert.equal(passed.tokens, tokens.map((token) => token + "\n").join(""));
    assert.equal(passed.control.length, texts.filter((text) => text === "!OK").length);
    assert.equal(passed.noise, texts.length - tokens.length - passed.control.length);
  }));
});
