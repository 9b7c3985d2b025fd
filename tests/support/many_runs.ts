/**
 * A member that makes others remember as much of it as can be.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { HeaderFields } from "../../lib/protocol/header.ts";
import { createIdentity } from "../../lib/storage/identity.ts";
import { type AttackOptions, attackTest, HostileMember, makeEpoch } from "./attack.ts";
import { type Program, spawn } from "./programs.ts";

/** How the member goes about it; `i` counts. */
const SHAPES: Readonly<Record<string, (i: number) => Partial<HeaderFields>>> = {
  "runs of one message": (i) => ({ epoch: makeEpoch(Date.now() + i), sequence: 0 }),
  "runs of one message, dated ahead": (i) => ({
    epoch: makeEpoch(Date.now() + i),
    sequence: 0,
    time: Math.floor(Date.now() / 1000) + 290,
  }),
  "keys": () => ({ sequence: 0 }),
};

/** Seals one message for each of many keys. */
async function sealAsMany(mallory: HostileMember, count: number): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < count) {
    const identities = await Promise.all(Array.from({ length: 50 }, () => createIdentity()));
    lines.push(...await Promise.all(identities.map((identity) => mallory.sealAs(identity))));
  }
  return lines;
}

/** Registers tests of a member that makes so many, and sends for so long, in s. */
export function testManyRuns(count: number, seconds: number, options: AttackOptions = {}): void {
  for (const [what, make] of Object.entries(SHAPES)) {
    attackTest(`a member makes ${count} ${what}`, options, async ({ port, directory }) => {
      const mallory = await HostileMember.enter(port);
      const lines = what === "keys"
        ? await sealAsMany(mallory, count)
        : await mallory.sealAll(Array.from({ length: count }, (_, i) => make(i)));
      const reader = await openReader(port, directory);
      return async () => {
        await using _reader = reader;
        const sending = mallory.send(lines);
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        mallory[Symbol.dispose]();
        await sending.catch(() => {});
        await assertNewcomerIsNew(port, reader);
      };
    });
  }
}

async function openReader(port: number, cwd: string): Promise<Program> {
  await using stack = new AsyncDisposableStack();
  const args = ["127.0.0.1", `${port}`, "--nick", "reader", "--json"];
  const reader = stack.use(await spawn("client", args, { cwd }));
  await reader.waitFor("stdout", /"live"/);
  stack.move();
  return reader;
}

/** What somebody writes who comes afterwards is not old, to a client that saw the attack. */
async function assertNewcomerIsNew(port: number, reader: Program): Promise<void> {
  using newcomer = await HostileMember.enter(port, "newcomer");
  await newcomer.send([await newcomer.seal({ text: "hello all" })]);
  const [line] = await reader.waitFor("stdout", /^.*hello all.*$/m);
  assert.match(line, /"age":"live"/);
}
