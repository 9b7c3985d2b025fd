import assert from "node:assert/strict";
import { ChatError } from "../../lib/errors.ts";
import { formatAdmission } from "../../lib/protocol/admission.ts";
import { loadAdmissionFile } from "../../lib/storage/admission_file.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const ADMISSION = { roomId: new Uint8Array(16), publicKey: new Uint8Array(32).fill(7) };
const LINE = formatAdmission(ADMISSION);
const HINT = "Make it where secret.key is: chat-client admission --key secret.key > admission.pub";

testNeeding(["read", "write"], "loadAdmissionFile() takes one line, ended or not", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/admission.pub`;
    for (const ending of ["", "\n", "\r\n"]) {
      await Deno.writeTextFile(path, LINE + ending);
      assert.deepEqual(await loadAdmissionFile(path), ADMISSION);
    }
  });
});

testNeeding(["read", "write"], "loadAdmissionFile() refuses everything else", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/admission.pub`;
    const wrong = ["", "\n", LINE + "\n\n", ` ${LINE}`, LINE.slice(1), LINE + "A", `\ufeff${LINE}`];
    for (const text of [...wrong, LINE.repeat(1000)]) {
      await Deno.writeTextFile(path, text);
      await assert.rejects(loadAdmissionFile(path), (error: unknown) => {
        assert.ok(error instanceof ChatError);
        const problem = `${path} does not hold admission1.<room id>.<public key>`;
        assert.equal(error.message, `Cannot load admission: ${problem}`);
        assert.equal(error.hint, HINT);
        return true;
      });
    }
    await assert.rejects(loadAdmissionFile(directory), /is not a file$/);
    await assert.rejects(loadAdmissionFile(`${path}.not`), /there is no such file$/);
  });
});

testNeeding(["read", "write"], "loadAdmissionFile() reads 79 bytes and no more", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/admission.pub`;
    const { readTextFile } = Deno;
    const read: number[] = [];
    Deno.readTextFile = async () => {
      const text = await readTextFile(path);
      read.push(text.length);
      return text;
    };
    try {
      for (const bytes of [79, 80]) {
        await Deno.writeTextFile(path, LINE.padEnd(bytes, "\n"));
        await assert.rejects(loadAdmissionFile(path), /does not hold admission1/);
      }
    } finally {
      Deno.readTextFile = readTextFile;
    }
    assert.deepEqual(read, [79]);
  });
});
