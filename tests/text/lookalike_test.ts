import assert from "node:assert/strict";
import { mixesAlphabets, skeletonsOf } from "../../lib/text/lookalike.ts";
import { pureTest } from "../support/pure.ts";

pureTest("skeletonsOf() has one in common for names that look alike", () => {
  const groups = [
    ["alice", "Alice", "ALICE", "аlice", "аӀісе", "Αlice", "аliсе", "ɑlıce", "a1ice", "aIice"],
    ["bob", "BOB", "ВОВ", "Вob", "bоb", "ΒΟΒ", "b0b"],
    ["eve", "еvе", "EVE", "ЕVE", "ΕVΕ", "eνe"],
    ["noah", "nоаһ", "ΝΟΑΗ", "nօah"],
    ["kate", "KATE", "КАТЕ", "ΚΑΤΕ", "Ꮶate"],
  ];
  for (const [name, ...others] of groups) {
    for (const other of others) assert.ok(skeletonsOf(other).includes(name!), other);
    assert.deepEqual(skeletonsOf(name!), [name]);
  }
});

pureTest("skeletonsOf() keeps names apart that people tell apart", () => {
  const names = ["alice", "alicé", "alicia", "bob", "rob", "Дима", "Дина", "Ελένη", "漢字", "かな"];
  assert.equal(new Set(names.flatMap(skeletonsOf)).size, names.length);
  for (const name of [...names, "", "👍🏽", "\u0301"]) {
    const [skeleton, ...others] = skeletonsOf(name);
    assert.deepEqual([skeletonsOf(skeleton!), others], [[skeleton], []]);
  }
  assert.deepEqual(skeletonsOf("Ian"), ["ian", "lan"]);
  assert.deepEqual(skeletonsOf("IAN"), ["ian"]);
});

pureTest("mixesAlphabets() knows the alphabets whose letters look alike", () => {
  for (const name of ["аlice", "Αlice", "bօb", "Ꭺlice", "пользовательX", "αβд"]) {
    assert.equal(mixesAlphabets(name), true, name);
  }
  const pure = [
    "alice",
    "Élise",
    "Дима_7",
    "Ελένη",
    "alice漢字",
    "bobさん",
    "שלום",
    "ａｌｉｃｅ",
    "-",
    "",
  ];
  for (const name of pure) assert.equal(mixesAlphabets(name), false, name);
});

pureTest("skeletonsOf() knows Lisu letters, and rn for m", () => {
  const seen = (name: string) => skeletonsOf(name);
  assert.deepEqual(seen("ꓮlice"), seen("Alice"));
  assert.deepEqual(seen("rnike"), seen("mike"));
  assert.deepEqual(seen("mixed ꓮlice").length, 1);
  assert.equal(mixesAlphabets("ꓮlice"), true);
});
