import assert from "node:assert/strict";
import { encode } from "uqr";
import { countColumns, drawQrCode } from "../../lib/programs/qr_code.ts";
import { testNeeding } from "../support/needs.ts";

const LINK = "chatroom://192.168.1.20:5050/#acorn-cable-dwarf-ship";

testNeeding(
  ["read"],
  "drawQrCode() draws each module of the code, two in a character",
  async () => {
    const lines = await drawQrCode(LINK, 80, false);
    assert.ok(typeof lines !== "number");
    const { data, size } = encode(LINK, { border: 2 });
    assert.deepEqual([lines.length, lines[0]!.length], [Math.ceil(size / 2), size]);
    const dark = lines.flatMap((line) => {
      return [" ▄", " ▀"].map((blank) => [...line].map((char) => blank.includes(char)));
    });
    assert.deepEqual(dark.slice(0, size), data);
  },
);

testNeeding(["read"], "drawQrCode() sets both colours, or none", async () => {
  const [lines, plain] = [await drawQrCode(LINK, 80, true), await drawQrCode(LINK, 80, false)];
  assert.ok(typeof lines !== "number" && typeof plain !== "number");
  assert.deepEqual(lines, plain.map((line) => `\x1b[97;40m${line}\x1b[0m`));
});

testNeeding(["read"], "drawQrCode() needs as many columns as the code has", async () => {
  const width = await drawQrCode(LINK, 1, false);
  assert.ok(typeof width === "number" && width > 30);
  assert.equal(await drawQrCode(LINK, width - 1, false), width);
  assert.notEqual(await drawQrCode(LINK, width, false), width);
});

testNeeding([], "countColumns() counts none where there is no terminal", () => {
  if (!Deno.stderr.isTerminal()) assert.equal(countColumns(), undefined);
});
