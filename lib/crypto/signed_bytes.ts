/**
 * The bytes that are signed or hashed: a label, a zero byte, and the parts. Each purpose has its
 * own label, so that a signature for one purpose is not good for another.
 *
 * @module
 */

/** Makes the bytes of a label: its name, in ASCII without zero bytes, and a zero byte. */
export function label(name: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${name}\0`);
}
