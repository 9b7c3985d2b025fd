import assert from "node:assert/strict";
import { createStats, type RelayStats } from "../../../lib/relay/watch/stats.ts";
import { createMetrics } from "../../../lib/relay/watch/metrics.ts";
import { pureTest } from "../../support/pure.ts";

function open(stats: RelayStats = createStats()) {
  return createMetrics({ stats: () => stats, maxLogBytes: 64, residentBytes: () => 4096 });
}

async function readLines(metrics: { registry: { metrics(): Promise<string> } }): Promise<string[]> {
  const lines = (await metrics.registry.metrics()).split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

pureTest("createMetrics() shows every number of the relay under its name", async () => {
  const stats = Object.assign(createStats(), {
    linesIn: 1,
    bytesIn: 2,
    deliveries: 3,
    bytesOut: 4,
    throttled: 5,
    backlogFailures: 17,
    logBytes: 6,
    waiting: 11,
    slots: 12,
    pipes: 12,
    pipeBytes: 13,
  });
  Object.assign(stats.clients, { guest: 7, member: 8 });
  Object.keys(stats.proofs).forEach((result, i) => Object.assign(stats.proofs, { [result]: i }));
  Object.assign(stats.invitations, { opened: 13, refused: 14, met: 15, wrong: 16 });
  Object.assign(stats.proxyHeaders, { client: 17, own: 18, http: 19, bad: 20, none: 21 });
  Object.assign(stats.rejected, { "noise": 9, "too long": 10 });
  Object.keys(stats.closed).forEach((reason, i) => Object.assign(stats.closed, { [reason]: i }));
  assert.deepEqual(await readLines(open(stats)), [
    'chat_clients{class="guest"} 7',
    'chat_clients{class="member"} 8',
    "chat_lines_in_total 1",
    "chat_bytes_in_total 2",
    "chat_deliveries_total 3",
    "chat_bytes_out_total 4",
    "chat_pipe_bytes_total 13",
    "chat_throttled_total 5",
    "chat_backlog_failures_total 17",
    ...Object.entries(stats.proofs).map(([result, count]) =>
      `chat_proofs_total{result="${result}"} ${count}`
    ),
    "chat_slots 12",
    'chat_invitations_total{result="opened"} 13',
    'chat_invitations_total{result="refused"} 14',
    'chat_invitations_total{result="met"} 15',
    'chat_invitations_total{result="wrong"} 16',
    "chat_waiting 11",
    ...Object.entries(stats.proxyHeaders).map(([result, count]) =>
      `chat_proxy_headers_total{result="${result}"} ${count}`
    ),
    'chat_rejected_lines_total{reason="noise"} 9',
    'chat_rejected_lines_total{reason="too long"} 10',
    ...Object.entries(stats.closed).map(([reason, count]) =>
      `chat_closed_connections_total{reason="${reason}"} ${count}`
    ),
    "chat_pipes 12",
    "chat_log_bytes 6",
    "chat_log_limit_bytes 64",
    "process_resident_memory_bytes 4096",
    'chat_event_loop_delay_seconds{quantile="0.5"} 0',
    'chat_event_loop_delay_seconds{quantile="0.99"} 0',
    'chat_event_loop_delay_seconds{quantile="1"} 0',
    "chat_event_loop_delay_seconds_sum 0",
    "chat_event_loop_delay_seconds_count 0",
  ]);
});

pureTest("createMetrics() shows the numbers of now at every scrape, counted once", async () => {
  const stats = createStats();
  const metrics = open(stats);
  for (const linesIn of [0, 5, 5, 2 ** 40]) {
    stats.linesIn = linesIn;
    stats.closed["too slow"] = linesIn;
    const lines = await readLines(metrics);
    assert.ok(lines.includes(`chat_lines_in_total ${linesIn}`));
    assert.ok(lines.includes(`chat_closed_connections_total{reason="too slow"} ${linesIn}`));
  }
});

pureTest("createMetrics() tells what each number is", async () => {
  const text = await open().registry.metrics();
  const names = [...text.matchAll(/^# HELP (\S+) .+[^.]\.?$/gm)].map(([, name]) => name!);
  assert.equal(names.length, 20);
  for (const name of names) {
    const type = new RegExp(`^# TYPE ${name} (\\w+)$`, "m").exec(text)?.[1];
    const expected = name.endsWith("_total")
      ? "counter"
      : name.endsWith("_delay_seconds")
      ? "summary"
      : "gauge";
    assert.equal(type, expected, name);
  }
});

pureTest("createMetrics() shows quantiles of the event loop's delay", async () => {
  const metrics = open();
  for (let i = 1; i <= 200; i++) metrics.observeDelay(i / 1000);
  const lines = await readLines(metrics);
  const median = lines.find((line) => line.includes('quantile="0.5"'))!;
  assert.ok(Math.abs(Number(median.split(" ")[1]) - 0.1) < 0.005, median);
  assert.ok(lines.includes('chat_event_loop_delay_seconds{quantile="1"} 0.2'));
  assert.ok(lines.includes("chat_event_loop_delay_seconds_count 200"));
});

pureTest("createMetrics() keeps relays apart", async () => {
  const first = open(Object.assign(createStats(), { linesIn: 1 }));
  const second = open(Object.assign(createStats(), { linesIn: 2 }));
  assert.ok((await readLines(first)).includes("chat_lines_in_total 1"));
  assert.ok((await readLines(second)).includes("chat_lines_in_total 2"));
});
