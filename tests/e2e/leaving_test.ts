import assert from "node:assert/strict";
import { assertRestored, openAlice, SIGNALS } from "../support/leaving.ts";
import { testNeeding } from "../support/needs.ts";
import { startServer } from "../support/programs.ts";
import type { Pty } from "../support/pty.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;
const { HUP, INT, QUIT, TERM } = SIGNALS;

interface Way {
  readonly name: string;
  readonly code: number;
  readonly leave: (pty: Pty) => Promise<void>;
}

const pressTwice = async (pty: Pty) => {
  const from = pty.output.length;
  await pty.type("\x03");
  await pty.waitFor(/Ctrl-C again leaves/, from);
  await pty.type("\x03");
};

const WAYS: readonly Way[] = [
  { name: "/quit", code: 0, leave: (pty) => pty.type("/quit\r") },
  { name: "Ctrl-D on an empty line", code: 0, leave: (pty) => pty.type("\x04") },
  { name: "Ctrl-C twice", code: 130, leave: pressTwice },
  {
    name: "Ctrl-C twice with a draft",
    code: 130,
    leave: async (pty) => {
      await pty.type("never sent");
      await pty.waitFor(/never sent/);
      await pressTwice(pty);
    },
  },
  {
    name: "SIGINT twice",
    code: 130,
    leave: async (pty) => {
      await pty.signal(INT);
      await pty.waitFor(/Ctrl-C again leaves/);
      await pty.signal(INT);
    },
  },
  ...Object.entries({ TERM: [TERM, 143], HUP: [HUP, 129], QUIT: [QUIT, 131] } as const)
    .flatMap(([signal, [number, code]]): Way[] => [
      { name: `SIG${signal}`, code, leave: (pty) => pty.signal(number) },
      { name: `SIG${signal} twice in a row`, code, leave: (pty) => pty.signal(number, number) },
    ]),
];

testNeeding(NEEDS, "client leaves its terminal as it was", async (t) => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    for (const { name, code, leave } of WAYS) {
      await t.step(name, async () => {
        await using pty = await openAlice({ cwd, port: server.port });
        await leave(pty);
        const left = await pty.finished();
        assert.equal(left.code, code, left.output);
        const rows = await assertRestored(left);
        // The prompt and the draft are gone.
        assert.deepEqual(rows.filter((row) => !/^(\d\d:\d\d --|——| {8}) /.test(row)), []);
      });
    }
  });
});
