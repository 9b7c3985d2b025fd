/**
 * What a stream of NATS says of itself.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import { ASK_STREAM_AGAIN_MS } from "./limits.ts";

/** The state of a stream. */
export interface StreamInfo {
  /** When it was made, as the server says it. */
  readonly created: string;
  /** The places of its first and its last entry; a last one below the first if it is empty. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** How it is set up. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** There is no stream of that name. */
export class NoStreamError extends Error {
  override readonly name = "NoStreamError";
}

/** What JetStream says if there is no stream of a name. */
const NO_STREAM = 10059;

/** Names what a room has at servers of NATS. `roomId` is in hex. */
export function namesOf(roomId: string): {
  readonly stream: string;
  readonly lines: string;
  readonly presence: string;
} {
  return { stream: `chat-${roomId}`, lines: `chat.${roomId}`, presence: `here.${roomId}` };
}

/**
 * Asks for the state of a stream.
 *
 * @throws {NoStreamError} If there is none of that name.
 * @throws {Error} If nobody answers, or it is no answer.
 */
export async function readInfo(
  connection: Pick<Connection, "request">,
  stream: string,
): Promise<StreamInfo> {
  const answer = await connection.request(
    `$JS.API.STREAM.INFO.${stream}`,
    {},
    ASK_STREAM_AGAIN_MS,
  ) as {
    error?: { err_code?: number; description?: string };
    created?: string;
    config?: Record<string, unknown>;
    state?: { first_seq?: number; last_seq?: number };
  };
  const { error, created, config, state } = answer;
  if (error?.err_code === NO_STREAM) {
    throw new NoStreamError(`there is no stream ${stream}; chat-server cluster-setup makes it`);
  }
  if (error) throw new Error(error.description ?? "the server refuses");
  const [firstSeq, lastSeq] = [state?.first_seq, state?.last_seq];
  const isWhole = typeof created === "string" && typeof config === "object" &&
    Number.isSafeInteger(firstSeq) && Number.isSafeInteger(lastSeq);
  if (!isWhole) throw new Error("the server's answer is none");
  return { created, config, firstSeq: firstSeq!, lastSeq: lastSeq! };
}
