/**
 * A program that owns a terminal and leaves it in the way its argument says.
 *
 * @module
 */

import { Tty } from "../../lib/terminal/input/tty.ts";

const [way] = Deno.args;
using tty = new Tty({ onResize: () => {}, onStop: () => Promise.resolve(), onContinue: () => {} });
if (way === "signal") {
  Deno.addSignalListener("SIGTERM", () => {
    tty.restore();
    Deno.exit(143);
  });
}
await tty.title("\x1b]2;title\x07");
await tty.write("\x1b[?25l\x1b[31mready\r\n");
switch (way) {
  case "throw":
    throw new Error("planned");
  case "farewell":
    tty.farewell("error: planned");
    break;
  case "busy":
    // This write is under way while the terminal is restored.
    tty.write("x".repeat(100_000)).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    tty.restore();
    Deno.exit(3);
    break;
  case "signal":
    for await (const _ of tty.input());
    break;
  case "echo":
    for await (const bytes of tty.input()) {
      await tty.write(`${JSON.stringify(tty.size())} ${[...bytes]}\r\n`);
      if (bytes.includes(113)) break;
    }
}
