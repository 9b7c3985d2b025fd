import assert from "node:assert/strict";
import type { UserInput } from "../../lib/chat/commands.ts";
import type { Rotator } from "../../lib/client/rotation/rotator.ts";
import { fakeRoom, fakeUser, talk } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const PLAN = {
  ...{ to: [], dayKeys: [], outdated: [], leftOut: [], stayOut: [], strangers: [], tooMany: [] },
};

/** What becomes of lines at a prompt after `/rotate`; a number is a pause, in ms. */
async function enter(...lines: (string | UserInput | number)[]): Promise<string[]> {
  const log: string[] = [];
  const rotator = {
    gather: () => Promise.resolve(),
    check: () => Promise.resolve(),
    plan: () => PLAN,
    rotate: () => Promise.resolve(log.push("rotated") > 0),
  } as unknown as Rotator;
  const user = fakeUser([], [], {
    isPatient: false,
    async *inputs() {
      for (const line of ["/rotate", ...lines]) {
        if (typeof line !== "number") yield [line];
        else await new Promise((resolve) => setTimeout(resolve, line));
      }
    },
  });
  await talk(user, fakeRoom(log), { rotator });
  return log.filter((line) => line !== "finish");
}

pureTest("the question of /rotate is answered by a yes that follows it alone", async () => {
  assert.deepEqual(await enter(30, "yes"), ["rotated"]);
  assert.deepEqual(await enter("yes"), ["chat yes"]);
  assert.deepEqual(await enter(30, "", "yes"), ["chat yes"]);
  assert.deepEqual(await enter(30, "hello", "yes"), ["chat hello", "chat yes"]);
  const pasted = { kind: "text", text: "pasted" } as const;
  assert.deepEqual(await enter(30, pasted, "yes"), ["chat pasted", "chat yes"]);
});

pureTest("an empty line at a prompt is nothing", async () => {
  assert.deepEqual(await enter(30, "n", "", "a", ""), ["chat a"]);
});
