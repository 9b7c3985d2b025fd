import assert from "node:assert/strict";
import { sayIn } from "../../../lib/messages/say.ts";
import { Draft } from "../../../lib/terminal/editor/draft.ts";
import { Inserter } from "../../../lib/terminal/editor/inserter.ts";
import { pressed } from "../../../lib/terminal/input/input_events.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("Inserter asks, rings for what is no answer, and inserts for yes alone", () => {
  for (const [answer, text] of [["y", "x\n".repeat(10) + "x"], ["n", ""]] as const) {
    const draft = new Draft();
    const inserter = new Inserter(draft, sayIn("en"));
    inserter.paste({ kind: "paste", text: "x\n".repeat(11), isWhole: true });
    assert.equal(inserter.isAsking, true);
    assert.deepEqual(inserter.answer(pressed("up")), [{ kind: "bell" }]);
    assert.deepEqual(inserter.answer({ kind: "text", text: answer }), []);
    assert.deepEqual([inserter.isAsking, draft.text], [false, text]);
    assert.equal(inserter.drop(), false);
  }
});

pureTest("Inserter.check() holds back U+FFFD only once the terminal sent what is not UTF-8", () => {
  const inserter = new Inserter(new Draft(), sayIn("fr"));
  assert.equal(inserter.check("\ufffd"), true);
  inserter.type({ kind: "text", text: "\ufffd", isBroken: true });
  assert.equal(inserter.check("a"), true);
  assert.equal(inserter.check("a\ufffd"), false);
  assert.equal(inserter.hint, "non envoyé : une ligne n’est pas en UTF-8");
});
