import { attackTest, HostileMember } from "../support/attack.ts";
import { connectMember } from "../support/member_client.ts";

const CONNECTIONS = 20;
/** More than all members together may send in that time. */
const MESSAGES_OF_ALL = 7000;
/** As many as a member may send in the time of the attack. */
const MESSAGES = 5500;
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

attackTest("a member floods the room over many connections", {}, async ({ port }) => {
  const mallory = await HostileMember.enter(port);
  const lines = await mallory.sealAll(
    Array.from({ length: MESSAGES_OF_ALL }, () => ({ text: "hello" })),
  );
  const connections = [mallory.client];
  while (connections.length < CONNECTIONS) connections.push(await connectMember(port));
  const share = Math.ceil(lines.length / CONNECTIONS);
  return async () => {
    const sending = connections.map(async (each, i) => {
      await each.send(lines.slice(i * share, (i + 1) * share).join(""));
    });
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    for (const each of connections) each[Symbol.dispose]();
    await Promise.allSettled(sending);
  };
});
