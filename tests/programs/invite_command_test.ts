import assert from "node:assert/strict";
import type { CommandParts } from "../../lib/programs/command_parts.ts";
import { JoinerTalk } from "../../lib/client/pairing/joiner_talk.ts";
import { formatCode, parseCode } from "../../lib/protocol/invitation_code.ts";
import { runCommand } from "../support/commands.ts";
import { FakeRelay, type RelayEnd } from "../support/fake_relay.ts";
import { BOB, SECRET } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { within } from "../support/within.ts";

/** What the command has said so far. */
interface Said {
  readonly printed: string[];
  readonly reported: string[];
  readonly farewells: (() => Promise<unknown>)[];
}

/** Invites at a relay that does `fn` with the connection. Returns what was said. */
async function inviteAt(
  fn: (end: RelayEnd, said: Said) => Promise<void>,
  parts: Partial<CommandParts> = {},
): Promise<Said> {
  using relay = new FakeRelay();
  const said: Said = { printed: [], reported: [], farewells: [] };
  const inviting = runCommand(
    ["invite", "127.0.0.1", `${relay.port}`, "--ephemeral", "--nick", "alice"],
    {
      loadKey: () => Promise.resolve(SECRET),
      print: (line) => Promise.resolve(void said.printed.push(line)),
      report: (line) => void said.reported.push(line),
      before: (farewell) => void said.farewells.push(farewell),
      ...parts,
    },
  );
  const serving = relay.accept().then(async (end) => {
    end.answersPings = false;
    await end.shakeHands({ mode: "members" });
    await fn(end, said);
  });
  const [invited] = await Promise.allSettled([within(12, () => "no end", inviting), serving]);
  await serving;
  if (invited.status === "rejected") throw Object.assign(invited.reason, { said });
  assert.equal(invited.value, "");
  return said;
}

/** Gives a slot, and waits until the code was told. */
async function giveSlot(end: RelayEnd, { printed, reported }: Said, seconds = 600) {
  const { slot } = await end.hear("SLOT");
  await end.say({ verb: "SLOT", slot, answer: seconds });
  await until(() => Promise.resolve(reported.length === 5), "the code");
  assert.equal(printed.length, 1);
  return await parseCode(printed[0]!);
}

/** Comes to the slot with a code, and answers once. */
async function visit(end: RelayEnd, slot: string, code: string) {
  const { id, signing: { privateKey } } = BOB;
  const introduce = () => ({ id, nickname: "bob", privateKey });
  const joiner = await JoinerTalk.begin(await parseCode(code), introduce);
  await end.say({ verb: "MEET", slot, message: joiner.opening });
  const passes = () => end.said.flatMap((each) => each.verb === "PASS" ? [each.message] : []);
  const answer = async (count: number) => {
    await until(() => Promise.resolve(passes().length === count), "an answer");
    const { reply } = await joiner.take(passes()[count - 1]!);
    await end.say({ verb: "PASS", slot, message: reply });
  };
  return { answer };
}

const NEEDS = ["net", "read"] as const;

testNeeding(NEEDS, "invite prints the code alone, and tells who came", async () => {
  const { printed, reported } = await inviteAt(async (end, said) => {
    const code = await giveSlot(end, said);
    const { answer } = await visit(end, code.slot, formatCode(code));
    await answer(1);
    await answer(2);
    await end.waitForEnd();
    end.kill();
  });
  const [code] = printed;
  const port = /127\.0\.0\.1 (\d+)/.exec(reported[2]!)![1];
  assert.match(code!, /^[a-z]+(?:-[a-z]+){3}$/);
  assert.deepEqual(reported.slice(0, 5), [
    "this code is for one person, for 10 minutes",
    `or all in one line: chat-client join "chatroom://127.0.0.1:${port}/#${code}"`,
    `they enter the four words in: chat-client join 127.0.0.1 ${port}`,
    "only this machine can connect there: others need its address",
    "waiting for them; Ctrl-C withdraws the code",
  ]);
  assert.match(reported[5]!, /^bob has the key now, and is verified: (?:\d{5} ?){6}$/);
  assert.deepEqual(reported.slice(6), [
    `to enter it by a name, too: chat-client rooms add NAME 127.0.0.1 ${port}`,
  ]);
});

testNeeding(NEEDS, "invite says why there is no code", async () => {
  for (const answer of ["full", "off"] as const) {
    const inviting = inviteAt(async (end) => {
      const { slot } = await end.hear("SLOT");
      await end.say({ verb: "SLOT", slot, answer });
    });
    await assert.rejects(inviting, { name: "InviteError", failure: answer });
  }
  const old = inviteAt(async (end) => {
    const { n } = await end.hear("PING");
    await end.say({ verb: "PONG", n });
  });
  await assert.rejects(old, { name: "InviteError", failure: "old relay" });
});

testNeeding(NEEDS, "invite says why nobody came", async () => {
  const expired = inviteAt(async (end, said) => {
    await giveSlot(end, said, 1);
  });
  await assert.rejects(expired, { name: "InviteError", failure: "expired" });
  const wrong = inviteAt(async (end, said) => {
    const { slot } = await giveSlot(end, said);
    const { answer } = await visit(end, slot, `${slot}-cable-dwarf-ship`);
    await answer(1);
  });
  await assert.rejects(wrong, { name: "InviteError", failure: "wrong code" });
  const lost = inviteAt(async (end, said) => {
    await giveSlot(end, said);
    end.kill();
  });
  await assert.rejects(lost, { name: "InviteError", failure: "lost" });
});

testNeeding(NEEDS, "invite withdraws the code before the process ends", async () => {
  const withdrawn = inviteAt(async (end, said) => {
    const { slot } = await giveSlot(end, said);
    assert.equal(said.farewells.length, 1);
    await said.farewells[0]!();
    assert.deepEqual(await end.hear("PARTED"), { verb: "PARTED", slot });
  });
  await assert.rejects(withdrawn, { name: "InviteError", failure: "withdrawn" });
});

testNeeding([], "invite refuses what is none of its options", async () => {
  await assert.rejects(runCommand(["invite", "a", "80", "--send", "hi"]), { name: "UsageError" });
  await assert.rejects(runCommand(["invite", "a"]), { name: "UsageError" });
  assert.match(await runCommand(["invite", "--help"]), /^Makes a code that lets one person in/);
});
