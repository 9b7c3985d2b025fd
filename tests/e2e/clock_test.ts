import assert from "node:assert/strict";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { testNeeding } from "../support/needs.ts";
import { run, spawn, startServer } from "../support/programs.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

testNeeding(NEEDS, "a client whose clock was a year ahead takes new text for new", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`];
    const env = { XDG_STATE_HOME: `${cwd}/state` };
    assert.equal((await run("client", [...args, "--send", "hi"], { cwd, env })).code, 0);
    const rooms = `${cwd}/state/encrypted-chatroom/rooms`;
    const [room] = await Array.fromAsync(Deno.readDir(rooms));
    const future = Math.floor(Date.now() / 1000) + 31_536_000;
    const seen = `seen1 ${future} ${future} 0\n`;
    await Deno.writeTextFile(`${rooms}/${room!.name}/seen-0`, seen);

    await using reader = await spawn("client", [...args, "--json"], { cwd, env });
    await reader.waitFor("stdout", /"type":"live"/);
    const key = await importKey((await Deno.readTextFile(`${cwd}/secret.key`)).trim());
    // Times are whole seconds: what is written in the second of the start may be a replay.
    const now = Math.floor(Date.now() / 1000) + 2;
    const token = await encrypt(key, new TextEncoder().encode("<eve> new"), { now });
    using simple = await RawClient.connect(server.port);
    await simple.send(`${token}\n`);
    const [line] = await reader.waitFor("stdout", /^.*<eve> new.*\n/m);
    assert.equal(JSON.parse(line).age, "live");
    await reader.child.stdin.close();
    assert.equal((await reader.finished()).code, 0);
    assert.match(await Deno.readTextFile(`${rooms}/${room!.name}/seen-0`), /^seen2 /);
  });
});
