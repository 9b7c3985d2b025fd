/**
 * The user's side of a conversation for `send-file` and `take`: one file, and nothing to read.
 *
 * @module
 */

import type { UserInput } from "../chat/commands.ts";
import type { FileMove, Happening } from "../client/events.ts";
import type { FileJob } from "../client/files/job.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { foldNickname } from "../protocol/nickname.ts";
import { sanitize } from "../text/sanitize.ts";

/** How often it is looked whether a member has come, in ms. */
const LOOK_MS = 200;

/** What a {@linkcode FileScript} works with. */
export interface FileScriptParts {
  readonly job: FileJob;
  /** Whether a member can be written to: undefined if it can, else why not, in words. */
  readonly findMember: (nickname: string) => string | undefined;
  /** Takes an offer, and waits for its sender. Rejects if it cannot be taken. */
  readonly take: (number: number, directory: string | undefined) => Promise<void>;
  /** Says in words what a script waits for that offers a file until somebody has it. */
  readonly describeWait: () => string;
  /** Standard error, line by line. */
  readonly report: (line: string) => void;
  /** Shows how far the file is; undefined where nobody looks. */
  readonly showProgress?: (text: string | undefined) => void;
  /** Writes an event for a program; undefined where none reads. */
  readonly onEvent?: (event: Happening) => Promise<void>;
  /** Is told the path of the file that came. */
  readonly onTaken: (path: string) => Promise<void>;
}

/** Offers one file, or takes one. */
export class FileScript {
  readonly #parts: FileScriptParts;
  readonly #done = Promise.withResolvers<void>();
  /** The number of the offer that is being taken. */
  #taking: number | undefined;
  #taken = 0;
  #refusal: string | undefined;

  constructor(parts: FileScriptParts) {
    this.#parts = parts;
    // It may fail before it is waited for.
    this.#done.promise.catch(() => {});
  }

  readonly refusedLines = 0;
  readonly isPatient = true;

  /** The one command, and then nothing until the file has gone, or has come. */
  async *inputs(): AsyncGenerator<UserInput[]> {
    const { job } = this.#parts;
    if (job.kind === "take") return await this.#done.promise;
    if (job.to !== undefined) await this.#await(job.to);
    yield [{ kind: "command", name: "send", args: [job.path, job.to ?? "", "exact"] }];
    if (this.#refusal !== undefined) {
      throw new ChatError(worded("Cannot send the file: {reason}", { reason: this.#refusal }));
    }
    if (job.forMs === undefined) {
      this.notify(this.#parts.describeWait());
      return await this.#done.promise;
    }
    await Promise.race([
      new Promise((resolve) => setTimeout(resolve, job.forMs)),
      this.#done.promise,
    ]);
    if (this.#taken === 0) throw new ChatError(worded("nobody has taken the file"));
  }

  /** Does nothing: messages are not shown. */
  show(): void {}

  /** Reports what concerns the file and the connection. */
  async happen(event: Happening, text: string | undefined): Promise<void> {
    const isOfConnection = event.kind === "disconnected" || event.kind === "live";
    const isOfFile = event.kind === "offer" || event.kind === "transfer";
    if (!isOfConnection && !isOfFile) return;
    const { onEvent } = this.#parts;
    if (onEvent) await onEvent(event);
    else if (text !== undefined) this.notify(text);
    if (event.kind === "offer") await this.#consider(event);
    if (event.kind === "transfer") await this.#follow(event);
  }

  /** Shows how far the file is. */
  progress(text: string | undefined): void {
    this.#parts.showProgress?.(text);
  }

  /** Reports a line. */
  notify(text: string): void {
    if (!this.#parts.onEvent) this.#parts.report(sanitize(text));
  }

  /** Keeps why the command was refused. */
  refuse(reason: string): void {
    this.#refusal = reason;
  }

  setNickname(): void {}
  setRecipient(): void {}
  setBell(): void {}
  toggleTimestamps(): boolean {
    return false;
  }
  clear(): void {}

  async #await(nickname: string): Promise<void> {
    const { findMember } = this.#parts;
    const first = findMember(nickname);
    if (first === undefined) return;
    this.notify(first);
    while (findMember(nickname) !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async #consider(event: Extract<Happening, { kind: "offer" }>): Promise<void> {
    const { job, take } = this.#parts;
    if (job.kind !== "take" || event.trust !== "verified" || this.#taking !== undefined) return;
    const isFrom = job.from === undefined ||
      foldNickname(job.from) === foldNickname(event.nickname);
    if (!isFrom) return;
    this.#taking = event.number;
    try {
      await take(event.number, job.directory);
    } catch (error) {
      this.#done.reject(error);
    }
  }

  async #follow({ number, direction, state, path, reason, isHopeless }: FileMove): Promise<void> {
    const { job, onTaken, describeWait } = this.#parts;
    if (direction === "out") {
      const isLost = state === "failed" || state === "cancelled";
      if (isLost && !isHopeless && job.kind === "send" && job.forMs === undefined) {
        this.notify(describeWait());
      }
      if (isHopeless) {
        this.#done.reject(
          new ChatError(worded("Cannot send the file: {reason}", { reason: reason ?? "" })),
        );
      }
      if (state === "done") this.#taken++;
      if (state === "done" && job.kind === "send" && job.forMs === undefined) this.#done.resolve();
      return;
    }
    if (number !== this.#taking) return;
    if (state === "done") {
      await onTaken(path ?? "");
      this.#done.resolve();
    } else if (state === "failed") {
      this.#done.reject(
        new ChatError(worded("Cannot take the file: {reason}", { reason: reason ?? "" })),
      );
    }
  }
}
