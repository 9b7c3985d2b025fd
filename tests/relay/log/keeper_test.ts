import assert from "node:assert/strict";
import {
  CLOCK_JUMP_MS,
  KEEP_DRAIN_MS,
  KEEP_RETRY_MS,
  MAX_BACKLOG_AGE_MS,
  MAX_DEAD_BYTES,
  MAX_DEAD_MS,
} from "../../../lib/relay/limits.ts";
import { Backlog } from "../../../lib/relay/log/backlog.ts";
import { type BacklogStore, Keeper } from "../../../lib/relay/log/keeper.ts";
import type { RelayEvent } from "../../../lib/relay/watch/events.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { BacklogFile } from "../../../lib/storage/backlog_file.ts";
import { labelsOf, makeRecord, ROOM_ID } from "../../support/backlog_records.ts";
import { testNeeding } from "../../support/needs.ts";
import { until } from "../../support/process_info.ts";
import { withDirectory } from "../../support/temporary.ts";
import { withWriteBudget } from "../../support/write_budget.ts";

const DAY_MS = 86_400_000;

/** The clocks of a machine. */
class Clocks {
  now = 5000;
  wall = 1785571200000;

  pass(ms: number): void {
    this.now += ms;
    this.wall += ms;
  }
}

/** A backlog and its keeper, as a relay has them from its start to its end. */
class Run {
  readonly backlog: Backlog;
  readonly keeper: Keeper;
  readonly events: RelayEvent[] = [];
  readonly stats = createStats();
  readonly #clocks: Clocks;
  #end = 0;

  constructor(store: BacklogStore, clocks: Clocks, lines = 200) {
    const backlog = this.backlog = new Backlog(lines);
    this.#clocks = clocks;
    const report = (event: RelayEvent) => void this.events.push(event);
    const [now, wall] = [() => clocks.now, () => clocks.wall];
    this.keeper = new Keeper({
      ...{ store, backlog, now, wall, report },
      stats: this.stats,
      file() {},
    });
  }

