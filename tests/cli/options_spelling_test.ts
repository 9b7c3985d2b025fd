import assert from "node:assert/strict";
import { parseHostname } from "../../lib/cli/address.ts";
import { ADMISSION_SPEC, CLIENT_SPEC, CONFIG_SPEC } from "../../lib/cli/client_spec.ts";
import { formatInvitation } from "../../lib/cli/invitation.ts";
import { formatHelp } from "../../lib/cli/help.ts";
import { parseCommandLine } from "../../lib/cli/options.ts";
import { SERVER_SPEC } from "../../lib/cli/server_spec.ts";
import type { ProgramSpec } from "../../lib/cli/spec.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { pureTest } from "../support/pure.ts";

const SPEC: ProgramSpec = {
  name: "copy",
  summary: "",
  args: [["from", ""], ["to", ""]],
  options: [
    { name: "mode", short: "m", value: "MODE", help: "" },
    { name: "force", short: "f", help: "" },
  ],
  notes: [],
};

function parts(args: string[]) {
  const line = parseCommandLine(SPEC, args);
  assert.ok(typeof line !== "string");
  return line;
}

pureTest("parseCommandLine() takes -mVALUE, whatever the value", () => {
  for (const value of ["room", "7", "room2", "room=2", "/tmp/a=b", "fm", "m"]) {
    assert.deepEqual(parts(["a", "b", `-m${value}`]).values, new Map([["mode", value]]), value);
  }
});

pureTest("parseCommandLine() refuses a switch with a value", () => {
  for (const value of ["maybe", "", "1", "no"]) {
    assert.throws(() => parts(["a", "b", `--force=${value}`]), {
      name: "UsageError",
      message: "Option --force takes no value",
    });
  }
  for (const option of ["help", "version"]) {
    assert.throws(() => parseCommandLine(SPEC, [`--${option}=x`]), {
      name: "UsageError",
      message: `Option --${option} takes no value`,
    });
  }
});

pureTest("parseCommandLine() takes no argument for the value of a switch", () => {
  for (const word of ["true", "false"]) {
    for (const spelling of ["--force", "-f"]) {
      assert.deepEqual(parts([spelling, word, "b"]).args, [word, "b"]);
    }
  }
});

pureTest("parseCommandLine() guesses which option was meant", () => {
  const cases: [string, string][] = [
    ["--memebers-only", "Did you mean --members-only?"],
    ["--keyfile=x", "See chat-server --help."],
    ["--keyles", "Did you mean --keyless?"],
    ["--no-ratelimit", "Did you mean --no-rate-limit?"],
    ["--rate-limit", "See chat-server --help."],
    ["-members-onyl", "See chat-server --help."],
    ["--keyles=a\nb", "Did you mean --keyless?"],
    ["-x", "See chat-server --help."],
  ];
  for (const [option, hint] of cases) {
    const message = `Unknown option: ${option}`;
    assert.throws(() => parseCommandLine(SERVER_SPEC, [option, "::1", "5050"]), { message, hint });
  }
});

pureTest("parseCommandLine() tells an address with its port from a missing port", () => {
  const cases: [string, string][] = [
    ["127.0.0.1:5050", "Did you mean 127.0.0.1 5050?"],
    ["chat.example.org:5050", "Did you mean chat.example.org 5050?"],
    ["[::1]:5050", "Did you mean ::1 5050?"],
    ["::1:5050", "Usage: chat-server <ip> <port> [options]"],
    ["127.0.0.1", "Usage: chat-server <ip> <port> [options]"],
  ];
  for (const [arg, hint] of cases) {
    const message = "Missing argument: <port>";
    assert.throws(() => parseCommandLine(SERVER_SPEC, [arg]), { message, hint });
  }
});

pureTest("parseCommandLine() does not know an option called _", () => {
  for (const option of ["--_", "--_=5", "-_"]) {
    assert.throws(() => parts(["a", "b", option]), {
      name: "UsageError",
      message: `Unknown option: ${option}`,
    });
  }
});

pureTest("formatHelp() keeps within 80 columns in both languages", () => {
  const commands = [SERVER_SPEC, CLIENT_SPEC].flatMap((spec) => spec.commands ?? []);
  const specs = [SERVER_SPEC, CLIENT_SPEC, ...commands.map(({ spec }) => spec)];
  assert.ok(specs.includes(ADMISSION_SPEC) && specs.includes(CONFIG_SPEC));
  for (const spec of specs) {
    for (const language of ["en", "fr"] as const) {
      for (const line of formatHelp(spec, sayIn(language)).split("\n")) {
        assert.ok(line.length <= 80, line);
      }
    }
  }
});

pureTest("formatHelp() says everything in French, for who reads French", () => {
  const help = formatHelp(CLIENT_SPEC, sayIn("fr"));
  assert.match(help, /^Utilisation : chat-client <ip> <port> \[options\]$/m);
  assert.match(help, /^ {6}--bell WHEN {10}Sonner pour : off, pm, mention, all \[mention\]$/m);
  assert.match(help, /^ {2}-h, --help {15}Afficher cette aide$/m);
});

pureTest("formatHelp() breaks notes at spaces, and keeps a word that is too long", () => {
  const long = "x".repeat(90);
  const notes = [`${"word ".repeat(17)}end`, `a ${long} b`];
  const help = formatHelp({ ...SPEC, notes }, String);
  const words = `${"word ".repeat(16).trimEnd()}\nword end`;
  assert.ok(help.endsWith(`\n\n${words}\n\na\n${long}\nb`), help);
});

pureTest("parseCommandLine() takes both forms of a switch that can be set, the last one", () => {
  const echo = { name: "echo", help: "", fallback: true, isSettable: true };
  const spec = { ...SPEC, args: [], options: [echo, { name: "loud", help: "" }] };
  const switches = (args: string[]) => {
    const line = parseCommandLine(spec, args);
    assert.ok(typeof line !== "string");
    return [...line.switches];
  };
  assert.deepEqual(switches([]), []);
  assert.deepEqual(switches(["--echo"]), [["echo", true]]);
  assert.deepEqual(switches(["--no-echo"]), [["echo", false]]);
  assert.deepEqual(switches(["--echo", "--no-echo"]), [["echo", false]]);
  assert.deepEqual(switches(["--no-echo", "--loud", "--echo"]), [["echo", true], ["loud", true]]);
  for (const option of ["--no-loud", "--no-no-echo"]) {
    assert.throws(() => switches([option]), { message: `Unknown option: ${option}` });
  }
  for (const name of ["echo", "no-echo"]) {
    const message = `Option --${name} takes no value`;
    assert.throws(() => switches([`--${name}=1`]), { name: "UsageError", message });
  }
});

pureTest("parseHostname() takes no junk for a zone", () => {
  for (const text of ["::1%", "fe80::1%a b", "fe80::1%\x1b[2J", "fe80::1%eth0\n", "fe80::1%%"]) {
    assert.throws(() => parseHostname(text), {
      name: "UsageError",
      message: `Not an address: ${JSON.stringify(text)}`,
    });
  }
});

pureTest("formatInvitation() on 0.0.0.0 does not advise to listen on 0.0.0.0", () => {
  for (const hostname of ["0.0.0.0", "::"]) {
    const lines = formatInvitation({
      listening: { hostname, port: 5050 },
      key: { path: "k", created: false, fingerprint: "" },
      mode: "open",
      clientCommand: "c",
      interfaces: [],
    }, sayIn("en"));
    for (const line of lines) assert.doesNotMatch(line, /listen on 0\.0\.0\.0/);
  }
});
