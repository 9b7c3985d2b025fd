import assert from "node:assert/strict";
import { attackTest, HostileMember, makeEpoch } from "../../support/attack.ts";
import { costOfMessages, medianOf, startReader } from "../../support/costs.ts";

const RUNS = 400;
const GAPS = 64;
const SECONDS = 20;
const MESSAGES = 320;
const ROUNDS = 5;

attackTest(`a member makes ${GAPS} gaps in each of ${RUNS} runs`, {}, async (target) => {
  const { port, directory } = target;
  const mallory = await HostileMember.enter(port);
  const epochs = Array.from({ length: RUNS }, (_, i) => makeEpoch(Date.now() + i));
  const lines = await mallory.sealAll(epochs.flatMap((epoch) => {
    return Array.from({ length: GAPS + 1 }, (_, i) => ({ epoch, sequence: 2 * i }));
  }));
  const reader = (state: string) => startReader(port, directory, `${directory}/${state}`);
  const { client: witness } = await reader("witness");
  return async () => {
    const sending = mallory.send(lines);
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    mallory[Symbol.dispose]();
    await sending.catch(() => {});
    // What each message costs afterwards, and after a restart, beside a client that saw nothing.
    using sender = await HostileMember.enter(port, "sender");
    for (const when of ["later", "after a restart"]) {
      if (when !== "later") await witness[Symbol.asyncDispose]();
      await using fresh = (await reader(`fresh-${when}`)).client;
      await using again = when === "later" ? witness : (await reader("witness")).client;
      const costs: number[][] = [];
      for (let round = 0; round < ROUNDS; round++) {
        costs.push(await costOfMessages(sender, [fresh, again], MESSAGES));
      }
      const [usual, cost] = [0, 1].map((i) => medianOf(costs.map((each) => each[i]!)));
      console.log(`${when}: ${cost!.toFixed(2)} ms a message; a fresh client ${usual!.toFixed(2)}`);
      assert.ok(cost! <= 1.5 * usual!, `${cost} ms, and ${usual}`);
    }
  };
});
