import assert from "node:assert/strict";
import {
  formatInvitation,
  formatListening,
  type Interface,
  type InvitationParts,
} from "../../lib/cli/invitation.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { pureTest } from "../support/pure.ts";

const KEY = {
  path: "/chat/secret.key",
  created: false,
  fingerprint: "95355 41374 02588 71678",
};
const OPEN =
  "mode: open; without the key one can pass lines on and receive them, but not read them";
const STRANGERS = "strangers can reach this address: --members-only keeps them out";
const HANDOVER = [
  "room: 95355 41374 02588 71678",
  "whoever has this file can read and write everything: hand it over in",
  "person or through an encrypted messenger, never by mail",
];
const LOCAL_ONLY = "only this machine can connect; to invite others, listen on 0.0.0.0";

function invite(hostname: string, addresses: string[], parts: Partial<InvitationParts> = {}) {
  return formatInvitation({
    listening: { hostname, port: 5050 },
    key: KEY,
    mode: "open",
    invites: true,
    clientCommand: "chat-client",
    interfaces: addresses.map((address): Interface => ({
      family: address.includes(":") ? "IPv6" : "IPv4",
      address,
    })),
    ...parts,
  }, sayIn("en"));
}

/** The address that a friend is told to connect to. */
function invitedTo(hostname: string, addresses: string[]): string | undefined {
  const line = invite(hostname, addresses).at(-1)!;
  return /runs: chat-client (\S+) 5050$/.exec(line)?.[1];
}

pureTest("formatInvitation() tells of the key, how to hand it over, and what to run", () => {
  assert.deepEqual(invite("192.168.1.20", []), [
    "key: /chat/secret.key",
    ...HANDOVER,
    OPEN,
    "to let a friend in with a code: chat-client invite 192.168.1.20 5050",
    "a friend with that file runs: chat-client 192.168.1.20 5050",
  ]);
});

pureTest("formatInvitation() tells what to run for TLS", () => {
  const own = { port: 5051, name: undefined };
  assert.equal(
    invite("192.168.1.20", [], { tls: own }).at(-1),
    "over TLS: chat-client 192.168.1.20 5051 --tls",
  );
  const key = { ...KEY, path: "/chat/my.key" };
  assert.equal(
    invite("192.168.1.20", [], { key, tls: { ...own, name: "chat.example.org" } }).at(-1),
    "over TLS: chat-client 192.168.1.20 5051 --key my.key --tls-name chat.example.org",
  );
  const listening = formatListening({ hostname: "::1", port: 5051 }, sayIn("en"), true);
  assert.equal(listening, "listening on [::1]:5051 for TLS");
});

pureTest("formatInvitation() tells that the key is new", () => {
  const [first] = invite("192.168.1.20", [], { key: { ...KEY, created: true } });
  assert.equal(first, "new key: /chat/secret.key");
});

pureTest("formatInvitation() calls the client as this program's user does", () => {
  const line = invite("192.168.1.20", [], { clientCommand: "deno task client" }).at(-1);
  assert.equal(line, "a friend with that file runs: deno task client 192.168.1.20 5050");
});

pureTest("formatInvitation() tells of codes only where somebody can come with one", () => {
  const names = (lines: string[]) => lines.filter((line) => line.includes("chat-client invite "));
  const key = { ...KEY, path: "/chat/a.key" };
  assert.deepEqual(names(invite("192.168.1.20", [], { key })), [
    "to let a friend in with a code: chat-client invite 192.168.1.20 5050 --key a.key",
  ]);
  assert.deepEqual(names(invite("192.168.1.20", [], { invites: false })), []);
  assert.deepEqual(names(invite("127.0.0.1", [])), []);
});

pureTest("formatInvitation() says that loopback is this machine only", () => {
  for (
    const hostname of [
      "127.0.0.1",
      "127.0.0.2",
      "127.255.255.255",
      "::1",
      "::ffff:127.0.0.1",
      "localhost",
    ]
  ) {
    assert.deepEqual(invite(hostname, ["192.168.1.20"]).slice(4), [
      OPEN,
      LOCAL_ONLY,
      `a client on this machine runs: chat-client ${hostname} 5050`,
    ]);
  }
  for (
    const hostname of [
      "128.0.0.1",
      "12.7.0.0",
      "::2",
      "::ffff:12.7.0.0",
      "1::1",
      "localhost.example",
    ]
  ) {
    assert.ok(!invite(hostname, []).includes(LOCAL_ONLY), hostname);
  }
});

pureTest("formatInvitation() recommends --members-only where strangers come by", () => {
  const open = ["0.0.0.0", "::", "203.0.113.7", "2001:db8::1", "172.32.0.1", "chat.example"];
  for (const hostname of open) {
    assert.ok(invite(hostname, []).includes(STRANGERS), hostname);
    assert.ok(!invite(hostname, [], { mode: "members" }).includes(STRANGERS), hostname);
  }
  const closed = ["127.0.0.1", "::1", "localhost", "10.0.0.1", "192.168.1.20", "fd00::1"];
  for (const hostname of closed) assert.ok(!invite(hostname, []).includes(STRANGERS), hostname);
});

