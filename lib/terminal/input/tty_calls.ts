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

/**
 * Writes without waiting. Standard output is busy while a write of it is under
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
      for (let written = 0; written < bytes.length;) {
        written += stream.writeSync(bytes.subarray(written));
      }
      return;
    } catch (error) {
      ignoreGone(error);
    }
  }
}

/** A terminal that is gone needs nothing any more. */
function ignoreGone(_error: unknown): void {}
