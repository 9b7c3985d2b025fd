import assert from "node:assert/strict";
import { describePermissions } from "../../lib/cluster/stream_config.ts";
import { namesOf } from "../../lib/cluster/stream_info.ts";
import { fillRoot } from "../support/container.ts";
import { ROOM, writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import type { OpsClusterFinding } from "../support/ops_cluster_child.ts";
import { IMPORT_FLAGS, Program, ROOT } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const CONFIG = `${ROOT}ops/nats.conf`;
const NEEDS = ["net", "read", "write", "run", "env", "nats", "openssl", "bash"] as const;
const SERVERS = ["nats-a", "nats-b", "nats-c"];
const RELAYS = ["relay-a", "relay-b", "relay-c"];
/** Version 2.9 of Debian 12 has no such setting. */
const SYNC = /^ +sync_interval: always\n/m;

/**
 * Makes a network of its own, as an engine for containers does: a machine for each server, with an
 * address and a name. $1 is the file of names, $2 the address of the relays' machine.
 */
const NETWORK = `
hosts=$1; own=$2; shift 2
mount -t tmpfs tmpfs /run
mount --bind "$hosts" /etc/hosts
ip link set lo up
ip link add bridge0 type bridge
ip link set bridge0 up
ip address add "$own" dev bridge0 $NODAD
for name in nats-a nats-b nats-c; do
  ip netns add "$name"
  ip link add "$name" type veth peer name eth0 netns "$name"
  ip link set "$name" master bridge0 up
  ip -n "$name" link set lo up
  ip -n "$name" link set eth0 up
  ip -n "$name" address add "$1" dev eth0 $NODAD
  shift
done
exec "$@"
`;

/** Makes what servers and relays prove to each other, as docs/OPERATING.md tells to. */
async function makeSecrets(directory: string, ...hosts: string[]) {
  await Deno.copyFile(`${ROOT}ops/cluster-secrets.sh`, `${directory}/cluster-secrets.sh`);
  await using program = Program.spawn(["sh", `${directory}/cluster-secrets.sh`, ...hosts]);
  return await program.finished();
}

/** The configuration, as far as the server that is here knows its settings. */
async function readConfig(directory: string): Promise<string> {
  const text = await Deno.readTextFile(CONFIG);
  await Deno.writeTextFile(`${directory}/sync.conf`, `jetstream { sync_interval: always }\n`);
  await using program = Program.spawn(["nats-server", "-t", "-c", `${directory}/sync.conf`]);
  return (await program.finished()).code === 0 ? text : text.replace(SYNC, "");
}

async function findProgram(name: string): Promise<string> {
  const { stdout } = await new Deno.Command("bash", { args: ["-c", `type -P ${name}`] }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** Runs the servers and relays in a network that begins so. */
async function runCluster(hostname: string, network: string): Promise<OpsClusterFinding> {
  const isIpv6 = network.includes(":");
  const [own, ...servers] = [9, 1, 2, 3].map((number) => `${network}${number}`);
  return await withDirectory(async (cwd) => {
    await writeKey(cwd);
    assert.equal((await makeSecrets(cwd)).code, 0);
    const config = await readConfig(cwd);
    const program = await findProgram("nats-server");
    const image = { entrypoint: ["/usr/local/bin/nats-server"] };
    const hosts = SERVERS.map((name, i) => `${servers[i]} ${name}\n`).join("");
    await Deno.writeTextFile(`${cwd}/hosts`, `127.0.0.1 localhost\n${hosts}`);
    for (const name of SERVERS) {
      const root = `${cwd}/${name}`;
      await fillRoot(root, program, image);
      await Deno.mkdir(`${root}/data`);
      await Deno.mkdir(`${root}/etc/nats/secrets`, { recursive: true });
      await Deno.copyFile(`${cwd}/hosts`, `${root}/etc/hosts`);
      await Deno.writeTextFile(`${root}/etc/nats/nats.conf`, config);
      for await (const { name: file } of Deno.readDir(`${cwd}/secrets/${name}`)) {
        await Deno.copyFile(`${cwd}/secrets/${name}/${file}`, `${root}/etc/nats/secrets/${file}`);
      }
    }
    const child = `${ROOT}tests/support/ops_cluster_child.ts`;
    const permissions = ["net", "read", "write", "run", "env"].map((each) => `--allow-${each}`);
    await using cluster = Program.spawn([
      ...["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
      ...["bash", "-ec", NETWORK, "network", `${cwd}/hosts`],
      ...[own!, ...servers].map((each) => `${each}/${isIpv6 ? 64 : 24}`),
      ...[Deno.execPath(), "run", "-q", "--no-check", "--no-prompt", ...IMPORT_FLAGS],
      ...permissions,
      ...[child, cwd, hostname],
    ], { env: { NODAD: isIpv6 ? "nodad" : "" } });
    const { code, stdout, stderr } = await cluster.finished(120);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  });
}

const FAMILIES = [["IPv4", "127.0.0.1", "10.99.0."], ["IPv6", "::1", "fd99::"]] as const;

for (const [family, hostname, network] of FAMILIES) {
  testNeeding(
    [...NEEDS, "unshare", "setpriv", "ss"],
    `three relays share a room through ops/nats.conf, over ${family}`,
    async () => {
      const { setup, copies, talk, refused, strangers } = await runCluster(hostname, network);
      assert.equal(setup, `stream chat-${ROOM.roomId.toHex()} is made, with 3 copies`);
      assert.equal(copies, 3);
      const { sent, received, longestPongMs, ...faults } = talk;
      assert.ok(sent > 500, `${sent} were sent`);
      assert.equal(received, sent * 5);
      assert.deepEqual(faults, { lost: 0, twice: 0, shuffled: 0, disordered: 0, cut: 0 });
      assert.ok(longestPongMs < 15_000, `${longestPongMs} ms`);
      for (const what of refused) assert.match(what, /^(?:relay-a|setup): Permissions? Violation/i);
      assert.equal(refused.length, 13 + 6 + 5 + 7);
      const [nobody, unverified, server] = strangers;
      assert.match(nobody!, /^UnauthorizedError: /);
      assert.match(unverified!, /certificate/i);
      assert.match(server!, /client didn't provide a certificate/);
    },
  );
}

testNeeding(
  ["read"],
  "each user of NATS may do what cluster-setup prints, and no more",
  async () => {
    const text = (await Deno.readTextFile(CONFIG)).replaceAll(/^ +/gm, "");
    for (const relay of RELAYS) {
      // A * is the room, which is all of a word of a subject.
      const { stream } = namesOf("*");
      const printed = describePermissions("*", relay).replaceAll(stream, "*").replaceAll(
        /^ +/gm,
        "",
      );
      const user = `{\nuser: ${relay}\npassword: $${relay}\n`;
      const said = text.slice(text.indexOf(user));
      assert.ok(said.startsWith(`${user}${printed}`), relay);
    }
    assert.deepEqual([...text.matchAll(/^user: (.*)$/gm)].map(([, user]) => user), [
      ...RELAYS,
      "setup",
    ]);
  },
);

testNeeding([...NEEDS], "nats-server takes the configuration", async () => {
  await withDirectory(async (cwd) => {
    assert.equal((await makeSecrets(cwd)).code, 0);
    const { rename } = Deno;
    const secrets = `${cwd}/server`;
    await rename(`${cwd}/secrets/nats-a`, secrets);
    await rename(`${cwd}/secrets`, `${cwd}/others`);
    await rename(secrets, `${cwd}/secrets`);
    const text = (await readConfig(cwd)).replaceAll("/etc/nats/", `${cwd}/`);
    await Deno.writeTextFile(`${cwd}/nats.conf`, text);
    await using program = Program.spawn(["nats-server", "-t", "-c", `${cwd}/nats.conf`]);
    const { code, stderr } = await program.finished();
    assert.equal(code, 0, stderr);
  });
});

testNeeding([...NEEDS], "what servers and relays prove is made once, for each alone", async () => {
  await withDirectory(async (cwd) => {
    const made = await makeSecrets(cwd, "a.example", "192.0.2.1", "2001:db8::1");
    assert.deepEqual(made, { code: 0, stdout: `made: ${cwd}/secrets\n`, stderr: "" });
    const secrets = `${cwd}/secrets`;
    const modes = async (path: string) => ((await Deno.stat(path)).mode! & 0o777).toString(8);
    assert.equal(await modes(secrets), "700");
    assert.equal(await modes(`${secrets}/ca.key`), "600");
    const names = "DNS:a.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1\n";
    for (const server of SERVERS) {
      assert.equal(await modes(`${secrets}/${server}/server.key`), "644");
      const path = `${secrets}/${server}/server.pem`;
      const args = ["x509", "-in", path, "-noout", "-ext", "subjectAltName,extendedKeyUsage"];
      await using shown = Program.spawn(["openssl", ...args]);
      const { stdout } = await shown.finished();
      assert.ok(stdout.includes(names), stdout);
      await using verified = Program.spawn([
        "openssl",
        "verify",
        "-CAfile",
        `${secrets}/ca.pem`,
        path,
      ]);
      assert.equal((await verified.finished()).code, 0);
    }
    const creds = await Promise.all([...RELAYS, "setup"].map(async (user) => {
      const text = await Deno.readTextFile(`${secrets}/${user}/relay.creds`);
      assert.match(text, RegExp(`^${user}:[0-9a-f]{64}\n$`));
      return text;
    }));
    assert.equal(new Set(creds.map((text) => text.split(":")[1])).size, 4);
    const lines = creds.map((text) => text.trim().replace(/:(.*)/, ': "$1"'));
    for (const server of SERVERS) {
      const text = await Deno.readTextFile(`${secrets}/${server}/passwords.conf`);
      assert.deepEqual(text.trim().split("\n"), lines);
    }
    // Nothing is made anew over what is in use.
    const again = await makeSecrets(cwd);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /^error: .*secrets is there already\nhint: /);
  });
});

testNeeding([...NEEDS], "hosts that are none are refused, and nothing is made", async () => {
  await withDirectory(async (cwd) => {
    for (const hosts of [["a"], ["a", "b", "c", "d"], ["a", "b", ""], ["a", "b", "c\nd"]]) {
      const { code, stderr } = await makeSecrets(cwd, ...hosts);
      assert.equal(code, 2, stderr);
    }
    const left = await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name);
    assert.deepEqual(left, ["cluster-secrets.sh"]);
  });
});
