import assert from "node:assert/strict";
import { Cursor } from "../../../lib/relay/log/cursor.ts";
import { BroadcastLog } from "../../../lib/relay/log/log.ts";
import { pureTest } from "../../support/pure.ts";

function create() {
  const log = new BroadcastLog();
  const cursor = new Cursor(log);
  const append = (text: string) => log.append(new TextEncoder().encode(text));
  const peek = (before?: number) => new TextDecoder().decode(cursor.peek(before));
  return { log, cursor, append, peek };
}

pureTest("peek() ends where it is told to, and returns nothing from there on", () => {
  const { cursor, append, peek } = create();
  append("abcd");
  assert.equal(peek(3), "abc");
  assert.equal(peek(1), "a");
  cursor.advance(1);
  assert.equal(cursor.peek(1), undefined);
  assert.equal(peek(2), "b");
  assert.equal(peek(), "bcd");
});

pureTest("peek() does not move, and advance() moves by what was written", () => {
  const { cursor, append, peek } = create();
  append("abcd");
  assert.equal(peek(), peek());
  cursor.advance(3);
  assert.deepEqual([cursor.position, cursor.lag, cursor.end], [3, 1, 4]);
  assert.equal(peek(), "d");
});

pureTest("skipTo() leaves out the peer's own bytes, before and after those of others", () => {
  const { cursor, append, peek } = create();
  const own = (text: string) => {
    append(text);
    cursor.skipTo(cursor.end, text.length);
  };
  own("A");
  own("B");
  append("c");
  own("D");
  append("e");
  assert.equal(peek(), "c");
  cursor.advance(1);
  assert.equal(peek(), "e");
  cursor.advance(1);
  assert.equal(cursor.peek(), undefined);
  assert.equal(cursor.position, 5);
});

pureTest("stop() counts once, and for own bytes, too", () => {
  const { cursor, append, peek } = create();
  append("ab");
  cursor.stop();
  append("cd");
  cursor.skipTo(4, 2);
  cursor.stop();
  assert.equal(cursor.lag, 2);
  assert.equal(peek(), "ab");
  cursor.advance(2);
  assert.equal(cursor.peek(), undefined);
  assert.deepEqual([cursor.lag, cursor.position], [0, 2]);
});

pureTest("park() keeps the position and reads nothing, until rejoin() at the end", () => {
  const { cursor, append, peek } = create();
  append("ab");
  cursor.peek();
  cursor.advance(1);
  cursor.park();
  append("cd");
  cursor.skipTo(4, 2);
  assert.deepEqual([cursor.isParked, cursor.position, cursor.lag], [true, 1, 0]);
  assert.equal(cursor.peek(), undefined);
  cursor.rejoin();
  assert.deepEqual([cursor.isParked, cursor.position, cursor.lag], [false, 4, 0]);
  append("ef");
  assert.equal(peek(), "ef");
});

pureTest("rejoin() changes nothing for a cursor that is in the log, or was closed", () => {
  const { cursor, append, peek } = create();
  append("ab");
  cursor.rejoin();
  assert.equal(peek(), "ab");
  cursor.close();
  cursor.rejoin();
  assert.equal(cursor.isParked, true);
  assert.equal(cursor.peek(), undefined);
});
