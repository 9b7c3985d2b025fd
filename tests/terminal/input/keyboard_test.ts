import assert from "node:assert/strict";
import type { TtyEvent } from "../../../lib/terminal/input/input_events.ts";
import { pressed } from "../../../lib/terminal/input/input_events.ts";
import {
  ESCAPE_TIMEOUT_MS,
  PASTE_TIMEOUT_MS,
  readKeyboard,
} from "../../../lib/terminal/input/keyboard.ts";
import { letOthersRun } from "../../support/fake_chat.ts";
import { pureTest } from "../../support/pure.ts";

/** Reads chunks; between two of them the test does `between`, with the timer that is set. */
async function read(
  chunks: readonly string[],
  between: (timer: { run: () => void; ms: number } | undefined) => void = () => {},
  onTyped: (events: readonly TtyEvent[]) => Promise<void> = () => Promise.resolve(),
) {
  const log: TtyEvent[][] = [];
  let timer: { run: () => void; ms: number } | undefined;
  async function* type() {
    for (const chunk of chunks) {
      yield new TextEncoder().encode(chunk);
      between(timer);
      await letOthersRun();
    }
  }
  await readKeyboard(type(), {
    onTyped: async (events) => {
      await onTyped(events);
      log.push([...events]);
    },
    onCursor: (event) => void log.push([event]),
    schedule: (run, ms) => {
      timer = { run, ms };
      return () => timer = undefined;
    },
  });
  assert.equal(timer, undefined, "no timer is left");
  return log;
}

pureTest("readKeyboard() takes ESC alone as the key after a while, a paste later", async () => {
  for (const [begun, ms] of [["\x1b", ESCAPE_TIMEOUT_MS], ["\x1b[200~a", PASTE_TIMEOUT_MS]]) {
    const waits: (number | undefined)[] = [];
    const log = await read([begun as string, "b"], (timer) => {
      waits.push(timer?.ms);
      timer?.run();
    });
    const first = begun === "\x1b"
      ? pressed("escape")
      : { kind: "paste", text: "a", isWhole: false };
    assert.deepEqual(log, [[first], [{ kind: "text", text: "b" }]]);
    assert.deepEqual(waits, [ms, undefined]);
  }
});

pureTest("readKeyboard() waits no more once a sequence goes on", async () => {
  assert.deepEqual(await read(["\x1b", "[A"]), [[pressed("up")]]);
});

pureTest("readKeyboard() hands on the cursor at once, and not as typed", async () => {
  const cursor = { kind: "cursor", row: 2, column: 3 };
  assert.deepEqual(await read(["\x1b[2;3R"]), [[cursor]]);
  const text = { kind: "text", text: "a" };
  assert.deepEqual(await read(["a\x1b[2;3R"]), [[cursor], [text]]);
});

pureTest("readKeyboard() handles one batch after the other, those of the timer too", async () => {
  let running = 0;
  const log = await read(["\x1b", "a"], (timer) => timer?.run(), async () => {
    assert.equal(++running, 1);
    await letOthersRun();
    running--;
  });
  assert.deepEqual(log, [[pressed("escape")], [{ kind: "text", text: "a" }]]);
});

pureTest("readKeyboard() throws what handling a key throws", async () => {
  const fail = () => Promise.reject(new Error("planned"));
  await assert.rejects(read(["a"], () => {}, fail), { message: "planned" });
});
