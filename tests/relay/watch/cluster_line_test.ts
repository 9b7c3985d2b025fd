import assert from "node:assert/strict";
import { formatEvent, levelOf } from "../../../lib/relay/watch/event_line.ts";
import type { ClusterEvent } from "../../../lib/relay/watch/events.ts";
import { pureTest } from "../../support/pure.ts";

const EVENTS: readonly [event: ClusterEvent, level: string, line: string][] = [
  [{ kind: "cluster connected", message: "a:1" }, "info", "connected to the cluster at a:1"],
  [{ kind: "cluster again", message: "a:1" }, "info", "lines are taken again at a:1"],
  [{ kind: "cluster lost", message: "a:1: x" }, "error", "connection to the cluster lost: a:1: x"],
  [{ kind: "cluster waiting", message: "x" }, "error", "waiting for the cluster: x"],
  [{ kind: "cluster held", message: "no\nstream" }, "error", "lines are held: no stream"],
  [
    { kind: "cluster refused", message: "line", count: 1000 },
    "warn",
    "refused entries of the stream: line (1,000 entries)",
  ],
  [
    { kind: "cluster missing", message: "a", count: 1 },
    "warn",
    "entries are missing, of relay a (1 entry)",
  ],
  [{ kind: "cluster reset", message: "x" }, "warn", "the stream is not what it was: x"],
  [{ kind: "relay came", message: "b", count: 0 }, "info", "another relay is here: b (0 members)"],
  [{ kind: "relay gone", message: "b", count: 1 }, "info", "another relay is gone: b (1 member)"],
];

pureTest("formatEvent() writes the events of a cluster, for people and for programs", () => {
  for (const [event, level, line] of EVENTS) {
    const options = { addresses: true, time: 0 } as const;
    const stamp = "1970-01-01T00:00:00.000Z";
    assert.equal(levelOf(event), level);
    assert.equal(formatEvent(event, { ...options, format: "text" }), `${stamp} ${level} ${line}`);
    const { kind, message, count } = event;
    assert.deepEqual(JSON.parse(formatEvent(event, { ...options, format: "json" })), {
      ...{ time: stamp, level, event: kind, message },
      ...count === undefined ? {} : { count },
    });
  }
});
