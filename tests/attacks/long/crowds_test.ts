import assert from "node:assert/strict";
import { Crowd } from "../../support/crowd.ts";
import { quantile, Talk } from "../../support/far_member.ts";
import { writeKey } from "../../support/member_client.ts";
import { testNeeding } from "../../support/needs.ts";
import { startServer } from "../../support/programs.ts";
import { startReturning } from "../../support/strangers.ts";
import { withDirectory } from "../../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;
const STRANGERS = 300;
const SECONDS = 6;
const RUNS = 5;
const MAX_P99_MS = 250;

const CROWDS: Readonly<Record<string, (port: number) => Promise<AsyncDisposable>>> = {
  "short lines": (port) => Crowd.gather(port, STRANGERS, "flooding", true),
  "long lines": (port) => Crowd.gather(port, STRANGERS, "flooding with long lines", true),
  "coming back again and again": (port) =>
    startReturning(port, { guests: STRANGERS, chars: 140, seconds: 0.5 }),
};

/** Has two members talk among a crowd; the delay that one line in a hundred exceeds, in ms. */
async function talkAmong(gather: (port: number) => Promise<AsyncDisposable>, args: string[]) {
  return await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using server = await startServer({ cwd, args });
    using talk = await Talk.begin(server.port);
    await using _crowd = await gather(server.port);
    return quantile(await talk.listen(SECONDS), 0.99);
  });
}

for (const [name, gather] of Object.entries(CROWDS)) {
  for (const args of [[], ["--max-clients", "400"]]) {
    testNeeding(
      NEEDS,
      `p99 of a member among 300 strangers: ${[name, ...args].join(" ")}`,
      async () => {
        const p99s: number[] = [];
        for (let i = 0; i < RUNS; i++) p99s.push(await talkAmong(gather, args));
        const median = p99s.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!;
        const all = p99s.map((ms) => ms.toFixed(0)).join(", ");
        console.log(`${name} ${args.join(" ")}: p99 ${median.toFixed(0)} ms (median of ${all})`);
        assert.ok(median < MAX_P99_MS, `p99 is ${median} ms`);
      },
    );
  }
}
