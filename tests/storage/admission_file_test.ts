import assert from "node:assert/strict";
import { ChatError } from "../../lib/errors.ts";
import { formatAdmission } from "../../lib/protocol/admission.ts";
import { loadAdmissionFile } from "../../lib/storage/admission_file.ts";
import { assertChatError, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const ADMISSION = { roomId: new Uint8Array(16), publicKey: new Uint8Array(32).fill(7) };
const KEYLESS = { admission: ADMISSION, tlsSeed: undefined };
const SECRET = "tls1.CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk";
const LINE = formatAdmission(ADMISSION);
const HINT = "Make it where secret.key is: chat-client admission --key secret.key > admission.pub";

testNeeding(["read", "write"], "loadAdmissionFile() takes one line, ended or not", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/admission.pub`;
    for (const ending of ["", "\n", "\r\n"]) {
      await Deno.writeTextFile(path, LINE + ending);
      assert.deepEqual(await loadAdmissionFile(path, console.error), KEYLESS);
    }
  });
});

testUnix(
  ["read", "write"],
  "loadAdmissionFile() keeps a file private that has the secret line",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/admission.pub`;
      for (
        const [text, mode] of [[`${LINE}\n${SECRET}\n`, 0o644], [
          `${LINE}\r\n${SECRET}`,
          0o600,
        ]] as const
      ) {
        await Deno.writeTextFile(path, text);
        await Deno.chmod(path, mode);
        const warnings: string[] = [];
        const { admission, tlsSeed } = await loadAdmissionFile(path, ({ phrase }) => {
          warnings.push(phrase);
        });
        assert.deepEqual(admission, ADMISSION);
        assert.deepEqual(tlsSeed, new Uint8Array(32).fill(9));
        assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
        const others = "others could read {path}: its mode is now 0600";
        assert.deepEqual(warnings, mode === 0o644 ? [others] : []);
      }
      // Without the secret line the file is for everybody.
      await Deno.writeTextFile(path, LINE);
      await Deno.chmod(path, 0o644);
      await loadAdmissionFile(path, () => assert.fail());
      assert.equal((await Deno.stat(path)).mode! & 0o777, 0o644);
    });
  },
);

testNeeding(["read", "write"], "loadAdmissionFile() refuses everything else", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/admission.pub`;
    const wrong = [
      LINE.slice(1),
      LINE + "A",
      `x${LINE}`,
      LINE.slice(0, -1),
      LINE.replace(".", ":"),
      `${SECRET}\n${LINE}`,
      `${LINE}\n${SECRET}\n${SECRET}`,
      `${LINE}\n${SECRET.slice(1)}`,
      `${LINE}\n${SECRET}A`,
      `${LINE}\n${SECRET}.`,
      `${LINE}\n\n${SECRET}`,
    ];
    for (const text of [...wrong, LINE.repeat(1000)]) {
      await Deno.writeTextFile(path, text);
      await assert.rejects(loadAdmissionFile(path, console.error), (error: unknown) => {
        assert.ok(error instanceof ChatError);
        const problem = `${path} does not hold admission1.<room id>.<public key>`;
        assert.equal(error.message, `Cannot load admission: ${problem}`);
        assert.equal(error.hint, HINT);
        return true;
      });
    }
    for (const text of ["", "\n"]) {
      await Deno.writeTextFile(path, text);
      const message = `Cannot load admission: ${path} is empty`;
      await assertChatError(loadAdmissionFile(path, console.error), message, HINT);
    }
    await assert.rejects(loadAdmissionFile(directory, console.error), /is not a file$/);
    await assert.rejects(loadAdmissionFile(`${path}.not`, console.error), /there is no such file$/);
  });
});

testNeeding(
  ["read", "write"],
  "loadAdmissionFile() reads no more of a file than tells what it is",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/admission.pub`;
      const { open } = Deno;
      let read = 0;
      Deno.open = async (path) => {
        const file = await open(path);
        const readReally = file.read.bind(file);
        file.read = async (buffer) => {
          const bytes = await readReally(buffer);
          read += bytes ?? 0;
          return bytes;
        };
        return file;
      };
      try {
        await Deno.writeTextFile(path, LINE.padEnd(100_000, "\n"));
        await assert.rejects(loadAdmissionFile(path, console.error), /does not hold admission1/);
      } finally {
        Deno.open = open;
      }
      assert.equal(read, 4 * 129);
    });
  },
);

testUnix(["read", "write"], "loadAdmissionFile() tells what is wrong with a file", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/admission.pub`;
    const invalid =
      `Cannot load admission: ${path} does not hold admission1.<room id>.<public key>`;
    const utf16 = "It is in UTF-16, as > writes it in older versions of PowerShell: " +
      "there, use | Out-File -Encoding ascii admission.pub";
    const wide = new Uint16Array([0xfeff, ...[...`${LINE}\r\n`].map((c) => c.charCodeAt(0))]);
    await Deno.writeFile(path, new Uint8Array(wide.buffer));
    await assertChatError(loadAdmissionFile(path, console.error), invalid, utf16);
    const blanks = "There are blanks or empty lines around what it holds: remove them.";
    const mark = "It begins with a byte order mark: save it as UTF-8 without one.";
    for (
      const [text, hint] of [[` ${LINE}`, blanks], [`${LINE}\n\n`, blanks], [`\ufeff${LINE}`, mark]]
    ) {
      await Deno.writeTextFile(path, text!);
      await assertChatError(loadAdmissionFile(path, console.error), invalid, hint);
    }
    await Deno.symlink("circle", `${directory}/circle`);
    await assertChatError(
      loadAdmissionFile(`${directory}/circle`, console.error),
      `Cannot load admission: ${directory}/circle cannot be read: its links lead in a circle`,
      "Remove the link, or choose another file with --keyless PATH.",
    );
  });
});
