import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { run, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["read", "write", "run", "env", "net"] as const;

async function writeSettings(cwd: string, text: string): Promise<string> {
  const path = `${cwd}/config/encrypted-chatroom/config.json`;
  await Deno.mkdir(`${cwd}/config/encrypted-chatroom`, { recursive: true });
  await Deno.writeTextFile(path, text, { mode: 0o600 });
  return path;
}

testNeeding(NEEDS, "chat-client config prints values and where each is from", async () => {
  await withDirectory(async (cwd) => {
    const path = await writeSettings(cwd, '{"nick": "alice", "bell": "pm", "stay": true}');
    const options = { cwd, env: { CHAT_BELL: "all" } };
    const { code, stdout } = await run("client", ["config", "--no-stay"], options);
    assert.equal(code, 0);
    assert.ok(
      stdout.includes(`\nnick = "alice"                  # settings file ${path}\n`),
      stdout,
    );
    assert.ok(stdout.includes('\nbell = "all"                    # environment CHAT_BELL\n'));
    assert.ok(stdout.includes("\nstay = false                    # command line\n"));
    assert.ok(stdout.includes('\nkey = "secret.key"              # default\n'));
    const json = await run("client", ["config", "--json"], options);
    const { nick, bell, json: own } = JSON.parse(json.stdout);
    assert.deepEqual(nick, { value: "alice", source: `settings file ${path}` });
    assert.deepEqual(bell, { value: "all", source: "environment CHAT_BELL" });
    assert.deepEqual(own, { value: false, source: "default" });
    assert.equal((await run("client", ["config", "--path"], { cwd })).stdout, `${path}\n`);
  });
});

testNeeding(NEEDS, "chat-client config never prints a key", async () => {
  await withDirectory(async (cwd) => {
    const key = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    for (const args of [["config"], ["config", "--json"]]) {
      const { stdout } = await run("client", args, { cwd, env: { CHAT_KEY: key } });
      assert.match(stdout, /\(hidden: it looks like a key\)/);
      assert.ok(!stdout.includes(key.slice(0, 20)));
    }
  });
});

testNeeding(NEEDS, "chat-client refuses settings with 2, in the user's language", async () => {
  await withDirectory(async (cwd) => {
    const path = await writeSettings(cwd, '{"nik": "alice"}');
    const english = await run("client", ["config"], { cwd });
    assert.equal(english.code, 2);
    const hint = 'hint: Did you mean "nick"?';
    assert.equal(english.stderr, `error: Unknown setting in ${path}: "nik"\n${hint}\n`);
    const french = await run("client", ["::1", "80"], { cwd, env: { LC_ALL: "fr_FR.UTF-8" } });
    assert.equal(french.code, 2);
    const conseil = 'conseil : Vouliez-vous dire "nick" ?';
    assert.equal(french.stderr, `erreur : Réglage inconnu dans ${path} : "nik"\n${conseil}\n`);
    assert.equal((await run("client", ["--help"], { cwd })).code, 0);
    assert.equal((await run("client", ["config", "--no-settings"], { cwd })).code, 0);
    const missing = await run("client", ["config", "--settings", "none.json"], { cwd });
    assert.equal(missing.code, 2);
    assert.equal(missing.stderr, "error: Cannot load settings: there is no none.json\n");
  });
});

testNeeding(NEEDS, "chat-client connects to the server that its settings name", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    await writeSettings(cwd, `{"ip": "127.0.0.1", "port": ${server.port}, "nick": "zoe"}`);
    await using client = await spawn("client", [], { cwd });
    await client.waitFor("stderr", /^connected to 127\.0\.0\.1:\d+ as zoe$/m);
  });
});

testNeeding(NEEDS, "chat-server starts in French, and its log stays English", async () => {
  await withDirectory(async (cwd) => {
    const env = { LC_ALL: "fr_FR.UTF-8" };
    await using server = await spawn("server", ["127.0.0.1", "0"], { cwd, env });
    const [, port] = await server.waitFor("stderr", /^écoute sur 127\.0\.0\.1:(\d+)$/m);
    assert.match(server.stderr, /^nouvelle clé : .*secret\.key$/m);
    const args = ["127.0.0.1", port!, "--nick", "al", "--ephemeral"];
    assert.equal((await run("client", args, { cwd, input: "hi\n" })).code, 0);
    await server.waitFor("stderr", / info client 1 joined from /);
  });
});
