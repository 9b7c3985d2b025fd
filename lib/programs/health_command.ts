/**
 * Carries out `chat-server health`: asks a running server whether it is well.
 *
 * @module
 */

import { get } from "node:http";
import { HEALTH_SPEC, parseHealthUrl } from "../cli/health_spec.ts";
import { parseCommandLine } from "../cli/options.ts";
import { readOption } from "../cli/values.ts";
import { ChatError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { worded, type Wording } from "../messages/wording.ts";

/** Longest wait for the answer, in ms: supervisors ask every 10 to 30 s. */
export const HEALTH_TIMEOUT_MS = 5000;
/** Time between two questions while a server may take its time, in ms. */
const HEALTH_RETRY_MS = 200;
/** What a relay that is well answers. Its chat port answers with nothing in it. */
const HEALTHY = "ok\n";

/**
 * Asks a server. Neither a proxy of the environment nor a redirection is followed, so that no other
 * server answers in its place.
 *
 * @param args The command's arguments.
 * @param say Says the help in the reader's language.
 * @param maxMs Longest wait for an answer, in ms.
 * @returns What is printed if the server is well.
 * @throws {UsageError} If the arguments cannot be understood.
 * @throws {ChatError} If the server is not well, or does not answer, until `--wait` is over.
 */
export async function askHealth(
  args: readonly string[],
  say: Say,
  maxMs: number = HEALTH_TIMEOUT_MS,
): Promise<string> {
  const line = parseCommandLine(HEALTH_SPEC, args, say);
  if (typeof line === "string") return line;
  const url = parseHealthUrl(line.args[0]!);
  const end = performance.now() + readOption<number>(HEALTH_SPEC, "wait", line.values) * 1000;
  for (;;) {
    try {
      await ask(url, maxMs);
      return say("healthy");
    } catch (error) {
      if (performance.now() + HEALTH_RETRY_MS > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, HEALTH_RETRY_MS));
  }
}

/** Asks once. */
async function ask(url: URL, maxMs: number): Promise<void> {
  const { status, text } = await readAnswer(url, AbortSignal.timeout(maxMs));
  if (status !== 200) throw unwell(worded("it answers with status {status}", { status }));
  const { host } = url;
  if (text !== HEALTHY && text !== "") {
    throw unwell(worded("what answers at {host} is no relay", { host }));
  }
}

/** Asks, and reads no more than it takes to know the answer. */
function readAnswer(url: URL, signal: AbortSignal): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const fail = (cause: Error) => {
    const { host } = url;
    if (signal.aborted) reject(unwell(worded("{host} does not answer in time", { host }), cause));
    else reject(explainFailure(host, cause));
  };
  const request = get(url, { signal, agent: false }, (response) => {
    const status = response.statusCode ?? 0;
    let text = "";
    const end = () => {
      resolve({ status, text });
      response.destroy();
    };
    response.setEncoding("latin1");
    response.on("data", (chunk: string) => {
      text += chunk;
      if (!HEALTHY.startsWith(text)) end();
    });
    response.on("end", end);
    response.on("error", fail);
    if (status !== 200) end();
  });
  request.on("error", fail);
  return promise;
}

/** Tells what is there instead of an answer. */
function explainFailure(host: string, cause: Error & { readonly code?: string }): ChatError {
  if (cause.code?.startsWith("HPE_")) {
    const hint = worded("Use the address of --metrics, such as http://127.0.0.1:9464.");
    return unwell(worded("what answers at {host} does not speak HTTP", { host }), cause, hint);
  }
  if (cause.code === "ECONNRESET") {
    return unwell(worded("{host} closes the connection without an answer", { host }), cause);
  }
  return unwell(worded("nobody answers at {host}", { host }), cause);
}

function unwell(reason: Wording, cause?: Error, hint?: Wording): ChatError {
  return new ChatError(worded("Not healthy: {reason}", { reason }), { cause, hint });
}
