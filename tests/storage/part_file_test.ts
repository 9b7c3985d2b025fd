import assert from "node:assert/strict";
import { Sha256 } from "../../lib/crypto/sha256.ts";
import { ChatError } from "../../lib/errors.ts";
import { PartFile } from "../../lib/storage/part_file.ts";
import type { WantedFile } from "../../lib/storage/part_side.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { withDirectory } from "../support/temporary.ts";

const STEP = 4;
const NEEDS = ["read", "write"] as const;

function wantedOf(text: string, name = "a.txt"): WantedFile {
  const hash = new Sha256();
  const bytes = new TextEncoder().encode(text);
  hash.add(bytes);
  return { name, size: bytes.length, hash: hash.finish() };
}

async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name).sort();
}

async function take(text: string, directory: string, name?: string): Promise<string> {
  await using part = await PartFile.open(wantedOf(text, name), directory, STEP);
  await part.add(new TextEncoder().encode(text.slice(part.length)));
  return await part.finish();
}

testNeeding(NEEDS, "finish() gives a whole file its name, and leaves nothing else", async () => {
  await withDirectory(async (directory) => {
    const path = await take("hello world", `${directory}/new`);
    assert.equal(path, `${directory}/new/a.txt`);
    assert.equal(await Deno.readTextFile(path), "hello world");
    assert.deepEqual(await namesIn(`${directory}/new`), ["a.txt"]);
    const { mode } = await Deno.stat(path);
    assert.equal(mode! & 0o777, 0o600);
  });
});

