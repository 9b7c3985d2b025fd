/**
 * Stand-in for `@std/fmt/bytes` over `Intl`.
 *
 * @module
 */

/** The settings of `format()` that are supported. */
export interface FormatOptions {
  /** Uses units of 1024 (KiB) instead of 1000 (kB). */
  binary?: boolean;
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY_UNITS = ["B", "kiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

/** Writes a number of bytes with three significant digits and a unit. */
export function format(num: number, options: FormatOptions = {}): string {
  if (!Number.isFinite(num)) {
    throw new TypeError(`Expected a finite number, got ${typeof num}: ${num}`);
  }
  const base = options.binary ? 1024 : 1000;
  const units = options.binary ? BINARY_UNITS : UNITS;
  let value = Math.abs(num);
  let unit = 0;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  return `${num < 0 ? "-" : ""}${Number(value.toPrecision(3))} ${units[unit]}`;
}
