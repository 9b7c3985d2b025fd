import assert from "node:assert/strict";
import { MAX_UNFILED_BYTES } from "../../../lib/relay/limits.ts";
import { Backlog } from "../../../lib/relay/log/backlog.ts";
import { Filing } from "../../../lib/relay/log/filing.ts";
import { BroadcastLog } from "../../../lib/relay/log/log.ts";
import { pureTest } from "../../support/pure.ts";

function open() {
  const [log, backlog] = [new BroadcastLog(), new Backlog(200)];
  const filing = new Filing(log, backlog);
  const append = (text: string, lines: number, isButFirst = false) => {
    const bytes = new TextEncoder().encode(text);
    log.append(bytes);
    const source = { cid: 1, peerClass: "member", time: 0, end: log.end } as const;
    if (isButFirst) filing.noteButFirst(source, bytes, lines);
    else filing.note(source, bytes.length, lines);
  };
  const recall = () => {
    const reader = { cid: 2, seen: { from: 0, to: 0 }, lines: 200, now: 0 };
    const { parts } = backlog.recall(reader);
    return parts.map((part) => new TextDecoder().decode(part));
  };
  return { filing, append, recall };
}

pureTest("Filing copies what is kept, in order, and passes over the rest", () => {
  const { filing, append, recall } = open();
  append("one\n", 1);
  append("fleeting\n", 0);
  append("two\nthree\n", 2);
  assert.deepEqual(recall(), []);
  filing.file();
  filing.file();
  assert.deepEqual(recall(), ["one\n", "two\nthree\n"]);
  append("four\n", 1);
  filing.file();
  assert.deepEqual(recall().slice(2), ["four\n"]);
});

pureTest("noteButFirst() leaves out the first line, and nothing else", () => {
  const { filing, append, recall } = open();
  append("fleeting\n", 1, true);
  append("fleeting\none\ntwo\n", 3, true);
  append("three\n", 1);
  filing.file();
  assert.deepEqual(recall(), ["one\ntwo\n", "three\n"]);
});

pureTest("Filing is due above 16 KiB", () => {
  const { filing, append } = open();
  append(`${"x".repeat(MAX_UNFILED_BYTES - 1)}\n`, 1);
  assert.equal(filing.isDue, false);
  append("y\n", 1);
  assert.equal(filing.isDue, true);
  filing.file();
  assert.equal(filing.isDue, false);
});
