/**
 * Stand-in for `@std/fmt/bytes`, of its units alone.
 *
 * @module
 */

/** The settings of `format()` that are supported. */
export interface FormatOptions {
  /** Uses units of 1024 (kiB) instead of 1000 (kB). */
  binary?: boolean;
}

const PREFIXES = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];

/**
 * Writes a number of bytes with three significant digits and a unit.
 *
 * @throws {Error} If another setting is given.
 */
export function format(num: number, options: FormatOptions = {}): string {
  for (const name of Object.keys(options)) {
    if (name !== "binary") throw new Error(`Cannot use ${name}: not supported by the stand-in`);
  }
  if (!Number.isFinite(num)) {
    throw new TypeError(`Expected a finite number, got ${typeof num}: ${num}`);
  }
  const sign = num < 0 ? "-" : "";
  const size = Math.abs(num);
  if (size < 1) return `${sign}${size} B`;
  const steps = options.binary ? Math.log(size) / Math.log(1024) : Math.log10(size) / 3;
  const power = Math.min(Math.floor(steps), PREFIXES.length - 1);
  const value = Number((size / (options.binary ? 1024 : 1000) ** power).toPrecision(3));
  return `${sign}${value} ${PREFIXES[power]}${options.binary && power > 0 ? "i" : ""}B`;
}
