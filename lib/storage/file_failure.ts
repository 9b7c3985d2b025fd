/**
 * Why a file cannot be read or written, in words that name the cause.
 *
 * @module
 */

import { worded, type Wording } from "../messages/wording.ts";

/** What is told of a file that cannot be used. */
export interface FileFailure {
  readonly reason: Wording;
  readonly hint: Wording;
}

/** The system's causes that are not about permissions. */
const CAUSES: readonly [code: RegExp, why: Wording][] = [
  [/^EMFILE$/, worded("there are too few file descriptors")],
  [/^ELOOP$/, worded("its links lead in a circle")],
  [/^(?:ENOSPC|EDQUOT)$/, worded("the disk is full")],
  [/^EROFS$/, worded("its file system is read-only")],
  [/^ENOTDIR$/, worded("a part of its path is not a directory")],
  [/^ENAMETOOLONG$/, worded("its name is too long")],
];
/** Codes that the runtime does not know, by what the system says. */
const UNKNOWN_CODES: readonly [text: RegExp, code: string][] = [
  [/^Too many open files/, "EMFILE"],
  [/^Disk quota exceeded/, "EDQUOT"],
];

/**
 * Tells why a file cannot be read.
 *
 * @param path The file.
 * @param error What reading it threw; not that it is missing.
 * @param option The option that names another file, as in "--key PATH".
 */
export function explainReadFailure(path: string, error: unknown, option: string): FileFailure {
  const code = codeOf(error);
  const why = findCause(error, code);
  if (why === undefined) {
    return {
      reason: worded("{path} cannot be read", { path }),
      hint: worded("Check its permissions: it must belong to you."),
    };
  }
  return {
    reason: worded("{path} cannot be read: {reason}", { path, reason: why }),
    hint: code === "ELOOP"
      ? worded("Remove the link, or choose another file with {option}.", { option })
      : code === "EMFILE"
      ? MORE_DESCRIPTORS
      : worded("Choose another file with {option}.", { option }),
  };
}

/**
 * Tells why a file cannot be made.
 *
 * @param path The file.
 * @param error What making it threw.
 * @param option The option that names another file, as in "--key PATH".
 */
export function explainWriteFailure(path: string, error: unknown, option: string): FileFailure {
  const code = codeOf(error);
  const why = error instanceof Deno.errors.NotFound
    ? worded("there is no such directory")
    : findCause(error, code);
  return {
    reason: why === undefined
      ? worded("{path} cannot be written", { path })
      : worded("{path} cannot be written: {reason}", { path, reason: why }),
    hint: code === "EMFILE"
      ? MORE_DESCRIPTORS
      : worded("Choose a directory that you may write to, with {option}.", { option }),
  };
}

const MORE_DESCRIPTORS = worded("Allow more of them, such as with: ulimit -n 1024");

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as Error & { code?: string };
  return code ?? UNKNOWN_CODES.find(([text]) => text.test(error.message))?.[1];
}

/** Undefined for permissions, as the system or the runtime grants them. */
function findCause(error: unknown, code: string | undefined): Wording | string | undefined {
  const known = CAUSES.find(([pattern]) => pattern.test(code ?? ""));
  if (known) return known[1];
  const { PermissionDenied, NotCapable } = Deno.errors;
  const isPermission = error instanceof PermissionDenied || error instanceof NotCapable;
  if (isPermission || !(error instanceof Error)) return undefined;
  // Such as "Input/output error (os error 5): open 'secret.key'".
  return error.message.replace(/ \(os error [0-9]+\)[^]*$/, "");
}
