import assert from "node:assert/strict";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { createIdentity } from "../../lib/storage/identity.ts";
import { Member } from "../support/member.ts";
import { Proxy } from "../support/proxy.ts";
import { RawClient } from "../support/raw_client.ts";
import { type Room, roomTest } from "../support/room.ts";

const REPEATS = 100;
const CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A room, and somebody in the middle who records what is written there. */
interface Scene extends Room {
  readonly proxy: Proxy;
}

function replayTest(name: string, fn: (scene: Scene) => Promise<void>): void {
  roomTest(name, async (room) => {
    using proxy = new Proxy(room.port);
    await fn({ ...room, proxy });
  });
}

/** Other spellings of a token, of which some decoders make the same bytes. */
function respell(token: string): string[] {
  const padding = token.length - token.replace(/=+$/, "").length;
  const last = token.at(-1 - padding)!;
  const other = CHARS[(CHARS.indexOf(last) ^ 1) % 64]!;
  const head = token.slice(0, token.length - 1 - padding);
  return [head + other + "=".repeat(padding), `${token}\r`, ` ${token}`, token.replace(/=+$/, "")];
}

/** Sends recorded tokens again and again, and then a plain text that says that all is sent. */
async function replay(
  scene: Scene,
  tokens: readonly string[],
  end: string,
  clockAhead = 0,
): Promise<void> {
  using attacker = await RawClient.connect(scene.port);
  const key = await importKey(scene.keyText);
  const now = Math.floor(Date.now() / 1000) + clockAhead;
  const marker = await encrypt(key, new TextEncoder().encode(end), { now });
  const lines = tokens.flatMap((token) => [...respell(token).slice(0, 2), token]);
  for (let i = 0; i < REPEATS; i++) await attacker.send(`${lines.join("\n")}\n`);
  await attacker.send(`${marker}\n`);
  await attacker.closeWrite();
  await attacker.ended;
}

/** How often a text was shown as new, and as old. */
function countShown(member: Member, text: string): { live: number; old: number } {
  const ages = member.events.flatMap((event) =>
    event.kind === "message" && event.text.endsWith(text) ? [event.age] : []
  );
  const live = ages.filter((age) => age === "live").length;
  return { live, old: ages.length - live };
}

for (const isPlain of [false, true]) {
  const kind = isPlain ? "plain" : "signed";
  for (const clockAhead of [0, 240, -240]) {
    const clock = clockAhead === 0 ? "" : `, its writer's clock off by ${clockAhead} s`;
    replayTest(`a ${kind} token that is sent again is shown once${clock}`, async (scene) => {
      const { keyText, port, proxy, directory } = scene;
      const state = `${directory}/state`;
      const identity = await createIdentity();
      const bob = { port, keyText, nickname: "bob", directory: state, identity };
      {
        await using alice = await Member.enter({
          ...{ port: proxy.port, keyText, nickname: "alice", isPlain, clockAhead },
        });
        await using reader = await Member.enter(bob);
        await alice.say("only once");
        await reader.waitFor((event) =>
          event.kind === "message" && event.text.endsWith("only once")
        );
        await replay(scene, proxy.tokens, "end of the first round");
        await reader.waitForText("end of the first round");
        assert.deepEqual(countShown(reader, "only once"), { live: 1, old: 0 });
      }
      {
        // The same client again: nothing of it is new, not even to a client without the MACs.
        await using reader = await Member.enter(bob);
        await replay(scene, proxy.tokens, "end of the second round", 1);
        await reader.waitForText("end of the second round");
        assert.equal(countShown(reader, "only once").live, 0);
      }
      {
        // Another one, 301 s after the time in the token.
        const late = { ...bob, directory: undefined, clockAhead: clockAhead + 301 };
        await using reader = await Member.enter(late);
        await replay(scene, proxy.tokens, "end of the third round");
        await reader.waitForText("end of the third round");
        assert.deepEqual(countShown(reader, "only once"), { live: 0, old: 1 });
      }
    });
  }
}
