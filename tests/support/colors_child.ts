/**
 * Paints texts with both `@std/fmt/colors` and its stand-in, in a process without `NO_COLOR`.
 * Takes a list of {@linkcode Painting}s as JSON, and prints what came out, of one and of the other.
 *
 * @module
 */

import { ask, type Painting, RESOLVED, STAND_INS } from "./std_answers.ts";

const paintings: Painting[] = JSON.parse(Deno.args[0]!);
const painted = [RESOLVED, STAND_INS].map((std) =>
  paintings.map((painting) => [ask(std, painting, {}), std.getColorEnabled()])
);
console.log(JSON.stringify(painted));
