import assert from "node:assert/strict";
import { METRICS, metricsUrl, untilClients } from "../support/metrics.ts";
import { testNeeding } from "../support/needs.ts";
import { startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

for (const [senders, newcomers] of [[1, 1], [1, 400], [40, 40], [1, 2000]] as const) {
  testNeeding(
    NEEDS,
    `relay passes lines of ${senders} on to ${newcomers} who connected before they were sent`,
    async () => {
      await withDirectory(async (cwd) => {
        await using server = await startServer({
          cwd,
          args: ["--max-clients", "2500", ...METRICS],
        });
        const { port, program } = server;
        using clients = new DisposableStack();
        const connect = async () => clients.use(await RawClient.connect(port));
        const talking: RawClient[] = [];
        for (let i = 0; i < senders; i++) talking.push(await connect());
        await untilClients(await metricsUrl(server), senders);

        // When it goes on, the relay finds new connections and lines at the same moment.
        program.child.kill("SIGSTOP");
        const listening: RawClient[] = [];
        for (let i = 0; i < newcomers; i++) listening.push(await connect());
        const lines = talking.map((_, i) => fakeToken(`-s${i}-`));
        for (const [i, client] of talking.entries()) await client.send(`${lines[i]}\n`);
        program.child.kill("SIGCONT");

        await Promise.all(listening.map((client) => client.waitForLines(senders)));
        for (const client of listening) {
          assert.deepEqual(client.lines().toSorted(), lines.toSorted());
        }
      });
    },
  );
}
