import fc from "fast-check";
import assert from "node:assert/strict";
import {
  checkWord,
  completeCode,
  completeWord,
  formatCode,
  makeCode,
  MAX_CODE_CHARS,
  parseCode,
} from "../../lib/protocol/invitation_code.ts";
import { CODE_WORDS } from "../../lib/text/code_words.ts";
import { pureTest } from "../support/pure.ts";

const CODE = { slot: "acorn", password: "cable-dwarf-ship" };

pureTest("parseCode() reads a code in any case, with spaces and dashes of any kind", async () => {
  const texts = [
    "acorn-cable-dwarf-ship",
    "ACORN CABLE DWARF SHIP",
    "  Acorn - Cable\tdwarf\u00a0ship\r\n",
    "acorn\u2013cable\u2014dwarf\u2010ship-",
  ];
  for (const text of texts) assert.deepEqual(await parseCode(text), CODE, text);
});

pureTest(
  "parseCode() names the first word that is not on the list, and words near it",
  async () => {
    await assert.rejects(parseCode("acorn-cabel-dwarff-ship"), {
      name: "UsageError",
      message: 'Not a word of invitation codes: "cabel"',
      hint: "Did you mean cable, bagel, cadet?",
    });
    await assert.rejects(parseCode("acorn-qqqqq"), {
      message: 'Not a word of invitation codes: "qqqqq"',
      hint: "Ask for the four words again: each stands on a list.",
    });
    await assert.rejects(parseCode("yo-yo-acorn-ship"), /Not a word of invitation codes: "yo"/);
  },
);

pureTest("parseCode() refuses other numbers of words", async () => {
  const five = "acorn-cable-dwarf-ship-zoom";
  for (const text of ["", " - ", "acorn", "acorn-cable-dwarf", five, "acorn ".repeat(50)]) {
    await assert.rejects(parseCode(text), {
      name: "UsageError",
      message: "Not an invitation code: it does not have 4 words",
      hint: "A code looks like acorn-cable-dwarf-ship.",
    }, text);
  }
});

pureTest("parseCode() reads MAX_CODE_CHARS characters, and looks at no longer text", async () => {
  const text = formatCode(CODE).padEnd(MAX_CODE_CHARS);
  assert.deepEqual(await parseCode(text), CODE);
  await assert.rejects(parseCode(`${text} `), /^UsageError: Not an invitation code/);
});

pureTest("checkWord() names MAX_GUESSES words at most", async () => {
  await checkWord("ship");
  await assert.rejects(checkWord("shie"), { hint: "Did you mean shine, ship, chief?" });
});

pureTest("completeWord() completes the last word alone", async () => {
  assert.deepEqual(await completeWord("acorn-Ca"), [
    ...["cable", "cache", "cadet", "cage", "cake", "calm", "cameo", "canal", "candy", "cane"],
    ...["canon", "cape", "card", "cargo", "carol", "carry", "carve", "case", "cash", "cause"],
  ]);
  assert.deepEqual(await completeWord("acorn cable dwa"), ["dwarf"]);
  assert.deepEqual(await completeWord("acorn-x"), ["xerox"]);
  assert.deepEqual(await completeWord("qq"), []);
  assert.deepEqual(await completeWord("acorn-"), CODE_WORDS);
  assert.deepEqual(await completeWord("x".repeat(MAX_CODE_CHARS) + " xe"), ["xerox"]);
});

pureTest("completeCode() goes as far as there is no choice", async () => {
  const completed = [
    ["acr", "acre-"],
    ["Acorn CABL", "Acorn CABLe-"],
    ["as", "ashe"],
    ["scru", "scrub-"],
    ["acorn-cable-dwarf-shi", "acorn-cable-dwarf-shi"],
    ["acorn-cable-dwarf-ship", "acorn-cable-dwarf-ship"],
    ["acorn-cable-dwarf-acr", "acorn-cable-dwarf-acre"],
    ["aco", "acorn-"],
    ["", ""],
    ["acorn-", "acorn-"],
    ["qqq", "qqq"],
    ["chatroom://", "chatroom://"],
  ];
  for (const [text, expected] of completed) assert.equal(await completeCode(text!), expected);
});

pureTest("makeCode() makes codes that can be read, of all words", async () => {
  const seen = new Set<string>();
  for (let i = 0; i < 10_000; i++) {
    const code = await makeCode();
    const text = formatCode(code);
    assert.match(text, /^[a-z]{3,5}(?:-[a-z]{3,5}){3}$/);
    if (i < 100) assert.deepEqual(await parseCode(text), code);
    for (const word of text.split("-")) seen.add(word);
  }
  // Of 40,000 random words, one of 1,295 is missing once in twenty billion runs.
  assert.equal(seen.size, CODE_WORDS.length);
  assert.ok([...seen].every((word) => CODE_WORDS.includes(word)));
});

pureTest("parseCode() takes any text, or refuses it as wrong usage", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 120 }),
    fc.array(fc.constantFrom(...CODE_WORDS, "-", " "), { maxLength: 9 }).map((w) => w.join("-")),
  );
  await fc.assert(fc.asyncProperty(text, async (text) => {
    try {
      const code = await parseCode(text);
      assert.deepEqual(await parseCode(formatCode(code)), code);
    } catch (error) {
      assert.equal((error as Error).name, "UsageError");
    }
  }));
});
