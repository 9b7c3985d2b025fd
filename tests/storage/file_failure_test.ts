import assert from "node:assert/strict";
import { fill } from "../../lib/messages/wording.ts";
import { explainReadFailure, explainWriteFailure } from "../../lib/storage/file_failure.ts";
import { pureTest } from "../support/pure.ts";

/** An error as the runtime makes it. */
function systemError(message: string, code?: string): Error {
  return Object.assign(new Error(`${message}: open 'a'`), code === undefined ? {} : { code });
}

const DESCRIPTORS = "Allow more of them, such as with: ulimit -n 1024";
const DIRECTORY = "Choose a directory that you may write to, with --key PATH.";
const OTHER = "Choose another file with --key PATH.";

pureTest("explainReadFailure() and explainWriteFailure() name the cause", () => {
  const cases: [error: unknown, why: string, read: string, write: string][] = [
    [
      systemError("Too many open files (os error 24)", "EMFILE"),
      ": there are too few file descriptors",
      DESCRIPTORS,
      DESCRIPTORS,
    ],
    [
      systemError("Too many open files in system (os error 23)"),
      ": there are too few file descriptors",
      DESCRIPTORS,
      DESCRIPTORS,
    ],
    [systemError("x (os error 28)", "ENOSPC"), ": the disk is full", OTHER, DIRECTORY],
    [systemError("Disk quota exceeded (os error 122)"), ": the disk is full", OTHER, DIRECTORY],
    [
      systemError("x (os error 30)", "EROFS"),
      ": its file system is read-only",
      OTHER,
      DIRECTORY,
    ],
    [
      systemError("Input/output error (os error 5)", "EIO"),
      ": Input/output error",
      OTHER,
      DIRECTORY,
    ],
    [
      new Deno.errors.PermissionDenied("Permission denied (os error 13)"),
      "",
      "Check its permissions: it must belong to you.",
      DIRECTORY,
    ],
  ];
  for (const [error, why, read, write] of cases) {
    const reading = explainReadFailure("a", error, "--key PATH");
    assert.deepEqual(
      [fill(reading.reason), fill(reading.hint)],
      [`a cannot be read${why}`, read],
    );
    const writing = explainWriteFailure("a", error, "--key PATH");
    assert.deepEqual(
      [fill(writing.reason), fill(writing.hint)],
      [`a cannot be written${why}`, write],
    );
  }
});