  /** Lines come, and are noted. */
  say(label: string, options?: Parameters<typeof makeRecord>[1]): void {
    const { bytes, lines, peerClass } = makeRecord(label, options);
    this.#end += bytes.length;
    const source = { cid: 1, peerClass, end: this.#end, time: this.#clocks.now };
    this.backlog.append(bytes, lines, source);
    this.keeper.note();
  }

  /** What a connection is given of the past; those of number 1 said it. */
  recall(cid = 9): string[] {
    const reader = { cid, seen: { from: 0, to: 0 }, lines: 10_000 };
    const { parts } = this.backlog.recall({ ...reader, now: this.#clocks.now });
    return labelsOf(parts.map((bytes) => ({ bytes })));
  }
}

async function openStore(path: string): Promise<BacklogFile> {
  const file = await BacklogFile.open(path, console.error);
  await file.claim(ROOM_ID);
  return file;
}

/** Runs one relay after the other, on one file. */
function testRuns(
  name: string,
  fn: (
    run: (
      use: (run: Run, store: BacklogFile) => void | Promise<void>,
      lines?: number,
    ) => Promise<void>,
    clocks: Clocks,
    path: string,
  ) => Promise<void>,
): void {
  testNeeding(["read", "write"], name, () =>
    withDirectory(async (directory) => {
      const path = `${directory}/backlog`;
      const clocks = new Clocks();
      await fn(
        async (use, lines) => {
          await using store = await openStore(path);
          const run = new Run(store, clocks, lines);
          await use(run, store);
          await run.keeper.close();
        },
        clocks,
        path,
      );
    }));
}

testRuns("a backlog is there after a restart, in order, also to who wrote it", async (run) => {
  await run((first) => {
    first.say("a");
    first.say("g", { peerClass: "guest" });
    first.say("b", { lines: 2 });
    assert.deepEqual(first.recall(1), []);
  });
  for (let restart = 0; restart < 3; restart++) {
    await run((again) => assert.deepEqual(again.recall(1), ["a", "g", "b", "b"]));
  }
  await run((again) => again.say("c"));
  await run((again) => assert.deepEqual(again.recall(), ["a", "g", "b", "b", "c"]));
  await run((again) => assert.deepEqual(again.recall(), ["b", "b", "c"].slice(1)), 2);
});

testRuns(
  "lines are written a moment after they came, not one by one",
  async (run, _clocks, path) => {
    await run(async (first, store) => {
      let appends = 0;
      const append = store.append.bind(store);
      store.append = (records) => (appends++, append(records));
      first.say("first");
      await until(
        async () => labelsOf([{ bytes: await Deno.readFile(path) }]).length === 1,
        "first",
      );
      for (let i = 0; i < 100; i++) first.say(`${i}`);
      await until(
        async () => labelsOf([{ bytes: await Deno.readFile(path) }]).length === 101,
        "all",
      );
      assert.equal(appends, 1);
    });
  },
);

testRuns("ages go on over a restart", async (run, clocks) => {
  await run((first) => first.say("a"));
  clocks.pass(MAX_BACKLOG_AGE_MS - 1000);
  clocks.now = 77;
  await run((again) => {
    assert.deepEqual(again.recall(), ["a"]);
    again.say("b");
    clocks.pass(2000);
    assert.deepEqual(again.recall(), ["b"]);
  });
  clocks.now = 5;
  await run((again) => assert.deepEqual(again.recall(), ["b"]));
});

testRuns(
  "a clock that is set empties nothing, and freezes nothing for good",
  async (run, clocks) => {
    for (const days of [400, -400, -20_000, 20_000]) {
      await run(async (first) => {
        first.say("a");
        clocks.wall += days * DAY_MS;
        first.say("b");
        clocks.pass(1);
        await first.keeper.close();
        assert.deepEqual(first.recall(), ["a", "b"]);
      });
      await run((again) => assert.deepEqual(again.recall(), ["a", "b"], `${days}`));
      // Set back between two runs: the lines seem to be from the future, and still go after a day.
      clocks.wall -= 3 * DAY_MS;
      await run((again) => {
        assert.deepEqual(again.recall(), ["a", "b"]);
        clocks.pass(MAX_BACKLOG_AGE_MS + 1);
        assert.deepEqual(again.recall(), []);
        again.backlog.expire(clocks.now);
      });
      await run((again) => assert.deepEqual(again.recall(), []));
    }
  },
);

testRuns(
  "a clock that runs a little fast or slow is no clock that was set",
  async (run, clocks) => {
    await run(async (first, store) => {
      first.say("a");
      await first.keeper.close();
      let rewrites = 0;
      const rewrite = store.rewrite.bind(store);
      store.rewrite = (records) => (rewrites++, rewrite(records));
      for (const [ms, count] of [[CLOCK_JUMP_MS, 0], [1, 1]] as const) {
        clocks.wall += ms;
        first.say("b");
        await first.keeper.close();
        assert.equal(rewrites, count);
      }
    });
  },
);

testRuns("the file is written anew when 4 MiB of it are dead", async (run, _clocks, path) => {
  await run(async (first) => {
    let largest = 0;
    let smallest = Infinity;
    for (let i = 0; i < 40; i++) {
      first.say(`${i}`, { lines: 20, chars: 10_060 });
      await first.keeper.close();
      const { size } = await Deno.stat(path);
      largest = Math.max(largest, size);
      if (i > 20) smallest = Math.min(smallest, size);
    }
    assert.ok(largest <= first.backlog.bytes + MAX_DEAD_BYTES + 300_000, `${largest}`);
    assert.ok(smallest <= first.backlog.bytes + 100_000, `${smallest}`);
    assert.ok(first.recall().length > 150);
  });
});

testRuns("lines that are too old are erased within an hour", async (run, clocks, path) => {
  const isThere = async () => labelsOf([{ bytes: await Deno.readFile(path) }]).includes("old");
  await run(async (first) => {
    first.say("old");
    await first.keeper.close();
    clocks.pass(MAX_BACKLOG_AGE_MS + MAX_DEAD_MS - 1000);
    first.backlog.expire(clocks.now);
    first.keeper.sweep();
    await first.keeper.close();
    assert.ok(await isThere());
    clocks.pass(2000);
    first.keeper.sweep();
    await until(async () => !await isThere(), "erased");
  });
  await run((again) => again.say("old"));
  clocks.pass(MAX_BACKLOG_AGE_MS + 1);
  await run((again) => assert.deepEqual(again.recall(), []));
  assert.equal(await isThere(), false);
});

testRuns("a full disk is told once, counted, and made good later", async (run, clocks) => {
  await run(async (first) => {
    first.say("a");
    await first.keeper.close();
    await withWriteBudget(100, async () => {
      for (const label of ["b", "c"]) {
        first.say(label);
        await first.keeper.close();
      }
      // It is not tried for each line.
      first.say("d");
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    assert.deepEqual(first.events, [
      { kind: "backlog failed", message: "No space left on device (os error 28)" },
    ]);
    assert.equal(first.stats.backlogFailures, 2);
    first.keeper.sweep();
    clocks.pass(KEEP_RETRY_MS);
    first.keeper.sweep();
    await until(() => first.events.length === 2, "again");
    assert.deepEqual(first.events[1], { kind: "backlog again" });
  });
  await run((again) => assert.deepEqual(again.recall(), ["a", "b", "c", "d"]));
});

testNeeding([], "close() waits 2 s for a disk that does not answer", async () => {
  const never = () => new Promise<void>(() => {});
  const run = new Run({ records: [], bytes: 0, append: never, rewrite: never }, new Clocks());
  run.say("a");
  const begunAt = performance.now();
  await run.keeper.close();
  const waited = performance.now() - begunAt;
  assert.ok(waited > KEEP_DRAIN_MS - 100 && waited < KEEP_DRAIN_MS + 3000, `${waited}`);
});

testNeeding(
  [],
  "a slow disk is written to a tenth of the time, once a second at least",
  async () => {
    for (const [takesMs, leastMs, mostMs] of [[30, 290, 900], [5000, 950, 1900]] as const) {
      const clocks = new Clocks();
      const writes: number[] = [];
      const write = () => {
        writes.push(performance.now());
        clocks.pass(takesMs);
        return Promise.resolve();
      };
      const run = new Run({ records: [], bytes: 0, append: write, rewrite: write }, clocks);
      // The first time all is written anew, which does not count.
      for (let count = 1; count <= 3; count++) {
        run.say(`${count}`);
        await until(() => writes.length === count, `write ${count}`);
      }
      const waited = writes[2]! - writes[1]!;
      assert.ok(waited > leastMs && waited < mostMs, `${waited}`);
      await run.keeper.close();
    }
  },
);

testNeeding([], "a keeper that is closed while it writes has no two writes at once", async () => {
  let [calls, running, most] = [0, 0, 0];
  const write = async () => {
    calls++;
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 300));
    running--;
  };
  const run = new Run({ records: [], bytes: 0, append: write, rewrite: write }, new Clocks());
  run.say("first");
  await until(() => calls === 1 && running === 0, "the first write");
  run.say("one");
  await until(() => calls === 2, "the second write");
  run.say("two");
  await run.keeper.close();
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.deepEqual([most, running], [1, 0]);
});
