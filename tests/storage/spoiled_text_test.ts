import assert from "node:assert/strict";
import { worded } from "../../lib/messages/wording.ts";
import { findSpoiling, isBlank, readBounded } from "../../lib/storage/spoiled_text.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

const UTF16 = worded("It is in UTF-16: save it as UTF-8.");
const find = async (text: string | Uint8Array) => {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return (await findSpoiling(bytes, (each) => each === "a-b_=", UTF16))?.phrase;
};

pureTest("findSpoiling() tells what was done, the first of several", async () => {
  assert.match((await find("\ufeffa-b_="))!, /byte order mark/);
  assert.match((await find("\ufeff a+b/="))!, /byte order mark/);
  assert.match((await find("a-b_= "))!, /blanks/);
  assert.match((await find("a+b/="))!, /other alphabet/);
  assert.match((await find("a-b_"))!, /^The = /);
  const wide = Uint16Array.from("a-b_=", (character) => character.charCodeAt(0));
  assert.equal(await find(new Uint8Array(wide.buffer)), UTF16.phrase);
  assert.equal(await find("a-b_=\n"), undefined);
  assert.equal(await find("something else"), undefined);
  assert.equal(await find(new Uint8Array([0xff, 0xfe])), undefined);
  assert.equal(await find(new Uint8Array([0])), undefined);
});

pureTest("isBlank() takes blanks and line ends for nothing", () => {
  assert.ok(isBlank(new Uint8Array()));
  assert.ok(isBlank(new TextEncoder().encode(" \r\n")));
  assert.ok(!isBlank(new TextEncoder().encode(" a")));
});

testNeeding(["read", "write"], "readBounded() reads four times what a good file has", async () => {
  await withDirectory(async (directory) => {
    for (const [length, read] of [[0, 0], [40, 40], [41, 40]] as const) {
      await Deno.writeFile(`${directory}/a`, new Uint8Array(length));
      assert.equal((await readBounded(`${directory}/a`, 10)).length, read);
    }
  });
});
