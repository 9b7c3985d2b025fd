import assert from "node:assert/strict";
import { MAX_GENERATIONS } from "../../lib/crypto/room_secret.ts";
import { MAX_REKEY_MEMBERS } from "../../lib/protocol/rekey.ts";
import { MAX_ROTATION_FILE_BYTES } from "../../lib/storage/limits.ts";
import { type Rotation, Rotations, rotationsPath } from "../../lib/storage/rotations.ts";
import { modeOf } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

function idOf(n: number): string {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function rotationOf(generation: number, more: Partial<Rotation> = {}): Rotation {
  const [parent, mark] = [idOf(generation - 1), idOf(generation)];
  const facts = { generation, parent, mark, day: 20_666, to: [idOf(1), idOf(2)] };
  return { ...facts, author: idOf(1), newcomers: [], ...more };
}

testNeeding(["read", "write"], "Rotations outlive the process, in a private file", async () => {
  await withDirectory(async (directory) => {
    const path = rotationsPath(`${directory}/room`);
    await using rotations = await Rotations.open(path, noWarning);
    assert.equal(rotations.isKept, true);
    await rotations.note(rotationOf(1));
    await rotations.note(rotationOf(2));
    assert.equal(await modeOf(path), 0o600);
    await using again = await Rotations.open(path, noWarning);
    assert.deepEqual(again.all, [rotationOf(1), rotationOf(2)]);
    assert.deepEqual(again.find({ generation: 2, mark: idOf(2) }), rotationOf(2));
    assert.equal(again.find({ generation: 2, mark: idOf(3) }), undefined);
  });
});

testNeeding(["read", "write"], "Rotations of several clients are joined", async () => {
  await withDirectory(async (directory) => {
    const path = rotationsPath(directory);
    await using one = await Rotations.open(path, noWarning);
    await using other = await Rotations.open(path, noWarning);
    await one.note(rotationOf(1));
    await other.note(rotationOf(1, { newcomers: [idOf(7)] }));
    one.noteNewcomer(rotationOf(1), idOf(8));
    one.noteNewcomer(rotationOf(2), idOf(9));
    await one.refresh();
    assert.deepEqual(one.find(rotationOf(1))?.newcomers, [idOf(7), idOf(8)]);
    await other.refresh();
    assert.deepEqual(other.find(rotationOf(1))?.newcomers, [idOf(7), idOf(8)]);
  });
});

pureTest("Rotations keep as many generations as a key file, the newest", async () => {
  await using rotations = await Rotations.open(undefined, noWarning);
  assert.equal(rotations.isKept, false);
  for (let i = 1; i <= MAX_GENERATIONS + 2; i++) await rotations.note(rotationOf(i));
  assert.deepEqual(
    rotations.all.map(({ generation }) => generation),
    Array.from({ length: MAX_GENERATIONS }, (_, i) => i + 3),
  );
});

testNeeding(["read", "write"], "a damaged file of rotations is put aside", async () => {
  await withDirectory(async (directory) => {
    const path = rotationsPath(directory);
    await using rotations = await Rotations.open(path, noWarning);
    await rotations.note(rotationOf(1));
    const text = await Deno.readTextFile(path);
    const spoiled = [text.slice(0, -1), `${text}{}\n`, text.replace('"author":"', '"author":"x')];
    for (const damaged of [...spoiled, text.repeat(MAX_ROTATION_FILE_BYTES / text.length + 1)]) {
      await Deno.writeTextFile(path, damaged, { mode: 0o600 });
      const { warnings, warn } = collectWarnings();
      await using again = await Rotations.open(path, warn);
      assert.deepEqual(again.all, []);
      assert.equal(warnings.length, 1);
    }
  });
});

testNeeding(["read", "write"], "the largest file of rotations is read", async () => {
  await withDirectory(async (directory) => {
    const path = rotationsPath(directory);
    const members = Array.from({ length: MAX_REKEY_MEMBERS }, (_, i) => idOf(i));
    {
      await using rotations = await Rotations.open(path, noWarning);
      for (let i = 1; i <= MAX_GENERATIONS; i++) {
        await rotations.note(rotationOf(i, { to: members, newcomers: members }));
      }
    }
    await using again = await Rotations.open(path, noWarning);
    assert.equal(again.all.length, MAX_GENERATIONS);
    assert.ok((await Deno.stat(path)).size > MAX_ROTATION_FILE_BYTES / 2);
  });
});
