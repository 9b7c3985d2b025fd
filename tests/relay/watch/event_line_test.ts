import fc from "fast-check";
import assert from "node:assert/strict";
import {
  formatEvent,
  levelOf,
  type LogEvent,
  type LogFormat,
} from "../../../lib/relay/watch/event_line.ts";
import type { CloseReason } from "../../../lib/relay/watch/events.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { pureTest } from "../../support/pure.ts";

const TIME = Date.UTC(2026, 10, 22, 14, 5, 1, 123);
const STAMP = "2026-11-22T14:05:01.123Z";
const ADDRESS = "192.0.2.7:50312";
const COUNTS = { linesIn: 1, bytesIn: 1_234_567, bytesOut: 0 };
const REASONS = Object.keys(createStats().closed) as CloseReason[];

function left(reason: CloseReason, counts = COUNTS): LogEvent {
  return { kind: "left", cid: 7, reason, address: ADDRESS, ...counts };
}

const EVENTS: readonly LogEvent[] = [
  { kind: "joined", cid: 7, peerClass: "guest", address: ADDRESS },
  { kind: "member", cid: 7, address: ADDRESS },
  ...REASONS.map((reason) => left(reason)),
  { kind: "refused", reason: "full", address: ADDRESS },
  { kind: "accept failed", message: "Too many open files (os error 24)" },
  { kind: "accepting again" },
  { kind: "left out", count: 1234 },
];

const INVITATION: readonly LogEvent[] = [
  { kind: "slot opened", cid: 7 },
  { kind: "visiting", cid: 8, address: ADDRESS },
  { kind: "visited", cid: 8, reason: "timeout", address: ADDRESS },
];

const PIPED: LogEvent = { kind: "piped", cid: 7, other: 9 };
const UNPIPED = { kind: "unpiped", cid: 7, other: 9, reason: "end", bytes: 1_234_567 } as const;

const FAILED: LogEvent = { kind: "metrics failed", message: "no descriptors" };

function format(event: LogEvent, format: LogFormat = "text", addresses = true): string {
  return formatEvent(event, { format, addresses, time: TIME });
}

pureTest("levelOf() tells trouble of the relay, offences and daily life apart", () => {
  const levels = Object.fromEntries(REASONS.map((reason) => [reason, levelOf(left(reason))]));
  assert.deepEqual(levels, {
    "end": "info",
    "reset": "info",
    "stopped": "info",
    "bad line": "warn",
    "timeout": "warn",
    "too long": "warn",
    "too slow": "warn",
    "full": "warn",
    "tls": "warn",
    "auth": "warn",
    "paused": "warn",
    "no slot": "warn",
    "slot used": "warn",
    "inviter gone": "warn",
    "pipe": "info",
    "no pipe": "warn",
    "probe": "info",
    "http": "info",
    "no proxy header": "warn",
  });
  assert.equal(levelOf(PIPED), "info");
  assert.equal(levelOf(UNPIPED), "info");
  assert.equal(levelOf({ ...UNPIPED, reason: "timeout" }), "warn");
  const others = EVENTS.filter(({ kind }) => kind !== "left");
  assert.deepEqual(others.map((event) => levelOf(event)), [
    "info",
    "info",
    "warn",
    "error",
    "warn",
    "warn",
  ]);
});

pureTest("formatEvent() writes each kind of event as text", () => {
  const lines: [string, string][] = [
    [format(EVENTS[0]!), "info client 7 joined from 192.0.2.7:50312 (guest)"],
    [format(EVENTS[1]!), "info client 7 from 192.0.2.7:50312 is a member"],
    [format(EVENTS[1]!, "text", false), "info client 7 is a member"],
    [
      format(left("too slow")),
      "warn client 7 left from 192.0.2.7:50312: too slow (1 line, 1,234,567 bytes in; 0 bytes out)",
    ],
    [format(PIPED), "info clients 7 and 9 have a pipe"],
    [format(UNPIPED), "info the pipe of clients 7 and 9 ended: end (1,234,567 bytes)"],
    [format(EVENTS.at(-4)!), "warn refused 192.0.2.7:50312: full"],
    [
      format(EVENTS.at(-3)!),
      "error cannot accept connections: Too many open files (os error 24)",
    ],
    [format(EVENTS.at(-2)!), "warn accepting connections again"],
    [format(FAILED), "error cannot accept connections to the metrics: no descriptors"],
    [format({ kind: "metrics again" }), "warn accepting connections to the metrics again"],
    [
      format({ kind: "backlog failed", message: "No space left on device (os error 28)" }),
      "error cannot write the backlog file: No space left on device (os error 28)",
    ],
    [format({ kind: "backlog again" }), "warn writing the backlog file again"],
    [format(EVENTS.at(-1)!), "warn 1,234 events left out"],
    [format({ kind: "left out", count: 1 }), "warn 1 event left out"],
    [format(EVENTS[0]!, "text", false), "info client 7 joined (guest)"],
    [
      format(left("end", { linesIn: 12, bytesIn: 1, bytesOut: 999 }), "text", false),
      "info client 7 left: end (12 lines, 1 byte in; 999 bytes out)",
    ],
    [format(EVENTS.at(-4)!, "text", false), "warn refused a client: full"],
  ];
  for (const [line, rest] of lines) assert.equal(line, `${STAMP} ${rest}`);
});

