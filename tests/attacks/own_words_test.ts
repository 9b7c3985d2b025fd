import assert from "node:assert/strict";
import { HostileMember } from "../support/attack.ts";
import { writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { type Program, spawn, startServer } from "../support/programs.ts";
import { Proxy } from "../support/proxy.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

/** What a client told of texts and of members that came, in order. */
function readEvents(client: Program): Record<string, unknown>[] {
  const events = client.stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  return events.filter(({ type }) => type === "message" || type === "joined");
}

/** What a client asks for of the past, and what its own words from there are to it when replayed. */
const READERS = [
  { backlog: 5, what: "old", replayed: [{ type: "message", text: "only once", age: "old" }] },
  { backlog: 0, what: "not shown", replayed: [] },
];

for (const { backlog, what, replayed } of READERS) {
  testNeeding(
    ["net", "read", "write", "run", "env"],
    `one's own words that are replayed after a restart are ${what} with --backlog ${backlog}`,
    async () => {
      await withDirectory(async (cwd) => {
        await writeKey(cwd);
        // The relay has no past, so that nothing but the replay brings them.
        await using server = await startServer({ cwd, args: ["--backlog-lines", "0"] });
        using proxy = new Proxy(server.port);
        /** A client of alice's, with the state of one of her machines. */
        const startAlice = async (machine: string, port = server.port) => {
          const args = [
            "127.0.0.1",
            `${port}`,
            "--nick",
            "alice",
            "--json",
            "--backlog",
            `${backlog}`,
          ];
          const env = { XDG_STATE_HOME: `${cwd}/${machine}` };
          const alice = await spawn("client", [...args, "--identity", `${cwd}/identity`], {
            cwd,
            env,
          });
          await alice.waitFor("stdout", /"live"/);
          return alice;
        };
        await using laptop = await startAlice("laptop");
        {
          await using alice = await startAlice("desk", proxy.port);
          await alice.write('{"type":"message","text":"only once"}\n{"type":"quit"}\n');
          await alice.finished();
        }
        await laptop.waitFor("stdout", /"only once"/);
        const wroteAt = Date.now();
        // What was written in the second in which she comes may be of her other client.
        await until(() => Date.now() > wroteAt + 1000, "the next second");
        await using alice = await startAlice("desk");
        using attacker = await RawClient.connect(server.port);
        await attacker.send(`${proxy.tokens.join("\n")}\n`);
        await attacker.closeWrite();
        await attacker.ended;
        await laptop.write('{"type":"message","text":"from my laptop"}\n');
        await alice.waitFor("stdout", /"from my laptop"/);
        using mallory = await HostileMember.enter(server.port);
        await mallory.send([await mallory.seal({ text: "the end" })]);
        await alice.waitFor("stdout", /"the end"/);

        const told = readEvents(alice).map(({ type, text, age }) => ({ type, text, age }));
        console.log("after the restart:", JSON.stringify(told));
        assert.deepEqual(told, [
          ...replayed,
          { type: "message", text: "from my laptop", age: "live" },
          { type: "message", text: "the end", age: "live" },
        ]);
      });
    },
  );
}
