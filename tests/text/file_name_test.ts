import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_FILE_NAME_BYTES, numberFileName, safeFileName } from "../../lib/text/file_name.ts";
import { pureTest } from "../support/pure.ts";

pureTest("safeFileName() leaves common names as they are", () => {
  for (
    const name of ["a.txt", "Bericht 2026 (1).pdf", "日本語.tar.gz", "Zoë", "a'b", "a&b;c.txt"]
  ) {
    assert.equal(safeFileName(name), name);
  }
});

pureTest("safeFileName() makes hostile names harmless", () => {
  const cases: [string, string][] = [
    ["../../x", "x"],
    ["/etc/passwd", "passwd"],
    ["C:\\Windows\\system.ini", "system.ini"],
    ["..", "_"],
    [".", "_"],
    ["", "file"],
    ["a/", "file"],
    ["\u200b", "file"],
    [".bashrc", "_bashrc"],
    ["...a", "_a"],
    [" .ssh", "_ssh"],
    ["\u202e.ssh", "_ssh"],
    ["-rf", "_rf"],
    ["~root", "_root"],
    ["CON", "_CON"],
    ["con.tar.gz", "_con.tar.gz"],
    ["LPT¹", "_LPT¹"],
    ["COM0.txt", "_COM0.txt"],
    ["console", "console"],
    ["CONOUT$", "_CONOUT$"],
    ["nul .txt", "_nul .txt"],
    ["a\0b", "ab"],
    ["a\nb\r\tc", "abc"],
    ["\x1b[31mred", "[31mred"],
    ["gepj.\u202etxt.exe", "gepj.txt.exe"],
    ['a:b?c*d|e<f>g"h', "a_b_c_d_e_f_g_h"],
    ["end. . .", "end"],
    ["a\u00a0b", "a b"],
    ["e\u0301", "é"],
    ["\ud800x", "_x"],
    ["a.part", "a.part_"],
    ["a.0123456789abcdef.part.json", "a.0123456789abcdef.part.json_"],
    ["A.PART", "A.PART_"],
  ];
  for (const [name, safe] of cases) assert.equal(safeFileName(name), safe, JSON.stringify(name));
});

pureTest("safeFileName() keeps 200 bytes, and an ending that is short", () => {
  assert.equal(safeFileName("a".repeat(300)), "a".repeat(200));
  assert.equal(safeFileName(`${"é".repeat(300)}.jpeg`), `${"é".repeat(97)}.jpeg`);
  const long = safeFileName(`a.${"b".repeat(300)}`);
  assert.equal(long, `a.${"b".repeat(198)}`);
  assert.equal(safeFileName(`${"a".repeat(300)}.${"b".repeat(19)}`).length, 200);
  assert.ok(!safeFileName(`${"a".repeat(300)}.${"b".repeat(20)}`).includes("."));
});

pureTest("safeFileName() makes one name in one directory, whatever it is given", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.string());
  const parts = fc.constantFrom("..", "/", "\\", ".", " ", "CON", ".part", "\u202e", "~", "\0");
  fc.assert(fc.property(fc.array(fc.oneof(text, parts), { maxLength: 8 }), (pieces) => {
    const name = safeFileName(pieces.join(""));
    assert.ok(name.length > 0 && new TextEncoder().encode(name).length <= MAX_FILE_NAME_BYTES + 1);
    assert.doesNotMatch(name, /[\p{C}/\\<>:"|?*]/u);
    assert.doesNotMatch(name, /^[.~ -]|[. ]$|\.part(\.json)?$/i);
    assert.doesNotMatch(name, /^(con|nul|aux|prn|com\d|lpt\d)(\.|$)/i);
    assert.equal(safeFileName(name), name);
  }));
});

pureTest("numberFileName() keeps the ending", () => {
  assert.equal(numberFileName("a.txt", 2), "a (2).txt");
  assert.equal(numberFileName("a", 1000), "a (1000)");
  assert.equal(numberFileName("_bashrc", 2), "_bashrc (2)");
});
