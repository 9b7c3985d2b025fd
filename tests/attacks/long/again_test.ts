import assert from "node:assert/strict";
import { decrypt, importKey } from "../../../lib/fernet.ts";
import { parseEnvelope } from "../../../lib/protocol/envelope.ts";
import { formatResendRequest } from "../../../lib/protocol/resend_request.ts";
import { RESEND_RATE, RESEND_RATE_OF_ONE_ASKER } from "../../../lib/client/limits.ts";
import { attackTest, HostileMember, makeEpoch } from "../../support/attack.ts";
import { startReader } from "../../support/costs.ts";
import { SECRET } from "../../support/forged_tokens.ts";
import { connectMember, tokens } from "../../support/member_client.ts";
import { spawn } from "../../support/programs.ts";

const MIB = 1024 * 1024;
const SECONDS = 20;
/** Together they are what a client keeps, and more. */
const VICTIM_TEXTS = 220;
const VICTIM_TEXT = "x".repeat(39_000);
/** In which a terminal draws all of them, in ms. */
const DRAWING_MS = 8000;
/** A token is a third longer than its text. */
const TOKEN_SHARE = 1.4;

attackTest("a member asks each second for all that another has written", {}, async (target) => {
  const { port, directory } = target;
  using observer = await connectMember(port);
  const args = ["127.0.0.1", `${port}`, "--nick", "victim", "--json", "--stay"];
  const victim = await spawn("client", args, { cwd: directory });
  await victim.waitFor("stdout", /"type":"live"/);
  const input = Array.from({ length: VICTIM_TEXTS }, (_, ref) => {
    return JSON.stringify({ type: "message", text: VICTIM_TEXT, ref }) + "\n";
  });
  await victim.write(input.join(""));
  await victim.waitFor("stdout", RegExp(`"ref":${VICTIM_TEXTS - 1}\\D`));
  const { id, epoch } = await authorOf(tokens(observer).at(-1)!);
  const mallory = await HostileMember.enter(port);
  // A terminal takes a while to draw so much. That is no part of the attack.
  await new Promise((resolve) => setTimeout(resolve, DRAWING_MS));
  return async () => {
    await using _victim = victim;
    const text = formatResendRequest({ id, epoch, range: [0, 100_000] });
    const before = bytesOf(mallory);
    let sent = 0;
    for (let second = 0; second < SECONDS; second++) {
      const line = await mallory.seal({ kind: "again", text });
      sent += line.length;
      await mallory.send([line]);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const came = bytesOf(mallory) - before;
    mallory[Symbol.dispose]();
    console.log(
      `again: ${SECONDS} lines, ${sent} bytes; ${(came / MIB).toFixed(1)} MiB came to each client`,
    );
    const most = RESEND_RATE.burst + RESEND_RATE_OF_ONE_ASKER.perSecond * SECONDS;
    assert.ok(came <= TOKEN_SHARE * most + MIB, `${came} bytes`);
  };
});

attackTest(
  "a member makes gaps in thousands of runs, and six others miss them",
  {},
  async (target) => {
    const { port, directory } = target;
    await using stack = new AsyncDisposableStack();
    for (let i = 0; i < 4; i++) {
      stack.use((await startReader(port, directory, `${directory}/reader-${i}`)).client);
    }
    const mallory = await HostileMember.enter(port);
    const observer = await connectMember(port);
    const lines = await mallory.sealAll(
      Array.from({ length: 2000 }, (_, i) => ({ epoch: makeEpoch(Date.now() + i), sequence: 0 }))
        .flatMap((first) => [first, { ...first, sequence: 5 }]),
    );
    const readers = stack.move();
    return async () => {
      await using _readers = readers;
      const before = tokens(observer).length;
      const sending = mallory.send(lines);
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      await sending;
      const kinds = await Promise.all(tokens(observer).slice(before).map(kindOf));
      observer[Symbol.dispose]();
      mallory[Symbol.dispose]();
      const asked = kinds.filter((kind) => kind === "again").length;
      console.log(`gaps: six clients asked ${asked} times in 10 s`);
      assert.ok(asked <= 6 * 30, `${asked}`);
    };
  },
);

const KEY = importKey(SECRET);

async function headerOf(token: string) {
  const envelope = parseEnvelope((await decrypt(await KEY, token)).plaintext);
  return envelope.kind === "signed" ? envelope.header : undefined;
}

async function kindOf(token: string): Promise<string | undefined> {
  return (await headerOf(token))?.kind;
}

async function authorOf(token: string): Promise<{ id: string; epoch: string }> {
  return (await headerOf(token))!;
}

function bytesOf({ client }: HostileMember): number {
  return client.text().length;
}
