import assert from "node:assert/strict";
import { formatVersion } from "../../lib/version.ts";
import { parseCommandLine } from "../../lib/cli/options.ts";
import { SERVER_SPEC } from "../../lib/cli/server_spec.ts";
import { COPY_SPEC } from "../support/copy_spec.ts";
import { pureTest } from "../support/pure.ts";

const HELP = `\
Copies a file.

Usage: copy <from> <to> [options]

  from  File to read
  to    File to write

Options:
  -m, --mode MODE   Mode of the copy [0600]
      --owner NAME  Owner of the copy
  -f, --force       Overwrite
      --dry-run     Only tell
  -h, --help        Show this help
  -V, --version     Show the version

Environment: COPY_MODE.

Exit codes: 0 copied.`;

interface Parts {
  args?: string[];
  values?: Record<string, string>;
  switches?: string[];
}

function assertParts(args: string[], { values = {}, switches = [], ...expected }: Parts) {
  const line = parseCommandLine(COPY_SPEC, args);
  assert.ok(typeof line !== "string", JSON.stringify(args));
  assert.deepEqual(line, {
    args: expected.args ?? ["a", "b"],
    values: new Map(Object.entries(values)),
    switches: new Map(switches.map((name) => [name, true])),
  }, JSON.stringify(args));
}

function assertUsageError(args: string[], message: string, hint = "See copy --help.") {
  const expected = { name: "UsageError", message, hint };
  assert.throws(() => parseCommandLine(COPY_SPEC, args), expected, JSON.stringify(args));
}

function parts(args: string[]) {
  const line = parseCommandLine(COPY_SPEC, args);
  assert.ok(typeof line !== "string");
  return line;
}

pureTest("parseCommandLine() takes arguments as they are: text, in order", () => {
  for (const pair of [["a", "b"], ["007", "1e3"], ["0x10", " "], ["", "-"], ["é", "a=b"]]) {
    assertParts(pair, { args: pair });
  }
});

pureTest("parseCommandLine() takes a value in every spelling, wherever it stands", () => {
  const spellings = [["--mode", "7"], ["--mode=7"], ["-m", "7"], ["-m7"]];
  for (const spelling of spellings) {
    for (
      const args of [[...spelling, "a", "b"], ["a", ...spelling, "b"], ["a", "b", ...spelling]]
    ) {
      assertParts(args, { values: { mode: "7" } });
    }
  }
});

pureTest("parseCommandLine() keeps a value's text", () => {
  for (const value of ["007", "0x10", "true", "a=b", "=", "a b", " ", "-x", "--", "é\n"]) {
    assertParts(["a", "b", `--mode=${value}`], { values: { mode: value } });
    if (value.startsWith("-")) continue;
    assertParts(["a", "b", "--mode", value], { values: { mode: value } });
    assertParts(["a", "b", "-m", value], { values: { mode: value } });
  }
  for (const path of ["/x/y", "./x", "../x"]) {
    assertParts(["a", "b", `-m${path}`], { values: { mode: path } });
  }
});

pureTest("parseCommandLine() takes the last value of a repeated option", () => {
  assertParts(["a", "b", "-m", "1", "--mode=2", "--mode", "3"], { values: { mode: "3" } });
  assertParts(["a", "b", "--mode", "3", "-m", "1"], { values: { mode: "1" } });
});

pureTest("parseCommandLine() keeps options apart", () => {
  assertParts(["--owner", "me", "a", "-f", "b", "-m", "1", "--dry-run"], {
    values: { mode: "1", owner: "me" },
    switches: ["force", "dry-run"],
  });
});

pureTest("parseCommandLine() takes a switch once or more", () => {
  for (const args of [["--force"], ["-f"], ["-f", "--force"]]) {
    assertParts([...args, "a", "b"], { switches: ["force"] });
  }
});

pureTest("parseCommandLine() takes what follows -- as arguments", () => {
  assertParts(["--", "a", "b"], {});
  assertParts(["a", "--", "b"], {});
  assertParts(["a", "b", "--"], {});
  assertParts(["-f", "--", "--mode", "-f"], { args: ["--mode", "-f"], switches: ["force"] });
  assertParts(["a", "--", "--"], { args: ["a", "--"] });
  assertUsageError(["a", "--", "b", "--help"], "Too many arguments", HELP.split("\n")[2]);
});

pureTest("parseCommandLine() refuses an option without its value", () => {
  const lacking = [["--mode"], ["--mode="], ["-m"], ["--mode", ""], ["--mode", "--force"]];
  lacking.push(["-m", "-f"], ["--mode", "--", "x"], ["--mode=1", "--mode="], ["-m", "1", "-m"]);
  for (const args of lacking) {
    assertUsageError(["a", "b", ...args], "Option --mode needs a value: MODE");
  }
  assertUsageError(["a", "b", "--owner"], "Option --owner needs a value: NAME");
});

