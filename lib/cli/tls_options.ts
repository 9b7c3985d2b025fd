/**
 * Whether a client reaches its server over TLS, and which certificate it takes.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { parseHostname } from "./address.ts";
import { isHeavier, type Setting } from "./settings.ts";
import type { SettingValue } from "./spec.ts";

/** A connection over TLS. */
export interface TlsChoice {
  /** The host that the certificate has to be for; undefined for that of the room. */
  readonly name: string | undefined;
  /** Path of the authorities that count in place of public ones; undefined for those. */
  readonly authoritiesPath: string | undefined;
}

/**
 * Reads how the server is reached. `--tls-name` alone is enough, unless something that weighs more
 * says `--no-tls`.
 *
 * @param settings All settings.
 * @returns Undefined if it is reached without TLS.
 * @throws {UsageError} If the name is none, or the command line has authorities without a name.
 */
export function readTls(settings: ReadonlyMap<string, Setting>): TlsChoice | undefined {
  const [tls, name, authorities] = ["tls", "tls-name", "tls-ca"].map((each) => settings.get(each)!);
  const isOff = tls!.value === false && isHeavier(tls!, name!);
  if (authorities!.origin === "command line" && name!.value === undefined) {
    throw new UsageError(
      worded("Option --{name} needs --{needed}", { name: "tls-ca", needed: "tls-name" }),
    );
  }
  if (name!.value !== undefined && !isOff) {
    const path = authorities!.value;
    return {
      name: parseHostname(String(name!.value)),
      authoritiesPath: path === undefined ? undefined : String(path),
    };
  }
  return tls!.value === true ? { name: undefined, authoritiesPath: undefined } : undefined;
}

/**
 * Writes the same as settings, as a room keeps them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const tls = { name: "chat.example.org", authoritiesPath: undefined };
 * assert.deepEqual(settingsOfTls(tls), { "tls-name": "chat.example.org" });
 * assert.deepEqual(settingsOfTls({ ...tls, name: undefined }), { tls: true });
 * assert.deepEqual(settingsOfTls(undefined), {});
 * ```
 */
export function settingsOfTls(tls: TlsChoice | undefined): Record<string, SettingValue> {
  if (!tls) return {};
  const { name, authoritiesPath } = tls;
  if (name === undefined) return { tls: true };
  return {
    "tls-name": name,
    ...authoritiesPath === undefined ? {} : { "tls-ca": authoritiesPath },
  };
}

/** Writes the same as options of a command line, such as `--tls`, for somebody else. */
export function optionsOfTls(tls: Pick<TlsChoice, "name"> | undefined): string[] {
  if (!tls) return [];
  return [tls.name === undefined ? "--tls" : `--tls-name=${tls.name}`];
}
