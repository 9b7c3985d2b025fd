import assert from "node:assert/strict";
import { RotateCommand } from "../../lib/chat/rotate_command.ts";
import { MAX_ROTATION_NAMES } from "../../lib/client/rotation/limits.ts";
import type { Plan } from "../../lib/client/rotation/plan.ts";
import { ChatError } from "../../lib/errors.ts";
import { worded } from "../../lib/messages/wording.ts";
import { SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const KEYS: Readonly<Record<string, readonly string[]>> = {
  me: ["a"],
  bob: ["b"],
  carol: ["c", "imposter"],
};
const NO_PLAN: Plan = {
  ...{ to: [{ id: "a", nickname: "alice" }], dayKeys: [], outdated: [] },
  ...{ leftOut: [], stayOut: [], strangers: [], tooMany: [] },
};

/** A command, what it says, and whom it was asked to put out. */
function setUp({ isPatient = false, plan = NO_PLAN, error, obstacle }: {
  readonly isPatient?: boolean;
  readonly plan?: Plan;
  readonly error?: Error;
  readonly obstacle?: Error;
} = {}) {
  const said: string[] = [];
  const rotated: string[][] = [];
  let without: ReadonlySet<string> = new Set();
  const clock = { ms: 0, pace: 20 };
  const command = new RotateCommand({
    user: { isPatient, notify: (line) => void said.push(line) },
    members: { keysOf: (name) => [...KEYS[name] ?? []], nameOf: () => "somebody" },
    rotator: {
      gather: () => Promise.resolve(),
      check: () => obstacle ? Promise.reject(obstacle) : Promise.resolve(),
      plan: (given) => {
        without = given;
        return plan;
      },
      rotate: () => {
        if (error) return Promise.reject(error);
        rotated.push([...without]);
        return Promise.resolve(true);
      },
    },
    ownId: "a",
    monotonic: () => clock.ms += clock.pace,
    fingerprint: () => "1 2 3 4",
    say: SAY,
    reject: (reason) => void said.push(`no: ${reason}`),
  });
  return { command, said, rotated, clock };
}

pureTest("/rotate asks at a prompt, and does it for a yes alone", async () => {
  for (const yes of ["y", "YES", " o ", "oui"]) {
    const { command, said, rotated } = setUp();
    await command.rotate("without bob");
    assert.deepEqual([said.at(-1), rotated], ["move the room on? (y/n)", []]);
    assert.equal(await command.answer(yes), true);
    assert.deepEqual([said.at(-1), rotated], ["the room has a new key: 1 2 3 4", [["b"]]]);
    assert.equal(await command.answer(yes), false);
  }
  for (const [line, isAnswer] of [["n", true], ["", true], ["hello", false]] as const) {
    const { command, said, rotated } = setUp();
    await command.rotate("");
    assert.equal(await command.answer(line), isAnswer, line);
    assert.deepEqual([said.at(-1), rotated], ["the room stays with its key", []]);
  }
});

pureTest("/rotate takes no line for an answer that was entered before it asked", async () => {
  const { command, said, rotated, clock } = setUp();
  clock.pace = 19;
  await command.rotate("");
  assert.equal(await command.answer("y"), false);
  assert.equal(said.at(-1), "the room stays with its key");
  await command.rotate("");
  command.withdraw();
  assert.equal(said.at(-1), "the room stays with its key");
  said.length = 0;
  command.withdraw();
  assert.equal(await command.answer("y"), false);
  assert.deepEqual([said, rotated], [[], []]);
});

pureTest("/rotate needs --yes in a script", async () => {
  const { command, said, rotated } = setUp({ isPatient: true });
  await command.rotate("without bob");
  assert.equal(said.at(-1), "no: add --yes to do it: /rotate without bob --yes");
  assert.deepEqual(rotated, []);
  await command.rotate("WITHOUT  bob carol --yes");
  await command.rotate("--yes");
  assert.deepEqual(rotated, [["b", "c", "imposter"], []]);
});

pureTest("/rotate refuses what it cannot understand, and whom nobody knows", async () => {
  const { command, said, rotated } = setUp();
  const usage = "no: usage: /rotate, or /rotate without bob carol";
  const cases = [
    ["bob", usage],
    ["without", usage],
    ["without --yes", usage],
    ["without zoe", "no: nobody is known as zoe, so nobody can be put out"],
    ["without bob me", "no: you cannot put yourself out"],
  ] as const;
  for (const [text, reason] of cases) {
    await command.rotate(text);
    assert.equal(said.at(-1), reason, text);
    assert.equal(await command.answer("y"), false);
  }
  assert.deepEqual(rotated, []);
});

pureTest("/rotate says why the room cannot be moved on", async () => {
  const reason = worded("there is no connection");
  const error = new ChatError(worded("Cannot move the room on: {reason}", { reason }));
  for (const line of ["--yes", ""]) {
    const { command, said } = setUp({ error });
    await command.rotate(line);
    await command.answer("y");
    assert.equal(said.at(-1), "no: Cannot move the room on: there is no connection");
  }
});

pureTest("/rotate looks whether it can be done before it asks", async () => {
  const reason = worded("there is no connection");
  const obstacle = new ChatError(worded("Cannot move the room on: {reason}", { reason }));
  for (const line of ["", "without bob", "without bob --yes"]) {
    const { command, said, rotated } = setUp({ obstacle });
    await command.rotate(line);
    assert.deepEqual(said, ["no: Cannot move the room on: there is no connection"]);
    assert.equal(await command.answer("y"), false);
    assert.deepEqual(rotated, []);
  }
});

pureTest("/rotate says who gets the new key, who does not, and who cannot follow", async () => {
  const id = "F8t5-ytBIPKx7GXkGY1uCLKOgT_rAeSkAIObheGAgM4";
  const one = (nickname: string) => [{ id: nickname, nickname }];
  const plan: Plan = {
    ...NO_PLAN,
    to: [...NO_PLAN.to, ...one("carol"), { id: "x", nickname: "" }],
    ...{ leftOut: one("bob"), stayOut: one("dan"), outdated: one("carol"), tooMany: one("zoe") },
    strangers: [{ id, nickname: "eve" }, { id, nickname: "" }],
  };
  const { command } = setUp();
  command.note({ id: undefined, age: "live" });
  const number = "45681 35556 47819 57344 05856 23067";
  assert.deepEqual(await command.describe(plan), [
    "get the new key: you, carol, somebody",
    "put out: bob",
    "stay out: dan",
    "left out for want of room: zoe",
    `not known to you, and left out: eve ${number}, ${number}. /verify and /trust let them belong`,
    "their client is too old to follow: carol",
    "clients of plain text write here: they cannot read what follows without the key of each day, which chat-client key --today prints",
    "what was written so far can still be read with the old key",
  ]);
  assert.equal((await setUp().command.describe(NO_PLAN))[0], "get the new key: only you");
});

pureTest("/rotate names no more members than a bound", async () => {
  const members = Array.from({ length: MAX_ROTATION_NAMES + 3 }, (_, i) => {
    return { id: `${i}`, nickname: `n${i}` };
  });
  const [line] = await setUp().command.describe({ ...NO_PLAN, to: members });
  assert.match(line!, new RegExp(`, n${MAX_ROTATION_NAMES - 1} and 3 more$`));
});
