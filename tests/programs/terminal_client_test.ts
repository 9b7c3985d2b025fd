import assert from "node:assert/strict";
import { askNickname } from "../../lib/programs/terminal_client.ts";
import { SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";
import { KEYS, VirtualClient } from "../support/virtual_client.ts";

/** What is answered to the question, and what is then on the screen. */
async function ask(proposal: string, ...keys: string[]) {
  await using virtual = await VirtualClient.open({ columns: 120, rows: 10 });
  const asked = askNickname(virtual.client, proposal, SAY);
  await virtual.settle();
  await virtual.type(...keys);
  return { nickname: await asked, screen: virtual.terminal.screen() };
}

pureTest("askNickname() takes the proposal, or what is typed in its place", async () => {
  assert.equal((await ask("ro", KEYS.enter)).nickname, "ro");
  assert.equal((await ask("ro", "bin ", KEYS.enter)).nickname, "bin");
  assert.equal((await ask("ro", KEYS.ctrl("U"), "Zoe\u0308", KEYS.enter)).nickname, "Zo\u00eb");
});

pureTest(
  "askNickname() says what is wrong, and leaves the name there to be corrected",
  async () => {
    const { nickname, screen } = await ask("zoe", "ro bin", KEYS.enter, KEYS.ctrl("W"), KEYS.enter);
    assert.equal(nickname, "ro");
    const reason = "Cannot use nickname: it has a space, <, > or an invisible character";
    assert.ok(screen.some((row) => row.includes(reason)), screen.join("\n"));
  },
);

pureTest("askNickname() has no name if the user leaves instead", async () => {
  assert.equal((await ask("", KEYS.ctrl("D"))).nickname, undefined);
});
