import fc from "fast-check";
import assert from "node:assert/strict";
import { resolveClientSettings } from "../../lib/cli/client_settings.ts";
import { CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { variableOf } from "../../lib/cli/settings.ts";
import { listSettings } from "../../lib/cli/spec.ts";
import { guessWord } from "../../lib/text/spelling.ts";
import { clientLine } from "../support/client_line.ts";
import { pureTest } from "../support/pure.ts";

type Values = Record<string, unknown>;
const PATH = "/home/a/config.json";

function resolve(values: Values, env: Record<string, string> = {}, args: string[] = []) {
  const file = { path: PATH, values };
  return resolveClientSettings(clientLine(args), (name) => env[name], file);
}

function assertRefused(values: Values, env: Record<string, string>, message: string, hint: string) {
  assert.throws(() => resolve(values, env), { name: "UsageError", message, hint });
}

pureTest("resolveSettings() lets the file, then the environment, then the line weigh more", () => {
  const names = ["file", "environment", "command line"] as const;
  fc.assert(fc.property(fc.subarray([...names]), (given) => {
    const settings = resolve(
      given.includes("file") ? { bell: "pm", stay: true, commands: false, backlog: 1 } : {},
      given.includes("environment")
        ? { CHAT_BELL: "all", CHAT_STAY: "no", CHAT_COMMANDS: "on", CHAT_BACKLOG: "2" }
        : {},
      given.includes("command line")
        ? ["--bell=off", "--stay", "--no-commands", "--backlog", "3"]
        : [],
    );
    const origin = given.at(-1) ?? "default";
    const values = {
      "default": ["mention", false, true, undefined],
      "file": ["pm", true, false, 1],
      "environment": ["all", false, true, 2],
      "command line": ["off", true, false, 3],
    }[origin];
    for (const [i, name] of ["bell", "stay", "commands", "backlog"].entries()) {
      const place = { file: PATH, environment: variableOf(name) }[origin as "file"] ?? "";
      assert.deepEqual(settings.get(name), { value: values[i], origin, place });
    }
  }));
});

pureTest("resolveSettings() knows every option but those that choose the file or send", () => {
  const names = [...resolve({}).keys()];
  const options = CLIENT_SPEC.options.map(({ name }) => name);
  const others = ["send", "settings", "no-settings"];
  assert.deepEqual(names, ["ip", "port", ...options.filter((name) => !others.includes(name))]);
  for (const name of others) assert.throws(() => resolve({ [name]: "x" }), /Unknown setting/);
});

pureTest("resolveSettings() takes words for a switch of the environment", () => {
  for (
    const [words, value] of [["1 true yes on ON", true], ["0 false no off No", false]] as const
  ) {
    for (const word of words.split(" ")) {
      assert.equal(resolve({ stay: !value }, { CHAT_STAY: word }).get("stay")!.value, value);
    }
  }
  assert.equal(resolve({ stay: true }, { CHAT_STAY: "" }).get("stay")!.value, true);
  const hint = "Use one of: 1, true, yes, on; or 0, false, no, off.";
  assertRefused({}, { CHAT_STAY: "maybe" }, 'Variable CHAT_STAY cannot be "maybe"', hint);
});

pureTest("resolveSettings() refuses a value of another type or out of range", () => {
  const whole = "Use a whole number from 0 to 10000.";
  const cases: [name: string, values: unknown[], hint: string][] = [
    ["backlog", ["7", -1, 10_001, 1.5, null, true, [], {}], whole],
    ["stay", ["true", 1, null, "yes"], "Use true or false, without quotes."],
    ["bell", ["loud", "OFF", 1, null, false], "Use one of: off, pm, mention, all."],
    ["nick", ["", 7, null, ["a"]], "Use a text, in quotes."],
    ["port", [0, 65_536, "5050"], "Use a whole number from 1 to 65535."],
  ];
  for (const [name, values, hint] of cases) {
    for (const value of values) {
      const message = `Setting ${name} in ${PATH} cannot be ${JSON.stringify(value)}`;
      assertRefused({ [name]: value }, {}, message, hint);
      // Whatever outweighs it: a mistake that waits is found by somebody else.
      assertRefused({ [name]: value }, { CHAT_BACKLOG: "1" }, message, hint);
    }
  }
  for (const text of ["-1", "1e3", " 7", "10001", "9".repeat(20)]) {
    const message = `Variable CHAT_BACKLOG cannot be ${JSON.stringify(text)}`;
    assertRefused({}, { CHAT_BACKLOG: text }, message, whole);
  }
});

pureTest("resolveSettings() shows only the beginning of a value that is long", () => {
  const message = `Setting bell in ${PATH} cannot be "${"x".repeat(999)}…`;
  assertRefused({ bell: "x".repeat(5000) }, {}, message, "Use one of: off, pm, mention, all.");
});

pureTest("resolveSettings() takes ~/ in a path of the file or a variable for the home", () => {
  const env = { HOME: "/home/a" };
  const value = (settings: ReturnType<typeof resolve>, name: string) => settings.get(name)?.value;
  const ofFile = resolve({ key: "~/room.key", identity: "~/.me", nick: "~/x" }, env);
  assert.equal(value(ofFile, "key"), "/home/a/room.key");
  assert.equal(value(ofFile, "identity"), "/home/a/.me");
  assert.equal(value(ofFile, "nick"), "~/x");
  const ofVariables = resolve({}, { ...env, CHAT_KEY: "~/a/~/b", CHAT_IDENTITY: "~bob/me" });
  assert.equal(value(ofVariables, "key"), "/home/a/a/~/b");
  assert.equal(value(ofVariables, "identity"), "~bob/me");
  // The shell has read the command line, and would have replaced it if that was meant.
  assert.equal(value(resolve({}, env, ["--key=~/room.key"]), "key"), "~/room.key");
  const hint = "Write the whole path: no home directory is known.";
  const inFile = `Setting key in ${PATH} cannot be "~/room.key"`;
  assertRefused({ key: "~/room.key" }, {}, inFile, hint);
  const variable = 'Variable CHAT_KEY cannot be "~/room.key"';
  assertRefused({}, { CHAT_KEY: "~/room.key", HOME: "" }, variable, hint);
});

pureTest("resolveSettings() refuses a setting that does not exist, and guesses", () => {
  const guesses: [string, string][] = [["nik", "nick"], ["colour", "color"], ["no-stay", "stay"]];
  guesses.push(["Timestamps", "timestamps"], ["time_stamps", "timestamps"], ["bcaKlgo", "backlog"]);
  for (const [name, guess] of guesses) {
    const message = `Unknown setting in ${PATH}: ${JSON.stringify(name)}`;
    assertRefused({ [name]: 1 }, {}, message, `Did you mean "${guess}"?`);
  }
  const hint = "Settings have the names of options: see chat-client config.";
  for (const name of ["theme", "", "x", "constructor", "a\nb", "k".repeat(70)]) {
    assertRefused({ [name]: 1 }, {}, `Unknown setting in ${PATH}: ${JSON.stringify(name)}`, hint);
  }
});

pureTest("guessWord() finds every setting again after one slip", () => {
  const names = listSettings(CLIENT_SPEC).map(({ name }) => name).filter((name) => name.length > 4);
  fc.assert(fc.property(fc.constantFrom(...names), fc.nat(), (name, place) => {
    const i = place % name.length;
    for (
      const slip of [name.slice(0, i) + name.slice(i + 1), `${name.slice(0, i)}x${name.slice(i)}`]
    ) {
      assert.equal(guessWord(slip, names), name);
    }
  }));
});
