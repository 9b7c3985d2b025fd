/**
 * Bounds of what goes over the wire, each with its unit and its reason.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

/** Longest line in bytes, LF excluded. A token of 49,000 bytes of plaintext fits into it. */
export const MAX_LINE_BYTES = 65_536;
/** Shortest token in characters: one AES block, 57 + 16 bytes in base64. */
export const MIN_TOKEN_CHARS = 100;
/** Longest control line in bytes. `!PASS` takes some 260; the rest is room for later versions. */
export const MAX_CONTROL_BYTES = 512;
/** Longest name of a slot, in characters: three times the longest word of a code. */
export const MAX_SLOT_CHARS = 16;
/** Longest text of one message, in bytes of UTF-8. Its token fits into one line. */
export const MAX_TEXT_BYTES = 40_000;
/** Longest nickname, in bytes of UTF-8. */
export const MAX_NICKNAME_BYTES = 32;

/** Sizes in bytes to which short plaintexts are padded, so that their lines look alike. */
export const SMALL_PLAINTEXT_BYTES = [511, 1023, 2047, 4095] as const;
/** Longer plaintexts are padded to one byte less than a multiple of this number of bytes. */
export const PADDING_STEP_BYTES = 4096;
/** Longest plaintext in bytes: the largest padded size whose token fits into one line. */
export const MAX_PLAINTEXT_BYTES = 11 * PADDING_STEP_BYTES - 1;
/** Longest name of a kind of message, in characters. */
export const MAX_KIND_CHARS = 16;
/** Ranges of missing messages that are kept for one epoch. Of more, the lowest count as seen. */
export const MAX_MISSING_RANGES = 64;
