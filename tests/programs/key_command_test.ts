import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { advanceChain, deriveDayKey } from "../../lib/crypto/key_chain.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { runKey } from "../../lib/programs/key_command.ts";
import { commandParts, runCommand } from "../support/commands.ts";
import { DAY, firstGeneration, makeGeneration, textOf } from "../support/generations.ts";
import { KEY } from "../support/key_files.ts";
import { pureTest } from "../support/pure.ts";

const NOON = DAY * 86_400 + 43_200;

async function run(text: string, args: readonly string[], seconds = NOON): Promise<string> {
  const loadKey = () => Promise.resolve(text);
  return await runKey(commandParts(["key", ...args], { loadKey }), () => seconds * 1000);
}

pureTest("key --today prints the key of the day, of the newest generation", async () => {
  const [newest, older] = [await makeGeneration(2, 2), await makeGeneration(1, 1, { until: 5 })];
  const text = textOf(newest, older);
  for (const days of [-1, 0, 400]) {
    const value = await advanceChain(newest.chain, days + 1);
    const key = `${formatBase64Url(await deriveDayKey(value))}=`;
    assert.equal(await run(text, ["--today"], NOON + days * 86_400), key);
  }
});

pureTest("key --today of the first form is the key of all days", async () => {
  assert.equal(await run(KEY, ["--today"]), KEY);
  assert.equal(await run(KEY, ["--today"], 0), KEY);
});

pureTest("key --today says if the day is over", async () => {
  const text = textOf(await makeGeneration(1, 1));
  await assert.rejects(run(text, ["--today"], NOON - 2 * 86_400), {
    name: "ChatError",
    message: "Cannot tell the key of today: it is erased",
    hint: "Set the clock right: it is behind that of the last start.",
  });
});

pureTest("key prints no secret unless it is asked to", async () => {
  await assert.rejects(run(KEY, []), {
    name: "UsageError",
    message: "Nothing is printed without --today: it is a secret",
  });
});

pureTest("key show tells all but the key", async () => {
  const first = await deriveRoomKey(KEY);
  assert.deepEqual((await run(KEY, ["show"])).split("\n"), [
    `room: ${first.fingerprint}`,
    "first form: one key for all days",
  ]);
  const text = textOf(
    await makeGeneration(2, 2, { isUnannounced: true }),
    await firstGeneration({ until: NOON }),
  );
  const { fingerprint } = await deriveRoomKey(text);
  assert.deepEqual((await run(text, ["show"])).split("\n"), [
    `room: ${fingerprint}`,
    "second form: generation 2, from 2026-07-31 on",
    "the others have not been told of it yet",
    "generation 0 is read until 2026-08-01T12:00:00Z",
  ]);
});

pureTest("key show takes days and times that no date tells", async () => {
  const newest = { ...await makeGeneration(2, 2), day: 999_999_999 };
  const text = textOf(newest, await firstGeneration({ until: 999_999_999_999_999 }));
  assert.deepEqual((await run(text, ["show"])).split("\n").slice(1), [
    "second form: generation 2, from 86399999913600 on",
    "generation 0 is read until 999999999999999",
  ]);
});

pureTest("key takes the key file as other commands do", async () => {
  const paths: string[] = [];
  const loadKey = (path: string) => {
    paths.push(path);
    return Promise.resolve(KEY);
  };
  const env = (name: string) => name === "CHAT_KEY" ? "b.key" : undefined;
  await runCommand(["key", "--today", "--key", "a.key"], { loadKey, env });
  await runCommand(["key", "show"], { loadKey, env });
  await runCommand(["key", "--today"], { loadKey });
  assert.deepEqual(paths, ["a.key", "b.key", "secret.key"]);
  assert.match(await runCommand(["key", "show", "--help"]), /never the key/);
});
