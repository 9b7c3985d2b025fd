import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_CRYPTO_IN_FLIGHT } from "../../lib/client/limits.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import { MAX_BATCH_LINES, Pipe, type PipeStreams } from "../../lib/script/pipe.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { message } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const encoder = new TextEncoder();
const TOO_LONG = `not sent: a line is longer than ${MAX_TEXT_BYTES} bytes`;

async function* stream(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === "string" ? encoder.encode(chunk) : chunk;
}

function openPipe(streams: Partial<PipeStreams>) {
  const written: string[] = [];
  const reported: string[] = [];
  const pipe = new Pipe({
    input: stream([]),
    write: (bytes) => Promise.resolve(void written.push(new TextDecoder().decode(bytes))),
    report: (line) => void reported.push(line),
    format: ({ text }) => text,
    say: sayIn("en"),
    ...streams,
  });
  return { pipe, written, reported };
}

async function readInputs(...chunks: (string | Uint8Array)[]) {
  const { pipe, reported } = openPipe({ input: stream(chunks) });
  const batches = await Array.fromAsync(pipe.inputs());
  return { batches, texts: batches.flat(), reported, refusedLines: pipe.refusedLines };
}

function linesOf(...texts: string[]) {
  return texts.map((text) => ({ ...message(text), isOwn: false, isMention: false }));
}

pureTest("Pipe.inputs() reads the same lines wherever bytes are cut", async () => {
  const input = encoder.encode("one\n\ntwo\r\n😀 é\n\ufeffthree\rx\nlast");
  const texts = ["one", "", "two", "😀 é", "\ufeffthree\rx", "last"];
  for (let cut = 0; cut <= input.length; cut++) {
    const result = await readInputs(input.subarray(0, cut), input.subarray(cut));
    assert.deepEqual(result.texts, texts, `cut at ${cut}`);
    assert.equal(result.refusedLines, 0);
  }
});

pureTest("Pipe.inputs() reads any lines back", async () => {
  const line = textOf(anyCharacter, 20).map((text) => text.toWellFormed().replace(/[\r\n]/g, ""));
  const lists = fc.array(line, { maxLength: 9 });
  await fc.assert(fc.asyncProperty(lists, fc.constantFrom("\n", "\r\n"), async (lines, ending) => {
    const { texts } = await readInputs(lines.map((text) => text + ending).join(""));
    assert.deepEqual(texts, lines);
  }));
});

pureTest("Pipe.inputs() yields lines in order, in batches of 16 at most", async () => {
  assert.equal(MAX_BATCH_LINES, MAX_CRYPTO_IN_FLIGHT);
  for (const count of [0, 1, 15, 16, 17, 32, 33, 100]) {
    const lines = Array.from({ length: count }, (_, i) => `line ${i}`);
    const { batches } = await readInputs(lines.map((text) => text + "\n").join(""));
    assert.deepEqual(batches.flat(), lines);
    for (const batch of batches) assert.ok(batch.length <= MAX_CRYPTO_IN_FLIGHT);
    assert.equal(batches.length, Math.ceil(count / MAX_CRYPTO_IN_FLIGHT));
  }
});

pureTest("Pipe.inputs() takes a last line without LF, were it empty", async () => {
  assert.deepEqual((await readInputs("a\nb")).texts, ["a", "b"]);
  assert.deepEqual((await readInputs("a\n\r")).texts, ["a", ""]);
  assert.deepEqual((await readInputs("a\n")).texts, ["a"]);
  assert.deepEqual((await readInputs()).texts, []);
});

pureTest("Pipe.inputs() yields a line before the next is read", async () => {
  const { promise: never } = Promise.withResolvers<void>();
  const input = (async function* () {
    yield encoder.encode("first\nsec");
    await never;
  })();
  const { value } = await openPipe({ input }).pipe.inputs().next();
  assert.deepEqual(value, ["first"]);
});

pureTest("Pipe.inputs() takes a line of 40,000 bytes and refuses a longer one", async () => {
  for (const ending of ["\n", "\r\n", ""]) {
    const longest = "é".repeat(MAX_TEXT_BYTES / 2);
    const fits = await readInputs(longest + ending);
    assert.deepEqual([fits.texts, fits.refusedLines, fits.reported], [[longest], 0, []]);
    const exceeds = await readInputs("before\n", longest + "x" + ending);
    assert.deepEqual(exceeds.texts, ["before"]);
    assert.equal(exceeds.refusedLines, 1);
    assert.deepEqual(exceeds.reported, [TOO_LONG]);
  }
});

