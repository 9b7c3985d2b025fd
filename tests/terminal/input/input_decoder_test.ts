import fc from "fast-check";
import assert from "node:assert/strict";
import { pressed, type TtyEvent } from "../../../lib/terminal/input/input_events.ts";
import { InputDecoder } from "../../../lib/terminal/input/input_decoder.ts";
import { MAX_SEQUENCE_BYTES } from "../../../lib/terminal/input/sequence_reader.ts";
import { pureTest } from "../../support/pure.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const typed = (text: string): TtyEvent => ({ kind: "text", text });
const broken = (text: string): TtyEvent => ({ kind: "text", text, isBroken: true });
const pasted = (text: string, isWhole = true): TtyEvent => ({ kind: "paste", text, isWhole });

/** Decodes pieces; text that came in several is one again. */
function decode(...pieces: (string | Uint8Array)[]): TtyEvent[] {
  const decoder = new InputDecoder();
  const events = pieces.flatMap((piece) => {
    return decoder.push(typeof piece === "string" ? encode(piece) : piece);
  });
  return join([...events, ...decoder.flush()]);
}

function join(events: readonly TtyEvent[]): TtyEvent[] {
  const joined: TtyEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.kind !== "text" || last?.kind !== "text") joined.push(event);
    else joined.splice(-1, 1, { ...last, ...event, text: last.text + event.text });
  }
  return joined;
}

pureTest("push() decodes the keys of every terminal", () => {
  const left = pressed("left", { ctrl: true });
  for (
    const [name, ...spellings] of [
      [pressed("up"), "\x1b[A", "\x1bOA", "\x1b[1;1A", "\x1b[57419u"],
      [pressed("down"), "\x1b[B", "\x1bOB"],
      [pressed("right"), "\x1b[C", "\x1bOC"],
      [pressed("left"), "\x1b[D", "\x1bOD"],
      [left, "\x1b[1;5D", "\x1bOd", "\x1bO5D"],
      [pressed("left", { shift: true }), "\x1b[d", "\x1b[1;2D"],
      [pressed("left", { alt: true }), "\x1b[1;3D", "\x1b\x1b[D", "\x1b\x1bOD"],
      [pressed("home"), "\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~"],
      [pressed("end"), "\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~"],
      [pressed("end", { ctrl: true }), "\x1b[1;5F", "\x1b[8^", "\x1b[4;5~"],
      [pressed("end", { ctrl: true, shift: true }), "\x1b[8@", "\x1b[8;6~"],
      [pressed("delete"), "\x1b[3~"],
      [pressed("delete", { ctrl: true }), "\x1b[3;5~", "\x1b[3^"],
      [pressed("delete", { shift: true }), "\x1b[3;2~", "\x1b[3$"],
      [pressed("insert"), "\x1b[2~"],
      [pressed("pageup"), "\x1b[5~"],
      [pressed("pagedown"), "\x1b[6~"],
      [pressed("enter"), "\r", "\n", "\x1bOM", "\x1b[13u", "\x1b[57414u"],
      [pressed("enter", { alt: true }), "\x1b\r", "\x1b\n", "\x1b[13;3u", "\x1b[27;3;13~"],
      [pressed("enter", { shift: true }), "\x1b[13;2u", "\x1b[27;2;13~"],
      [pressed("tab"), "\t", "\x1b[9u"],
      [pressed("tab", { shift: true }), "\x1b[Z", "\x1b[1;2Z", "\x1b[9;2u"],
      [pressed("backspace"), "\x7f", "\x1b[127u"],
      [pressed("backspace", { alt: true }), "\x1b\x7f", "\x1b\b", "\x1b[127;3u"],
      [pressed("h", { ctrl: true }), "\b"],
      [pressed("escape"), "\x1b", "\x1b[27u"],
      [pressed("b", { alt: true }), "\x1bb", "\x1b[98;3u"],
      [pressed("f", { alt: true, shift: true }), "\x1bF", "\x1b[27;4;70~"],
      [pressed(".", { alt: true }), "\x1b."],
      [pressed("space", { alt: true }), "\x1b ", "\x1b[32;3u"],
      [pressed("space", { ctrl: true }), "\x00", "\x1b[32;5u"],
      [pressed("a", { ctrl: true }), "\x01", "\x1b[97;5u", "\x1b[27;5;97~"],
      [pressed("a", { ctrl: true, shift: true }), "\x1b[27;6;65~", "\x1b[97;6u"],
      [pressed("a", { ctrl: true, alt: true }), "\x1b\x01", "\x1b[97;7u", "\x1b[97;39u"],
      [pressed("_", { ctrl: true }), "\x1f"],
    ] as const
  ) for (const spelling of spellings) assert.deepEqual(decode(spelling), [name], spelling);
});

