import assert from "node:assert/strict";
import { parseServerOptions } from "../../lib/cli/server_options.ts";
import { testNeeding } from "../support/needs.ts";
import { Program, ROOT } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const UNIT = "chat-server.service";
const NEEDS = ["read", "write", "run", "env", "systemd-analyze"] as const;
/** Most that the unit may be exposed, on the scale of `systemd-analyze security` from 0 to 10. */
const MAX_EXPOSURE = 2;

async function readUnit(): Promise<string> {
  return await Deno.readTextFile(`${ROOT}ops/${UNIT}`);
}

function valuesOf(unit: string, name: string): string[] {
  return [...unit.matchAll(RegExp(`^${name}=(.*)$`, "gm"))].map(([, value]) => value!);
}

testNeeding(NEEDS, "systemd has nothing to say against the unit", async () => {
  await withDirectory(async (cwd) => {
    // Where it is installed there is a program of this name.
    const unit = (await readUnit()).replace("/usr/local/bin/chat-server", "/bin/true");
    await Deno.writeTextFile(`${cwd}/${UNIT}`, unit);
    const args = ["verify", "--man=no", "--recursive-errors=no", `${cwd}/${UNIT}`];
    await using program = Program.spawn(["systemd-analyze", ...args]);
    assert.deepEqual(await program.finished(), { code: 0, stdout: "", stderr: "" });
  });
});

testNeeding(NEEDS, "the unit is exposed less than 2.0", async () => {
  await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/${UNIT}`, await readUnit());
    const threshold = `--threshold=${MAX_EXPOSURE * 10 - 1}`;
    const args = ["security", "--no-pager", "--offline=true", threshold, `${cwd}/${UNIT}`];
    await using program = Program.spawn(["systemd-analyze", ...args]);
    const { code, stdout } = await program.finished();
    assert.equal(code, 0, stdout);
    const [, level] = /Overall exposure level for chat-server\.service: ([0-9.]+)/.exec(stdout)!;
    assert.ok(Number(level) < MAX_EXPOSURE, level);
  });
});

testNeeding(["read"], "the unit starts the server with options that it has", async () => {
  const unit = await readUnit();
  const [command, ...more] = valuesOf(unit, "ExecStart");
  assert.deepEqual(more, []);
  const [program, ...args] = command!.split(" ");
  assert.equal(program, "/usr/local/bin/chat-server");
  const options = parseServerOptions(args, () => undefined);
  assert.ok(typeof options !== "string");
  assert.deepEqual([options.mode, options.address.port], ["members", 5050]);
  assert.equal(options.keylessPath, "${CREDENTIALS_DIRECTORY}/admission.pub");
  assert.equal(options.backlogPath, "${STATE_DIRECTORY}/chat.backlog");
  assert.match(valuesOf(unit, "LoadCredential")[0]!, /^admission\.pub:/);
});
