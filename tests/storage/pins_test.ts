import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_NICKNAME_BYTES } from "../../lib/protocol/limits.ts";
import { foldNickname } from "../../lib/protocol/nickname.ts";
import { MAX_PINS } from "../../lib/storage/limits.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { until } from "../support/process_info.ts";
import { runPython } from "../support/python.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

/** A function for a test, given a path for pins in a directory that is not there yet. */
function withPinsPath(
  fn: (path: string, directory: string) => Promise<void>,
): () => Promise<void> {
  return () => withDirectory((parent) => fn(`${parent}/state/pins`, `${parent}/state`));
}

/** A key of 32 bytes, all the same. */
function idOf(byte: number): string {
  return new Uint8Array(32).fill(byte).toBase64({ alphabet: "base64url", omitPadding: true });
}

const [ALICE, MALLORY, CAROL] = [idOf(1), idOf(2), idOf(3)];

pureTest("foldNickname() makes names one that differ in case or compatible forms alone", () => {
  const same = [["alice", "ALICE", "Alice", "ａｌｉｃｅ", "ⓐⓛⓘⓒⓔ"], [
    "straße",
    "STRASSE",
    "STRAẞE",
  ]];
  same.push(["οδός", "ΟΔΌΣ", "οδόσ"], ["İ", "i\u0307"], ["ıI", "Iı", "ii"], ["ﬁn", "FIN", "fin"]);
  same.push(["é", "e\u0301", "É"], ["K", "k", "\u212a"], ["Å", "å", "\u212b"], ["x²", "x2"]);
  for (const names of same) {
    assert.equal(new Set(names.map(foldNickname)).size, 1, names.join(" "));
  }
  const other = [
    "alice",
    "alicé",
    "al1ce",
    "alíce",
    "а",
    "a",
    "i",
    "i\u0307",
    "ss",
    "s",
    "__proto__",
  ];
  assert.equal(new Set(other.map(foldNickname)).size, other.length);
});

pureTest("foldNickname() changes nothing more when it is done again", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    if (/[\p{Cn}\p{Co}\p{Cs}\p{Script=Han}\p{Script=Hangul}]/u.test(character)) continue;
    const folded = foldNickname(character);
    if (folded === character) continue;
    assert.equal(foldNickname(folded), folded, code.toString(16));
    // What a full table may take on disk is reckoned with this.
    assert.ok(bytesOf(folded) <= 11 * bytesOf(character));
  }
  fc.assert(fc.property(textOf(anyCharacter, MAX_NICKNAME_BYTES), (text) => {
    assert.equal(foldNickname(foldNickname(text)), foldNickname(text));
  }));
});

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

testNeeding(
  ["run", "read", "write", "python3"],
  "foldNickname() makes one what Unicode's folding does",
  () =>
    withDirectory(async (cwd) => {
      const code = `
import unicodedata as u
def fold(s):
    for _ in range(3):
        s = u.normalize("NFKC", s).casefold()
    return u.normalize("NFKC", s)
for c in range(0x110000):
    s = chr(c)
    if u.category(s) not in ("Cn", "Cs") and fold(s) != s:
        print(format(c, "x"), fold(s).encode().hex())
`;
      const lines = (await runPython(code, { cwd })).trim().split("\n");
      assert.ok(lines.length > 5000);
      for (const line of lines) {
        const [character, folded] = line.split(" ");
        const text = String.fromCodePoint(parseInt(character!, 16));
        const unicode = new TextDecoder().decode(Uint8Array.fromHex(folded ?? ""));
        assert.equal(foldNickname(text), foldNickname(unicode), character);
      }
    }),
);

pureTest("Pins.judge() pins at first use and notices another key", async () => {
  await using pins = await Pins.open(undefined, noWarning);
  assert.equal(pins.peek("alice"), undefined);
  assert.equal(pins.judge("alice", ALICE), "new");
  for (const name of ["alice", "Alice", "ＡＬＩＣＥ"]) {
    assert.equal(pins.peek(name), ALICE);
    assert.equal(pins.judge(name, ALICE), "known");
    assert.equal(pins.judge(name, MALLORY), "changed");
  }
  // One key may have several names.
  assert.equal(pins.judge("alice2", ALICE), "new");
});

pureTest("Pins.trust() replaces a pin, and makes one where there is none", async () => {
  await using pins = await Pins.open(undefined, noWarning);
  pins.judge("alice", ALICE);
  pins.trust("ALICE", MALLORY);
  assert.equal(pins.judge("alice", MALLORY), "known");
  assert.equal(pins.judge("alice", ALICE), "changed");
  pins.trust("carol", CAROL);
  assert.equal(pins.judge("carol", CAROL), "known");
});

