/**
 * A bot that writes to standard output what happens, as JSON lines, until its input ends.
 *
 * Arguments: the server's port, and the room's key.
 *
 * @module
 */

import { connect } from "../../lib/bot.ts";

const [port, key] = Deno.args;
await using bot = await connect({
  hostname: "127.0.0.1",
  port: Number(port),
  key: key!,
  nickname: "bot",
});
const ended = Deno.stdin.readable.pipeTo(new WritableStream()).then(() => bot.leave());
for await (const event of bot.events()) console.log(JSON.stringify(event));
await ended;
