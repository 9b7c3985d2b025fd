/**
 * Why a file is not sent: what the sender's client tells that of the taker.
 *
 * @module
 */

import { ChatError, reasonOf, RefusedError } from "../../errors.ts";
import { worded, type Wording } from "../../messages/wording.ts";
import type { FileRefusal } from "../../protocol/file_messages.ts";
import { SourceChangedError, SourceError } from "../../storage/source_file.ts";
import { NoPipesError } from "./pipe_link.ts";

/** Whether the relay has no pipe for now. */
export function isNoPipe(error: unknown): boolean {
  return error instanceof RefusedError && error.code === 503;
}

/**
 * Tells what to tell the taker.
 *
 * @param error What sending threw.
 * @returns Undefined if the taker notices by itself, and may ask again.
 */
export function refusalFor(error: unknown): FileRefusal | undefined {
  if (error instanceof SourceChangedError) return "changed";
  if (error instanceof SourceError) return "failed";
  return isNoPipe(error) || error instanceof NoPipesError ? "no pipe" : undefined;
}

/** Says to the sender why a file did not go. */
export function explainFailure(error: unknown): string | Wording {
  // What the system says of a connection that broke helps nobody.
  return error instanceof ChatError
    ? reasonOf(error)
    : worded("the connection for the file was lost");
}

/** Says to the taker what it was told. */
export function explainRefusal(refusal: FileRefusal): Wording {
  switch (refusal) {
    case "gone":
      return worded("it is not offered any more");
    case "changed":
      return worded("the sender's file has changed since it was offered");
    case "failed":
      return worded("the sender cannot read it");
    case "no pipe":
      return worded("the server passes no files on now");
  }
}