pureTest("push() takes what kitty says to be text as text", () => {
  for (
    const [spelling, text] of [
      ["\x1b[97u", "a"],
      ["\x1b[97;2u", "A"],
      ["\x1b[49:33;2u", "!"],
      ["\x1b[97;;228u", "ä"],
      ["\x1b[233;1:1u", "é"],
      ["\x1b[27;2;65~", "A"],
    ] as const
  ) assert.deepEqual(decode(spelling), [typed(text)], spelling);
});

pureTest("push() takes the keypad in application mode as what stands on its keys", () => {
  const keys = { p: "0", q: "1", u: "5", y: "9", n: ".", o: "/", j: "*", m: "-", k: "+", X: "=" };
  for (const [letter, text] of Object.entries({ ...keys, l: ",", " ": " " })) {
    assert.deepEqual(decode(`\x1bO${letter}`), [typed(text)], letter);
  }
  assert.deepEqual(decode("\x1bOI\x1bOM"), [pressed("tab"), pressed("enter")]);
  assert.deepEqual(decode("\x1b[57399u\x1b[57408;129u\x1b[57409u"), [typed("09.")]);
  assert.deepEqual(decode("\x1b[57410u\x1b[57413u\x1b[57415u\x1b[57416u"), [typed("/+=,")]);
  assert.deepEqual(decode("\x1b[57404;5u\x1bO5u\x1b\x1bOu"), []);
});

pureTest("push() swallows whole what it does not know", () => {
  for (
    const unknown of [
      ..."\x1b[[A \x1b[15~ \x1bOP \x1b[I \x1b[O \x1b[?1;2c \x1b[>0;10;1c \x1b[?1;2$y".split(" "),
      ..."\x1b]11;rgb:0/0/0\x07 \x1b]11;é\x1b\\ \x1bP1+r544e\x1b\\ \x1b[97;1:3u \x1b[1;1:3A".split(
        " ",
      ),
      ..."\x1b[97;9u \x1b[1;9D \x1b[55296u \x1b[57441u \x1b[1114112u \x1b[133u \x1b[233;5u".split(
        " ",
      ),
      ..."\x1b[<0;3;4M \x1b[M!!! \x1b[201~ \x1b[99~ \x1b[R \x1b[1:2;3R \u0085\u009b".split(" "),
      "\x1b[ q",
      "\x1b[" + "1".repeat(MAX_SEQUENCE_BYTES) + "A",
      "\x1bO" + "1".repeat(MAX_SEQUENCE_BYTES) + "A",
      "\x1b[" + "1".repeat(100_000) + "A",
      "\x1b]52;c;" + "A".repeat(100_000) + "\x07",
    ]
  ) assert.deepEqual(decode("a", unknown, "b"), [typed("ab")], JSON.stringify(unknown));
});

pureTest("push() knows a sequence of the longest length", () => {
  const zeros = "0".repeat(MAX_SEQUENCE_BYTES - "1;5A".length);
  assert.deepEqual(decode(`\x1b[${zeros}1;5A`), [pressed("up", { ctrl: true })]);
});

pureTest("push() ends a sequence at a control character", () => {
  for (const begun of ["\x1b[1;", "\x1bO", "\x1b]11;", "\x1b[M!", "\x1bPabc"]) {
    assert.deepEqual(decode(begun, "\x03a"), [pressed("c", { ctrl: true }), typed("a")], begun);
    assert.deepEqual(decode(begun, "\x1b[A"), [pressed("up")], begun);
  }
  assert.deepEqual(decode("\x1b[1", "\x7f"), [pressed("backspace")]);
  assert.deepEqual(decode("\x1b[1é"), [typed("é")]);
});

pureTest(
  "push() takes Escape before a letter beyond ASCII, or before a third ESC, as the key",
  () => {
    const escape = pressed("escape");
    assert.deepEqual(decode("\x1bé"), [escape, typed("é")]);
    assert.deepEqual(decode("\x1b\x1b\x1b[A"), [escape, pressed("up", { alt: true })]);
    assert.deepEqual(decode("\x1b\x1bb"), [escape, pressed("b", { alt: true })]);
    assert.deepEqual(decode("\x1b\x1b"), [escape, escape]);
  },
);

