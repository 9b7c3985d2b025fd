/**
 * A process that changes a key file, for tests of processes that race or die.
 *
 * Its argument is the file. It prints `ready`, and then, for each line on its standard input, the
 * file's text as it knows it, in JSON. A line is `adopt`, or `day` and a day.
 *
 * @module
 */

import { addGeneration, beginGeneration, moveOn } from "../../lib/crypto/moving_on.ts";
import { formatRoomSecret, type RoomSecret } from "../../lib/crypto/room_secret.ts";
import { SECONDS_PER_DAY } from "../../lib/crypto/key_chain.ts";
import { fill } from "../../lib/messages/wording.ts";
import { KeyStore } from "../../lib/storage/key_store.ts";

if (import.meta.main) {
  const store = await KeyStore.at(Deno.args[0]!, (warning) => {
    throw new Error(fill(warning));
  });
  let today = 1;
  const change = async (line: string, secret: RoomSecret): Promise<RoomSecret> => {
    const [verb, day] = line.split(" ");
    if (verb === "day") today = Number(day);
    const now = today * SECONDS_PER_DAY;
    if (verb === "day") return await moveOn(secret, today, now);
    return addGeneration(secret, await beginGeneration(secret.generations[0], today), now);
  };
  console.log("ready");
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { secret } = await store.update((onDisk) => change(line, onDisk!));
      console.log(JSON.stringify(formatRoomSecret(secret)));
    }
  }
}