testUnix(
  ["read", "write"],
  "Pins keep names of any kind on disk, privately",
  withPinsPath(async (path, directory) => {
    const names = ["__proto__", "constructor", '"', "\\", "日本", "a,b]", "toString", "ﷺ"];
    {
      await using pins = await Pins.open(path, noWarning);
      for (const [i, name] of names.entries()) assert.equal(pins.judge(name, idOf(i)), "new");
    }
    assert.equal(await modeOf(path), 0o600);
    assert.deepEqual(await namesIn(directory), ["pins", "pins.lock"]);
    await using pins = await Pins.open(path, noWarning);
    for (const [i, name] of names.entries()) {
      assert.equal(pins.judge(name, idOf(i)), "known");
      assert.equal(pins.judge(name, idOf(i + 1)), "changed");
    }
  }),
);

testNeeding(
  ["read", "write"],
  "Pins of two clients: the pin saved first wins, unless the user trusts another key",
  withPinsPath(async (path) => {
    await using one = await Pins.open(path, noWarning);
    await using two = await Pins.open(path, noWarning);
    one.judge("alice", ALICE);
    two.judge("alice", MALLORY);
    await one.flush();
    await two.flush();
    assert.equal(two.peek("alice"), ALICE);
    assert.equal(two.judge("alice", MALLORY), "changed");

    two.trust("alice", CAROL);
    await two.flush();
    await one.flush();
    assert.equal(one.peek("alice"), CAROL);
  }),
);

testNeeding(
  ["read", "write"],
  "Pins of two clients: the newer trust wins, whichever is saved first",
  withPinsPath(async (path) => {
    await using one = await Pins.open(path, noWarning, () => 2000);
    await using two = await Pins.open(path, noWarning, () => 1000);
    one.trust("alice", ALICE);
    two.trust("alice", MALLORY);
    await one.flush();
    await two.flush();
    assert.equal(two.peek("alice"), ALICE);
    // Its clock is behind, but it has seen the other's trust.
    two.trust("alice", CAROL);
    await two.flush();
    await one.flush();
    assert.equal(one.peek("alice"), CAROL);
  }),
);

testNeeding(
  ["read", "write"],
  "Pins set a damaged file aside and start anew",
  withPinsPath(async (path, directory) => {
    await Deno.mkdir(directory);
    await Deno.writeTextFile(path, "pins1 1\n", { mode: 0o600 });
    const { warnings, warn } = collectWarnings();
    await using pins = await Pins.open(path, warn);
    assert.equal(pins.judge("alice", ALICE), "new");
    assert.deepEqual(warnings, [`${path} was damaged: starting anew, it is now ${path}.damaged`]);
  }),
);

pureTest("Pins.judge() stores no more than MAX_PINS, and says so once", async () => {
  const { warnings, warn } = collectWarnings();
  await using pins = await Pins.open(undefined, warn);
  for (let i = 0; i < MAX_PINS; i++) assert.equal(pins.judge(`n${i}`, ALICE), "new");
  assert.deepEqual(warnings, []);
  for (let i = 0; i < 3; i++) assert.equal(pins.judge(`more${i % 2}`, ALICE), "new");
  assert.equal(pins.peek("more0"), undefined);
  assert.equal(pins.judge("n0", MALLORY), "changed");
  assert.deepEqual(warnings, [
    "4096 nicknames are pinned: further ones are not, and look new each time",
  ]);

  pins.trust("more0", CAROL);
  assert.equal(pins.peek("more0"), CAROL);
  assert.equal(pins.peek(`n${MAX_PINS - 1}`), undefined);
  assert.equal(pins.peek("n0"), ALICE);
});

testNeeding(
  ["read", "write"],
  "Pins.open() sets a file of 1 GB aside without reading it",
  withPinsPath(async (path, directory) => {
    await Deno.mkdir(directory, { mode: 0o700 });
    await Deno.writeTextFile(path, "");
    await Deno.truncate(path, 1_000_000_000);
    const before = Deno.memoryUsage().rss;
    const { warnings, warn } = collectWarnings();
    await using _pins = await Pins.open(path, warn);
    assert.deepEqual(warnings, [
      `${path} was damaged: starting anew, it is now ${path}.damaged`,
    ]);
    assert.ok(Deno.memoryUsage().rss - before < 100_000_000);
  }),
);

testNeeding(
  ["read", "write"],
  "Pins.judge() has what it pins saved soon, though nobody asks for it",
  withPinsPath(async (path) => {
    await using pins = await Pins.open(path, noWarning);
    pins.judge("alice", ALICE);
    const isSaved = () => Deno.readTextFile(path).then((text) => text.includes(ALICE), () => false);
    await until(isSaved, "it was saved");
  }),
);
