import assert from "node:assert/strict";
import { LOOK_BACK_TOKENS, MISSED_BACKLOG } from "../../lib/client/limits.ts";
import { parseClientOptions } from "../../lib/cli/client_options.ts";
import { type ClientRoom, enterAsClient } from "../../lib/programs/enter_client.ts";
import { SAY } from "../support/fake_chat.ts";
import { FakeRelay } from "../support/fake_relay.ts";
import { SECRET } from "../support/fixed_members.ts";
import { namesIn } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

interface Use {
  readonly args?: readonly string[];
  readonly isTerminal?: boolean;
  readonly state?: string;
}

/** Enters a room and leaves it; gives the past that was asked for, and what `fn` gives. */
async function enter<T>(
  { args = [], isTerminal = false, state }: Use,
  fn: (room: ClientRoom) => T,
): Promise<{ backlog: number; result: T }> {
  using relay = new FakeRelay();
  const words = ["127.0.0.1", `${relay.port}`, "--nick", "alice", ...args];
  const options = parseClientOptions(words, () => undefined);
  assert.ok(typeof options !== "string");
  const farewells: (() => Promise<unknown>)[] = [];
  const [entered, end] = await Promise.all([
    enterAsClient({
      ...{ options, nickname: options.nickname, keyText: SECRET, state, isTerminal },
      ...{ isScript: !isTerminal, say: SAY, downloads: undefined, isOffering: false },
      warn: noWarning,
      before: (farewell) => void farewells.unshift(farewell),
    }),
    relay.admit(),
  ]);
  const result = fn(entered);
  const { backlog } = await end.hear("HELLO");
  const leaving = Promise.all(farewells.map((farewell) => farewell()));
  await end.waitForEnd();
  end.kill();
  await leaving;
  return { backlog, result };
}

testNeeding(["net"], "enterAsClient() asks for the past, and for what it may miss", async () => {
  const uses: [Use, number][] = [
    [{ isTerminal: true }, 200],
    [{ args: ["--stay"] }, 200],
    // To know it again when the connection was lost.
    [{}, MISSED_BACKLOG],
    [{ args: ["--plain"] }, MISSED_BACKLOG],
    [{ args: ["--stay", "--json"] }, MISSED_BACKLOG],
    [{ isTerminal: true, args: ["--backlog", "0"] }, MISSED_BACKLOG],
    [{ args: ["--json", "--backlog", "7"] }, MISSED_BACKLOG],
    [{ args: ["--json", "--backlog", "201"] }, 201],
    // To see whether the room has moved on.
    [{ args: ["--send", "hi"] }, LOOK_BACK_TOKENS],
    [{ args: ["--send", "hi", "--plain"] }, 0],
  ];
  for (const [use, expected] of uses) {
    const { backlog } = await enter(use, () => {});
    assert.equal(backlog, expected, JSON.stringify(use));
  }
});

testNeeding(["net", "read", "write"], "enterAsClient() is the same member again", async () => {
  await withDirectory(async (state) => {
    const idOf = ({ room }: ClientRoom) => room.self.id;
    const first = await enter({ state }, idOf);
    const second = await enter({ state }, idOf);
    assert.equal(first.result, second.result);
    assert.deepEqual(await namesIn(state), ["identity", "rooms"]);
    const other = await enter({ state, args: ["--identity", `${state}/other`] }, idOf);
    assert.notEqual(other.result, first.result);
    assert.deepEqual(await namesIn(state), ["identity", "other", "rooms"]);
  });
});

testNeeding(["net"], "enterAsClient() with --ephemeral is somebody else each time", async () => {
  const use = { args: ["--ephemeral"] };
  const [first, second] = [
    await enter(use, ({ room }) => room.self),
    await enter(use, ({ room }) => room.self),
  ];
  assert.notEqual(first.result.id, second.result.id);
  assert.equal(first.result.nickname, "alice");
});
