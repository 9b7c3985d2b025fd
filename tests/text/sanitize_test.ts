import fc from "fast-check";
import assert from "node:assert/strict";
import { isBlank, MAX_COMBINING_MARKS, sanitize } from "../../lib/text/sanitize.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

const CONTROL = /\p{Cc}/u;
/** All that is invisible, but for what joins emoji and letters and picks an emoji's form. */
const INVISIBLE = /(?![\u200C\u200D\uFE0E\uFE0F])\p{Default_Ignorable_Code_Point}/u;

function assertShown(cases: Record<string, string>): void {
  for (const [text, shown] of Object.entries(cases)) {
    assert.equal(sanitize(text), shown, JSON.stringify(text));
  }
}

function assertKept(texts: readonly string[]): void {
  for (const text of texts) assert.equal(sanitize(text), text, JSON.stringify(text));
}

/** The characters from `first` to `last`, inclusive. */
function range(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i));
}

pureTest("sanitize() shows the controls of a terminal instead of obeying them", () => {
  assertShown({
    "\x1b[2J\x1b[H": "␛[2J␛[H",
    "\x1b]52;c;cm0gLXJm\x07": "␛]52;c;cm0gLXJm␇",
    "\x1b]0;title\x1b\\": "␛]0;title␛\\",
    '\x1bP$q"p\x1b\\': '␛P$q"p␛\\',
    "\u009b31mred": "\uFFFD31mred",
    "\u009d52;c;AA\u009c": "\uFFFD52;c;AA\uFFFD",
    "a\bb\0c\x7fd": "a␈b␀c␡d",
  });
});

pureTest("sanitize() gives every control character a picture", () => {
  const breaks = "\n\v\f\r\x85";
  for (const control of [...range(0, 0x1f), ...range(0x7f, 0x9f)]) {
    if (breaks.includes(control) || control === "\t") continue;
    const code = control.codePointAt(0)!;
    const picture = code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? "␡" : "�";
    assert.equal(sanitize(`a${control}b`), `a${picture}b`);
  }
});

pureTest("sanitize() keeps a message on one line", () => {
  for (const lineBreak of ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]) {
    assert.equal(sanitize(`a${lineBreak}b`), "a ⏎ b");
    assert.equal(sanitize(lineBreak), " ⏎ ");
    assert.equal(sanitize(`a${lineBreak}${lineBreak}b`), "a ⏎  ⏎ b");
  }
  assertShown({ "a\r\n\r\n\rb": "a ⏎  ⏎  ⏎ b", "a\n\rb": "a ⏎  ⏎ b", "a\tb\t": "a    b    " });
});

pureTest("sanitize() removes what is invisible or changes direction", () => {
  const bidi = [...range(0x202a, 0x202e), ...range(0x2066, 0x2069), "\u200e", "\u200f", "\u061c"];
  const zeroWidth = [...range(0x2060, 0x2064), "\u200b", "\u200c", "\u200d", "\ufeff", "\u180e"];
  const fillers = ["\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u17b4", "\u17b5"];
  const selectors = [...range(0xfe00, 0xfe0f), ...range(0xe0100, 0xe01ef), "\u180b", "\u034f"];
  const others = ["\u00ad", ...range(0xfff9, 0xfffb), ...range(0x206a, 0x206f)];
  const tags = range(0xe0000, 0xe007f);
  for (const removed of [bidi, zeroWidth, fillers, selectors, others, tags].flat()) {
    assert.equal(sanitize(removed), "", JSON.stringify(removed));
    assert.equal(sanitize(`a${removed}b`), "ab", JSON.stringify(removed));
    assert.equal(sanitize(`a${removed.repeat(3)}b`), "ab", JSON.stringify(removed));
  }
  assertShown({ "user\u202Egpj.exe": "usergpj.exe", "\ufeffhi": "hi" });
});

pureTest("sanitize() leaves MAX_COMBINING_MARKS combining marks on a character", () => {
  const most = MAX_COMBINING_MARKS;
  for (const mark of ["\u0301", "\u0489", "\u20dd", "\u0e49", "\u064b"]) {
    for (let count = 0; count <= most; count++) assertKept([`a${mark.repeat(count)}b`]);
    for (const count of [most + 1, most + 2, 100, 10_000]) {
      assert.equal(sanitize(`a${mark.repeat(count)}b${mark}c`), `a${mark.repeat(most)}b${mark}c`);
    }
    assert.equal(sanitize(`a${`${mark}\u200b`.repeat(100)}b`), `a${mark.repeat(most)}b`);
  }
});

