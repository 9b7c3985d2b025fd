import assert from "node:assert/strict";
import { SelfCommands, type SelfCommandsParts } from "../../lib/chat/self_commands.ts";
import { MAX_AWAY_CHARS } from "../../lib/client/limits.ts";
import { fakeListener, fakeRoom, SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

function create(log: string[], more: Partial<SelfCommandsParts> = {}): SelfCommands {
  return new SelfCommands({
    user: fakeListener(log),
    room: fakeRoom(log),
    members: { claim: () => undefined },
    say: SAY,
    reject: (reason) => void log.push(`reject ${reason}`),
    ...more,
  });
}

pureTest("/nick takes no name that is none, and no name twice", async () => {
  const log: string[] = [];
  const { handlers } = create(log);
  await handlers.nick("<bob>");
  await handlers.nick(fakeRoom([]).self.nickname);
  assert.deepEqual(log, [
    "reject Cannot use nickname: it has a space, <, > or an invisible character",
    `notify ${fakeRoom([]).self.nickname} is your name already`,
  ]);
});

pureTest("/nick --keep keeps the name of now, where one can be kept", async () => {
  const log: string[] = [];
  await create(log).handlers.nick("--keep");
  const keepNickname = (name: string) => Promise.resolve(`kept ${name}`);
  await create(log, { keepNickname }).handlers.nick("--keep");
  assert.deepEqual(log, [
    "reject a name can only be kept at a terminal",
    `notify kept ${fakeRoom([]).self.nickname}`,
  ]);
});

pureTest("/away takes a reason of MAX_AWAY_CHARS characters, and no longer one", async () => {
  const log: string[] = [];
  const { handlers } = create(log);
  await handlers.away("x".repeat(MAX_AWAY_CHARS + 1));
  const count = MAX_AWAY_CHARS + 1;
  assert.deepEqual(log, [
    `reject ${count} characters of reason (${MAX_AWAY_CHARS} is the most)`,
  ]);
  await handlers.away("x".repeat(MAX_AWAY_CHARS));
  assert.match(log.at(-1)!, /^notify you are away/);
});
