/**
 * Slots of a relay, and strangers who try others: `deno run bench/slot_load.ts PORT KEY TRIES ROUND`.
 *
 * Each round has slots of other names: those of the last one are not given again so soon.
 * With 0 tries a second its members are there, and hold no slot.
 *
 * @module
 */

import { deriveRoomKey } from "../lib/crypto/room_key.ts";
import { MAX_SLOTS, MAX_SLOTS_OF_MEMBER } from "../lib/relay/limits.ts";
import { CODE_WORDS } from "../lib/text/code_words.ts";
import { answer, hello, untilLine } from "../tests/support/member_client.ts";
import { RawClient } from "../tests/support/raw_client.ts";

const [port, keyPath, perSecond, round] = Deno.args as [string, string, string, string];
const room = await deriveRoomKey((await Deno.readTextFile(keyPath)).trim());
const words = CODE_WORDS.slice(MAX_SLOTS * Number(round)).slice(0, MAX_SLOTS);
const others = CODE_WORDS.filter((word) => !words.includes(word));

async function connectMember(): Promise<RawClient> {
  const member = await RawClient.connect(Number(port));
  await member.send(hello());
  await untilLine(member, "!CHAL ");
  await member.send(await answer(member, room));
  await untilLine(member, "!LIVE");
  return member;
}

let tried = 0;

/** Comes to a slot that nobody holds, and is sent away. */
async function tryOne(): Promise<void> {
  const word = others[tried % others.length];
  using stranger = await RawClient.connect(Number(port));
  await stranger.send(`!MEET ${word} ${"A".repeat(43)}\n`);
  await stranger.waitForEnd();
  tried++;
}

for (let first = 0; first < words.length; first += MAX_SLOTS_OF_MEMBER) {
  const member = await connectMember();
  if (perSecond !== "0") {
    for (const word of words.slice(first, first + MAX_SLOTS_OF_MEMBER)) {
      await member.send(`!SLOT ${word}\n`);
      await untilLine(member, `!SLOT ${word} 600`);
    }
  }
  member.onChunk = () => {};
}
console.log("ready");
if (perSecond !== "0") {
  setInterval(() => tryOne().catch(() => {}), 1000 / Number(perSecond));
  setInterval(() => console.log(`${tried} tried`), 100);
}
