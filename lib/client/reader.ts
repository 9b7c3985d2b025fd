/**
 * Opening tokens: a token is decrypted and known to be no replay, and its signature is checked.
 *
 * @module
 * @see docs/PROTOCOL.md, "Receiving"
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import { importPublicKey, PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { readTime } from "../crypto/token_time.ts";
import { InvalidTokenError } from "../errors.ts";
import { decrypt, type Decrypted } from "../fernet.ts";
import { openText } from "../protocol/direct_message.ts";
import { parseEnvelope, type SignedEnvelope, verifyEnvelope } from "../protocol/envelope.ts";
import type { Header } from "../protocol/header.ts";
import type { AgreementRing } from "./keys/agreement_ring.ts";
import type { KeyRing } from "./keys/key_ring.ts";
import type { Candidate } from "./keys/key_set.ts";
import {
  KEEP_MACS_MS,
  MAX_AGE_SECONDS,
  MAX_CACHED_KEYS,
  MAX_MACS,
  MAX_OTHER_KEYS,
} from "./limits.ts";
import { MacCache } from "./mac_cache.ts";

/** Bytes of the HMAC at a token's end. */
const MAC_BYTES = 32;
/** Kinds of message whose text is sealed for one member. */
const SEALED_KINDS = ["dm", "file"];

/** Why a token shows nothing. */
export type Rejection =
  /** This room's key does not decrypt it. */
  | "unreadable"
  /** It came before. */
  | "replayed"
  /** Its plaintext is neither plain text nor an envelope. */
  | "malformed"
  /** Its signature is wrong. */
  | "forged"
  /** It is under an older key, and not of a member who has the room's key of now. */
  | "outdated";

/** A token that was opened. */
export type Opened =
  | { readonly kind: "rejected"; readonly reason: Rejection }
  /** Plain text of a simple client. Anybody who has the key may have written it. */
  | {
    readonly kind: "plain";
    readonly text: string;
    readonly issuedAt: number;
    readonly under?: Under;
  }
  | {
    readonly kind: "signed";
    readonly header: Header;
    /** The text of the header, of the body or of a private message; undefined if there is none. */
    readonly text: string | undefined;
    /** The bytes behind the header; empty if there are none. */
    readonly body: Uint8Array;
    /** The offer of a file in it, in JSON; undefined if there is none. */
    readonly offer?: string;
    /** Whether it is a private message for this member. */
    readonly isForMe: boolean;
    readonly issuedAt: number;
    readonly under?: Under;
  };

/** Which key a token is under; undefined in a room that has never moved on. */
export type Under = Omit<Candidate, "key">;

/** A token, and the key that decrypts it. */
interface Decryption extends Decrypted {
  readonly under?: Under;
}

/** What a {@linkcode Reader} reads with. */
export interface ReaderOptions {
  /** The room's keys. */
  readonly keys: Pick<KeyRing, "candidates" | "isFirstForm">;
  /** 16 bytes. */
  readonly roomId: Uint8Array;
  /** This member's Ed25519 key, in base64url. */
  readonly id: string;
  /** This member's X25519 keys. */
  readonly agreement: Pick<AgreementRing, "privateKeys" | "refresh">;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** The clock, in ms since 1970; the system's by default. */
  readonly now?: () => number;
}

