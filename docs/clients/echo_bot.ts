/**
 * A bot that repeats what follows `!echo`, and only if that is new and was said to all:
 * deno run --allow-net --allow-read --allow-write=state docs/clients/echo_bot.ts <ip> <port>
 */
import { connect } from "../../lib/bot.ts";

const [hostname = "127.0.0.1", port = "5050"] = Deno.args;
const key = await Deno.readTextFile("secret.key");
const leaving = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => leaving.abort());
}
const { signal } = leaving;
const nickname = "echobot";
await using bot = await connect({ hostname, port: Number(port), key, nickname, signal });
console.log(`${nickname} is in room ${bot.fingerprint}`);
for await (const event of bot.events()) {
  if (event.type !== "message" || event.form !== "chat" || event.age !== "live") continue;
  const [, text] = /^!echo (.+)$/s.exec(event.text) ?? [];
  if (text) bot.say(text).catch((error) => console.error(error.message));
}
