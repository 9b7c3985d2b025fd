/**
 * Text for properties.
 *
 * @module
 */

import fc from "fast-check";

/**
 * Any one code point, lone surrogates included. Preparing fast-check's own
 * `fc.string({ unit: "binary" })` takes more than a second.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0, max: 0x10ffff }),
).map((code) => String.fromCodePoint(code));

/** Any text of up to `maxLength` characters, each from `characters`. */
export function textOf(
  characters: fc.Arbitrary<string>,
  maxLength: number,
): fc.Arbitrary<string> {
  return fc.array(characters, { maxLength, size: "max" }).map((parts) => parts.join(""));
}
