/**
 * The server's port for TLS. Loaded only if there is one.
 *
 * @module
 */

import type { Address } from "../cli/address.ts";
import type { ServerOptions } from "../cli/server_options.ts";
import { makeCertificatePair } from "../crypto/room_certificate.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { listen } from "../relay/door/listen.ts";
import { loadCertificateFiles, type LoadedCertificate } from "../storage/certificate_files.ts";
import type { Warn } from "../storage/private_file.ts";
import { type Secure, secureServer } from "../tls/server.ts";

type TlsOptions = NonNullable<ServerOptions["tls"]>;

/**
 * Loads the operator's certificate, if there is one.
 *
 * @param options The files of the certificate.
 * @param warn Told of a key that others could read, and of a certificate that has expired.
 * @returns Undefined for the certificate of the room.
 * @throws {ChatError} If the files cannot be used.
 */
export async function loadOwnCertificate(
  { files }: Pick<TlsOptions, "files">,
  warn: Warn,
): Promise<LoadedCertificate | undefined> {
  const own = files && await loadCertificateFiles(files, warn);
  if (own && own.validTo.getTime() < Date.now()) {
    const date = own.validTo.toISOString().slice(0, 10);
    warn(worded("the certificate expired on {date}: clients refuse it", { date }));
  }
  return own;
}

/**
 * Opens the port.
 *
 * @throws {ChatError} If it cannot be opened.
 */
export async function listenForTls(
  { hostname }: Address,
  { port }: Pick<TlsOptions, "port">,
): Promise<Deno.TcpListener[]> {
  return await listen({ hostname, port });
}

/**
 * Makes what puts TLS on the connections of the port.
 *
 * @param own The operator's certificate; undefined for that of the room.
 * @param roomId 16 bytes.
 * @param seed The private key of the room's certificate; it is wiped. Undefined if it is not known.
 * @throws {ChatError} If there is neither a certificate of the operator's nor one of the room.
 */
export async function makeSecure(
  own: LoadedCertificate | undefined,
  roomId: Uint8Array,
  seed: Uint8Array | undefined,
): Promise<Secure> {
  if (own) return secureServer(own);
  if (!seed) {
    throw new ChatError(worded("Cannot serve TLS: the file of --keyless has no line for it"), {
      hint: worded(
        "Make it where secret.key is, with chat-client admission --tls; or bring a certificate of your own: --tls-cert and --tls-key.",
      ),
    });
  }
  const pair = await makeCertificatePair(seed, roomId);
  seed.fill(0);
  return secureServer(pair);
}
