/**
 * The two ends of a pipe, without a relay.
 *
 * @module
 */

import type { PipeLink } from "../../lib/client/files/pipe_link.ts";
import { writeAll } from "../../lib/bytes/write_all.ts";

/** One end, as sender and taker use it. */
export type PipeSide = Pick<PipeLink, "write" | "finish" | "fill"> & Disposable;

/** Joins two ends through a socket of this machine. */
export async function joinEnds(): Promise<[PipeSide, PipeSide]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const conns = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  return [sideOf(conns[0]), sideOf(conns[1])];
}

function sideOf(conn: Deno.Conn): PipeSide {
  return {
    write: (bytes) => writeAll(conn, bytes),
    finish: () => conn.closeWrite(),
    async fill(into) {
      let filled = 0;
      while (filled < into.length) {
        const count = await conn.read(into.subarray(filled));
        if (count === null) break;
        filled += count;
      }
      return filled;
    },
    [Symbol.dispose]() {
      try {
        conn.close();
      } catch {
        // It is closed already.
      }
    },
  };
}