pureTest("sanitize() replaces lone surrogates, and only those", () => {
  assertShown({ "a\ud800b": "a�b", "\udc00": "�", "\udc00\ud800": "��", "😀\ud83d": "😀�" });
  assertKept(["😀", "𝔸", "\u{10FFFD}"]);
});

pureTest("sanitize() keeps text of any script as it is", () => {
  assertKept(["", " ", "hello, world!", "¡Olé!", "naïve", "Żółć", "Ελλάδα", "Привет", "שלום"]);
  assertKept([
    "مرحبا",
    "你好",
    "こんにちは",
    "안녕하세요",
    "สวัสดี",
    "a\u00a0b",
    "→ ⏎ ␛ �",
    "<a> &amp;",
  ]);
});

pureTest("sanitize() keeps emoji whole", () => {
  assertKept(["👨‍👩‍👧‍👦", "👩🏽‍💻", "🏳️‍🌈", "🏴‍☠️", "👁️‍🗨️", "❤️‍🔥", "🧑🏿‍🤝‍🧑🏻"]);
  assertKept(["👍🏽", "🇫🇷🇩🇪", "1️⃣", "#️⃣", "*️⃣", "❤️", "☎︎", "☎️", "🅰️"]);
});

pureTest("sanitize() keeps the joiners that spell words", () => {
  const persian = ["می\u200cخواهم", "کتاب\u200cها"];
  const devanagari = ["क्ष", "क्\u200dष", "क्\u200cष", "श्री", "हिन्दी"];
  const others = ["ශ්\u200dරී", "ক্\u200cষ", "ന്\u200dറ"];
  assertKept([...persian, ...devanagari, ...others]);
});

pureTest("sanitize() removes the same joiners where they only hide", () => {
  assertShown({
    "pay\u200cpal": "paypal",
    "a\u200d\u{1F600}": "a😀",
    "😀\u200db": "😀b",
    "\u200dخ\u200c": "خ",
    "a\ufe0f\ufe0eb": "ab",
    "❤\ufe0f\ufe0f\ufe0f": "❤️",
  });
});

/** Text made of what an attacker would choose, and of anything else. */
const hostileText = textOf(
  fc.oneof(
    fc.constantFrom(..."\0\t\n\r\x1b\x7f\x85\x9b\u2028\u202e\u2066\u200b\u200c\u200d\ufe0e\ufe0f"),
    fc.constantFrom(..."a1 #😀❤🏽🇫क्षमیخ\u0301\u0489\u20e3\u00ad\ufeff\u3164\u2800\u{e0041}"),
    anyCharacter,
  ),
  40,
);

pureTest("sanitize() leaves no control, and nothing invisible but joiners, in any text", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const shown = sanitize(text);
      assert.doesNotMatch(shown, CONTROL);
      assert.doesNotMatch(shown, INVISIBLE);
      assert.ok(shown.isWellFormed());
    }),
    { numRuns: 3000 },
  );
});

pureTest("sanitize() takes linear time for a megabyte of anything", () => {
  const units = ["\u0301", "a\u0301\u0301\u0301\u0301", "\u200b", "\u200d", "😀\u200d", "1\ufe0f"];
  units.push("\r", "\r\n", "\x1b", "\u202e", "ی\u200c", "क्\u200d", "\ud800", "\u{e0041}", "a");
  for (const unit of units) {
    const text = unit.repeat(Math.floor(1e6 / new TextEncoder().encode(unit).length));
    const begin = performance.now();
    sanitize(text);
    const ms = performance.now() - begin;
    assert.ok(ms < 5000, `${JSON.stringify(unit)} repeated took ${ms} ms`);
  }
});

pureTest("isBlank() is true for what shows nothing, and for nothing else", () => {
  for (const text of ["", " ", "\t\r\n", "\u00a0\u3000", "\u200b\u2060", "\u2800", "\u3164"]) {
    assert.equal(isBlank(text), true, JSON.stringify(text));
  }
  for (const text of ["x", " . ", "\x1b", "\u0301", "\ud800", "👍", "\u200b-"]) {
    assert.equal(isBlank(text), false, JSON.stringify(text));
  }
});
