import assert from "node:assert/strict";
import { encrypt } from "../../lib/fernet.ts";
import { FakeRelay, type RelayEnd } from "../support/fake_relay.ts";
import {
  ALICE,
  encode,
  EPOCH,
  KEY,
  type Member,
  sealByHand,
  SECRET,
} from "../support/fixed_members.ts";
import { HOSTILE, MARK, SLY_NICKNAMES } from "../support/hostile.ts";
import { testNeeding } from "../support/needs.ts";
import { commandLine, run } from "../support/programs.ts";
import { runScript, type Step } from "../support/pty_script.ts";
import { withDirectory } from "../support/temporary.ts";
import { assertOnlyOurs } from "../support/terminal_output.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const SHORT = HOSTILE.filter(({ length }) => length < 12_000).map((text) => text.toWellFormed());

/** Makes alice's messages, in order. */
class Forger {
  #sequence = 0;
  readonly #member: Member = ALICE;

  async token(changes: Record<string, unknown>): Promise<string> {
    const header = {
      ...{ v: 1, k: "chat", id: this.#member.id, n: "alice", e: EPOCH, q: this.#sequence++ },
      ...{ t: Math.floor(Date.now() / 1000), b: "hello" },
      ...changes,
    };
    return await encrypt(KEY, await sealByHand(JSON.stringify(header)));
  }
}

/** Runs the client on a terminal against a relay in the hands of the test. */
async function talk(
  relaying: (relay: FakeRelay) => Promise<void>,
  { steps, files = [] }: { steps: readonly Step[]; files?: readonly string[] },
) {
  return await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/secret.key`, SECRET, { mode: 0o600 });
    await Deno.mkdir(`${cwd}/files`);
    for (const name of files) await Deno.writeTextFile(`${cwd}/files/${name}`, "");
    using relay = new FakeRelay();
    const [deno, ...client] = await commandLine("client", "source");
    // Else the first of the output would be Deno's own.
    client.splice(1, 0, "-q");
    const command = [deno!, ...client, "127.0.0.1", `${relay.port}`, "--nick", "al", "--notify"];
    const env = {
      ...Deno.env.toObject(),
      ...{ TERM: "xterm-256color", LC_ALL: "C.UTF-8", NO_COLOR: "", TMUX: "" },
      ...{ XDG_STATE_HOME: `${cwd}/state`, XDG_CONFIG_HOME: `${cwd}/config` },
    };
    const running = runScript(command, { cwd, env, steps, columns: 120, rows: 30 });
    // A client that ends early says more than a relay to which nobody connects.
    await Promise.race([relaying(relay), running]);
    return await running;
  });
}

/** Everything that the room and the relay can say, from all sides. */
async function sayAll(end: RelayEnd): Promise<void> {
  const forger = new Forger();
  for (const text of SHORT) await end.send(await encrypt(KEY, encode(text)));
  for (const b of SHORT) await end.send(await forger.token({ b }));
  for (const b of SHORT) await end.send(await forger.token({ k: "act", b: b.slice(0, 300) }));
  for (const b of SHORT) await end.send(await forger.token({ b: `al: ${b.slice(0, 300)}` }));
  for (const n of SHORT) await end.send(await forger.token({ n, k: "nick" }));
  await end.send(await forger.token({ n: "x".repeat(40_000) }));
  for (const n of SLY_NICKNAMES) await end.send(await forger.token({ n, b: MARK }));
  for (const b of SHORT) await end.send(await forger.token({ k: "here", b: b.slice(0, 190) }));
  for (const text of SHORT.filter((text) => !/[\r\n]/.test(text) && text.length < 400)) {
    for (const line of [`!${text}`, `!JOINED ${text}`, `!ERR 400 ${text}`, `!PING 1${text}`]) {
      await end.send(line);
    }
  }
  await end.send(await forger.token({ n: "alice", b: "all was said" }));
}

testNeeding(
  [...NEEDS, "python3"],
  "no control of others reaches the terminal of the client",
  async () => {
    const files = SHORT.filter((text) => text.length < 100 && !/[\0/]/.test(text));
    const steps: Step[] = [
      ["all was said", "/names\r"],
      ["here: you", "/whois alice\r"],
      ["safety number|key", "/lastlog EVIL\r"],
      ["of \\d+ found", "/query alice\r"],
      ["alice> ", "/query\r"],
      ["al> ", "/status\r"],
      ["relay|server", "see ./files/"],
      ["see ./files/", "\t"],
      ["EVIL", "\t\t\t\t\t\t\t\t\t\t\x1b[Z\x1b[Z"],
      ["EVIL", "\x15\x12EVIL\x07"],
      ["al> ", "see ./files/a\x1b[Z"],
      ["EVIL", "\x15going now"],
      ["going now", "\x15\x04"],
    ];
    const { output, code, done } = await talk(async (relay) => {
      const end = await relay.admit();
      await sayAll(end);
      await end.waitForEnd();
      end.kill();
    }, { steps, files });
    const text = assertOnlyOurs(output);
    assert.equal(done, steps.length, text.slice(-2000));
    assert.equal(code, 0, text.slice(-500));
    assert.ok(text.split(MARK).length > 3 * SHORT.length, "less was shown than came");
  },
);

testNeeding(
  [...NEEDS, "python3"],
  "no control of a relay's error reaches the terminal",
  async () => {
    for (const isLate of [false, true]) {
      const { output } = await talk(async (relay) => {
        const end = isLate ? await relay.admit() : await relay.accept();
        if (!isLate) await end.hear("HELLO");
        // What is not printable ASCII is no control line; the last one is the one that counts.
        const isIgnored = (text: string) => text.length < 400 && !/^[ -~\r]*$|\n/.test(text);
        for (const text of SHORT.filter(isIgnored)) await end.send(`!ERR 400 ${text}`);
        await end.send("!ERR 401 12:34 -- fake; error: none");
        end.kill();
        if (isLate) relay[Symbol.dispose]();
      }, { steps: [["fake", "\x03\x03"]] });
      const text = assertOnlyOurs(output);
      assert.match(text, /fake/);
    }
  },
);

testNeeding(NEEDS, "no control of an argument, a path or a setting is printed", async () => {
  await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/secret.key`, SECRET, { mode: 0o600 });
    for (const text of ["a\x1b[2J\x1b]52;c;x\x07\x9b2J\r\n\u202eEVIL"]) {
      const path = `${cwd}/${text}`;
      await Deno.writeTextFile(path, "{");
      const calls = [
        ["--nick", text, "127.0.0.1", "5050"],
        ["--key", `${path}.key`, "127.0.0.1", "5050"],
        ["--key", path, "127.0.0.1", "5050"],
        ["--settings", path, "127.0.0.1", "5050"],
        ["config", "--settings", path],
        [`--${text}`],
        [text, "5050"],
        ["127.0.0.1", text],
        ["admission", "--key", path],
        ["completions", text],
      ];
      for (const args of calls) {
        const { stdout, stderr, code } = await run("client", args, { cwd });
        assertOnlyOurs(stdout + stderr, args.join(" "));
        assert.notEqual(code, 0, args.join(" "));
      }
      await Deno.writeTextFile(path, JSON.stringify({ nick: "al", key: text }));
      for (const more of [[], ["--json"]]) {
        const args = ["config", "--settings", path, ...more];
        const { stdout, stderr } = await run("client", args, { cwd });
        assertOnlyOurs(stdout + stderr, args.join(" "));
        assert.match(stdout, /EVIL/);
      }
    }
  });
});
