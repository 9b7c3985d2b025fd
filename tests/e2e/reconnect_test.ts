import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { type Program, spawn, startServer } from "../support/programs.ts";
import { seeded } from "../support/seeded.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const SEEDS = [1, 2];
const CLIENTS = 5;
const MESSAGES = 400;
const RESTART_MS = 1000;

/** Lets a client write its numbered messages, a few at a time. */
async function writeAll(client: Program, number: number, perSecond: number): Promise<void> {
  for (let first = 0; first < MESSAGES; first += 5) {
    const lines = Array.from({ length: 5 }, (_, i) => `message ${number} ${first + i}\n`);
    await client.write(lines.join(""));
    await sleep(5000 / perSecond);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The numbers of one sender's messages that a client has shown, in order. */
function numbersFrom(client: Program, sender: number): number[] {
  const pattern = new RegExp(`^<c${sender}> message ${sender} (\\d+)$`, "gm");
  return [...client.stdout.matchAll(pattern)].map(([, number]) => Number(number));
}

for (const seed of SEEDS) {
  testNeeding(
    NEEDS,
    `clients lose and repeat nothing when the server is killed, seed ${seed}`,
    async () => {
      await withDirectory(async (cwd) => {
        const random = seeded(seed);
        const perSecond = 200 + 800 * random();
        const server = await startServer({ cwd });
        await using _server = server;
        const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => {
          const args = ["127.0.0.1", `${server.port}`, "--stay", "--nick", `c${i}`];
          return spawn("client", args, { cwd, env: { XDG_STATE_HOME: `${cwd}/c${i}` } });
        }));
        await using stack = new AsyncDisposableStack();
        for (const client of clients) stack.use(client);
        // Of each two, one has seen the other come: then all are live.
        const hasSeen = (one: number, other: number) =>
          clients[one]!.stderr.includes(`\nc${other} joined\n`);
        const isLive = () =>
          clients.every((_, i) =>
            clients.every((_, j) => i === j || hasSeen(i, j) || hasSeen(j, i))
          );
        const live = until(isLive, () => clients.map(({ stderr }) => stderr).join("---\n"));
        await Promise.all(clients.map((client) => client.alive(live)));
        const writing = clients.map((client, i) => writeAll(client, i, perSecond));
        await sleep((0.1 + 0.7 * random()) * 1000 * MESSAGES / perSecond);
        server.program.child.kill("SIGKILL");
        await server.program.child.status;
        await sleep(RESTART_MS);
        await using _again = await spawn("server", ["127.0.0.1", `${server.port}`], { cwd });
        await Promise.all(writing);
        const count = (client: Program) => client.stdout.split("\n").length - 1;
        const isComplete = () => clients.every((client) => count(client) >= 4 * MESSAGES);
        await until(isComplete, () => `complete: ${clients.map(count)}`, 60);
        const expected = Array.from({ length: MESSAGES }, (_, i) => i);
        for (const [i, client] of clients.entries()) {
          for (let sender = 0; sender < CLIENTS; sender++) {
            const wanted = sender === i ? [] : expected;
            assert.deepEqual(numbersFrom(client, sender), wanted, `c${i} from c${sender}`);
          }
          assert.match(client.stderr, /connection lost.*connecting again/i);
          assert.match(client.stderr, /connected again/);
        }
      });
    },
  );
}