testNeeding(NEEDS, "finish() overwrites nothing, not even a link to nothing", async () => {
  await withDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/a.txt`, "mine");
    await Deno.symlink(`${directory}/elsewhere`, `${directory}/a (2).txt`);
    assert.equal(await take("one", directory), `${directory}/a (3).txt`);
    assert.equal(await take("two", directory), `${directory}/a (4).txt`);
    assert.equal(await Deno.readTextFile(`${directory}/a.txt`), "mine");
    assert.deepEqual(await namesIn(directory), [
      ...["a (2).txt", "a (3).txt", "a (4).txt", "a.txt"],
    ]);
  });
});

testNeeding(NEEDS, "hostile names stay in the directory", async () => {
  await withDirectory(async (directory) => {
    const inner = `${directory}/in`;
    const names = [
      "../../x",
      "/etc/x",
      "CON",
      "a\0b",
      "n".repeat(300),
      ".bashrc",
      "\u202etxt",
      "..",
    ];
    for (const name of names) await take("evil", inner, name);
    assert.deepEqual(await namesIn(directory), ["in"]);
    assert.deepEqual(await namesIn(inner), [
      ...["_", "_CON", "_bashrc", "ab", "n".repeat(200), "txt", "x", "x (2)"].sort(),
    ]);
  });
});

testNeeding(NEEDS, "open() goes on where it was, at a whole step", async () => {
  await withDirectory(async (directory) => {
    const text = "0123456789abcdef";
    {
      await using part = await PartFile.open(wantedOf(text), directory, STEP);
      assert.equal(part.length, 0);
      await part.add(new TextEncoder().encode(text.slice(0, 10)));
    }
    const names = await namesIn(directory);
    assert.match(names[0]!, /^a\.txt\.[0-9a-f]{16}\.part$/);
    assert.deepEqual(names, [names[0], `${names[0]}.json`]);
    await using part = await PartFile.open(wantedOf(text), directory, STEP);
    assert.equal(part.length, 8);
    await part.add(new TextEncoder().encode(text.slice(8)));
    assert.equal(await Deno.readTextFile(await part.finish()), text);
  });
});

testNeeding(
  NEEDS,
  "open() has the last step come again, as it says that the file ends",
  async () => {
    await withDirectory(async (directory) => {
      for (
        const [text, kept] of [["12345678", 4], ["123456789", 8], ["1234", 0], ["", 0]] as const
      ) {
        const wanted = wantedOf(text);
        {
          await using part = await PartFile.open(wanted, directory, STEP);
          await part.add(new TextEncoder().encode(text));
        }
        await using part = await PartFile.open(wanted, directory, STEP);
        assert.equal(part.length, kept, text);
      }
    });
  },
);

testNeeding(NEEDS, "open() trusts no more than was noted to be on disk", async () => {
  await withDirectory(async (directory) => {
    const wanted = wantedOf("0123456789abcdef");
    let now = 0;
    const part = await PartFile.open(wanted, directory, STEP, () => now);
    await part.add(new TextEncoder().encode("01234567"));
    now = 1999;
    await part.add(new TextEncoder().encode("89ab"));
    const path = `${directory}/${(await namesIn(directory))[0]}`;
    const verified = async () => JSON.parse(await Deno.readTextFile(`${path}.json`)).verified;
    assert.equal(await verified(), 0);
    now = 2000;
    await part.add(new TextEncoder().encode("cd"));
    await until(async () => await verified() === 14, "noted");
    await part[Symbol.asyncDispose]();
    await Deno.truncate(path, 9);
    await using again = await PartFile.open(wanted, directory, STEP);
    assert.equal(again.length, 8);
  });
});

testNeeding(NEEDS, "a part that is closed meanwhile has what was being added", async () => {
  await withDirectory(async (directory) => {
    const wanted = wantedOf("0123456789abcdef");
    const part = await PartFile.open(wanted, directory, STEP);
    const adding = part.add(new TextEncoder().encode("01234567"));
    await part[Symbol.asyncDispose]();
    await adding;
    await using again = await PartFile.open(wanted, directory, STEP);
    assert.equal(again.length, 8);
    await again.add(new TextEncoder().encode("89abcdef"));
    const [path] = await Promise.all([again.finish(), again[Symbol.asyncDispose]()]);
    assert.deepEqual(await namesIn(directory), [path.slice(directory.length + 1)]);
  });
});

testNeeding(NEEDS, "add() notes what is on disk after 32 MiB, too", async () => {
  await withDirectory(async (directory) => {
    const wanted = { ...wantedOf("x"), size: 2 ** 30 };
    await using part = await PartFile.open(wanted, directory, STEP, () => 0);
    const piece = new Uint8Array(1024 * 1024);
    const path = `${directory}/${(await namesIn(directory))[0]}.json`;
    const verified = async () => JSON.parse(await Deno.readTextFile(path)).verified;
    for (let i = 1; i <= 32; i++) {
      assert.equal(await verified(), 0);
      await part.add(piece);
    }
    await until(async () => await verified() === 32 * piece.length, "noted");
  });
});

testNeeding(NEEDS, "finish() refuses what has another hash, and begins anew then", async () => {
  await withDirectory(async (directory) => {
    const wanted = wantedOf("hello");
    {
      await using part = await PartFile.open(wanted, directory, STEP);
      await part.add(new TextEncoder().encode("jello"));
      await assert.rejects(part.finish(), { name: "ChatError", message: /wrong hash/ });
    }
    assert.deepEqual((await namesIn(directory)).filter((name) => name === "a.txt"), []);
    assert.equal((await namesIn(directory)).length, 2);
    await using part = await PartFile.open(wanted, directory, STEP);
    assert.equal(part.length, 0);
  });
});

testNeeding(
  NEEDS,
  "open() goes through no link, and takes nothing that is in the way",
  async () => {
    await withDirectory(async (directory) => {
      const wanted = wantedOf("hello");
      const first = await PartFile.open(wanted, directory, STEP);
      await first.add(new TextEncoder().encode("hell"));
      await first[Symbol.asyncDispose]();
      const path = `${directory}/${(await namesIn(directory))[0]}`;
      await Deno.writeTextFile(`${directory}/precious`, "precious");
      await Deno.remove(path);
      await Deno.symlink(`${directory}/precious`, path);
      await assert.rejects(PartFile.open(wanted, directory, STEP), ChatError);
      await Deno.remove(path);
      await Deno.remove(`${path}.json`);
      await Deno.writeTextFile(path, "somebody's");
      await assert.rejects(PartFile.open(wanted, directory, STEP), /is in the way/);
      assert.equal(await Deno.readTextFile(path), "somebody's");
      assert.equal(await Deno.readTextFile(`${directory}/precious`), "precious");
    });
  },
);

testNeeding(NEEDS, "open() keeps off another client, and a directory that is none", async () => {
  await withDirectory(async (directory) => {
    const wanted = wantedOf("hello");
    await using _part = await PartFile.open(wanted, directory, STEP);
    const begun = performance.now();
    await assert.rejects(PartFile.open(wanted, directory, STEP), /another client takes this file/);
    assert.ok(performance.now() - begun < 10_000);
    await Deno.writeTextFile(`${directory}/file`, "");
    await assert.rejects(PartFile.open(wanted, `${directory}/file/sub`, STEP), ChatError);
  });
});

testNeeding(NEEDS, "open() waits for a client that is just ending", async () => {
  await withDirectory(async (directory) => {
    const wanted = wantedOf("0123456789");
    const first = await PartFile.open(wanted, directory, STEP);
    await first.add(new TextEncoder().encode("01234567"));
    const opening = PartFile.open(wanted, directory, STEP);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await first[Symbol.asyncDispose]();
    await using second = await opening;
    assert.equal(second.length, 8);
  });
});

testNeeding(
  NEEDS,
  "open() leaves a file alone that another client has ended meanwhile",
  async () => {
    await withDirectory(async (directory) => {
      const wanted = wantedOf("0123456789");
      await using first = await PartFile.open(wanted, directory, STEP);
      await first.add(new TextEncoder().encode("0123456789"));
      const opening = PartFile.open(wanted, directory, STEP);
      const refusal = assert.rejects(opening, /another client takes this file/);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const path = await first.finish();
      await refusal;
      assert.equal(await Deno.readTextFile(path), "0123456789");
      assert.deepEqual(await namesIn(directory), ["a.txt"]);
    });
  },
);

testNeeding(NEEDS, "open() begins anew what another client has just let go empty", async () => {
  await withDirectory(async (directory) => {
    const text = "0123456789";
    let taken = 0;
    for (let pauseMs = 0; pauseMs < 20; pauseMs++) {
      const first = await PartFile.open(wantedOf(text), directory, STEP);
      const opening = PartFile.open(wantedOf(text), directory, STEP).catch((error) => error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      await first[Symbol.asyncDispose]();
      const second = await opening;
      if (second instanceof ChatError) continue;
      await second.add(new TextEncoder().encode(text));
      await second.finish();
      taken++;
    }
    assert.equal((await namesIn(directory)).length, taken);
  });
});

testNeeding(
  NEEDS,
  "open() leaves an empty part alone that another client was faster to lock",
  async () => {
    await withDirectory(async (directory) => {
      const { open } = Deno;
      const text = "0123456789";
      let finishing: Promise<string> | undefined;
      // Another client comes between the making of the part and its lock.
      Deno.open = async (...args: Parameters<typeof open>) => {
        const file = await open(...args);
        if (!args[1]?.createNew || !`${args[0]}`.endsWith(".part")) return file;
        Deno.open = open;
        const other = await PartFile.open(wantedOf(text), directory, STEP);
        await other.add(new TextEncoder().encode(text));
        finishing = new Promise((resolve) => setTimeout(resolve, 20)).then(() => other.finish());
        return file;
      };
      try {
        await assert.rejects(PartFile.open(wantedOf(text), directory, STEP), ChatError);
      } finally {
        Deno.open = open;
      }
      assert.equal(await Deno.readTextFile(await finishing!), text);
    });
  },
);

testNeeding(NEEDS, "open() goes on after a client that was killed at any moment", async () => {
  await withDirectory(async (directory) => {
    const wanted = wantedOf("hello world");
    const part = await PartFile.open(wanted, directory, STEP);
    const path = `${directory}/${(await namesIn(directory))[0]}`;
    await part[Symbol.asyncDispose]();
    assert.deepEqual(await namesIn(directory), []);
    // It was made, and nothing was noted of it.
    await Deno.writeFile(path, new Uint8Array());
    const leftover = `${directory}/.${
      (path + ".json").slice(directory.length + 1)
    }.0123456789abcdef.tmp`;
    await Deno.writeTextFile(leftover, "{");
    await using empty = await PartFile.open(wanted, directory, STEP);
    assert.equal(empty.length, 0);
    await empty[Symbol.asyncDispose]();
    assert.deepEqual(await namesIn(directory), []);
    for (const side of ["", "{", "null", '{"verified":-1}', '{"verified":"x"}']) {
      await Deno.writeFile(path, new Uint8Array());
      await Deno.writeTextFile(`${path}.json`, side);
      await using again = await PartFile.open(wanted, directory, STEP);
      assert.equal(again.length, 0);
    }
  });
});

testNeeding(NEEDS, "finish() finds a free name up to 1000", async () => {
  await withDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/a.txt`, "");
    for (let i = 2; i <= 1000; i++) await Deno.writeTextFile(`${directory}/a (${i}).txt`, "");
    await assert.rejects(take("x", directory), /too many files are called a\.txt/);
    await Deno.remove(`${directory}/a (1000).txt`);
    assert.equal(await take("x", directory), `${directory}/a (1000).txt`);
  });
});
