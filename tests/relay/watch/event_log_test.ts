import assert from "node:assert/strict";
import {
  LEFT_OUT_NOTICE_MS,
  MAX_EVENT_LINES_PER_SECOND,
  MAX_WAITING_EVENT_LINES,
} from "../../../lib/relay/limits.ts";
import { EventLog, type EventLogOptions } from "../../../lib/relay/watch/event_log.ts";
import type { RelayEvent } from "../../../lib/relay/watch/events.ts";
import { pureTest } from "../../support/pure.ts";

const JOINED: RelayEvent = {
  kind: "joined",
  cid: 1,
  peerClass: "guest",
  address: "192.0.2.7:50312",
};
const REFUSED: RelayEvent = { kind: "refused", reason: "full", address: "192.0.2.7:50312" };
const FAILED: RelayEvent = { kind: "accept failed", message: "no descriptors" };

/** A log with a clock that stands still, and what it wrote. */
function openLog(settings: Partial<EventLogOptions> = {}) {
  const clock = { now: 0 };
  const written: string[] = [];
  const log = new EventLog({
    format: "text",
    level: "info",
    addresses: true,
    write: (bytes) => Promise.resolve(written.push(new TextDecoder().decode(bytes))),
    now: () => clock.now,
    ...settings,
  });
  const lines = () => written.join("").split("\n").slice(0, -1);
  return { log, clock, written, lines };
}

/** A log whose first write is under way until `goOn()`. */
function openStuckLog() {
  const stuck = Promise.withResolvers<void>();
  const texts: string[] = [];
  const write = (bytes: Uint8Array) => {
    texts.push(new TextDecoder().decode(bytes));
    return stuck.promise;
  };
  return { ...openLog({ write }), texts, goOn: stuck.resolve };
}

/** Lines without time. */
function bare(lines: string[]): string[] {
  return lines.map((line) => line.slice(line.indexOf(" ") + 1));
}

pureTest("EventLog.report() writes at once, with the clock's time", async () => {
  const { log, clock, lines } = openLog();
  clock.now = 86_400_000;
  log.report(JOINED);
  assert.deepEqual(lines(), [
    "1970-01-02T00:00:00.000Z info client 1 joined from 192.0.2.7:50312 (guest)",
  ]);
  await log[Symbol.asyncDispose]();
  assert.equal(lines().length, 1);
});

pureTest("EventLog.report() writes what the level asks for", async () => {
  const expected = { error: 1, warn: 2, info: 3, debug: 3 } as const;
  for (const level of ["error", "warn", "info", "debug"] as const) {
    const { log, lines } = openLog({ level });
    for (const event of [JOINED, REFUSED, FAILED]) log.report(event);
    await log[Symbol.asyncDispose]();
    assert.equal(lines().length, expected[level], level);
  }
});

pureTest("EventLog.report() writes 50 lines at once, then 50 a second", async () => {
  const { log, clock, lines } = openLog();
  await flood();
  assert.equal(lines().length, MAX_EVENT_LINES_PER_SECOND);
  clock.now += 110;
  await flood();
  assert.equal(lines().length, MAX_EVENT_LINES_PER_SECOND + 5);
  clock.now += 3_600_000;
  await flood();
  assert.equal(lines().length, 2 * MAX_EVENT_LINES_PER_SECOND + 5);
  await log[Symbol.asyncDispose]();
  assert.deepEqual(bare(lines()).at(-1), "warn 2,895 events left out");

  async function flood() {
    for (let i = 0; i < 1000; i++) {
      log.report(JOINED);
      // Lets the lines out, so that only their rate counts here.
      await Promise.resolve();
    }
  }
});

pureTest("EventLog.report() counts on after the clock was set back", async () => {
  const { log, clock, lines } = openLog();
  clock.now = 3_600_000;
  for (let i = 0; i < 2 * MAX_EVENT_LINES_PER_SECOND; i++) log.report(JOINED);
  clock.now = 0;
  log.report(JOINED);
  clock.now = 1000;
  log.report(REFUSED);
  await log[Symbol.asyncDispose]();
  assert.deepEqual(bare(lines()).slice(-2), [
    "warn refused 192.0.2.7:50312: full",
    "warn 51 events left out",
  ]);
});

pureTest("EventLog.report() lets no flood hide the relay's own troubles", async () => {
  const { log, lines } = openLog();
  for (let i = 0; i < 60; i++) log.report(JOINED);
  log.report(FAILED);
  log.report({ kind: "accepting again" });
  log.report({ kind: "cluster lost", message: "a:4222: closed" });
  await log[Symbol.asyncDispose]();
  assert.deepEqual(bare(lines()).slice(-4), [
    "error cannot accept connections: no descriptors",
    "warn accepting connections again",
    "error connection to the cluster lost: a:4222: closed",
    "warn 10 events left out",
  ]);
});

pureTest("EventLog says by itself what it left out, once", async () => {
  const said = Promise.withResolvers<void>();
  const texts: string[] = [];
  const write = (bytes: Uint8Array) => {
    texts.push(new TextDecoder().decode(bytes));
    if (texts.at(-1)!.includes("left out")) said.resolve();
    return Promise.resolve();
  };
  const { log } = openLog({ write });
  for (let i = 0; i < 1284; i++) log.report(JOINED);
  await said.promise;
  await log[Symbol.asyncDispose]();
  const notices = bare(texts.join("").split("\n")).filter((line) => line.includes("left out"));
  assert.deepEqual(notices, ["warn 1,234 events left out"]);
});

pureTest("EventLog keeps a bounded number of lines while nobody reads them", async () => {
  const { log, clock, texts, goOn } = openStuckLog();
  for (let i = 0; i < 100_000; i++) {
    clock.now += 1000;
    log.report(i % 2 ? JOINED : FAILED);
  }
  assert.equal(texts.length, 1, "written while the write before was under way");
  goOn();
  await log[Symbol.asyncDispose]();
  const lines = texts.join("").split("\n").slice(0, -1);
  assert.equal(lines.length, 1 + MAX_WAITING_EVENT_LINES + 1);
  assert.deepEqual(bare(lines).at(-1), "warn 99,899 events left out");
});

pureTest("EventLog keeps no notice either for those who do not read, and counts on", async () => {
  const { log, texts, goOn } = openStuckLog();
  for (let i = 0; i <= MAX_WAITING_EVENT_LINES; i++) log.report(FAILED);
  // Each of these is followed by the time after which it is said what was left out.
  for (let i = 0; i < 3; i++) {
    log.report(FAILED);
    await new Promise((resolve) => setTimeout(resolve, LEFT_OUT_NOTICE_MS + 100));
  }
  goOn();
  await log[Symbol.asyncDispose]();
  const lines = bare(texts.join("").split("\n").slice(0, -1));
  assert.equal(lines.length, 1 + MAX_WAITING_EVENT_LINES + 1);
  assert.equal(lines.at(-1), "warn 3 events left out");
});

pureTest("EventLog's end does not wait for who never reads", async () => {
  const { log } = openLog({ write: () => new Promise(() => {}) });
  log.report(JOINED);
  const start = performance.now();
  await log[Symbol.asyncDispose]();
  assert.ok(performance.now() - start < 5000);
});

pureTest("EventLog goes on when writing fails", async () => {
  let calls = 0;
  const write = () => Promise.reject(new Error(`broken pipe ${++calls}`));
  const { log } = openLog({ write });
  log.report(JOINED);
  await Promise.resolve();
  await Promise.resolve();
  log.report(JOINED);
  await log[Symbol.asyncDispose]();
  assert.equal(calls, 2);
});
