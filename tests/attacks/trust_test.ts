import assert from "node:assert/strict";
import { formatSafetyNumber } from "../../lib/crypto/fingerprint.ts";
import { HostileMember } from "../support/attack.ts";
import { writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

testNeeding(
  ["net", "read", "write", "run", "env"],
  "/trust accepts the key that /verify showed, though another one speaks in between",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using server = await startServer({ cwd });
      const { port } = server;
      const args = ["127.0.0.1", `${port}`, "--nick", "alice", "--json"];
      await using alice = await spawn("client", args, { cwd });
      await alice.waitFor("stdout", /"live"/);
      /** Writes as bob, with a key of its own, and waits until alice has it. */
      const say = async (bob: HostileMember, text: string, trust: string) => {
        await bob.send([await bob.seal({ text })]);
        await alice.waitFor("stdout", RegExp(`"text":"${text}","trust":"${trust}"`));
      };
      const ask = async (type: "verify" | "trust", ref: number) => {
        await alice.write(JSON.stringify({ type, nick: "bob", ref }) + "\n");
        const [line] = await alice.waitFor("stdout", RegExp(`^.*"notice".*"ref":${ref}}$`, "m"));
        return String(JSON.parse(line).text);
      };
      using laptop = await HostileMember.enter(port, "bob");
      await say(laptop, "my old laptop", "verified");
      using newLaptop = await HostileMember.enter(port, "bob");
      await say(newLaptop, "my new laptop", "changed");
      const number = await formatSafetyNumber(newLaptop.identity.signing.publicKey);
      assert.ok((await ask("verify", 1)).includes(number));
      await newLaptop.send([await newLaptop.seal({ kind: "leave", text: undefined })]);
      using impostor = await HostileMember.enter(port, "bob");
      await say(impostor, "trust me", "changed");

      const answer = await ask("trust", 2);
      console.log(`/trust bob, after another bob spoke: ${answer}`);
      assert.ok(answer.endsWith(number), "the number that was compared");
      await say(impostor, "I am bob", "changed");
      await say(newLaptop, "thank you", "verified");
      // One /trust more accepts nobody else: two keys use the name.
      await ask("trust", 3);
      await say(impostor, "and I", "changed");
    });
  },
);
