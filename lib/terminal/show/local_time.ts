/**
 * Times as people read them, in one time zone.
 *
 * @module
 */

import type { Language } from "../../messages/phrases.ts";

/** The largest time of ECMAScript's calendar, in unix seconds. */
const MAX_SECONDS = 8.64e12;
const UNKNOWN_CLOCK = "??:??";

/**
 * Writes times that are given in unix seconds. A time beyond the calendar is written as unknown.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const time = new LocalTime("en", "UTC");
 * assert.equal(time.clock(1_795_563_240), "23:34");
 * assert.equal(time.date(1_795_563_240), "Tuesday, 24 November 2026");
 * ```
 */
export class LocalTime {
  readonly #language: Language;
  readonly #timeZone: string | undefined;
  /** Made when the first time is written. Making it is slow, and would delay the start. */
  #clock?: Intl.DateTimeFormat;
  #date?: Intl.DateTimeFormat;
  /** The last minute that was written: most messages are of the same. */
  #written = { minute: NaN, text: "" };

  /**
   * @param language Of the date.
   * @param timeZone By its IANA name; the system's own by default.
   */
  constructor(language: Language, timeZone?: string) {
    this.#language = language;
    this.#timeZone = timeZone;
  }

  /**
   * The time of the day, `12:34`.
   *
   * @throws {RangeError} For an unknown time zone.
   */
  clock(seconds: number): string {
    if (!isKnown(seconds)) return UNKNOWN_CLOCK;
    this.#clock ??= new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: this.#timeZone,
    });
    const minute = Math.floor(seconds / 60);
    if (minute !== this.#written.minute) {
      this.#written = { minute, text: this.#clock.format(seconds * 1000) };
    }
    return this.#written.text;
  }

  /**
   * The day, in words; undefined for a time that no calendar has.
   *
   * @throws {RangeError} For an unknown time zone.
   */
  date(seconds: number): string | undefined {
    if (!isKnown(seconds)) return undefined;
    const locale = { en: "en-GB", fr: "fr-FR" }[this.#language];
    this.#date ??= new Intl.DateTimeFormat(locale, {
      dateStyle: "full",
      timeZone: this.#timeZone,
    });
    return this.#date.format(seconds * 1000);
  }
}

/**
 * Tells when a row is of another day than the one before.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = new DateLine(new LocalTime("en", "UTC"));
 * assert.equal(line.next(0), "—— Thursday, 1 January 1970 ——");
 * assert.equal(line.next(86_399), undefined);
 * ```
 */
export class DateLine {
  readonly #time: LocalTime;
  #date?: string;
  /** The last minute that was looked at: most rows are of the same. */
  #minute?: number;

  /** @param time Writes the days. */
  constructor(time: LocalTime) {
    this.#time = time;
  }

  /**
   * Looks at the next row.
   *
   * @param seconds Its time, in unix seconds.
   * @returns What to print in front of it, if its day begins with it.
   */
  next(seconds: number): string | undefined {
    const minute = Math.floor(seconds / 60);
    if (minute === this.#minute) return;
    this.#minute = minute;
    const date = this.#time.date(seconds);
    if (date === undefined || date === this.#date) return;
    this.#date = date;
    return `—— ${date} ——`;
  }
}

function isKnown(seconds: number): boolean {
  return Math.abs(seconds) <= MAX_SECONDS;
}
