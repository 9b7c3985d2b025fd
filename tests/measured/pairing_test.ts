import assert from "node:assert/strict";
import { modeOf } from "../support/key_files.ts";
import { ADMISSION_LINE, writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { type Build, type Program, ROOT, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
/** From the start of the one who invites until both have read each other. */
const MOST_MS = 2000;
const NUMBER = "(?:\\d{5} ?){6}";

/** Starts a client of somebody who has a home directory, and no settings. */
function start(build: Build, home: string, args: readonly string[]): Promise<Program> {
  const env = {
    ...{ HOME: home, XDG_CONFIG_HOME: `${home}/.config`, XDG_STATE_HOME: `${home}/.state` },
    ...{ USER: "", USERNAME: "" },
  };
  return spawn("client", args, { build, cwd: home, env });
}

const MODES = [[], ["--members-only"], ["--keyless", "admission.pub"]] as const;

for (const args of MODES) {
  for (const hostname of ["127.0.0.1", "::1"]) {
    const name = `four words bring two to talking within 2 s: ${args[0] ?? "open"}, ${hostname}`;
    testNeeding(NEEDS, name, async () => {
      // As it is installed, where it has been compiled.
      const hasCompiled = await Deno.stat(`${ROOT}dist/chat-client`).then(() => true, () => false);
      const build: Build = hasCompiled ? "compiled" : "source";
      await withDirectory(async (directory) => {
        const [alice, bob] = [`${directory}/alice`, `${directory}/bob`];
        for (const home of [alice, bob]) await Deno.mkdir(home);
        await writeKey(alice);
        await Deno.writeTextFile(`${alice}/admission.pub`, `${ADMISSION_LINE}\n`);
        await using server = await startServer({ cwd: alice, hostname, args: [...args] });
        const address = [hostname, `${server.port}`];
        const begun = performance.now();
        await using first = await start(build, alice, [...address, "--nick", "alice"]);
        await first.write("/invite\n");
        const [, code] = await first.waitFor("stderr", /minutes: ([a-z]+(?:-[a-z]+){3})$/m);
        await using second = await start(build, bob, ["join", ...address]);
        await second.write(`${code}\nhello\n`);
        const [, nickname] = await first.waitFor("stdout", /^<(guest-[a-z0-9]{4})> hello$/m);
        await first.write("hi\n");
        await second.waitFor("stdout", /^<alice> hi$/m);
        const ms = performance.now() - begun;
        await first.write(`/whois ${nickname}\n`);
        await second.write("/whois alice\n");
        for (const [program, other] of [[first, nickname!], [second, "alice"]] as const) {
          const known = RegExp(
            `^${other}: safety number ${NUMBER}\n  the key that you have confirmed`,
            "m",
          );
          await program.waitFor("stderr", known);
        }
        const rooms = `${bob}/.config/encrypted-chatroom/rooms`;
        const [room] = await Array.fromAsync(Deno.readDir(rooms));
        assert.equal(await modeOf(`${rooms}/${room!.name}/secret.key`), 0o600);
        assert.ok(ms < MOST_MS, `it took ${Math.round(ms)} ms`);
      });
    });
  }
}
