import assert from "node:assert/strict";
import type { LinkEvent } from "../../lib/client/link.ts";
import { PastLines, type PastWish } from "../../lib/client/past_lines.ts";
import { pureTest } from "../support/pure.ts";

const LIVE: LinkEvent = { kind: "control", control: { verb: "LIVE" } };
const PING: LinkEvent = { kind: "control", control: { verb: "PING", n: 1 } };

/** Tokens that are told apart by how they begin. */
function tokens(from: number, to: number): LinkEvent[] {
  return Array.from({ length: to - from }, (_, i) => {
    return { kind: "token", token: `gAAAAAB${`${from + i}`.padStart(29, "x")}${"y".repeat(64)}` };
  });
}

/** What is read of events: the numbers of tokens, `past` for what was passed over, and verbs. */
function read(lines: PastLines, ...events: LinkEvent[]): string[] {
  return lines.sift(events).map((event) => {
    if (event.kind === "noise") return "noise";
    if (event.kind === "control") return event.control.verb;
    return event.token.slice(7, 36).replaceAll("x", "") + (event.isPast ? " past" : "");
  });
}

function numbers(from: number, to: number, more = ""): string[] {
  return Array.from({ length: to - from }, (_, i) => `${from + i}${more}`);
}

pureTest(
  "PastLines asks for what the user sees, for what was missed, and else to look back",
  () => {
    const wishes: [PastWish, number][] = [
      [{ backlog: 0 }, 0],
      [{ backlog: 0, lookBack: 20 }, 20],
      [{ backlog: 7, lookBack: 20 }, 7],
      [{ backlog: 0, lookBack: 20, missedBacklog: 200 }, 200],
      [{ backlog: 50, missedBacklog: 200 }, 200],
      [{ backlog: 500, missedBacklog: 200 }, 500],
    ];
    for (const [wish, wanted] of wishes) assert.equal(new PastLines(wish).wanted, wanted);
  },
);

pureTest("PastLines reads the last lines of the past, and knows all again", () => {
  const lines = new PastLines({ backlog: 0, lookBack: 3, missedBacklog: 10 });
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(0, 6), PING), ["PING"]);
  assert.deepEqual(read(lines, ...tokens(6, 8), LIVE, ...tokens(8, 9)), [
    "5",
    "6",
    "7",
    "LIVE",
    "8",
  ]);
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(0, 10), LIVE, ...tokens(2, 3)), [
    ...numbers(0, 8, " past"),
    ...["8", "9", "LIVE", "2 past"],
  ]);
});

pureTest("PastLines reads nothing of the past where nobody looks back", () => {
  const lines = new PastLines({ backlog: 0, missedBacklog: 10 });
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(0, 4), LIVE), ["LIVE"]);
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(3, 5), LIVE), ["3 past", "4", "LIVE"]);
});

pureTest("PastLines has the user see the last lines, and not those before them", () => {
  const lines = new PastLines({ backlog: 2, missedBacklog: 10 });
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(0, 5), LIVE), ["3", "4", "LIVE"]);
  lines.begin();
  // What the user has seen is known by other means.
  assert.deepEqual(read(lines, ...tokens(1, 6), LIVE), ["1 past", "2 past", "3", "4", "5", "LIVE"]);
});

pureTest("PastLines reads at once what is all for the user", () => {
  const lines = new PastLines({ backlog: 10, missedBacklog: 10 });
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(0, 5)), numbers(0, 5));
  assert.deepEqual(read(lines, LIVE, ...tokens(5, 6)), ["LIVE", "5"]);
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(0, 7), LIVE), [...numbers(0, 7), "LIVE"]);
});

pureTest("PastLines begins anew when a connection ends before it is live", () => {
  const lines = new PastLines({ backlog: 0, lookBack: 2, missedBacklog: 10 });
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(0, 5)), []);
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(4, 5), LIVE), ["4", "LIVE"]);
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(3, 6), LIVE), ["3", "4 past", "5", "LIVE"]);
});

pureTest("PastLines keeps no more than it has asked for, whatever a relay gives", () => {
  const lines = new PastLines({ backlog: 0, lookBack: 2, missedBacklog: 10 });
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(0, 1000), LIVE), ["998", "999", "LIVE"]);
  lines.begin();
  assert.deepEqual(read(lines, ...tokens(985, 1000)), [
    ...numbers(985, 990),
    ...numbers(990, 1000, " past"),
  ]);
});
