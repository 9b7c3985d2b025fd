/**
 * Taking a file that comes through a pipe.
 *
 * @module
 * @see docs/PROTOCOL.md, "Frames"
 */

import { settleWithin } from "../../async/within.ts";
import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import {
  countFrames,
  FRAME_BYTES,
  FRAME_TAG_BYTES,
  type FrameCipher,
  frameLength,
} from "../../protocol/file_frames.ts";
import type { PartFile } from "../../storage/part_file.ts";
import { SPOILED_WAIT_MS, TRANSFER_BATCH_BYTES } from "./limits.ts";
import type { PipeLink } from "./pipe_link.ts";

/** Frames that are opened at once. */
const BATCH_FRAMES = TRANSFER_BATCH_BYTES / FRAME_BYTES;
/** Bytes of a whole frame in the pipe. */
const SEALED_BYTES = FRAME_BYTES + FRAME_TAG_BYTES;

type Buffer = Uint8Array<ArrayBuffer>;

/** A file on its way in. */
export interface Incoming {
  /** Bytes that the offer says. */
  readonly size: number;
  readonly part: Pick<PartFile, "length" | "add" | "finish">;
  readonly pipe: Pick<PipeLink, "write" | "finish" | "fill">;
  readonly cipher: FrameCipher;
  /** Is told how many bytes of the file are here. */
  readonly onProgress: (bytes: number) => void;
}

/** The pipe ended, or broke, before the file was whole. It can go on in another one. */
export class TornError extends ChatError {
  override readonly name = "TornError";
  constructor() {
    super(worded("the file stopped coming"));
  }
}

/** Frames that were read. `rest`: bytes of a frame that is not whole, at the end of the input. */
interface Batch {
  readonly first: number;
  readonly frames: readonly Uint8Array[];
  readonly rest: Uint8Array;
}

/**
 * Takes what is missing of a file, gives the file its name, and answers that it is whole.
 *
 * @returns The path of the file.
 * @throws {TornError} If it stops coming before.
 * @throws {ChatError} If what comes is not what was offered, or cannot be written.
 * @throws {Error} If the pipe breaks.
 */
export async function receiveFile(incoming: Incoming): Promise<string> {
  const { size, part, pipe, cipher, onProgress } = incoming;
  const count = countFrames(size);
  let index = Math.min(Math.floor(part.length / FRAME_BYTES), count - 1);
  // One batch is read while another one is opened, and a third one is written.
  const buffers = makePair(BATCH_FRAMES * SEALED_BYTES);
  const opened = makePair(TRANSFER_BATCH_BYTES);
  let reading = readBatch(incoming, index, buffers[0]);
  let writing: Promise<void> = Promise.resolve();
  try {
    while (index < count) {
      const batch = await reading;
      index += batch.frames.length;
      if (index < count && batch.rest.length === 0) {
        buffers.reverse();
        reading = readBatch(incoming, index, buffers[0]);
        // A failure shows when it is waited for.
        reading.catch(() => {});
      }
      opened.reverse();
      const bytes = joinInto(opened[0], await openFrames(incoming, batch));
      await writing;
      writing = part.add(bytes).then(() => onProgress(part.length));
      writing.catch(() => {});
      if (batch.rest.length > 0) await explainRest(incoming, index, batch.rest);
    }
  } finally {
    await writing;
  }
  const path = await part.finish();
  // The file is here, whatever becomes of the answer.
  await cipher.sealAnswer().then((answer) => pipe.write(answer)).then(() => pipe.finish())
    .catch(() => {});
  return path;
}

function makePair(bytes: number): [Buffer, Buffer] {
  return [new Uint8Array(bytes), new Uint8Array(bytes)];
}

/** Into one array, time and again: arrays that are made for each batch pile up. */
function joinInto(into: Buffer, parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) {
    into.set(part, length);
    length += part.length;
  }
  return into.subarray(0, length);
}

async function readBatch(
  { size, pipe }: Incoming,
  first: number,
  buffer: Buffer,
): Promise<Batch> {
  const count = Math.min(BATCH_FRAMES, countFrames(size) - first);
  const lengths = Array.from({ length: count }, (_, i) => {
    return frameLength(size, first + i) + FRAME_TAG_BYTES;
  });
  const bytes = buffer.subarray(0, lengths.reduce((sum, length) => sum + length));
  const filled = await pipe.fill(bytes);
  const frames: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    if (at + length > filled) break;
    frames.push(bytes.subarray(at, at += length));
  }
  if (frames.length < count && at === filled) {
    if (frames.length === 0) throw new TornError();
    // What came whole counts. The next read finds the end again.
    return { first, frames, rest: bytes.subarray(0, 0) };
  }
  return { first, frames, rest: bytes.subarray(at, filled) };
}

async function openFrames(
  incoming: Incoming,
  { first, frames }: Batch,
): Promise<Uint8Array[]> {
  const { size, cipher } = incoming;
  const last = countFrames(size) - 1;
  const opened = await Promise.all(frames.map((sealed, i) => {
    return cipher.open(first + i, sealed, first + i === last);
  }));
  for (const [i, bytes] of opened.entries()) {
    if (bytes) continue;
    const isLie = first + i === last
      ? await isLonger(incoming, frames[i]!)
      : await cipher.open(first + i, frames[i]!, true);
    throw isLie ? wrongSize() : new ChatError(worded("what came is spoiled"));
  }
  return opened as Uint8Array[];
}

/** Whether what should be the last frame goes on, or others follow it. */
async function isLonger({ size, pipe, cipher }: Incoming, sealed: Uint8Array): Promise<boolean> {
  const last = countFrames(size) - 1;
  const bytes = new Uint8Array(SEALED_BYTES);
  bytes.set(sealed);
  let length = sealed.length;
  const filling = pipe.fill(bytes.subarray(length)).then(
    (more) => void (length += more),
    () => {
      // What came before is judged.
    },
  );
  await settleWithin(filling, SPOILED_WAIT_MS);
  const whole = bytes.subarray(0, length);
  return !!await cipher.open(last, whole, false) || !!await cipher.open(last, whole, true);
}

/** Tells a pipe that broke from a file that is shorter than its offer says. */
async function explainRest({ cipher }: Incoming, index: number, rest: Uint8Array): Promise<never> {
  throw await cipher.open(index, rest, true) ? wrongSize() : new TornError();
}

function wrongSize(): ChatError {
  return new ChatError(worded("the file has another size than was offered"));
}