/** Opens tokens. It never throws for what others wrote. */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #macs = new MacCache({ maxEntries: MAX_MACS, keepMs: KEEP_MACS_MS });
  /** Imported keys by id; undefined for a key that is not usable. */
  readonly #keys = new Map<string, Promise<CryptoKey | undefined>>();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Plain tokens of this time or an older one, in unix seconds, may have been seen. */
  get floor(): number {
    return this.#macs.floor;
  }

  /**
   * Notes a token of this client's own, so that it is not shown when the backlog repeats it.
   *
   * @param token As `encrypt()` returns it.
   */
  noteOwn(token: string): void {
    const bytes = Uint8Array.fromBase64(token, { alphabet: "base64url" });
    this.#macs.add(bytes.subarray(-MAC_BYTES), 0, this.#options.monotonic());
  }

  /**
   * Opens a token.
   *
   * @param token A line of the form of a token.
   * @returns What is in the token, or why it is rejected.
   */
  async open(token: string): Promise<Opened> {
    return (await this.openAll([token]))[0]!;
  }

  /**
   * Opens tokens, all at once. If a token is among them twice, the second one is the replay.
   *
   * @param tokens Lines of the form of a token, in the order in which they came.
   * @returns What is in each token, or why it is rejected.
   */
  async openAll(tokens: readonly string[]): Promise<Opened[]> {
    const decrypted = await Promise.all(tokens.map((token) => this.#decrypt(token)));
    const isNew = decrypted.map((each) => each !== undefined && this.#note(each));
    return await Promise.all(decrypted.map((each, i) => {
      if (!each) return reject("unreadable");
      return isNew[i] ? this.#openPlaintext(each) : reject("replayed");
    }));
  }

  async #decrypt(token: string): Promise<Decryption | undefined> {
    const { keys } = this.#options;
    // One key needs no time to be chosen by.
    const seconds = keys.isFirstForm ? 0 : readTime(token);
    const candidates = seconds === undefined ? [] : await keys.candidates(seconds);
    if (candidates.length === 0) return undefined;
    try {
      const decrypted = await decrypt(candidates.map(({ key }) => key), token);
      if (keys.isFirstForm) return decrypted;
      const { generation, day } = candidates[decrypted.keyIndex]!;
      return { ...decrypted, under: { generation, day } };
    } catch (error) {
      if (error instanceof InvalidTokenError) return undefined;
      throw error;
    }
  }

  /** Notes a token. Returns whether it is new. */
  #note({ issuedAt, mac }: Decrypted): boolean {
    const { monotonic, now = Date.now } = this.#options;
    // A token that is dated far ahead is shown as old. Its time must not raise the floor above now.
    const tokenTime = Math.min(issuedAt, Math.floor(now() / 1000) + MAX_AGE_SECONDS);
    return this.#macs.add(mac, tokenTime, monotonic());
  }

  async #openPlaintext({ plaintext, issuedAt, under }: Decryption): Promise<Opened> {
    const envelope = parseEnvelope(plaintext);
    if (envelope.kind === "malformed") return reject("malformed");
    const about = under ? { issuedAt, under } : { issuedAt };
    if (envelope.kind === "plain") return { ...envelope, ...about };
    return await this.#openSigned(envelope, about);
  }

  async #openSigned(
    envelope: SignedEnvelope,
    about: { readonly issuedAt: number; readonly under?: Under },
  ): Promise<Opened> {
    const { header, body } = envelope;
    const publicKey = await this.#importKey(header.id);
    const { roomId, id } = this.#options;
    if (!publicKey || !await verifyEnvelope(envelope, publicKey, roomId)) return reject("forged");
    const isForMe = SEALED_KINDS.includes(header.kind) && header.recipient === id;
    const text = isForMe ? await this.#openDirect(header, header.text) : readText(header, body);
    const offer = isForMe ? await this.#openDirect(header, header.offer) : header.offer;
    const more = offer === undefined ? {} : { offer };
    return { kind: "signed", header, text, body, isForMe, ...about, ...more };
  }

  async #openDirect(
    { id, recipient, agreementKey, forOthers }: Header,
    token: string | undefined,
  ): Promise<string | undefined> {
    if (agreementKey === undefined || token === undefined) return undefined;
    const [sender, to, ephemeralKey] = [id, recipient!, agreementKey].map((each) =>
      parseBase64Url(each, PUBLIC_KEY_BYTES)!
    ) as [Uint8Array, Uint8Array, Uint8Array];
    const { agreement } = this.#options;
    const others = forOthers?.split(" ").slice(0, MAX_OTHER_KEYS);
    const open = async (): Promise<string | undefined> => {
      for (const privateKey of agreement.privateKeys) {
        const sealed = { ephemeralKey, token, forOthers: others };
        const text = await openText(sealed, privateKey, { sender, recipient: to })
          // The signature is good, and yet the text is for another key, altered, or not UTF-8.
          .catch(() => undefined);
        if (text !== undefined) return text;
      }
    };
    const text = await open();
    return text === undefined && await agreement.refresh() ? await open() : text;
  }

  #importKey(id: string): Promise<CryptoKey | undefined> {
    let key = this.#keys.get(id);
    if (!key) {
      // A key that is not usable, such as one of small order, verifies no signature.
      key = importPublicKey(parseBase64Url(id, PUBLIC_KEY_BYTES)!).catch(() => undefined);
      if (this.#keys.size >= MAX_CACHED_KEYS) {
        this.#keys.delete(this.#keys.keys().next().value!);
      }
      this.#keys.set(id, key);
    }
    return key;
  }
}

function reject(reason: Rejection): Opened {
  return { kind: "rejected", reason };
}

function readText(header: Header, body: Uint8Array): string | undefined {
  if (header.text !== undefined || header.bodyLength === undefined) return header.text;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
