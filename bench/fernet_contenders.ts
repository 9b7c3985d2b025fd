/**
 * The Fernet implementations that are compared, each behind the same two functions.
 *
 * @module
 */

import { decrypt, encrypt, generateKey, importKey } from "../lib/fernet.ts";
import { PYTHON } from "./peers.ts";
import { output, outputJson } from "./processes.ts";

/** Text to token, or token to text. */
export type Direction = "encrypt" | "decrypt";

/** What one measurement does. */
export interface FernetJob {
  readonly bytes: number;
  readonly direction: Direction;
  /** Operations begun before the first one has ended. */
  readonly inFlight: number;
  readonly seconds: number;
}

/** An implementation. */
export interface Contender {
  readonly name: string;
  /** Whether it cannot have more than one operation in flight. */
  readonly isBlocking: boolean;
  /** Returns operations per second. */
  measure(job: FernetJob): Promise<number>;
}

/** `npm:fernet`, as far as it is used here; it has no types. */
interface NpmFernet {
  readonly Secret: new (key: string) => object;
  readonly Token: new (options: { secret: object; token?: string; ttl?: number }) => {
    encode(message: string): string;
    decode(): string;
  };
}

/** `npm:fernet-web`, as far as it is used here. */
interface NpmFernetWeb {
  create(key: string): Promise<{
    encrypt(text: string): Promise<string>;
    decrypt(token: string): Promise<string>;
  }>;
}

/** Not literals, so that checking the project's types does not fetch them. */
const NPM_FERNET: string = "npm:fernet@0.4.0";
const NPM_FERNET_WEB: string = "npm:fernet-web@1.0.1";
const PYTHON_PATH = new URL("fernet_python.py", import.meta.url).pathname;

/** Lists those that are installed or can be fetched, ours first; and why others cannot. */
export async function listContenders(): Promise<{ contenders: Contender[]; missing: string[] }> {
  const missing: string[] = [];
  const key = generateKey();
  const ours = await importKey(key);
  const encoder = new TextEncoder();
  const contenders = [inThisProcess(
    "lib/fernet.ts",
    (text) => encrypt(ours, encoder.encode(text)),
    (token) => decrypt(ours, token),
  )];
  const version = await output([PYTHON, "-c", "import cryptography as c; print(c.__version__)"]);
  if (version && /^[0-9.]+\s*$/.test(version)) {
    const name = `Python cryptography ${version.trim()}`;
    const measure = (job: FernetJob) =>
      outputJson([PYTHON, "-B", PYTHON_PATH, JSON.stringify(job)]) as Promise<number>;
    contenders.push({ name, isBlocking: true, measure });
  } else missing.push("Python's cryptography (apt-get install python3-cryptography)");
  for (const add of [addNpmFernet, addNpmFernetWeb]) {
    try {
      contenders.push(await add(key));
    } catch (error) {
      missing.push(`an npm package (${error instanceof Error ? error.message : error})`);
    }
  }
  return { contenders, missing };
}

async function addNpmFernet(key: string): Promise<Contender> {
  const { default: fernet }: { default: NpmFernet } = await import(NPM_FERNET);
  const secret = new fernet.Secret(key);
  return inThisProcess(
    NPM_FERNET,
    (text) => Promise.resolve(new fernet.Token({ secret }).encode(text)),
    (token) => Promise.resolve(new fernet.Token({ secret, token, ttl: 0 }).decode()),
  );
}

async function addNpmFernetWeb(key: string): Promise<Contender> {
  // It is written for browsers and looks for `window.crypto`.
  Object.assign(globalThis, { window: globalThis });
  const { default: web }: { default: NpmFernetWeb } = await import(NPM_FERNET_WEB);
  const fernet = await web.create(key);
  return inThisProcess(
    NPM_FERNET_WEB,
    (text) => fernet.encrypt(text),
    (token) => fernet.decrypt(token),
  );
}

function inThisProcess(
  name: string,
  encryptText: (text: string) => Promise<string>,
  decryptToken: (token: string) => Promise<unknown>,
): Contender {
  const measure = async ({ bytes, direction, inFlight, seconds }: FernetJob) => {
    const text = "x".repeat(bytes);
    const token = await encryptText(text);
    const start = performance.now();
    const deadline = start + 1000 * seconds;
    let done = 0;
    const work = async () => {
      while (performance.now() < deadline) {
        if (direction === "encrypt") await encryptText(text);
        else await decryptToken(token);
        done++;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    return 1000 * done / (performance.now() - start);
  };
  return { name, isBlocking: false, measure };
}
