/**
 * Paints texts with both `@std/fmt/colors` and its stand-in, in a process without `NO_COLOR`.
 * Takes a list of what to paint as JSON, and prints what came out, for one and for the other.
 *
 * @module
 */

import * as resolved from "@std/fmt/colors";
import * as standIn from "../../offline/std/fmt/colors.ts";

/** A text, and how to paint it. */
export interface Painting {
  readonly f: "bold" | "cyan" | "red";
  readonly text: string;
  /** Whether colours are turned on. */
  readonly enabled: boolean;
}

if (import.meta.main) {
  const paintings: Painting[] = JSON.parse(Deno.args[0]!);
  const painted = [resolved, standIn].map((colors) =>
    paintings.map(({ f, text, enabled }) => {
      colors.setColorEnabled(enabled);
      return [colors[f](text), colors.getColorEnabled()];
    })
  );
  console.log(JSON.stringify(painted));
}
