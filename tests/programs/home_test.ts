import assert from "node:assert/strict";
import { findAccountHome, findState, withHome } from "../../lib/programs/home.ts";
import { fill } from "../../lib/messages/wording.ts";
import { pureTest } from "../support/pure.ts";

const account = () => Promise.resolve("/home/account");
const envOf = (variables: Readonly<Record<string, string | undefined>>) => (name: string) =>
  variables[name];

pureTest("withHome() takes the account's home where HOME is no absolute path", async () => {
  for (const variables of [{}, { HOME: "" }, { HOME: "rel" }]) {
    const env = await withHome(envOf({ ...variables, TERM: "dumb" }), "linux", account);
    assert.deepEqual([env("HOME"), env("TERM")], ["/home/account", "dumb"]);
  }
});

pureTest("withHome() asks for no account where HOME tells, and on Windows", async () => {
  const fail = () => assert.fail("asked");
  assert.equal((await withHome(envOf({ HOME: "/h" }), "linux", fail))("HOME"), "/h");
  assert.equal((await withHome(envOf({}), "windows", fail))("HOME"), undefined);
});

pureTest("withHome() leaves HOME as it is for an account without a home", async () => {
  for (const home of [undefined, "", "rel"]) {
    const env = await withHome(envOf({ HOME: "x" }), "linux", () => Promise.resolve(home));
    assert.equal(env("HOME"), "x");
  }
});

pureTest("findAccountHome() finds nothing without the permission", async () => {
  assert.equal(await findAccountHome(), undefined);
});

pureTest("findState() keeps files, or says that it cannot", () => {
  const find = (variables: Record<string, string>, options: object) => {
    const warnings: string[] = [];
    const state = findState({
      options: { ephemeral: false, identityPath: undefined, ...options },
      env: envOf(variables),
      os: "linux",
      warn: (warning) => void warnings.push(fill(warning)),
    });
    return [state, ...warnings];
  };
  const state = "/h/.local/state/encrypted-chatroom";
  assert.deepEqual(find({ HOME: "/h" }, {}), [state]);
  assert.deepEqual(find({ XDG_STATE_HOME: "/s" }, {}), ["/s/encrypted-chatroom"]);
  assert.deepEqual(find({ HOME: "/h" }, { ephemeral: true }), [undefined]);
  assert.deepEqual(find({}, { ephemeral: true }), [undefined]);
  assert.deepEqual(find({ HOME: "h" }, { identityPath: "me" }), [
    undefined,
    "there is no home directory: known keys and what was seen are forgotten at the end",
  ]);
  assert.throws(() => find({ HOME: "h", XDG_STATE_HOME: "s" }, {}), {
    name: "ChatError",
    message: "Cannot keep an identity: there is no home directory",
    hint:
      "Set HOME or XDG_STATE_HOME, name a file with --identity PATH, or be somebody new with --ephemeral.",
  });
});