pureTest("Pipe.inputs() goes on after a line that is too long", async () => {
  const chunk = "x".repeat(30_000);
  const result = await readInputs("a\n", chunk, chunk, chunk, "\nb\n", chunk + chunk + "\nc");
  assert.deepEqual(result.texts, ["a", "b", "c"]);
  assert.equal(result.refusedLines, 2);
  assert.deepEqual(result.reported, [TOO_LONG, TOO_LONG]);
});

pureTest("Pipe.inputs() refuses what is not UTF-8, line by line", async () => {
  const bad = [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80]];
  const lines = bad.map((bytes) => new Uint8Array([0x61, ...bytes, 0x0a]));
  const result = await readInputs("first\n", ...lines, "last\n");
  assert.deepEqual(result.texts, ["first", "last"]);
  assert.equal(result.refusedLines, bad.length);
  assert.deepEqual(result.reported, bad.map(() => "not sent: a line is not UTF-8"));
});

pureTest("Pipe.inputs() throws what the input throws", async () => {
  // deno-lint-ignore require-yield -- as a broken stream does
  const input = (async function* () {
    throw new Deno.errors.BadResource("gone");
  })();
  await assert.rejects(() => Array.fromAsync(openPipe({ input }).pipe.inputs()), {
    name: "BadResource",
    message: "gone",
  });
});

pureTest("Pipe.show() writes each batch at once, one line a message", async () => {
  const { pipe, written } = openPipe({});
  await pipe.show(linesOf("<bob> one", "<bob> two\nthree\r\n", ""));
  await pipe.show(linesOf("<eve> \x1b]52;c;AA\x07\u202e"));
  assert.deepEqual(written, ["<bob> one\n<bob> two ⏎ three ⏎ \n\n", "<eve> ␛]52;c;AA␇\n"]);
});

pureTest("Pipe.show() makes as many lines as there are messages, whatever they hold", async () => {
  const texts = fc.array(textOf(anyCharacter, 9), {
    minLength: 1,
    maxLength: 9,
  });
  await fc.assert(fc.asyncProperty(texts, async (texts) => {
    const { pipe, written } = openPipe({});
    await pipe.show(linesOf(...texts));
    assert.equal(
      written.join("").split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/).length,
      texts.length + 1,
    );
  }));
});

pureTest("Pipe.show() waits for the write and throws what it throws", async () => {
  const log: string[] = [];
  const slow = async () => {
    await Promise.resolve();
    log.push("written");
  };
  await openPipe({ write: slow }).pipe.show(linesOf("a"));
  log.push("shown");
  assert.deepEqual(log, ["written", "shown"]);
  const write = () => Promise.reject(new Deno.errors.BrokenPipe("closed"));
  await assert.rejects(() => openPipe({ write }).pipe.show(linesOf("a")), {
    name: "BrokenPipe",
    message: "closed",
  });
});

pureTest("Pipe waits while it is not read, and shows no name", () => {
  const { pipe, reported, written } = openPipe({});
  assert.equal(pipe.isPatient, true);
  pipe.setNickname();
  assert.deepEqual([reported, written], [[], []]);
});

pureTest("Pipe.notify() reports one safe line", () => {
  const { pipe, reported, written } = openPipe({});
  pipe.notify("a\nb\x1b[31m");
  assert.deepEqual(reported, ["a ⏎ b␛[31m"]);
  assert.deepEqual(written, []);
});

pureTest("Pipe.inputs() asks before each batch whether it may be written", async () => {
  const input = stream(["line\n".repeat(MAX_BATCH_LINES + 1)]);
  let asked = 0;
  const untilReady = () => {
    asked++;
    return asked < 2 ? Promise.resolve() : Promise.reject(new RangeError("put out"));
  };
  const read: string[][] = [];
  await assert.rejects(
    async () => {
      for await (const batch of openPipe({ input, untilReady }).pipe.inputs()) read.push(batch);
    },
    { name: "RangeError", message: "put out" },
  );
  assert.deepEqual(read.map(({ length }) => length), [MAX_BATCH_LINES]);
});
