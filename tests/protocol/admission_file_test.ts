import assert from "node:assert/strict";
import { formatKeylessRoom, parseKeylessRoom } from "../../lib/protocol/admission_file.ts";
import { pureTest } from "../support/pure.ts";

const ADMISSION = { roomId: new Uint8Array(16), publicKey: new Uint8Array(32).fill(7) };
const WITHOUT = { admission: ADMISSION, tlsSeed: undefined };
const WITH = { admission: ADMISSION, tlsSeed: new Uint8Array(32).fill(9) };

pureTest("parseKeylessRoom() reads what formatKeylessRoom() wrote", () => {
  for (const room of [WITHOUT, WITH]) {
    const text = formatKeylessRoom(room);
    assert.deepEqual(parseKeylessRoom(text), room);
    assert.deepEqual(parseKeylessRoom(text.replace("\n", "\r\n")), room);
  }
  assert.equal(formatKeylessRoom(WITHOUT).includes("tls1"), false);
});

pureTest("parseKeylessRoom() refuses everything else", () => {
  const text = formatKeylessRoom(WITH);
  const [first, second] = text.split("\n");
  for (
    const wrong of [
      "",
      second!,
      `${second}\n${first}`,
      `${text}\n`,
      `${text}\n${second}`,
      `${text}=`,
      text.slice(0, -1),
      text.replace("tls1", "tls2"),
      // Bits that are left over have to be zero.
      `${text.slice(0, -1)}l`,
    ]
  ) assert.throws(() => parseKeylessRoom(wrong), TypeError, wrong);
});
