/**
 * The client's side of TLS: which certificate it takes, and what it says of another one. What it needs
 * is loaded only if TLS is asked for.
 *
 * @module
 */

import type { TlsChoice } from "../cli/tls_options.ts";
import type { RelayConn, Secure } from "../client/dial.ts";
import { ChatError, WrongServerError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import type { Trust } from "../tls/client.ts";

/** A room whose key is known. */
export interface KnownRoom {
  /** The secret of the room, as `formatRoomSecret()` returns it. */
  readonly keyText: string;
  /** 16 bytes. */
  readonly roomId: Uint8Array;
}

/** A certificate that is taken, and what to say of another one. */
interface Judgement extends Trust {
  /** The certificate itself, in DER, if no other one is taken. */
  readonly exact?: Uint8Array;
  readonly explain: (
    address: string,
    isOfOtherHost: boolean,
  ) => readonly [wording: Wording, hint: Wording];
}

/** What node:tls calls a certificate for another host. */
const OTHER_HOST = "ERR_TLS_CERT_ALTNAME_INVALID";
/** What it calls those that are not trusted. */
const UNTRUSTED = /^(?:UNABLE_|DEPTH_ZERO_|SELF_SIGNED_|CERT_)/;
/** What it calls all that is no TLS 1.3. */
const NO_TLS = /^ERR_SSL_/;

/**
 * Makes what puts TLS on the connections of a client.
 *
 * @param tls How the servers of the room are reached.
 * @param room The room. Without it the room's certificate is not known, and any is taken.
 * @returns Undefined if the server is reached without TLS.
 * @throws {ChatError} If the file of the authorities cannot be used.
 */
export async function openSecure(
  tls: TlsChoice | undefined,
  room?: KnownRoom,
): Promise<Secure | undefined> {
  if (!tls) return undefined;
  const { secureClient } = await import("../tls/client.ts");
  const judgement = tls.name === undefined
    ? await judgeRoom(room)
    : await judgeHost(tls.name, tls.authoritiesPath);
  return async (conn, address): Promise<RelayConn> => {
    try {
      const secure = await secureClient(conn, judgement);
      const { exact } = judgement;
      if (!exact || isEqual(secure.certificate, exact)) return secure;
      secure.close();
    } catch (cause) {
      const { code = "" } = cause as { code?: string };
      if (code === OTHER_HOST || UNTRUSTED.test(code)) {
        throw refuse(judgement, address, code === OTHER_HOST, cause);
      }
      // Whatever breaks a connection may pass.
      const Failure = NO_TLS.test(code) ? WrongServerError : ChatError;
      throw new Failure(worded("Cannot connect: no TLS at {address}", { address }), {
        cause,
        hint: worded(
          "Check the port: the server names one for TLS. Leave --tls away for the other one.",
        ),
      });
    }
    throw refuse(judgement, address, false);
  };
}

async function judgeRoom(room: KnownRoom | undefined): Promise<Judgement> {
  const { deriveTlsSeedOf, makeRoomCertificate, TLS_NAME } = await import(
    "../crypto/room_certificate.ts"
  );
  const explain = (address: string) =>
    [
      worded(
        "Cannot connect: the server at {address} does not show the certificate of this room",
        { address },
      ),
      worded(
        "Is it the server of another room? If it has a certificate of its own, name it: --tls-name HOST.",
      ),
    ] as const;
  if (!room) return { name: TLS_NAME, isAny: true, explain };
  const { formatPem } = await import("../crypto/der.ts");
  const seed = await deriveTlsSeedOf(room.keyText);
  const exact = await makeRoomCertificate(seed, room.roomId);
  seed.fill(0);
  return { name: TLS_NAME, authorities: formatPem("CERTIFICATE", exact), exact, explain };
}

async function judgeHost(name: string, path: string | undefined): Promise<Judgement> {
  const { loadCertificates } = await import("../storage/certificate_files.ts");
  const authorities = path === undefined
    ? undefined
    : await loadCertificates(path, "--tls-ca PATH");
  const explain = (_address: string, isOfOtherHost: boolean) =>
    isOfOtherHost
      ? [
        worded("Cannot connect: the certificate of the server is not for {name}", { name }),
        worded("Give the host that it is for. With the room's own certificate it is --tls."),
      ] as const
      : [
        worded(
          "Cannot connect: the certificate of the server has expired, or nobody whom you trust has signed it",
        ),
        worded(
          "Tell who runs the server. Look at the clock of this machine, too. If an authority of their own has signed it: --tls-ca FILE.",
        ),
      ] as const;
  return { name, authorities, explain };
}

function refuse(
  { explain }: Judgement,
  address: string,
  isOfOtherHost: boolean,
  cause?: unknown,
): ChatError {
  const [wording, hint] = explain(address, isOfOtherHost);
  return new WrongServerError(wording, { cause, hint });
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a?.length === b.length && b.every((byte, i) => byte === a[i]);
}