pureTest("parseCommandLine() refuses an unknown option and names it", () => {
  const unknown = ["--nope", "--nope=1", "-x", "-1", "--Mode=1", "-M", "--no-force", "--mode.x=1"];
  unknown.push("--__proto__", "--__proto__=1", "--constructor", "--force-all", "---", "--mod=1");
  for (const option of unknown) {
    for (const args of [["a", "b", option], [option], ["--help", option]]) {
      const expected = { name: "UsageError", message: `Unknown option: ${option}` };
      assert.throws(() => parseCommandLine(COPY_SPEC, args), expected, option);
    }
  }
});

pureTest("parseCommandLine() refuses another number of arguments", () => {
  const usage = "Usage: copy <from> <to> [options]";
  assertUsageError([], "Missing argument: <from>", usage);
  assertUsageError(["-f", "--mode", "a"], "Missing argument: <from>", usage);
  assertUsageError(["a"], "Missing argument: <to>", usage);
  assertUsageError(["a", "b", "c"], "Too many arguments", usage);
  assertUsageError(["a", "b", ""], "Too many arguments", usage);
});

pureTest("parseCommandLine() gives the help whatever else is wrong but an unknown option", () => {
  for (const help of ["--help", "-h", "-hf"]) {
    for (const args of [[], ["a", "b"], ["a", "b", "c"], ["--mode="], ["--version"], ["-V"]]) {
      assert.equal(parseCommandLine(COPY_SPEC, [help, ...args]), HELP);
      assert.equal(parseCommandLine(COPY_SPEC, [...args, help]), HELP);
    }
  }
});

pureTest("parseCommandLine() gives the version", () => {
  for (const args of [["--version"], ["-V"], ["a", "-V"], ["--version", "--mode"]]) {
    assert.equal(parseCommandLine(COPY_SPEC, args), formatVersion("copy"));
  }
});

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
    assert.throws(() => parseCommandLine(COPY_SPEC, [`--${option}=x`]), {
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

pureTest("parseCommandLine() takes both forms of a switch that can be set, the last one", () => {
  const echo = { name: "echo", help: "", fallback: true, isSettable: true };
  const spec = { ...COPY_SPEC, args: [], options: [echo, { name: "loud", help: "" }] };
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

pureTest("parseCommandLine() takes one argument in place of all, where the table says so", () => {
  const spec = { ...COPY_SPEC, single: ["room", ""] as const };
  const none = { values: new Map(), switches: new Map() };
  assert.deepEqual(parseCommandLine(spec, ["a"]), { args: [], single: "a", ...none });
  assert.deepEqual(parseCommandLine(spec, ["a", "b"]), { args: ["a", "b"], ...none });
  assert.throws(() => parseCommandLine(spec, []), { message: "Missing argument: <from>" });
});

pureTest("parseCommandLine() takes more words where there may be more, or none at all", () => {
  const parse = (spec: typeof COPY_SPEC, args: string[]) => {
    const line = parseCommandLine(spec, args);
    assert.ok(typeof line === "object");
    return line.args;
  };
  const rest = { ...COPY_SPEC, rest: ["more", "Further files"] } as const;
  assert.deepEqual(parse(rest, ["a", "b"]), ["a", "b"]);
  assert.deepEqual(parse(rest, ["a", "b", "-f", "c", "d"]), ["a", "b", "c", "d"]);
  const usage = "Usage: copy <from> <to> [more] [options]";
  const missing = { message: "Missing argument: <to>", hint: usage };
  assert.throws(() => parse(rest, ["a"]), missing);
  assert.ok(parseCommandLine(rest, ["-h"]).toString().includes(`${usage}\n\n`));
  assert.deepEqual(parse({ ...COPY_SPEC, isArgless: true }, []), []);
  assert.throws(() => parse({ ...COPY_SPEC, isArgless: true }, ["a"]), { name: "UsageError" });
});

pureTest("parseCommandLine() keeps all values of an option that may be given several times", () => {
  const option = { name: "not", value: "NAME", help: "", isRepeated: true };
  const spec = { name: "p", summary: "", args: [], options: [option], notes: [] };
  const parsed = parseCommandLine(spec, ["--not", "a", "--not=b=c", "--not", "a"]);
  assert.ok(typeof parsed !== "string");
  assert.deepEqual(parsed.lists?.get("not"), ["a", "b=c", "a"]);
  assert.deepEqual(parseCommandLine(spec, []), {
    args: [],
    values: new Map(),
    switches: new Map(),
  });
  assert.throws(() => parseCommandLine(spec, ["--not", "a", "--not"]), {
    name: "UsageError",
    message: "Option --not needs a value: NAME",
  });
  assert.throws(() => parseCommandLine(spec, ["--not=a", "--not=\ufffd"]), {
    message: "Option --not is not UTF-8",
  });
});
