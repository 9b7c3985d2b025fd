import { attackTest } from "../support/attack.ts";
import { HostileMember } from "../support/attack.ts";

/** Notices in all; a member's burst is 20,000 lines. */
const NOTICES = 12_000;

attackTest("a member changes its name thousands of times", {}, async ({ port }) => {
  const mallory = await HostileMember.enter(port);
  const lines = await mallory.sealAll(
    Array.from(
      { length: NOTICES },
      (_, i) => ({ kind: "nick" as const, text: undefined, nickname: `m${i}` }),
    ),
  );
  return async () => {
    await mallory.send(lines);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    mallory[Symbol.dispose]();
  };
});
