import assert from "node:assert/strict";
import {
  completeFile,
  completePath,
  MAX_LISTED_FILES,
} from "../../../lib/terminal/editor/paths.ts";
import { pureTest } from "../../support/pure.ts";

const TREE: Record<string, [name: string, isDirectory: boolean][]> = {
  "./": [["b.txt", false], ["a b.txt", false], [".hidden", false], ["bin", true], [
    "caf\ufffd",
    false,
  ]],
  "../": [["up", true]],
  "/": [["etc", true]],
  "/home/al/": [["notes", false]],
};

async function* readDir(path: string) {
  const entries = TREE[path];
  if (!entries) throw new Deno.errors.NotFound(path);
  for (const [name, isDirectory] of entries) yield { name, isDirectory };
  await Promise.resolve();
}

pureTest("completePath() continues a word that is a path, and no other", async () => {
  const cases: [string, string[]][] = [
    ["./", ["./a b.txt ", "./b.txt ", "./bin/"]],
    ["./b", ["./b.txt ", "./bin/"]],
    ["./.h", ["./.hidden "]],
    ["../", ["../up/"]],
    ["/e", ["/etc/"]],
    ["~/n", ["~/notes "]],
    ["./none/", []],
    ["b", []],
    ["", []],
    ["a/b", []],
    ["~al/", []],
  ];
  for (const [word, expected] of cases) {
    assert.deepEqual(await completePath(word, { readDir, home: "/home/al" }), expected, word);
  }
  assert.deepEqual(await completePath("~/n", { readDir, home: undefined }), []);
});

pureTest("completeFile() continues any name, with spaces in it, too", async () => {
  const read: string[] = [];
  async function* files(path: string) {
    read.push(path);
    yield { name: "my report.pdf", isDirectory: false };
    yield { name: "my", isDirectory: true };
  }
  const complete = (name: string) => completeFile(name, { readDir: files, home: "/home/al" });
  assert.deepEqual(await complete("my"), ["my report.pdf ", "my/"]);
  assert.deepEqual(await complete("my r"), ["my report.pdf "]);
  assert.deepEqual(await complete("my/my r"), ["my/my report.pdf "]);
  assert.deepEqual(await complete("./my r"), ["./my report.pdf "]);
  assert.deepEqual(await complete("~/my r"), ["~/my report.pdf "]);
  assert.deepEqual(await complete("you"), []);
  assert.deepEqual(read, ["./", "./", "./my/", "./", "/home/al/", "./"]);
});

pureTest("completePath() lists 1,000 files at most", async () => {
  const endless = async function* () {
    for (let i = 0;; i++) yield { name: `${i}`, isDirectory: false };
  };
  const found = await completePath("./", { readDir: endless, home: undefined });
  assert.equal(found.length, MAX_LISTED_FILES);
});
