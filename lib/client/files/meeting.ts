/**
 * How a sender and a taker come to the two ends of one pipe.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { PIPE_NAME_BYTES } from "../../protocol/control.ts";
import { FrameCipher, TRANSFER_KEY_BYTES } from "../../protocol/file_frames.ts";
import type { FileMessage } from "../../protocol/file_messages.ts";
import { MAX_PIPE_TRIES, NO_PIPE_WAIT_MS } from "./limits.ts";
import type { PipeLink } from "./pipe_link.ts";
import type { Addressee } from "./post.ts";
import { isNoPipe } from "./refusal.ts";
import type { Transfer } from "./transfer.ts";

/** What {@linkcode meetTaker} works with. */
export interface MeetingParts {
  /** Writes to a member. */
  readonly tell: (to: Addressee, message: FileMessage) => Promise<void>;
  readonly openPipe: (name: Uint8Array, signal: AbortSignal) => Promise<PipeLink>;
}

/** A pipe with the taker at its other end, and the cipher of its frames. */
export interface Met extends Disposable {
  readonly pipe: PipeLink;
  readonly cipher: FrameCipher;
}

/**
 * Has a taker come to a new pipe, again if the relay has none free.
 *
 * @param sending Who takes, and the transfer with the name `id`.
 * @returns The pipe, which is closed when this is disposed of.
 * @throws {RefusedError} If the relay has no pipe for a minute, or nobody came.
 * @throws {NoPipesError} If the relay knows no pipes.
 * @throws {ChatError} If the relay does not answer, or the taker's key cannot be used.
 * @throws {unknown} The reason for which the transfer was ended.
 */
export async function meetTaker(
  { taker, id, transfer }: {
    readonly taker: Addressee;
    readonly id: string;
    readonly transfer: Transfer;
  },
  { tell, openPipe }: MeetingParts,
): Promise<Met> {
  const { signal } = transfer.abort;
  for (let tries = 1;; tries++) {
    const name = crypto.getRandomValues(new Uint8Array(PIPE_NAME_BYTES));
    const key = crypto.getRandomValues(new Uint8Array(TRANSFER_KEY_BYTES));
    const cipher = await FrameCipher.import(key);
    // The relay may have no pipe for this end: the taker is only called when it is there.
    const opening = openPipe(name, signal);
    opening.catch(() => {});
    await tell(taker, { kind: "pipe", transfer: id, name, key });
    key.fill(0);
    try {
      const pipe = await opening;
      return { pipe, cipher, [Symbol.dispose]: () => pipe[Symbol.dispose]() };
    } catch (error) {
      const mayRetry = isNoPipe(error) && tries < MAX_PIPE_TRIES && !signal.aborted;
      if (!mayRetry) throw error;
      await new Promise((resolve) => setTimeout(resolve, NO_PIPE_WAIT_MS));
      // Asked again meanwhile, the taker has a newer pipe.
      signal.throwIfAborted();
    }
  }
}
