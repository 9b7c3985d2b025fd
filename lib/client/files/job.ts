/**
 * What a script has to do with one file.
 *
 * @module
 */

/** What is to be done with one file. */
export type FileJob =
  | {
    readonly kind: "send";
    readonly path: string;
    /** For whom alone; undefined for all. */
    readonly to: string | undefined;
    /** For how long, in ms; undefined until one taker has it. */
    readonly forMs: number | undefined;
  }
  | {
    readonly kind: "take";
    /** Where; undefined for the usual place. */
    readonly directory: string | undefined;
    /** Whose alone; undefined for anybody's. */
    readonly from: string | undefined;
  };
