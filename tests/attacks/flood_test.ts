import { attackTest, HostileMember } from "../support/attack.ts";

/** As many as a member may send in the time of the attack. */
const MESSAGES = 7000;
const SECONDS = 6;

for (
  const [what, text, count] of [
    ["short messages", "hello", MESSAGES],
    ["messages of the longest kind", "漢".repeat(13_000), 500],
  ] as const
) {
  attackTest(`a member floods the room with ${what}`, {}, async ({ port }) => {
    const mallory = await HostileMember.enter(port);
    const lines = await mallory.sealAll(Array.from({ length: count }, () => ({ text })));
    return async () => {
      const sending = mallory.send(lines);
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
      mallory[Symbol.dispose]();
      await sending.catch(() => {});
    };
  });
}
