import assert from "node:assert/strict";
import { encrypt, importKey } from "../lib/fernet.ts";
import { Example, readBlocks, readDocument } from "./support/documents.ts";
import { DAY, firstGeneration, makeGeneration, textOf } from "./support/generations.ts";
import { KEY } from "./support/key_files.ts";
import { askMovingKeys, openWith } from "./support/moving_keys.ts";
import { testNeeding } from "./support/needs.ts";
import { withDirectory } from "./support/temporary.ts";

const NEEDS = ["read", "write", "run", "env", "python3-cryptography"] as const;

async function readExample(kind: string): Promise<Example> {
  const blocks = readBlocks(await readDocument("docs/PROTOCOL.md"));
  return new Example(blocks.find(({ info }) => info === `example ${kind}`)!.lines);
}

testNeeding(NEEDS, "Python derives the days of docs/PROTOCOL.md, and the lobby", async () => {
  const example = await readExample("chain");
  const [day, chain] = example.all("chain")[0]!.split(" ");
  const root = example.one("root");
  const question = JSON.stringify({ root, day: Number(day), chain, days: 3 });
  assert.deepEqual(await askMovingKeys(["chain"], question), {
    mark: example.one("mark"),
    lobby: example.one("lobby"),
    chain: example.all("chain"),
    fernet: example.all("fernet"),
  });
});

testNeeding(NEEDS, "Python reads the key file of docs/PROTOCOL.md", async () => {
  const [file, room] = [await readExample("room-file"), await readExample("room")];
  assert.deepEqual(await askMovingKeys(["file"], file.all("line").join("\n")), {
    fingerprint: file.one("fingerprint"),
    handover: file.one("handover"),
    "room-id": room.one("room-id"),
    "admission-key": room.one("admission-key"),
  });
});

testNeeding(
  NEEDS,
  "Python opens the token of a day with the day's file, and none before",
  async () => {
    const blocks = readBlocks(await readDocument("docs/PROTOCOL.md"));
    const tokens = blocks.filter(({ info }) => info === "example token")
      .map(({ lines }) => new Example(lines).one("token"));
    assert.equal(tokens.length, 2);
    const { chain } = Object.fromEntries(
      (await readExample("chain")).all("chain").map((line) => ["chain", line.split(" ")[1]!]),
    );
    await withDirectory(async (directory) => {
      const path = `${directory}/secret.key`;
      const open = async (text: string) => {
        await Deno.writeTextFile(path, text);
        return (await openWith([path], tokens)).map((loot) => loot?.text);
      };
      const file = await readExample("room-file");
      const [, line] = file.all("line");
      assert.deepEqual(await open(KEY), ["<py> hello", undefined]);
      assert.deepEqual(await open(line!), [undefined, "<py> hello"]);
      // The last value of the example is that of the day after the token's.
      const later = line!.replace(/\.20665\.[^.]+/, `.20667.${chain}`);
      assert.deepEqual(await open(later), [undefined, undefined]);
    });
  },
);

testNeeding(NEEDS, "Python reads what a room of two generations writes", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/secret.key`;
    const text = textOf(await makeGeneration(1, 1), await firstGeneration({ until: 5 }));
    await Deno.writeTextFile(path, text);
    const raw = await askMovingKeys(
      ["chain"],
      JSON.stringify({
        ...{ root: "A".repeat(43), day: DAY - 1, days: 2 },
        chain: text.split(".")[4],
      }),
    ) as { fernet: string[] };
    const key = await importKey(raw.fernet[1]!.split(" ")[1]!);
    const token = await encrypt(key, new TextEncoder().encode("<a> new"));
    const old = await encrypt(await importKey(KEY), new TextEncoder().encode("<a> old"));
    const texts = (await openWith([path], [token, old])).map((loot) => loot?.text);
    assert.deepEqual(texts, ["<a> new", "<a> old"]);
  });
});
