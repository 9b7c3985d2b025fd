import assert from "node:assert/strict";
import { Sha256 } from "../../lib/crypto/sha256.ts";
import { SourceChangedError, SourceError, SourceFile } from "../../lib/storage/source_file.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["read", "write"] as const;

async function readAll(source: SourceFile, from: number, pieceBytes = 3): Promise<string> {
  let text = "";
  for await (const piece of source.read(from, pieceBytes)) text += new TextDecoder().decode(piece);
  return text;
}

testNeeding(NEEDS, "open() knows size and hash, and read() reads the rest in pieces", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a b.txt`;
    await Deno.writeTextFile(path, "hello world");
    const source = await SourceFile.open(path);
    const hash = new Sha256();
    hash.add(new TextEncoder().encode("hello world"));
    const { name, size } = source;
    assert.deepEqual([name, size, source.hash], ["a b.txt", 11, hash.finish()]);
    assert.equal(await readAll(source, 0), "hello world");
    assert.equal(await readAll(source, 6), "world");
    assert.equal(await readAll(source, 11), "");
  });
});

testNeeding(NEEDS, "read() and check() notice a file that changed, or is gone", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a`;
    const changes: (() => Promise<void>)[] = [
      () => Deno.writeTextFile(path, "hello there"),
      () => Deno.utime(path, 1, 1),
      () => Deno.truncate(path, 3),
      () => Deno.remove(path),
      async () => {
        await Deno.writeTextFile(`${path}2`, "hello world");
        await Deno.rename(`${path}2`, path);
      },
    ];
    for (const change of changes) {
      await Deno.writeTextFile(path, "hello world");
      const source = await SourceFile.open(path);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await change();
      await assert.rejects(source.check(), SourceChangedError);
      await assert.rejects(readAll(source, 0), SourceChangedError);
    }
  });
});

testNeeding(NEEDS, "read() notices a change in the middle", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a`;
    await Deno.writeTextFile(path, "hello world");
    const source = await SourceFile.open(path);
    await assert.rejects(async () => {
      for await (const _ of source.read(0, 3)) await Deno.truncate(path, 4);
    }, SourceChangedError);
  });
});

testNeeding(NEEDS, "open() takes files alone, and says why it cannot read one", async () => {
  await withDirectory(async (directory) => {
    await assert.rejects(SourceFile.open(`${directory}/none`), { message: /^there is no / });
    await assert.rejects(SourceFile.open(directory), { message: /is not a file$/ });
    await assert.rejects(SourceFile.open("/dev/null"), SourceError);
  });
});