pureTest("formatEvent() tells of an invitation, and not of its slot's name", () => {
  const [opened, visiting, visited] = INVITATION as [LogEvent, LogEvent, LogEvent];
  assert.deepEqual(INVITATION.map((event) => format(event)), [
    `${STAMP} info client 7 invites somebody`,
    `${STAMP} info client 8 from 192.0.2.7:50312 visits a member`,
    `${STAMP} warn client 8 from 192.0.2.7:50312 has visited: timeout`,
  ]);
  assert.deepEqual(INVITATION.map((event) => JSON.parse(format(event, "json"))), [
    { time: STAMP, level: "info", event: "slot opened", cid: 7 },
    { time: STAMP, level: "info", event: "visiting", cid: 8, address: ADDRESS },
    { time: STAMP, level: "warn", event: "visited", cid: 8, reason: "timeout", address: ADDRESS },
  ]);
  assert.equal(levelOf({ ...visited, reason: "end" } as LogEvent), "info");
  assert.deepEqual([levelOf(opened), levelOf(visiting)], ["info", "info"]);
});

pureTest("formatEvent() writes each kind of event as JSON with stable keys", () => {
  const objects: [LogEvent, object][] = [
    [EVENTS[0]!, { level: "info", event: "joined", cid: 7, class: "guest", address: ADDRESS }],
    [EVENTS[1]!, { level: "info", event: "member", cid: 7, address: ADDRESS }],
    [left("reset"), {
      level: "info",
      event: "left",
      cid: 7,
      reason: "reset",
      lines_in: 1,
      bytes_in: 1_234_567,
      bytes_out: 0,
      address: ADDRESS,
    }],
    [PIPED, { level: "info", event: "piped", cid: 7, other: 9 }],
    [UNPIPED, {
      ...{ level: "info", event: "unpiped", cid: 7, other: 9, reason: "end" },
      bytes: 1_234_567,
    }],
    [EVENTS.at(-4)!, { level: "warn", event: "refused", reason: "full", address: ADDRESS }],
    [EVENTS.at(-3)!, {
      level: "error",
      event: "accept failed",
      message: "Too many open files (os error 24)",
    }],
    [EVENTS.at(-2)!, { level: "warn", event: "accepting again" }],
    [FAILED, { level: "error", event: "metrics failed", message: "no descriptors" }],
    [{ kind: "metrics again" }, { level: "warn", event: "metrics again" }],
    [EVENTS.at(-1)!, { level: "warn", event: "left out", count: 1234 }],
  ];
  for (const [event, object] of objects) {
    assert.equal(format(event, "json"), JSON.stringify({ time: STAMP, ...object }));
    const { address: _, ...rest } = object as Record<string, unknown>;
    assert.equal(format(event, "json", false), JSON.stringify({ time: STAMP, ...rest }));
  }
});

pureTest("formatEvent() leaves addresses out wherever they are", () => {
  for (const event of [...EVENTS, ...INVITATION]) {
    for (const as of ["text", "json"] as const) {
      assert.ok(!format(event, as, false).includes("192.0.2.7"), event.kind);
    }
  }
});

pureTest("formatEvent() writes one line, whatever the system says", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (message) => {
    for (const as of ["text", "json"] as const) {
      for (const kind of ["accept failed", "metrics failed"] as const) {
        const line = format({ kind, message: `a\n\r\u0085\x1b[31m${message}` }, as);
        // deno-lint-ignore no-control-regex -- those are what must not be there
        assert.doesNotMatch(line, /[\0-\x1f]/);
      }
    }
  }));
});

pureTest("formatEvent() writes nothing of an event but what it names", () => {
  const stowaway: LogEvent = Object.assign({ token: "gAAAAA" }, left("end"));
  for (const as of ["text", "json"] as const) {
    assert.doesNotMatch(format(stowaway, as), /gAAAAA|token/);
  }
});
