import assert from "node:assert/strict";
import fc from "fast-check";
import {
  chooseRun,
  cidOf,
  type Entry,
  EntryError,
  formatEntry,
  isSame,
  parseEntry,
  type Part,
} from "../../lib/cluster/entry.ts";
import { pureTest } from "../support/pure.ts";
import { fakeToken } from "../support/raw_client.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const LINE = `${fakeToken("x")}\n`;

function lines(count: number, more: Partial<Part> = {}): Part {
  const base = { kind: "lines", local: 7, peerClass: "member", isKept: true } as const;
  return { ...base, lines: count, bytes: encode(LINE.repeat(count)), ...more } as Part;
}

function refuses(text: string | Uint8Array, message: string): void {
  const bytes = typeof text === "string" ? encode(text) : text;
  assert.throws(() => parseEntry(bytes), { name: "EntryError", message });
}

pureTest("formatEntry() and parseEntry() agree on all kinds of parts", () => {
  const entry: Entry = {
    ...{ relay: "relay-1_A", run: 0xabc, n: 12 },
    parts: [
      lines(2),
      lines(1, { isKept: false }),
      lines(1, { peerClass: "guest" }),
      lines(1, { peerClass: "guest", isKept: false, local: 2 ** 25 - 1 }),
      { kind: "JOINED", local: 0 },
      { kind: "GONE", local: 36 },
      { kind: "members", locals: [] },
      { kind: "members", locals: [1, 35, 36] },
    ],
  };
  const bytes = formatEntry(entry);
  const [header] = new TextDecoder().decode(bytes).split("\n");
  const parts = "m7:2:282,f7:1:141,g7:1:141,hjz6rj:1:141,+0,-10,=,=1.z.10";
  assert.equal(header, `1 relay-1_A 000abc 12 ${parts}`);
  assert.deepEqual(parseEntry(bytes), entry);
});

pureTest("parseEntry() refuses a first line that no relay writes", () => {
  for (
    const text of [
      ...[
        "",
        "\n",
        "1 a 000001 1 +1",
        "0 a 000001 1 +1\n",
        "2\n",
        "1 a 000001 1 \n",
        "1 a 00001 1 +1\n",
      ],
      ...["1 a b 000001 1 +1\n", "1 a.b 000001 1 +1\n", "1 a 00000G 1 +1\n", "1 a 000001 0 +1\n"],
      ...["1 a 000001 01 +1\n", "1 a 000001 -1 +1\n", `1 ${"a".repeat(33)} 000001 1 +1\n`],
      ...["1 a 000001 1 +1 \n", "1 a 000001 1 +1\r\n", "1 a 000001 1234567890123456 +1\n"],
    ]
  ) refuses(text, "first line");
  assert.equal(parseEntry(encode(`1 ${"a".repeat(32)} 000001 1 +1\n`)).n, 1);
});

pureTest("parseEntry() tells the form of another version", () => {
  for (const form of ["2", "10", "999999999"]) {
    const why = `form ${form}, of another version of the relay`;
    refuses(`${form} a 000001 1 +1\n`, why);
    refuses(`${form} whatever\n`, why);
  }
  refuses("1234567890 a 000001 1 +1\n", "first line");
});

pureTest("parseEntry() refuses parts that no relay writes", () => {
  for (
    const part of [
      "x1",
      "+",
      "+A",
      "m1",
      "m1:1",
      "m1:0:1",
      "m1:1:0",
      "+1,",
      "=1..2",
      "=.",
      "+1,,+2",
    ]
  ) {
    refuses(`1 a 000001 1 ${part}\n`, "part");
  }
  for (const part of ["+01", "-jz6rk", "+zzzzz", "=1.01"]) {
    refuses(`1 a 000001 1 ${part}\n`, "connection");
  }
  assert.deepEqual(parseEntry(encode("1 a 000001 1 -jz6rj\n")).parts.length, 1);
});

pureTest("parseEntry() checks sums, and the form of every line", () => {
  const bytes = LINE.length;
  const entry = (parts: string, text: string) => `1 a 000001 1 ${parts}\n${text}`;
  refuses(entry(`m1:1:${bytes}`, ""), "sum of bytes");
  refuses(entry(`m1:1:${bytes}`, LINE + LINE), "sum of bytes");
  refuses(entry(`m1:1:${bytes + 1}`, `${LINE}x`), "line");
  refuses(entry(`m1:2:${bytes}`, LINE), "sum of lines");
  refuses(entry(`m1:1:${2 * bytes}`, LINE + LINE), "sum of lines");
  refuses(entry(`m1:1:${bytes - 1},m1:1:1`, LINE), "line");
  for (
    const text of ["!PING 1\n", "hello\n", `${"g".repeat(140)}\n`, `${fakeToken("x")}\r\n`, "\n"]
  ) {
    refuses(entry(`m1:1:${text.length}`, text), "line");
  }
  const long = `${fakeToken("x", 65_548)}\n`;
  refuses(entry(`m1:1:${long.length}`, long), "line");
});

pureTest("parseEntry() takes an entry of 1 MiB, and no longer one", () => {
  const size = 2 ** 20;
  const members = (count: number) => {
    const locals = Array.from({ length: count }, () => 2 ** 25 - 1);
    return formatEntry({ relay: "a", run: 1, n: 1, parts: [{ kind: "members", locals }] });
  };
  assert.equal(
    (parseEntry(members(100_000)).parts[0] as { readonly locals: readonly number[] }).locals.length,
    1e5,
  );
  refuses(members(100_001), "too many members");
  const text = `1 a 000001 1 ${"+1,".repeat(size / 3)}`;
  refuses(`${text.slice(0, size + 1)}`, "too long");
  refuses(`${text.slice(0, size)}`, "first line");
});

pureTest("parseEntry() throws nothing but EntryError, whatever the bytes", () => {
  const bits = [
    "1 a 000001 1 ",
    "m1:1:141",
    ",",
    "+1",
    "-2",
    "=1.2",
    "\n",
    LINE,
    "g",
    "!",
    "\0",
    "é",
  ];
  fc.assert(fc.property(fc.array(fc.constantFrom(...bits)), (parts) => {
    try {
      const bytes = encode(parts.join(""));
      assert.ok(isSame(formatEntry(parseEntry(bytes)), bytes));
    } catch (error) {
      assert.ok(error instanceof EntryError, String(error));
    }
  }));
});

pureTest("cidOf() gives connections of different relays different numbers of 15 digits", () => {
  assert.equal(cidOf(0, 1), 1);
  assert.equal(cidOf(1, 0), 2 ** 25);
  assert.equal(String(cidOf(2 ** 24 - 1, 2 ** 25 - 1)).length, 15);
  const runs = new Set(Array.from({ length: 100 }, chooseRun));
  assert.ok(runs.size > 95);
  for (const run of runs) assert.ok(run >= 0 && run < 2 ** 24);
});

pureTest("isSame() compares bytes", () => {
  assert.equal(isSame(encode("ab"), encode("ab")), true);
  assert.equal(isSame(encode("ab"), encode("ac")), false);
  assert.equal(isSame(encode("ab"), encode("abc")), false);
});
