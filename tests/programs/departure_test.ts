import assert from "node:assert/strict";
import { Departure, type Restorable } from "../../lib/programs/departure.ts";
import { Diagnostics } from "../../lib/programs/diagnostics.ts";
import { never } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

/**
 * Runs `fn` with a departure whose exits are only noted, as are the calls of a terminal and standard
 * error. As no exit ends the process, `exits` of them are waited for.
 */
async function depart(
  fn: (departure: Departure, log: string[]) => void,
  parts: Partial<Restorable> | undefined,
  exits = 1,
): Promise<string[]> {
  const log: string[] = [];
  const { exit } = Deno;
  const exited = Promise.withResolvers<void>();
  Deno.exit = ((code: number) => {
    log.push(`exit ${code}`);
    if (--exits === 0) exited.resolve();
    return never;
  }) as unknown as typeof exit;
  try {
    const write = (bytes: Uint8Array) => {
      return Promise.resolve(log.push(`error ${new TextDecoder().decode(bytes).trimEnd()}`));
    };
    const departure = new Departure({ hasEcho: false, diagnostics: new Diagnostics(write) });
    if (parts) departure.terminal = { ...fakeTerminal(log), ...parts };
    fn(departure, log);
    await exited.promise;
    return log;
  } finally {
    Deno.exit = exit;
  }
}

function fakeTerminal(log: string[]): Restorable {
  const note = (line: string) => Promise.resolve(void log.push(line));
  return {
    close: () => note("close"),
    isWriting: () => false,
    untilWritten: () => note("until written"),
    restore: () => void log.push("restore"),
    interrupt: () => void log.push("interrupt"),
    farewell: (line) => void log.push(`farewell ${line}`),
  };
}

const GIVEN_BACK = ["close", "until written", "restore"];

pureTest("leave() gives the terminal back, does what was added last first, and exits", async () => {
  const log = await depart((departure, log) => {
    departure.before(() => Promise.resolve(log.push("first")));
    departure.before(() => Promise.reject(new Error("planned")));
    departure.before(() => Promise.resolve(log.push("last")));
    assert.equal(departure.isLeaving, false);
    void departure.leave(0);
    assert.equal(departure.isLeaving, true);
  }, {});
  assert.deepEqual(log, [...GIVEN_BACK, "last", "first", "restore", "exit 0"]);
});

pureTest("leave() waits for what is to be done before, but not for ever", async () => {
  const log = await depart((departure, log) => {
    departure.before(() => Promise.resolve().then(() => log.push("done")));
    departure.before(() => never);
    void departure.leave(143);
  }, undefined);
  assert.deepEqual(log, ["done", "exit 143"]);
});

pureTest("a terminal that does not close is given back all the same", async () => {
  const log = await depart((departure) => void departure.leave(0), { close: () => never });
  assert.deepEqual(log, ["until written", "restore", "restore", "exit 0"]);
});

pureTest(
  "fail() writes its line below the terminal's last rows, or to standard error",
  async () => {
    const fail = (departure: Departure) => void departure.fail("error: x", 1);
    assert.deepEqual(await depart(fail, {}), [
      ...GIVEN_BACK,
      "farewell error: x",
      "restore",
      "exit 1",
    ]);
    assert.deepEqual(await depart(fail, undefined), ["error error: x", "exit 1"]);
  },
);

pureTest("only the first end counts, and a later failure has nothing to say", async () => {
  const log = await depart((departure) => {
    void departure.leave(0);
    void departure.fail("error: x", 1);
  }, undefined);
  assert.deepEqual(log, ["exit 0"]);
});

pureTest(
  "a second signal exits at once, unless the terminal still takes what was written",
  async () => {
    const signals = (departure: Departure) => {
      departure.before(() => never);
      departure.signal(143);
      departure.signal(129);
    };
    const exitsOf = (log: readonly string[]) => log.filter((line) => line.startsWith("exit"));
    assert.deepEqual(exitsOf(await depart(signals, {}, 2)), ["exit 129", "exit 143"]);
    assert.deepEqual(exitsOf(await depart(signals, { isWriting: () => true })), ["exit 143"]);
  },
);
