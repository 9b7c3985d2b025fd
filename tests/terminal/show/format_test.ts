import fc from "fast-check";
import assert from "node:assert/strict";
import type { ShownMessage } from "../../../lib/client/events.ts";
import { sayIn } from "../../../lib/messages/say.ts";
import { MAX_SHOWN_BREAKS } from "../../../lib/terminal/show/remote_text.ts";
import { makeTheme } from "../../../lib/terminal/screen/theme.ts";
import { formatMessage, formatSystem } from "../../../lib/terminal/show/format.ts";
import { LocalTime } from "../../../lib/terminal/show/local_time.ts";
import { anyCharacter, textOf } from "../../support/arbitrary_text.ts";
import { pureTest } from "../../support/pure.ts";
import { VirtualTerminal } from "../../support/virtual_terminal.ts";

const MESSAGE: ShownMessage = {
  kind: "message",
  form: "chat",
  nickname: "bob",
  id: "key",
  text: "hi",
  trust: "verified",
  age: "live",
  time: 45_240,
  isLate: false,
  isOwn: false,
  isMention: false,
};
const SETTINGS = {
  theme: makeTheme(0),
  say: sayIn("en"),
  time: new LocalTime("en", "UTC"),
  hasTimestamps: true,
  ownNickname: "alice",
};
/** All that the rows may hold beside text: SGR, the column of the cursor, and autowrap. */
// deno-lint-ignore no-control-regex -- our own sequences
const OURS = /\x1b\[(?:[0-9;]*m|\d+G|\?7[lh])/g;

/** What the rows of a message read without our own sequences. */
function rowsOf(message: Partial<ShownMessage>, columns = 80, settings = {}): string[] {
  const item = formatMessage({ ...MESSAGE, ...message }, { ...SETTINGS, ...settings });
  return item(columns).map((row) => row.replace(OURS, ""));
}

pureTest("formatMessage() makes each kind known without colours", () => {
  const cases: [message: Partial<ShownMessage>, row: string][] = [
    [{}, "12:34 bob  hi"],
    [{ isOwn: true, nickname: "alice" }, "12:34 alice› hi"],
    [{ isMention: true, text: "alice: look" }, "12:34 »bob  alice: look"],
    [{ form: "action", text: "waves" }, "12:34 * bob waves"],
    [{ form: "private" }, "12:34 bob → you  hi"],
    [{ form: "private", isOwn: true, recipient: "bob" }, "12:34 you → bob  hi"],
    [
      { trust: "unverified", nickname: undefined, text: "<py> hi" },
      "12:34 (unverified) <py> hi",
    ],
    [{ trust: "changed" }, "12:34 (NOT the known bob!) bob  hi"],
    [{ isLate: true }, "12:34 (late) bob  hi"],
    [{ age: "old" }, "[12:34] bob  hi"],
  ];
  for (const [message, row] of cases) assert.deepEqual(rowsOf(message), [row]);
});

pureTest("formatMessage() leaves times out, but for old and late messages", () => {
  assert.deepEqual(rowsOf({}, 80, { hasTimestamps: false }), ["bob  hi"]);
  assert.deepEqual(rowsOf({ age: "old" }, 80, { hasTimestamps: false }), ["[12:34] bob  hi"]);
  assert.deepEqual(rowsOf({ isLate: true }, 80, { hasTimestamps: false }), [
    "12:34 (late) bob  hi",
  ]);
  assert.deepEqual(rowsOf({ time: 1e300 }), ["??:?? bob  hi"]);
});

pureTest("formatMessage() lets no nickname pass for a mark, a message or a person", () => {
  const names = ["--", "*", "you", "YOU", "»bob", "bob›", "12:34 -- bob", "(late)", "bob\nx"];
  for (const nickname of names) assert.match(rowsOf({ nickname })[0]!, /^12:34 <.+> {2}hi$/);
  assert.deepEqual(rowsOf({ nickname: "x".repeat(60_000) }), [`12:34 <${"x".repeat(32)}…>  hi`]);
});

pureTest("formatMessage() indents all rows but the first, and a word that is too long", () => {
  const key = "k".repeat(70);
  assert.deepEqual(rowsOf({ text: `12:34 ${key} eve` }, 60), [
    "12:34 bob  12:34",
    key,
    "           eve",
  ]);
  assert.deepEqual(rowsOf({ text: "a\n12:34 eve  b\nc" }), [
    "12:34 bob  a",
    "           12:34 eve  b",
    "           c",
  ]);
  assert.deepEqual(rowsOf({ text: "to be or not to be" }, 20), [
    "12:34 bob  to be or",
    "  not to be",
  ]);
  fc.assert(
    fc.property(textOf(anyCharacter, 80), fc.integer({ min: 3, max: 200 }), (text, columns) => {
      for (const row of rowsOf({ text }, columns).slice(1)) {
        // A row without an indent is one word, in which nothing looks like a space.
        // Sequences that place what is disputed have none, either.
        assert.match(row.replace("\x1b[?7l", ""), /^ |^\S+$/);
      }
    }),
  );
});

pureTest("formatMessage() keeps MAX_SHOWN_BREAKS line breaks", () => {
  const rows = rowsOf({ text: "\n".repeat(40_000) + "end" });
  assert.ok(rows.length < MAX_SHOWN_BREAKS + 40_000 * 3 / 60, `${rows.length} rows`);
  assert.equal(rowsOf({ text: "a\n".repeat(MAX_SHOWN_BREAKS) + "b\nc" }).at(-1)!.trim(), "b ⏎ c");
});

pureTest("formatMessage() shows a changed key as an alert, and never in a key's colour", () => {
  const theme = makeTheme(256);
  const [row] = formatMessage({ ...MESSAGE, trust: "changed" }, { ...SETTINGS, theme })(80);
  assert.ok(row!.includes("\x1b[1;31m"));
  assert.ok(!row!.includes("38;5;"));
  const [known] = formatMessage(MESSAGE, { ...SETTINGS, theme })(80);
  assert.ok(known!.includes(theme.nick("key", "bob")));
});

const HOSTILE = [
  "\x1b[2J\x1b[H\x1b]52;c;cm0=\x07",
  "\u009b31m\u009d0;t\u009c",
  "\x1bP+q\x1b\\\x0e\x0f\x05",
  "a\rb\u202Ec\u2066\u{e0041}\ud800",
  "\u0301".repeat(10_000),
  "\x1b".repeat(60_000),
];

pureTest("no control of others reaches the terminal", () => {
  const hostile = fc.oneof(fc.constantFrom(...HOSTILE.slice(0, 4)), textOf(anyCharacter, 60));
  const check = (text: string, nickname: string, columns: number) => {
    const settings = { ...SETTINGS, theme: makeTheme(256) };
    const rows = (["changed", "unverified"] as const).flatMap((trust) =>
      formatMessage({ ...MESSAGE, text, nickname, trust, isMention: true }, settings)(columns)
    );
    rows.push(...formatSystem(text, { time: 0, isAlert: true }, settings)(columns));
    for (const row of rows) assert.doesNotMatch(row.replace(OURS, ""), /\p{Cc}/u);
  };
  for (const text of HOSTILE) check(text, text, 80);
  const columns = fc.integer({ min: 1, max: 200 });
  fc.assert(fc.property(hostile, hostile, columns, check), { numRuns: 300 });
});

pureTest("formatMessage() leaves a long URL whole, to be copied from the terminal", async () => {
  const url = `https://example.org/${"path/".repeat(20)}`;
  const rows = formatMessage({ ...MESSAGE, text: `see ${url} soon` }, SETTINGS)(40);
  assert.deepEqual(rows, ["12:34 bob  see", url, "           soon"]);
  using terminal = new VirtualTerminal(40, 10);
  await terminal.feed(rows.join("\r\n"));
  assert.equal(terminal.screen().slice(1, 4).join(""), url);
});

pureTest("formatMessage() puts what follows a disputed character in its column", async () => {
  const rows = formatMessage({ ...MESSAGE, text: "👨‍👩‍👧‍👦 | 🇫🇷 | 1️⃣ | x" }, SETTINGS)(80);
  using terminal = new VirtualTerminal(80, 10);
  await terminal.feed(rows[0]!);
  assert.deepEqual(terminal.cursor(), ["12:34 bob  xx | xx | xx | x".length, 0]);
});

pureTest("formatMessage() marks one's own name as the bell finds it", () => {
  const message = { ...MESSAGE, isMention: true, text: "hi STRASSE, you" };
  const settings = { ...SETTINGS, ownNickname: "straße", theme: makeTheme(256) };
  const [row] = formatMessage(message, settings)(80);
  // deno-lint-ignore no-control-regex -- our own sequences
  assert.match(row!, /hi \x1b\[[0-9;]*mSTRASSE\x1b\[[0-9;]*m, you/);
});
