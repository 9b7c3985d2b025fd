/**
 * Bytes through pipes of a relay, as fast as they go: `deno run bench/pipe_load.ts PORT KEY PIPES`.
 *
 * @module
 */

import { PipeLink } from "../lib/client/files/pipe_link.ts";
import { PIPE_NAME_BYTES } from "../lib/protocol/control.ts";
import { deriveRoomKey } from "../lib/crypto/room_key.ts";

const [port, keyPath, pipes] = Deno.args as [string, string, string];
const room = await deriveRoomKey((await Deno.readTextFile(keyPath)).trim());
const { signal } = new AbortController();
const address = { hostname: "127.0.0.1", port: Number(port), room, signal };
let moved = 0;

async function pump(): Promise<void> {
  const name = crypto.getRandomValues(new Uint8Array(PIPE_NAME_BYTES));
  const [from, to] = await Promise.all([0, 1].map(() => PipeLink.open({ ...address, name })));
  const [bytes, into] = [new Uint8Array(256 * 1024), new Uint8Array(256 * 1024)];
  const sending = (async () => {
    for (;;) await from!.write(bytes);
  })();
  const taking = (async () => {
    for (let count = 1; count > 0; moved += count) count = await to!.fill(into);
  })();
  await Promise.all([sending, taking]);
}

const pumping = Promise.all(Array.from({ length: Number(pipes) }, pump));
console.log("ready");
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  console.log(`${Math.round(moved / 1048.576 / (now - before))} MiB/s`);
  [moved, before] = [0, now];
}, 1000);
await pumping.catch(() => {});
Deno.exit();
