import assert from "node:assert/strict";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { assertRestored, type ClientStart, openClient, SIGNALS } from "../support/leaving.ts";
import { testNeeding } from "../support/needs.ts";
import { startServer } from "../support/programs.ts";
import type { Pty } from "../support/pty.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;

interface Place {
  readonly cwd: string;
  readonly port: number;
}

interface Moment {
  readonly name: string;
  /** How the client is started, where that is not as alice. */
  readonly start?: Partial<ClientStart>;
  /** Brings the client into it. */
  readonly reach: (pty: Pty, place: Place) => Promise<unknown>;
}

function typing(text: string, shown: RegExp): Moment["reach"] {
  return async (pty) => {
    await pty.waitFor(/alice> /);
    const from = pty.output.length;
    await pty.type(text);
    await pty.waitFor(shown, from);
  };
}

/** Others write all the time. */
async function flood(pty: Pty, { cwd, port }: Place): Promise<void> {
  await pty.waitFor(/alice> /);
  await pty.type("a draft");
  const key = await importKey(await Deno.readTextFile(`${cwd}/secret.key`));
  const tokens = Array.from({ length: 2000 }, (_, i) => {
    return encrypt(key, new TextEncoder().encode(`<busy> number ${i}`));
  });
  using busy = await RawClient.connect(port);
  await busy.send((await Promise.all(tokens)).map((token) => token + "\n").join(""));
  await pty.waitFor(/<busy> number/);
}

const paste = `\x1b[200~${"row\n".repeat(20)}\x1b[201~`;
const MOMENTS: readonly Moment[] = [
  { name: "a draft of several rows", reach: typing("word ".repeat(30) + "end", /end/) },
  { name: "a paste without its end", reach: typing("x\x1b[200~one\ntwo\n", /x/) },
  { name: "a question about a paste", reach: typing(paste, /20/) },
  { name: "a search", reach: typing("\x12needle", /needle/) },
  { name: "completions", reach: typing("/\t", /\/names/) },
  {
    name: "the question for a nickname",
    start: { nick: undefined },
    reach: (pty) => pty.waitFor(/your name> /),
  },
  { name: "a flood", reach: flood },
];

const WAYS: readonly [name: string, codes: number[], leave: (pty: Pty) => Promise<void>][] = [
  ["SIGTERM", [143], (pty) => pty.signal(SIGNALS.TERM)],
  ["SIGHUP and SIGTERM", [129, 143], (pty) => pty.signal(SIGNALS.HUP, SIGNALS.TERM)],
  ["an exception", [1], (pty) => pty.signal(SIGNALS.USR1)],
];

for (const { name, start, reach } of MOMENTS) {
  testNeeding(NEEDS, `client leaves its terminal as it was: ${name}`, async (t) => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      for (const [way, codes, leave] of WAYS) {
        await t.step(way, async () => {
          const { port } = server;
          await using pty = await openClient({
            ...{ cwd, port, nick: "alice", doesCrash: true, args: ["--backlog", "0"] },
            ...start,
          });
          await reach(pty, { cwd, port });
          await leave(pty);
          const left = await pty.finished();
          assert.ok(codes.includes(left.code), left.output);
          const rows = await assertRestored(left);
          assert.doesNotMatch(rows.join("\n"), /alice> |your name> |search "/);
          if (left.code === 1) assert.equal(rows.at(-1), "error: planned");
        });
      }
    });
  });
}
