import assert from "node:assert/strict";
import type { FileMove, Happening } from "../../lib/client/events.ts";
import type { FileJob } from "../../lib/client/files/job.ts";
import { FileScript, type FileScriptParts } from "../../lib/script/file_script.ts";
import { pureTest } from "../support/pure.ts";

const TAKE: FileJob = { kind: "take", directory: undefined, from: undefined };

/** A script whose takings are told of. */
function openScript(job: FileJob, overrides: Partial<FileScriptParts> = {}) {
  const log: string[] = [];
  const script = new FileScript({
    job,
    findMember: () => undefined,
    take: (number, directory) => {
      log.push(`take ${number}${directory === undefined ? "" : ` to ${directory}`}`);
      return Promise.resolve();
    },
    describeWait: () => "waiting",
    report: (line) => void log.push(line),
    onTaken: (path) => Promise.resolve(void log.push(`taken ${path}`)),
    ...overrides,
  });
  return { script, log };
}

function offer(number: number, nickname = "alice", trust: "verified" | "changed" = "verified") {
  const facts = { id: nickname, name: "a.bin", size: 1, isPrivate: false } as const;
  return { kind: "offer", ...facts, nickname, trust, number } as Happening;
}

function move(number: number, state: FileMove["state"], more: Partial<FileMove> = {}): FileMove {
  const facts = { nickname: "alice", name: "a.bin", size: 1, bytes: 0 };
  return { kind: "transfer", direction: "in", ...facts, number, state, ...more };
}

async function tell(script: FileScript, ...events: Happening[]): Promise<void> {
  for (const event of events) await script.happen(event, undefined);
}

pureTest("FileScript takes the first verified offer of whom it was told", async () => {
  const { script, log } = openScript({ kind: "take", directory: "here", from: "ALICE" });
  await tell(script, offer(1, "bob"), offer(2, "alice", "changed"), offer(3), offer(10));
  assert.deepEqual(log, ["take 3 to here"]);
  await tell(script, move(1, "done", { path: "x" }), move(3, "done", { path: "here/a.bin" }));
  assert.deepEqual(log.slice(1), ["taken here/a.bin"]);
  assert.deepEqual(await Array.fromAsync(script.inputs()), []);
});

pureTest("FileScript takes one file, whatever else is offered, and waits for it", async () => {
  const { script, log } = openScript(TAKE);
  await tell(script, offer(1), move(1, "waiting"), move(1, "running"), offer(2), offer(1));
  await tell(script, move(1, "waiting"), offer(3), move(1, "running"));
  await tell(script, move(1, "done", { path: "a.bin" }));
  assert.deepEqual(log, ["take 1", "taken a.bin"]);
});

pureTest("FileScript ends with what a taking ends with", async () => {
  const failed = openScript(TAKE);
  await tell(failed.script, offer(1), move(1, "failed", { reason: "the disk is full" }));
  await assert.rejects(
    Array.fromAsync(failed.script.inputs()),
    /Cannot take the file: the disk is full/,
  );
  const refused = openScript(TAKE, { take: () => Promise.reject(new Error("no place")) });
  await tell(refused.script, offer(1));
  await assert.rejects(Array.fromAsync(refused.script.inputs()), /no place/);
});

pureTest("FileScript offers its file, and ends when one member has it", async () => {
  const { script } = openScript({ kind: "send", path: "a.bin", to: undefined, forMs: undefined });
  const inputs = script.inputs();
  const { value } = await inputs.next();
  assert.deepEqual(value, [{ kind: "command", name: "send", args: ["a.bin", "", "exact"] }]);
  await tell(script, move(1, "done", { direction: "out" }));
  assert.deepEqual(await inputs.next(), { done: true, value: undefined });
});

pureTest("FileScript fails where the file cannot be offered, or no pipe is had", async () => {
  const job = { kind: "send", path: "a.bin", to: undefined, forMs: undefined } as const;
  const refused = openScript(job);
  const inputs = refused.script.inputs();
  await inputs.next();
  refused.script.refuse("there is no a.bin");
  await assert.rejects(inputs.next(), /Cannot send the file: there is no a\.bin/);
  const hopeless = openScript(job);
  const more = hopeless.script.inputs();
  await more.next();
  const reason = "this relay has no pipes";
  await tell(
    hopeless.script,
    move(1, "failed", { direction: "out", reason, isHopeless: true }),
  );
  await assert.rejects(more.next(), /Cannot send the file: this relay has no pipes/);
});

pureTest("FileScript tells what it waits for, at first and after each loss", async () => {
  const send: FileJob = { kind: "send", path: "a.bin", to: undefined, forMs: undefined };
  const { script, log } = openScript(send);
  const inputs = script.inputs();
  await inputs.next();
  const end = inputs.next();
  await Promise.resolve();
  assert.deepEqual(log, ["waiting"]);
  const out = { direction: "out" } as const;
  await tell(script, move(1, "running", out), move(1, "waiting", out), move(1, "failed", out));
  await tell(script, move(1, "cancelled", out));
  assert.deepEqual(log, ["waiting", "waiting", "waiting"]);
  await tell(script, move(1, "done", out));
  assert.equal((await end).done, true);
  const timed = openScript({ ...send, forMs: 60_000 });
  await tell(timed.script, move(1, "failed", out));
  assert.deepEqual(timed.log, []);
});
