/**
 * What is done to the terminal at once, without waiting for a turn of the event loop.
 *
 * @module
 */

/**
 * Sets the modes of the terminal on standard input; waits for what is being written. It never
 * throws, even if the terminal is gone.
 *
 * @param isRaw Whether keys come one by one and unechoed, with Ctrl-C and Ctrl-Z as signals.
 */
export function setModes(isRaw: boolean): void {
  try {
    Deno.stdin.setRaw(isRaw, { cbreak: isRaw });
  } catch (error) {
    ignoreGone(error);
  }
}

/** Longest wait, in ms, for a terminal in non-blocking mode to take what is written at once. */
export const WRITE_NOW_MS = 50;

/**
 * Writes without waiting for a turn of the event loop. Standard output is busy while a write of it is under
 * way; standard error then leads to the same terminal, behind that write. It
 * never throws, even if the terminal is gone.
 *
 * @param text For the terminal.
 */
export function writeNow(text: string): void {
  const bytes = new TextEncoder().encode(text);
  const streams = [Deno.stdout, ...Deno.stderr.isTerminal() ? [Deno.stderr] : []];
  for (const stream of streams) {
    try {
      writeAllSync(stream, bytes);
      return;
    } catch (error) {
      ignoreGone(error);
    }
  }
}

/** Writes all bytes. Another program may have set the terminal to non-blocking mode. */
function writeAllSync(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  const giveUpAt = performance.now() + WRITE_NOW_MS;
  for (let written = 0; written < bytes.length;) {
    try {
      written += stream.writeSync(bytes.subarray(written));
    } catch (error) {
      const mayWait = error instanceof Deno.errors.WouldBlock && performance.now() < giveUpAt;
      if (!mayWait) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** A terminal that is gone needs nothing any more. */
function ignoreGone(_error: unknown): void {}
