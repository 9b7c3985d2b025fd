import assert from "node:assert/strict";
import { loadHistory, saveHistory } from "../../lib/storage/history_file.ts";
import { MAX_HISTORY_ENTRIES, MAX_HISTORY_FILE_BYTES } from "../../lib/storage/limits.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

const NEEDS = ["read", "write"] as const;

testNeeding(NEEDS, "saveHistory() keeps the last lines, for their owner alone", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/state/history`;
    const entries = Array.from(
      { length: MAX_HISTORY_ENTRIES + 5 },
      (_, i) => `line ${i}\n\u2028"é`,
    );
    await saveHistory(path, entries);
    assert.deepEqual(await loadHistory(path, noWarning), entries.slice(5));
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  });
});

testNeeding(NEEDS, "saveHistory() keeps what fits into the file", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/history`;
    const long = "x".repeat(MAX_HISTORY_FILE_BYTES / 4);
    await saveHistory(path, ["first", long, long, long, "last"]);
    assert.deepEqual(await loadHistory(path, noWarning), ["first", long, long, long, "last"]);
    await saveHistory(path, ["first", long, long, long, long, "last"]);
    assert.deepEqual(await loadHistory(path, noWarning), [long, long, long, "last"]);
  });
});

testNeeding(NEEDS, "loadHistory() leaves out what it cannot understand, and warns", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/history`;
    await Deno.writeTextFile(path, '"one"\n\nnull\n"tw', { mode: 0o600 });
    assert.deepEqual(await loadHistory(path, noWarning), ["one"]);
    const { warnings, warn } = collectWarnings();
    await Deno.chmod(path, 0o644);
    assert.deepEqual(await loadHistory(path, warn), ["one"]);
    await Deno.truncate(path, MAX_HISTORY_FILE_BYTES + 1);
    assert.deepEqual(await loadHistory(path, warn), []);
    assert.deepEqual(warnings, [
      `others could read ${path}: its mode is now 0600`,
      `Cannot read ${path}: longer than ${MAX_HISTORY_FILE_BYTES} bytes`,
    ]);
  });
});
