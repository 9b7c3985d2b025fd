import assert from "node:assert/strict";
import { parsePlace } from "../../lib/cluster/place.ts";
import { pureTest } from "../support/pure.ts";

pureTest("parsePlace() reads both forms, also with a token more", () => {
  const place = { seq: 7, delivered: 2, storedAt: 5 };
  for (
    const reply of [
      "$JS.ACK.s.c.1.7.2.5000000.0",
      "$JS.ACK.domain.hash.s.c.1.7.2.5000000.0",
      "$JS.ACK.domain.hash.s.c.1.7.2.5000000.0.random",
    ]
  ) assert.deepEqual(parsePlace(reply), place, reply);
});

pureTest("parsePlace() reads times of today, of which a number keeps no ns", () => {
  const place = parsePlace("$JS.ACK.s.c.1.7.2.1796031599987654321.0");
  assert.deepEqual(place, { seq: 7, delivered: 2, storedAt: 1796031599987 });
});

pureTest("parsePlace() takes nothing else", () => {
  const wrong = [
    "",
    "x",
    "$JS.ACK.s.c.1.7.2.5000000",
    "$JS.ACK.s.c.1.x.2.5.0",
    "$JS.FC.s.c.1.7.2.5.0",
  ];
  for (const reply of [undefined, ...wrong, "$JS.ACK.s.c.1.7.1.5.2.5", "$JS.ACK.s.c.1.7.2.x.0"]) {
    assert.equal(parsePlace(reply), undefined, reply);
  }
});