pureTest("push() reads where the cursor is", () => {
  assert.deepEqual(decode("\x1b[12;80R"), [{ kind: "cursor", row: 12, column: 80 }]);
});

pureTest("push() replaces what is not UTF-8", () => {
  assert.deepEqual(decode(Uint8Array.of(0x61, 0xff, 0xe2, 0x82, 0x62)), [broken("a\ufffd\ufffdb")]);
  assert.deepEqual(decode(Uint8Array.of(0xc3, 0x0d)), [broken("\ufffd"), pressed("enter")]);
  const latin = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
  assert.deepEqual(decode(Uint8Array.of(...latin, 0x0a)), [broken("caf\ufffd"), pressed("enter")]);
  const paste = Uint8Array.of(...encode("\x1b[200~"), ...latin, ...encode("\x1b[201~"));
  assert.deepEqual(decode(paste), [{ ...pasted("caf\ufffd"), isBroken: true }]);
  assert.deepEqual(decode("\ufffd"), [typed("\ufffd")]);
  assert.deepEqual(decode("\ufeffa"), [typed("\ufeffa")]);
});

pureTest(
  "push() takes a paste as one piece, with line breaks as LF and other controls as they are",
  () => {
    assert.deepEqual(decode("a\x1b[200~b\r\nc\rd\ne\x03\x1b[A\x1b[201\x1b[201~f"), [
      typed("a"),
      pasted("b\nc\nd\ne\x03\x1b[A\x1b[201"),
      typed("f"),
    ]);
    assert.deepEqual(decode("\x1b[200~\x1b[201~"), [pasted("")]);
  },
);

pureTest("isWaiting is true while an ESC, a sequence or a paste is unfinished", () => {
  for (const begun of ["\x1b", "\x1b\x1b", "\x1b[", "\x1bO", "\x1b[1;5", "\x1b[200~", "\x1b]0"]) {
    const decoder = new InputDecoder();
    assert.equal(decoder.isWaiting, false);
    decoder.push(encode(begun));
    assert.equal(decoder.isWaiting, true, begun);
    decoder.flush();
    assert.equal(decoder.isWaiting, false, begun);
  }
  const decoder = new InputDecoder();
  decoder.push(encode("abc\x1b[A\x1b[200~x\x1b[201~\x1bb"));
  assert.equal(decoder.isWaiting, false);
});

pureTest("flush() ends a paste that has no end, and what comes later is text", () => {
  const decoder = new InputDecoder();
  assert.deepEqual(decoder.push(encode("\x1b[200~a\r\x1b[20")), []);
  assert.deepEqual(decoder.flush(), [pasted("a\n\x1b[20", false)]);
  assert.deepEqual(decoder.push(encode("b\x1b[201~c")), [typed("b"), typed("c")]);
});

pureTest("flush() forgets the beginning of a sequence", () => {
  const decoder = new InputDecoder();
  assert.deepEqual(decoder.push(encode("\x1b[1;5")), []);
  assert.deepEqual(decoder.flush(), []);
  assert.deepEqual(decoder.push(encode("a")), [typed("a")]);
});

pureTest("push() gives the same events wherever the bytes are cut", () => {
  const parts = fc.constantFrom(
    ..."a é 漢 👩‍🚀 \x1b \x1b[ \x1bO 1;5 200~ 201~ \x1b[200~ \x1b[201~ A u ~ $ M [ \x1b] \x07".split(
      " ",
    ),
    ..."\x1b\\ \r\n \x7f \x03 ; : 13 27;5;97~ \x1b[97u".split(" "),
  ).map(encode);
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 4 }), parts);
  const input = fc.array(bytes, { maxLength: 30 }).map((pieces) => {
    return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
  });
  fc.assert(
    fc.property(input, fc.array(fc.nat(90), { maxLength: 6 }), (whole, cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const pieces = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
      assert.deepEqual(decode(...pieces), decode(whole));
      const single = Array.from(whole, (byte) => Uint8Array.of(byte));
      const events = decode(...single);
      assert.deepEqual(events, decode(whole));
      for (const event of events) {
        // deno-lint-ignore no-control-regex -- that there is none is the point
        if (event.kind === "text") assert.doesNotMatch(event.text, /[\x00-\x1f\x7f-\x9f]/);
      }
    }),
    { numRuns: 2000 },
  );
});
