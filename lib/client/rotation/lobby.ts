/**
 * The lobby: what members say to each other who have the room, and not its key of now.
 *
 * What is said here takes no place in anybody's order, and is not kept.
 *
 * @module
 * @see docs/PROTOCOL.md, "Knocking"
 */

import { formatBase64Url, parseBase64Url } from "../../bytes/base64url.ts";
import { importPublicKey, PUBLIC_KEY_BYTES } from "../../crypto/ed25519.ts";
import { AGREEMENT_BYTES, type AgreementKey } from "../../crypto/x25519.ts";
import { InvalidTokenError } from "../../errors.ts";
import { decrypt, encrypt, type FernetKey } from "../../fernet.ts";
import { makeEphemeral } from "../../protocol/chain_box.ts";
import { parseEnvelope, sealEnvelope, verifyEnvelope } from "../../protocol/envelope.ts";
import { EPOCH_BYTES, type Header } from "../../protocol/header.ts";
import {
  formatKnock,
  type Handed,
  type Known,
  LOBBY_NICKNAME,
  openAnswer,
  parseKnock,
  sealAnswer,
} from "../../protocol/knock.ts";

/** What a {@linkcode Lobby} speaks with. */
export interface LobbyParts {
  /** Makes the key of the lobby. */
  readonly key: () => Promise<FernetKey>;
  /** 16 bytes. */
  readonly roomId: Uint8Array;
  /** This member's Ed25519 key, in base64url, and its private half. */
  readonly own: { readonly id: string; readonly privateKey: CryptoKey };
  /** The clock, in ms since 1970. */
  readonly now: () => number;
}

/** A knock of this client, and the key pair that its answer is sealed for. */
export interface OwnKnock {
  readonly token: string;
  readonly pair: AgreementKey;
  /** The public half of the pair, in base64url. */
  readonly key: string;
}

/** What somebody said in the lobby. `author`, `to`: Ed25519 keys in base64url. */
export type LobbyMessage =
  | {
    readonly kind: "knock";
    readonly author: string;
    /** The key that was made for the knock, in base64url. */
    readonly key: string;
    readonly known: Known;
  }
  | {
    readonly kind: "answer";
    readonly author: string;
    readonly to: string;
    /** The key of the knock that is answered. */
    readonly key: string;
    /** The key that was made for the answer, in base64url. */
    readonly ephemeralKey: string;
    /** Sealed; undefined if the member does not belong to the room any more. */
    readonly sealed: Uint8Array | undefined;
  };

/** Speaks in the lobby. */
export class Lobby {
  readonly #parts: LobbyParts;
  #key: Promise<FernetKey> | undefined;

  constructor(parts: LobbyParts) {
    this.#parts = parts;
  }

  /** Writes a knock, with a new key pair. */
  async knock(known: Known): Promise<OwnKnock> {
    const pair = await makeEphemeral();
    const key = formatBase64Url(pair.publicKey);
    const token = await this.#seal({ agreementKey: key, text: formatKnock(known) });
    return { token, pair, key };
  }

  /**
   * Writes an answer.
   *
   * @param to Who knocked, by id.
   * @param key The key of the knock, in base64url.
   * @param handed The generation; undefined to say that the member does not belong to it.
   * @throws {RangeError} If the key of the knock is not usable.
   */
  async answer(to: string, key: string, handed: Handed | undefined): Promise<string> {
    const ephemeral = await makeEphemeral();
    const { own } = this.#parts;
    const fields = { recipient: to, agreementKey: formatBase64Url(ephemeral.publicKey), text: key };
    if (!handed) return await this.#seal(fields);
    const keys = { ...ids(own.id, to), ephemeralKey: ephemeral.publicKey, knockKey: bytesOf(key) };
    return await this.#seal(fields, await sealAnswer(handed, ephemeral, keys));
  }

  /**
   * Opens an answer to a knock of this client.
   *
   * @returns Undefined if it does not open.
   */
  async open(
    { author, to, ephemeralKey, sealed }: Extract<LobbyMessage, { kind: "answer" }>,
    { pair }: OwnKnock,
  ): Promise<Handed | undefined> {
    const keys = { ephemeralKey: bytesOf(ephemeralKey), knockKey: pair.publicKey };
    return sealed && await openAnswer(sealed, pair, { ...ids(author, to), ...keys });
  }

  /**
   * Reads a token that no key of the room opens.
   *
   * @returns Undefined if it is not of the lobby, or of another form, or its signature is false.
   */
  async read(token: string): Promise<LobbyMessage | undefined> {
    const plaintext = await this.#decrypt(token);
    const envelope = plaintext && parseEnvelope(plaintext);
    if (envelope?.kind !== "signed" || envelope.header.kind !== "knock") return undefined;
    const message = readMessage(envelope.header, envelope.body);
    if (!message) return undefined;
    const key = await importPublicKey(bytesOf(message.author)).catch(() => undefined);
    const isTrue = key && await verifyEnvelope(envelope, key, this.#parts.roomId);
    return isTrue ? message : undefined;
  }

  async #decrypt(token: string): Promise<Uint8Array | undefined> {
    try {
      return (await decrypt(await this.#lobbyKey(), token)).plaintext;
    } catch (error) {
      if (!(error instanceof InvalidTokenError)) throw error;
      return undefined;
    }
  }

  async #seal(
    fields: Pick<Header, "agreementKey" | "recipient" | "text">,
    body?: Uint8Array,
  ): Promise<string> {
    const { own, roomId } = this.#parts;
    const now = Math.floor(this.#parts.now() / 1000);
    const epoch = formatBase64Url(crypto.getRandomValues(new Uint8Array(EPOCH_BYTES)));
    const about = { id: own.id, nickname: LOBBY_NICKNAME, epoch, sequence: 0, time: now };
    const signer = { privateKey: own.privateKey, roomId };
    const plaintext = await sealEnvelope({ ...fields, ...about, kind: "knock" }, signer, body);
    return await encrypt(await this.#lobbyKey(), plaintext, { now });
  }

  #lobbyKey(): Promise<FernetKey> {
    return this.#key ??= this.#parts.key();
  }
}

function readMessage(header: Header, body: Uint8Array): LobbyMessage | undefined {
  const { id: author, recipient: to, agreementKey, text = "", bodyLength } = header;
  if (agreementKey === undefined) return undefined;
  if (to === undefined) {
    const known = parseKnock(text);
    return known && { kind: "knock", author, key: agreementKey, known };
  }
  if (!parseBase64Url(text, AGREEMENT_BYTES)) return undefined;
  const sealed = bodyLength === undefined ? undefined : body;
  return { kind: "answer", author, to, key: text, ephemeralKey: agreementKey, sealed };
}

function ids(holder: string, knocker: string) {
  return { holder: bytesOf(holder), knocker: bytesOf(knocker) };
}

/** The bytes of a key in base64url. */
function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  return parseBase64Url(key, PUBLIC_KEY_BYTES)!;
}