pureTest("formatInvitation() tells who is served", () => {
  const lines = invite("192.168.1.20", [], { mode: "members" });
  assert.ok(lines.includes("mode: members only; whoever does not prove the key gets nothing"));
});

pureTest("formatInvitation() of a server without the key names no key file of its own", () => {
  assert.deepEqual(invite("192.168.1.20", [], { key: undefined, mode: "members" }), [
    "keyless: this server cannot tell what is said, nor admit anybody by itself",
    "mode: members only; whoever does not prove the key gets nothing",
    "to let a friend in with a code: chat-client invite 192.168.1.20 5050",
    "a friend with secret.key runs: chat-client 192.168.1.20 5050",
  ]);
});

pureTest("formatInvitation() on every IPv4 address prefers a private one", () => {
  const others = ["127.0.0.1", "::1", "203.0.113.7", "2001:db8::1", "169.254.3.4", "fe80::1"];
  const lan = ["10.0.0.1", "172.16.0.1", "172.19.0.1", "172.20.0.1", "172.29.0.1", "172.31.255.1"];
  for (const address of [...lan, "192.168.0.1", "10.255.255.254"]) {
    assert.equal(invitedTo("0.0.0.0", [...others, address]), address);
    assert.equal(invitedTo("::", [...others, address]), address);
  }
});

pureTest("formatInvitation() does not take for private what only looks so", () => {
  const publics = ["11.0.0.1", "100.0.0.1", "172.15.0.1", "172.32.0.1", "172.160.0.1"];
  for (const address of [...publics, "192.169.0.1", "192.16.8.1", "1.10.0.1"]) {
    assert.equal(invitedTo("0.0.0.0", [address, "10.0.0.1"]), "10.0.0.1");
    assert.equal(invitedTo("0.0.0.0", [address]), address);
  }
});

pureTest("formatInvitation() never invites to loopback or link-local addresses", () => {
  const local = ["127.0.0.1", "::1", "169.254.0.1", "fe80::1", "FE9f::1", "feaf::1", "febf::1"];
  assert.equal(invitedTo("0.0.0.0", [...local, "203.0.113.7"]), "203.0.113.7");
  assert.equal(invitedTo("::", [...local, "2001:db8::1"]), "2001:db8::1");
  assert.equal(invitedTo("::", [...local, "fec0::1"]), "fec0::1");
});

pureTest("formatInvitation() invites to IPv6 only where that is listened on", () => {
  assert.equal(invitedTo("::", ["2001:db8::1", "203.0.113.7"]), "203.0.113.7");
  assert.equal(invitedTo("::", ["2001:db8::1"]), "2001:db8::1");
  assert.equal(invitedTo("0.0.0.0", ["2001:db8::1"]), "127.0.0.1");
});

pureTest("formatInvitation() names loopback where there is no other address", () => {
  assert.equal(invitedTo("0.0.0.0", []), "127.0.0.1");
  assert.equal(invitedTo("::", ["::1", "fe80::1"]), "::1");
});

pureTest("formatInvitation() writes lines without line breaks", () => {
  for (const line of invite("0.0.0.0", [])) assert.doesNotMatch(line, /[\r\n]/);
});

pureTest("formatListening() writes the address as one word", () => {
  assert.equal(
    formatListening({ hostname: "0.0.0.0", port: 1024 }, sayIn("en")),
    "listening on 0.0.0.0:1024",
  );
  assert.equal(
    formatListening({ hostname: "::", port: 65535 }, sayIn("en")),
    "listening on [::]:65535",
  );
});

pureTest("formatInvitation() keeps on which network an address is", () => {
  assert.deepEqual(invite("fe80::5%eth0", []).slice(4), [
    OPEN,
    "to let a friend in with a code: chat-client invite fe80::5%eth0 5050",
    "a friend with that file runs: chat-client fe80::5%eth0 5050",
    "behind the % each machine has the name of its own network interface",
  ]);
});

pureTest("formatInvitation() tells of a key that no file holds", () => {
  assert.deepEqual(invite("192.168.1.20", [], { key: { ...KEY, path: undefined } }), [
    "key: from a pipe",
    HANDOVER[0],
    "whoever has this key can read and write everything: hand it over in",
    HANDOVER[2],
    OPEN,
    "to let a friend in with a code: chat-client invite 192.168.1.20 5050",
    "a friend with secret.key runs: chat-client 192.168.1.20 5050",
  ]);
});

pureTest("formatInvitation() on 0.0.0.0 does not advise to listen on 0.0.0.0", () => {
  for (const hostname of ["0.0.0.0", "::"]) {
    const lines = formatInvitation({
      listening: { hostname, port: 5050 },
      key: { path: "k", created: false, fingerprint: "" },
      mode: "open",
      invites: true,
      clientCommand: "c",
      interfaces: [],
    }, sayIn("en"));
    for (const line of lines) assert.doesNotMatch(line, /listen on 0\.0\.0\.0/);
  }
});
