import assert from "node:assert/strict";
import { parseNatsServers, readClusterChoice, userOf } from "../../lib/cli/cluster_options.ts";
import { pureTest } from "../support/pure.ts";

const at = (hostname: string, port = 4222, isTls = false) => {
  return { hostname, port, isTls, credentials: undefined };
};

pureTest("parseNatsServers() reads addresses in all their forms", () => {
  assert.deepEqual(parseNatsServers("a.example"), [at("a.example")]);
  assert.deepEqual(parseNatsServers("nats://a:1, tls://[::1]:2,127.0.0.1:3/"), [
    ...[at("a", 1), at("::1", 2, true), at("127.0.0.1", 3)],
  ]);
  assert.deepEqual(parseNatsServers("tls://r1:p%40s%3A@a")[0]!.credentials, {
    ...{ kind: "user", user: "r1", password: "p@s:" },
  });
});

pureTest("parseNatsServers() refuses what is none, and shows no password", () => {
  const wrong = ["", "http://a", "nats://", "nats://a b", "a,,b", "nats://a:b:c", "u@a", "a/b"];
  for (const text of wrong) assert.throws(() => parseNatsServers(text), { name: "UsageError" });
  assert.throws(() => parseNatsServers("a:0"), /Port 0 cannot be connected to/);
  assert.throws(() => parseNatsServers("a:99999"), /Not a port/);
  assert.throws(() => parseNatsServers("nats://user:secret@a:b"), {
    message: 'Not a server of NATS: "nats://...@a:b"',
    hint: "Use nats://HOST:PORT, or tls://USER:PASSWORD@HOST:PORT; several with commas between.",
  });
  for (const url of ["user:secret@@a", "nats://user:%zz-secret@a", "user:secret@"]) {
    assert.throws(
      () => parseNatsServers(url),
      (error: Error) => !/secret/.test(error.message),
      url,
    );
  }
  assert.throws(() => parseNatsServers(Array(17).fill("a").join()), /More than 16 addresses/);
  assert.equal(parseNatsServers(Array(16).fill("a").join()).length, 16);
});

pureTest("readClusterChoice() takes the relay's name from the user, unless it is given", () => {
  const read = (values: Record<string, string>) =>
    readClusterChoice(new Map(Object.entries(values)));
  assert.equal(read({}), undefined);
  assert.equal(read({ cluster: "a" })?.name, undefined);
  assert.equal(read({ cluster: "r1:p@a" })?.name, "r1");
  assert.equal(read({ cluster: "r.1:p@a" })?.name, undefined);
  assert.equal(read({ cluster: "r1:p@a", "cluster-name": "west_2" })?.name, "west_2");
  assert.equal(read({ cluster: "r1:p@a", "cluster-creds": "c" })?.name, undefined);
  const files = { "cluster-creds": "c", "cluster-tls-ca": "t" };
  const { credsPath, caPath } = read({ cluster: "a", ...files })!;
  assert.deepEqual([credsPath, caPath], ["c", "t"]);
  for (const name of ["", "a.b", "a b", "a".repeat(33), "é"]) {
    assert.throws(() => read({ cluster: "a", "cluster-name": name }), /Not a relay's name/, name);
  }
  for (const name of ["cluster-creds", "cluster-tls-ca", "cluster-name"]) {
    assert.throws(() => read({ [name]: "x" }), { message: `Option --${name} needs --cluster` });
  }
});

pureTest("userOf() is a name that a relay can have", () => {
  assert.equal(userOf({ kind: "user", user: "a-1", password: "x" }), "a-1");
  assert.equal(userOf({ kind: "user", user: "a.1", password: "x" }), undefined);
  assert.equal(userOf({ kind: "seed", text: "x" }), undefined);
  assert.equal(userOf(undefined), undefined);
});
