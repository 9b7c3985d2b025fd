/**
 * The documents of the project, as tests read them.
 *
 * @module
 */

import { ROOT } from "./programs.ts";

/** A fenced block. */
export interface Block {
  /** What stands behind the opening fence: `example room`. */
  readonly info: string;
  readonly lines: readonly string[];
}

/** An example in a document: lines of `name: value`. */
export class Example {
  readonly #fields = new Map<string, string[]>();

  /** Throws if a line is not of that form. */
  constructor(lines: readonly string[]) {
    for (const line of lines) {
      const [, name, value] = /^([A-Za-z0-9._-]+): (.*)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`Not a field of an example: ${line}`);
      const values = this.#fields.get(name) ?? [];
      this.#fields.set(name, [...values, value!]);
    }
  }

  /** The names of its fields, each once, in order. */
  get names(): string[] {
    return [...this.#fields.keys()];
  }

  /** All values of a field; none if it is not there. */
  all(name: string): readonly string[] {
    return this.#fields.get(name) ?? [];
  }

  /** The only value of a field. */
  one(name: string): string {
    const [value, ...more] = this.all(name);
    if (value === undefined || more.length > 0) throw new Error(`Not one field ${name}`);
    return value;
  }

  /** The only value of a field, in hex. */
  hex(name: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.fromHex(this.one(name));
  }

  /** The only value of a field, in base64url. */
  bytes(name: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.fromBase64(this.one(name), { alphabet: "base64url" });
  }
}

/** Reads a document, by its path in the project. */
export async function readDocument(path: string): Promise<string> {
  return await Deno.readTextFile(`${ROOT}${path}`);
}

/** The fenced blocks of a Markdown text. */
export function readBlocks(text: string): Block[] {
  return [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(([, info, content]) => {
    return { info: info!, lines: content!.split("\n").slice(0, -1) };
  });
}

/** The headings of a Markdown text, without those in fenced blocks. */
export function readHeadings(text: string): string[] {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, "");
  return [...prose.matchAll(/^##+ (.*)$/gm)].map(([, heading]) => heading!);
}
