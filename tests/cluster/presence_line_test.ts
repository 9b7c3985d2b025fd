import assert from "node:assert/strict";
import {
  formatPresence,
  parsePresence,
  type PresenceLine,
} from "../../lib/cluster/presence_line.ts";
import { pureTest } from "../support/pure.ts";

const LINES: readonly [text: string, line: PresenceLine][] = [
  ["1 000abc 5 10 0", { kind: "beat", run: 0xabc, last: 5, members: 10, guests: 0 }],
  ["0 ffffff", { kind: "bye", run: 0xffffff }],
  ["? 000001 3 4", { kind: "ask", run: 1, from: 3, to: 4 }],
  ["= 000001", { kind: "members", run: 1 }],
];

pureTest("formatPresence() and parsePresence() agree", () => {
  for (const [text, line] of LINES) {
    assert.equal(new TextDecoder().decode(formatPresence(line)), text);
    assert.deepEqual(parsePresence(formatPresence(line)), line);
  }
});

pureTest("parsePresence() takes nothing else", () => {
  const wrong = [
    "",
    "1",
    "1 abc 1 1 1",
    "1 000abc 1 1",
    "1 000abc 1 1 1 1",
    "0 000abc 1",
    "2 000abc",
  ];
  const more = ["? 000001 3", "? 000001 -3 4", "= 000001 ", "= 00000A", "1 000abc 5 10 0\n", "é"];
  const long = `? 000001 3 4${" ".repeat(200)}`;
  for (const text of [...wrong, ...more, long, `1 000abc ${"9".repeat(16)} 1 1`]) {
    assert.equal(parsePresence(new TextEncoder().encode(text)), undefined, text);
  }
});
