import assert from "node:assert/strict";
import { Lookalikes, MAX_LOOKS } from "../../lib/chat/lookalikes.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { noWarning } from "../support/wordings.ts";
import { pureTest } from "../support/pure.ts";

const [ALICE, EVE] = ["A".repeat(43), "E".repeat(42) + "A"];

async function setUp(...names: [name: string, id: string][]) {
  const pins = await Pins.open(undefined, noWarning);
  for (const [name, id] of names) pins.judge(name, id);
  return { pins, lookalikes: new Lookalikes(pins, sayIn("en")) };
}

pureTest("Lookalikes.doubt() marks the double of a name that was pinned before", async () => {
  const { pins, lookalikes } = await setUp(["alice", ALICE], ["аӏісе", EVE]);
  assert.equal(lookalikes.doubt("аӏісе", EVE), "looks like alice");
  assert.equal(lookalikes.doubt("Alice", ALICE), undefined);
  // Another key under the same name is marked as such already.
  assert.equal(lookalikes.doubt("ALICE", EVE), undefined);
  assert.equal(lookalikes.doubt("аӏісе", ALICE), undefined);
  pins.judge("bob", ALICE);
  assert.equal(lookalikes.doubt("bob", ALICE), undefined);
  assert.equal(lookalikes.doubt("b0b", EVE), "looks like bob");
  assert.equal(lookalikes.doubt("ВОВ", EVE), "looks like bob");
  assert.equal(lookalikes.doubt("вова", EVE), undefined);
});

pureTest("Lookalikes.doubt() marks a name of several alphabets, and no other", async () => {
  const { lookalikes } = await setUp(["alice", ALICE]);
  assert.equal(lookalikes.doubt("bоb", EVE), "letters of several alphabets");
  for (const name of ["Дима", "Élise", "alice漢字"]) {
    assert.equal(lookalikes.doubt(name, EVE), undefined, name);
  }
  assert.equal(
    new Lookalikes((await setUp()).pins, sayIn("fr")).doubt("bоb", EVE),
    "lettres de plusieurs alphabets",
  );
});

pureTest("Lookalikes.doubt() takes no disguise for the known name", async () => {
  const { pins, lookalikes } = await setUp(["bоb", EVE]);
  assert.equal(lookalikes.doubt("bоb", EVE), "letters of several alphabets");
  pins.judge("bob", ALICE);
  assert.equal(lookalikes.doubt("bob", ALICE), undefined);
  assert.equal(lookalikes.doubt("bоb", EVE), "looks like bob");
});

pureTest("Lookalikes.doubt() remembers MAX_LOOKS looks, at no growing cost", async () => {
  const { pins, lookalikes } = await setUp();
  const begin = performance.now();
  for (let i = 0; i < MAX_LOOKS - 1; i++) lookalikes.doubt(`n${i}x`, ALICE);
  assert.ok(performance.now() - begin < 5000, "the cost of a name grows with the others");
  for (const name of ["last", "over"]) {
    lookalikes.doubt(name, ALICE);
    pins.judge(name, ALICE);
  }
  assert.equal(lookalikes.doubt("lаst", EVE), "looks like last");
  assert.equal(lookalikes.doubt("оvеr", EVE), "letters of several alphabets");
});
