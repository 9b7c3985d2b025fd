/**
 * Sending a file through a pipe.
 *
 * @module
 * @see docs/PROTOCOL.md, "Frames"
 */

import {
  ANSWER_BYTES,
  countFrames,
  FRAME_BYTES,
  type FrameCipher,
} from "../../protocol/file_frames.ts";
import type { SourceFile } from "../../storage/source_file.ts";
import { TRANSFER_BATCH_BYTES } from "./limits.ts";
import type { PipeLink } from "./pipe_link.ts";

/** A file on its way out. */
export interface Outgoing {
  readonly source: Pick<SourceFile, "size" | "read">;
  readonly pipe: Pick<PipeLink, "write" | "finish" | "fill">;
  readonly cipher: FrameCipher;
  /** The frame to begin with, which is one of the file. */
  readonly frame: number;
  /** Is told how many bytes of the file have gone. */
  readonly onProgress: (bytes: number) => void;
}

/**
 * Sends what is left of a file, and waits for the taker's answer.
 *
 * @returns Whether the taker has answered that it has the file whole. Without an answer it may have
 * it all the same.
 * @throws {ChatError} If the file cannot be read, or is another one by now.
 * @throws {Error} If the pipe breaks before all has gone.
 */
export async function sendFile(outgoing: Outgoing): Promise<boolean> {
  const { source, pipe, cipher, frame, onProgress } = outgoing;
  let index = frame;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const piece of pieces(outgoing)) {
      const frames = await sealFrames(cipher, index, piece, source.size);
      await writing;
      const sent = index * FRAME_BYTES;
      index += frames.length;
      writing = writeFrames(pipe, frames).then(() => onProgress(sent + piece.length));
      // A failure shows in the next turn, or at the end.
      writing.catch(() => {});
    }
  } finally {
    // A file that has changed ends the pipe in the middle: the taker notices.
    await writing;
  }
  try {
    await pipe.finish();
    const answer = new Uint8Array(ANSWER_BYTES);
    await pipe.fill(answer);
    return await cipher.isAnswer(answer);
  } catch {
    // The pipe broke: there is no answer.
    return false;
  }
}

async function writeFrames(pipe: Outgoing["pipe"], frames: readonly Uint8Array[]): Promise<void> {
  for (const frame of frames) await pipe.write(frame);
}

/** The rest of the file; one empty piece if the file is empty. */
async function* pieces({ source, frame }: Outgoing): AsyncGenerator<Uint8Array> {
  if (source.size === 0) yield new Uint8Array();
  yield* source.read(frame * FRAME_BYTES, TRANSFER_BATCH_BYTES);
}

async function sealFrames(
  cipher: FrameCipher,
  first: number,
  piece: Uint8Array,
  size: number,
): Promise<Uint8Array[]> {
  const count = Math.max(1, Math.ceil(piece.length / FRAME_BYTES));
  const last = countFrames(size) - 1;
  return await Promise.all(Array.from({ length: count }, (_, i) => {
    const bytes = piece.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES);
    return cipher.seal(first + i, bytes, first + i === last);
  }));
}
