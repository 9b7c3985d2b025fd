import { attackTest, HostileMember, makeEpoch } from "../support/attack.ts";
import { createIdentity } from "../../lib/storage/identity.ts";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import type { HeaderFields } from "../../lib/protocol/header.ts";

/** As many as a member may send in the time of the attack. */
const NOTICES = 5500;
const SECONDS = 6;

/** What a member does again and again; `i` counts. */
const SHAPES: Readonly<Record<string, (i: number, key: string) => Partial<HeaderFields>>> = {
  "changes its name": (i) => ({ kind: "nick", text: undefined, nickname: `m${i}` }),
  "comes and goes": (i, agreementKey) =>
    i % 2
      ? { kind: "leave", text: undefined }
      : { kind: "join", text: undefined, agreementKey, silenceSeconds: 600 },
  "comes with ever new runs": (i, agreementKey) => ({
    kind: "join",
    text: undefined,
    agreementKey,
    epoch: makeEpoch(Date.now() + i),
    sequence: 0,
  }),
  "makes gaps": (i) => ({ sequence: 2 * i }),
  "changes its name between messages": (i) =>
    i % 2 ? {} : { kind: "nick", text: undefined, nickname: `m${i}` },
};

for (const [what, make] of Object.entries(SHAPES)) {
  attackTest(`a member ${what}, thousands of times`, {}, async ({ port }) => {
    const mallory = await HostileMember.enter(port);
    const { agreement } = await createIdentity();
    const key = formatBase64Url(agreement.publicKey);
    const lines = await mallory.sealAll(Array.from({ length: NOTICES }, (_, i) => make(i, key)));
    return async () => {
      const sending = mallory.send(lines);
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
      mallory[Symbol.dispose]();
      await sending.catch(() => {});
    };
  });
}
