import assert from "node:assert/strict";
import { parseHostname } from "../../lib/cli/address.ts";
import { CLIENT_SPEC } from "../../lib/cli/client_options.ts";
import { formatInvitation } from "../../lib/cli/invitation.ts";
import { formatHelp, parseCommandLine, type ProgramSpec } from "../../lib/cli/options.ts";
import { SERVER_SPEC } from "../../lib/cli/server_options.ts";

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

function pureTest(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

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

pureTest("parseCommandLine() does not know an option called _", () => {
  for (const option of ["--_", "--_=5", "-_"]) {
    assert.throws(() => parts(["a", "b", option]), {
      name: "UsageError",
      message: `Unknown option: ${option}`,
    });
  }
});

pureTest("formatHelp() keeps within 80 columns", () => {
  for (const spec of [SERVER_SPEC, CLIENT_SPEC]) {
    for (const line of formatHelp(spec).split("\n")) assert.ok(line.length <= 80, line);
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
    });
    for (const line of lines) assert.doesNotMatch(line, /listen on 0\.0\.0\.0/);
  }
});
