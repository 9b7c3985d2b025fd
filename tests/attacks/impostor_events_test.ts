import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { HostileMember } from "../support/attack.ts";
import { writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

/** Says that a member is here, as its client would. */
async function join(member: HostileMember): Promise<void> {
  const [, cid] = /^!WELCOME 1 cid=(\d+) /m.exec(member.client.text())!;
  const agreementKey = formatBase64Url(member.identity.agreement.publicKey);
  const fields = { kind: "join", text: undefined, agreementKey, cid: Number(cid) } as const;
  await member.send([await member.seal(fields)]);
}

testNeeding(
  ["net", "read", "write", "run", "env"],
  "what happens to an impostor is not told of the member whose name it uses",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using server = await startServer({ cwd });
      const address = ["127.0.0.1", `${server.port}`, "--nick"];
      await using bot = await spawn("client", [...address, "alice", "--json"], { cwd });
      await bot.waitFor("stdout", /"live"/);
      await using script = await spawn("client", [...address, "carol", "--stay"], { cwd });
      await bot.waitFor("stdout", /"carol"/);
      using bob = await HostileMember.enter(server.port, "bob");
      await join(bob);
      await bot.waitFor("stdout", /"joined".*"bob"/);
      {
        using impostor = await HostileMember.enter(server.port, "bob");
        await join(impostor);
        impostor.sequence += 2;
        await impostor.send([await impostor.seal({ text: "after a gap" })]);
        await bot.waitFor("stdout", /"missing"/);
        await script.waitFor("stderr", /missing/);
      }
      await bot.waitFor("stdout", /"lost"/);
      await script.waitFor("stderr", /connection lost/);

      const events = bot.stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
      const told = events.filter(({ type }) => type === "missing" || type === "lost");
      const lines = script.stderr.match(/^.*(?:missing|connection lost)$/gm);
      console.log("told of an impostor:", JSON.stringify(told), lines);
      assert.deepEqual(told.map(({ type, trust }) => [type, trust]), [
        ["missing", "changed"],
        ["lost", "changed"],
      ]);
      assert.ok(told.every(({ id }) => typeof id === "string" && id !== bob.identity.id));
      assert.deepEqual(lines, [
        "2 messages of bob (NOT the known one!) are missing",
        "bob (NOT the known one!): connection lost",
      ]);
    });
  },
);
