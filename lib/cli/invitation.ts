/**
 * Writes what a server tells its operator at its start: how to invite others.
 *
 * @module
 */

import type { PlainPhrase, Say } from "../messages/phrases.ts";
import type { RoomMode } from "../protocol/control.ts";
import { formatHostPort } from "../text/host_port.ts";
import type { Address } from "./address.ts";

/** A network interface, as `Deno.networkInterfaces()` lists it. */
export interface Interface {
  readonly family: "IPv4" | "IPv6";
  readonly address: string;
}

/** What an invitation tells of the key. */
export interface InvitationKey {
  /** Path of the key file; undefined if the key came through a pipe. */
  readonly path: string | undefined;
  /** Whether this start of the server made the file. */
  readonly created: boolean;
  /** The room's fingerprint: four groups of five digits. */
  readonly fingerprint: string;
}

/** What an invitation is written from. */
export interface InvitationParts {
  /** The address and the port that the server listens on. The port is never 0. */
  readonly listening: Address;
  /** The port for TLS, and the host that its certificate is for if it is not the room's. */
  readonly tls?: { readonly port: number; readonly name: string | undefined };
  /** The key file; undefined for a server that runs without the key. */
  readonly key: InvitationKey | undefined;
  /** Whether guests may take part. */
  readonly mode: RoomMode;
  /** Whether members may let others in with a code. */
  readonly invites: boolean;
  /** The command that starts the client: `chat-client` or `deno task client`. */
  readonly clientCommand: string;
  /** The network interfaces of this machine. */
  readonly interfaces: readonly Interface[];
}

const MODES: Readonly<Record<RoomMode, PlainPhrase>> = {
  open: "mode: open; without the key one can pass lines on and receive them, but not read them",
  members: "mode: members only; whoever does not prove the key gets nothing",
};

/**
 * Writes how to hand over the key, who can reach the server, and what a friend runs.
 *
 * @param parts What the server knows of itself.
 * @param say Says phrases in the operator's language.
 * @returns The lines, without LF.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const lines = formatInvitation({
 *   listening: { hostname: "0.0.0.0", port: 5050 },
 *   key: { path: "secret.key", created: false, fingerprint: "95355 41374 02588 71678" },
 *   mode: "open",
 *   invites: true,
 *   clientCommand: "chat-client",
 *   interfaces: [{ family: "IPv4", address: "192.168.1.20" }],
 * }, sayIn("en"));
 * assert.equal(lines.at(-1), "a friend with that file runs: chat-client 192.168.1.20 5050");
 * ```
 */
export function formatInvitation(parts: InvitationParts, say: Say): string[] {
  const { listening, tls, key, mode, invites, clientCommand, interfaces } = parts;
  const { hostname, port } = listening;
  const reachable = reachableHostname(hostname, interfaces);
  const lines = [...key ? describeKey(key, say) : [say(KEYLESS)], say(MODES[mode])];
  const isClosed = isLoopback(hostname) || isPrivate(hostname) || isLinkLocal(hostname);
  if (mode === "open" && !isClosed) {
    lines.push(say("strangers can reach this address: --members-only keeps them out"));
  }
  if (isLoopback(hostname)) {
    lines.push(say("only this machine can connect; to invite others, listen on 0.0.0.0"));
  } else if (isLoopback(reachable)) {
    lines.push(say("this machine is on no network now: nobody else can connect"));
  }
  // The friend gets the file, and not the directory that it is in here.
  const name = key?.path?.split(/[\\/]/).at(-1) ?? "secret.key";
  const option = name === "secret.key" ? "" : ` --key ${name}`;
  const target = `${reachable} ${port}${option}`;
  if (invites && !isLoopback(reachable)) {
    lines.push(
      say("to let a friend in with a code: {command}", {
        command: `${clientCommand} invite ${target}`,
      }),
    );
  }
  const command = `${clientCommand} ${target}`;
  lines.push(say(chooseInvitation(isLoopback(reachable), key?.path !== undefined), { command }));
  if (tls) {
    const trust = tls.name === undefined ? "--tls" : `--tls-name ${tls.name}`;
    const secure = `${clientCommand} ${reachable} ${tls.port}${option} ${trust}`;
    lines.push(say("over TLS: {command}", { command: secure }));
  }
  if (reachable.includes("%")) {
    lines.push(say("behind the % each machine has the name of its own network interface"));
  }
  return lines;
}

const KEYLESS = "keyless: this server cannot tell what is said, nor admit anybody by itself";

function chooseInvitation(isLocal: boolean, hasKey: boolean) {
  if (isLocal) return "a client on this machine runs: {command}";
  return hasKey
    ? "a friend with that file runs: {command}"
    : "a friend with secret.key runs: {command}";
}

function describeKey({ path, created, fingerprint }: InvitationKey, say: Say): string[] {
  return [
    path === undefined
      ? say("key: from a pipe")
      : say(created ? "new key: {path}" : "key: {path}", { path }),
    say("room: {fingerprint}", { fingerprint }),
    say(
      path === undefined
        ? "whoever has this key can read and write everything: hand it over in"
        : "whoever has this file can read and write everything: hand it over in",
    ),
    say("person or through an encrypted messenger, never by mail"),
  ];
}

/**
 * Writes the line that says that the server is ready.
 *
 * @param listening The address and the port that the server listens on.
 * @param say Says phrases in the operator's language.
 * @param hasTls Whether it is the port for TLS.
 * @returns Such as `listening on 127.0.0.1:5050`.
 */
export function formatListening(listening: Address, say: Say, hasTls = false): string {
  const address = formatHostPort(listening.hostname, listening.port);
  return hasTls
    ? say("listening on {address} for TLS", { address })
    : say("listening on {address}", { address });
}

function reachableHostname(hostname: string, interfaces: readonly Interface[]): string {
  if (hostname !== "0.0.0.0" && hostname !== "::") return hostname;
  const usable = interfaces.filter(({ address }) => !isLoopback(address) && !isLinkLocal(address));
  const ipv4 = usable.filter(({ family }) => family === "IPv4");
  const lan = ipv4.find(({ address }) => isPrivate(address)) ?? ipv4[0];
  const ipv6 = hostname === "::" ? usable[0] : undefined;
  return (lan ?? ipv6)?.address ?? (hostname === "::" ? "::1" : "127.0.0.1");
}

/**
 * Tells whether an address is of this machine alone.
 *
 * @param address An IP address, or `localhost`.
 */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./i.test(address) || address === "::1" || address === "localhost";
}

function isLinkLocal(address: string): boolean {
  return address.startsWith("169.254.") || /^fe[89ab]/i.test(address);
}

function isPrivate(address: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(address);
}
