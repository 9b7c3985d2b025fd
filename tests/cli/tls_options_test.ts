import assert from "node:assert/strict";
import { optionsOfTls, readTls, settingsOfTls } from "../../lib/cli/tls_options.ts";
import { resolveClientSettings } from "../../lib/cli/client_settings.ts";
import { CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { parseCommandLine } from "../../lib/cli/options.ts";
import type { SettingValue } from "../../lib/cli/spec.ts";
import { pureTest } from "../support/pure.ts";

type Values = Record<string, SettingValue>;

function read(args: string[], env: Record<string, string> = {}, file: Values = {}, room?: Values) {
  const line = parseCommandLine(CLIENT_SPEC, ["::1", "5050", ...args]);
  assert.ok(typeof line !== "string");
  const stored = room && {
    ...{ name: "friends", keyPath: "friends/secret.key" },
    file: { path: "room.json", values: room },
  };
  const settings = { path: "config.json", values: file };
  return readTls(resolveClientSettings(line, (name) => env[name], settings, stored));
}

const OF_ROOM = { name: undefined, authoritiesPath: undefined };
const OF_HOST = { name: "chat.example.org", authoritiesPath: undefined };

pureTest("readTls() takes the room's certificate, or one for a host that is named", () => {
  assert.equal(read([]), undefined);
  assert.deepEqual(read(["--tls"]), OF_ROOM);
  assert.deepEqual(read(["--tls-name", "chat.example.org"]), OF_HOST);
  assert.deepEqual(read(["--tls", "--tls-name=chat.example.org"]), OF_HOST);
  assert.deepEqual(read(["--tls-name=chat.example.org", "--tls-ca", "ca.pem"]), {
    ...OF_HOST,
    authoritiesPath: "ca.pem",
  });
  assert.equal(read(["--no-tls"]), undefined);
});

pureTest("readTls() has what weighs more decide", () => {
  assert.deepEqual(read([], { CHAT_TLS: "on" }), OF_ROOM);
  assert.deepEqual(read([], {}, { tls: true }), OF_ROOM);
  assert.deepEqual(read([], {}, { "tls-name": "chat.example.org" }), OF_HOST);
  assert.equal(read(["--no-tls"], {}, { "tls-name": "chat.example.org" }), undefined);
  assert.equal(read([], { CHAT_TLS: "off" }, { tls: true }), undefined);
  assert.deepEqual(read(["--tls-name=chat.example.org"], { CHAT_TLS: "off" }), OF_HOST);
});

pureTest("readTls() believes a room about itself, and nobody else", () => {
  const env = { CHAT_TLS: "off", CHAT_TLS_NAME: "other.example.org" };
  assert.deepEqual(read([], env, {}, { tls: true }), OF_ROOM);
  assert.deepEqual(read([], env, {}, { "tls-name": "chat.example.org" }), OF_HOST);
  assert.equal(read([], {}, { tls: true }, {}), undefined);
  assert.equal(read([], {}, { "tls-name": "chat.example.org" }, {}), undefined);
  assert.deepEqual(read(["--tls"], {}, {}, {}), OF_ROOM);
});

pureTest("readTls() refuses a name that is none, and authorities for nothing", () => {
  assert.throws(() => read(["--tls-name", "a b"]), { name: "UsageError" });
  const message = "Option --tls-ca needs --tls-name";
  assert.throws(() => read(["--tls-ca", "ca.pem"]), { name: "UsageError", message });
  assert.deepEqual(read(["--tls"], {}, { "tls-ca": "ca.pem" }), OF_ROOM);
});

pureTest("settingsOfTls() and optionsOfTls() write what readTls() reads", () => {
  for (const tls of [undefined, OF_ROOM, OF_HOST, { ...OF_HOST, authoritiesPath: "ca.pem" }]) {
    assert.deepEqual(read([], {}, {}, settingsOfTls(tls)), tls);
    const options = read(optionsOfTls(tls));
    assert.deepEqual(options, tls && { ...tls, authoritiesPath: undefined });
  }
});
