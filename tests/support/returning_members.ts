/**
 * Many members in a process of their own, who come back as the client does when the relay is gone.
 *
 * Arguments: port, and how many. Writes `ready` when all have joined, and `back` when all have again.
 *
 * @module
 */

import { backOff } from "../../lib/async/backoff.ts";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { signAdmission } from "../../lib/protocol/admission.ts";
import { formatControl, parseRelayControl } from "../../lib/protocol/control.ts";
import { sealEnvelope } from "../../lib/protocol/envelope.ts";
import type { HeaderFields } from "../../lib/protocol/header.ts";
import { createIdentity } from "../../lib/storage/identity.ts";
import { SECRET } from "./forged_tokens.ts";
import { ROOM } from "./member_client.ts";

const [port, count] = Deno.args.map(Number) as [number, number];
const KEY = await importKey(SECRET);
const FLEETING = "!FLEETING\n";
const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** The longest that members wait before they answer newcomers, in ms: as the client does. */
const ANSWER_MS = Math.min(20 * count, 30_000);

let joined = 0;

/** One member, from its first connection on. */
async function live(i: number): Promise<void> {
  const { id, signing: { privateKey }, agreement } = await createIdentity();
  const agreementKey = formatBase64Url(agreement.publicKey);
  const epoch = formatBase64Url(crypto.getRandomValues(new Uint8Array(8)));
  let sequence = 0;
  const seal = async (kind: HeaderFields["kind"]) => {
    const time = Math.floor(Date.now() / 1000);
    const own = { id, nickname: `member${i}`, epoch, sequence: sequence++, time, agreementKey };
    const fields = { kind, ...own, silenceSeconds: 600 };
    const plaintext = await sealEnvelope(fields, { privateKey, roomId: ROOM.roomId });
    return `${FLEETING}${await encrypt(KEY, plaintext)}\n`;
  };
  for await (const _ of backOff(Math.random, new AbortController().signal)) {
    try {
      using conn = await Deno.connect({ hostname: "127.0.0.1", port });
      const send = (text: string | Uint8Array) =>
        conn.write(typeof text === "string" ? encoder.encode(text) : text);
      const nonce = crypto.getRandomValues(new Uint8Array(16));
      await send(formatControl({ verb: "HELLO", nonce, backlog: 200 }));
      let text = "";
      const read = async (pattern: RegExp) => {
        const buffer = new Uint8Array(65_536);
        for (;;) {
          const match = pattern.exec(text);
          if (match) return match[0];
          const bytes = await conn.read(buffer);
          if (bytes === null) throw new Error("closed");
          text += decoder.decode(buffer.subarray(0, bytes));
        }
      };
      const challenge = parseRelayControl(encoder.encode(await read(/^!CHAL .*(?=\n)/m)));
      if (challenge?.verb !== "CHAL") throw new Error("no challenge");
      const nonces = { server: challenge.nonce, client: nonce };
      const { privateKey: admission } = ROOM.admission;
      const signature = await signAdmission(admission, ROOM.roomId, nonces);
      await send(formatControl({ verb: "AUTH", signature }));
      await read(/^!LIVE$/m);
      await send(await seal("join"));
      if (++joined === count) console.log("ready");
      if (joined === 2 * count) console.log("back");
      const timer = setTimeout(async () => {
        await send(await seal("here")).catch(() => {});
      }, Math.random() * ANSWER_MS);
      const sink = new Uint8Array(262_144);
      while (await conn.read(sink) !== null);
      clearTimeout(timer);
    } catch {
      // The relay is gone: the member tries again.
    }
  }
}

await Promise.all(Array.from({ length: count }, (_, i) => live(i)));
