import assert from "node:assert/strict";
import { generateKey } from "../../lib/fernet.ts";
import { secureClient } from "../../lib/tls/client.ts";
import { makeAuthority, makeRoomPair } from "../support/certificates.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { type Program, run, type Server, spawn, startServer } from "../support/programs.ts";
import { Recorder } from "../support/recorder.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const HOST = "chat.example.org";

/** A server with a port for TLS, in a directory with a key. */
interface SecureServer extends Server {
  readonly tlsPort: number;
}

async function startSecure(cwd: string, ...args: string[]): Promise<SecureServer> {
  const server = await startServer({ cwd, args: ["--tls-port", "0", ...args] });
  const [, port] = await server.program.waitFor("stderr", /^listening on .*:(\d+) for TLS$/m);
  return { ...server, tlsPort: Number(port) };
}

async function withSecure(
  args: readonly string[],
  fn: (server: SecureServer, cwd: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
    await using server = await startSecure(cwd, ...args);
    await fn(server, cwd);
  });
}

/** A client with an identity of its own. */
function startClient(cwd: string, port: number, nick: string, ...args: string[]): Promise<Program> {
  const env = { XDG_STATE_HOME: `${cwd}/state-of-${nick}` };
  return spawn("client", ["127.0.0.1", `${port}`, "--nick", nick, ...args], { cwd, env });
}

testNeeding(NEEDS, "a recording of TLS shows neither tokens nor control lines", async () => {
  await withSecure([], async ({ port, tlsPort }, cwd) => {
    const recordings: string[] = [];
    for (const [target, ...args] of [[port], [tlsPort, "--tls"]] as const) {
      using recorder = new Recorder(target);
      await using bob = await startClient(cwd, recorder.port, "bob", "--stay", ...args);
      await bob.waitFor("stderr", /connected to/);
      const said = `hello ${args.length}`;
      const send = ["127.0.0.1", `${recorder.port}`, "--nick", "alice", "--send", said, ...args];
      const { code, stderr } = await run("client", send, { cwd });
      assert.equal(code, 0, stderr);
      await bob.waitFor("stdout", new RegExp(`^<alice> ${said}$`, "m"));
      recordings.push(recorder.text);
    }
    const [plain, secret] = recordings as [string, string];
    const lines = /gAAAAA|!(?:HELLO|CHAL|AUTH|WELCOME|BACKLOG|LIVE|PING|PONG|JOINED|FLEETING) ?/;
    assert.match(plain, lines);
    assert.doesNotMatch(secret, lines);
    assert.ok(secret.length > 2000, "nothing was recorded");
    // Not even which room it is: the name that is asked for is the same for all.
    assert.ok(secret.includes("chatroom.invalid"));
    assert.doesNotMatch(secret, /[0-9a-f]{32}\.chatroom/);
  });
});

testNeeding(NEEDS, "members with TLS and without talk to each other, and come back", async () => {
  await withSecure([], async ({ port, tlsPort }, cwd) => {
    using recorder = new Recorder(tlsPort);
    await using alice = await startClient(cwd, recorder.port, "alice", "--stay", "--tls");
    await using bob = await startClient(cwd, port, "bob", "--stay");
    for (const client of [alice, bob]) await client.waitFor("stderr", /connected to/);
    for (const round of [1, 2]) {
      await alice.write(`over ${round}\n`);
      await bob.waitFor("stdout", new RegExp(`^<alice> over ${round}$`, "m"));
      await bob.write(`plain ${round}\n`);
      await alice.waitFor("stdout", new RegExp(`^<bob> plain ${round}$`, "m"));
      recorder.cut();
      await alice.waitFor("stderr", /connected again/);
    }
  });
});

testNeeding(NEEDS, "a file goes through a pipe over TLS", async () => {
  await withSecure([], async ({ tlsPort }, cwd) => {
    const bytes = new Uint8Array(2 * 1024 * 1024 + 1);
    for (let at = 0; at < bytes.length; at += 65_536) {
      crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    }
    await Deno.writeFile(`${cwd}/a.bin`, bytes);
    const address = ["127.0.0.1", `${tlsPort}`, "--tls", "--nick"];
    const env = (nick: string) => ({ cwd, env: { XDG_STATE_HOME: `${cwd}/state-of-${nick}` } });
    await using bob = await spawn(
      "client",
      ["take", ...address, "bob", "--dir", "taken"],
      env("bob"),
    );
    await bob.waitFor("stderr", /connected/);
    await using alice = await spawn(
      "client",
      ["send-file", "a.bin", ...address, "alice"],
      env("al"),
    );
    for (const program of [alice, bob]) {
      const { code, stderr } = await program.finished(60);
      assert.equal(code, 0, stderr);
    }
    assert.deepEqual(await Deno.readFile(`${cwd}/taken/a.bin`), bytes);
  });
});

testNeeding(NEEDS, "another certificate is refused, at once and in plain words", async () => {
  await withDirectory(async (cwd) => {
    await Deno.mkdir(`${cwd}/other`);
    await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
    const authority = await makeAuthority();
    await Deno.writeTextFile(`${cwd}/ca.pem`, authority.certificate);
    const own = async (name: string, host: string, days?: readonly [number, number]) => {
      const { certificate, key } = await authority.issue({ host, days });
      await Deno.writeTextFile(`${cwd}/${name}.pem`, certificate);
      await Deno.writeTextFile(`${cwd}/${name}.key`, key, { mode: 0o600 });
      return await startSecure(cwd, "--tls-cert", `${name}.pem`, "--tls-key", `${name}.key`);
    };
    await using room = await startSecure(cwd);
    await using otherRoom = await startSecure(`${cwd}/other`);
    await using good = await own("good", HOST);
    await using otherHost = await own("other-host", "other.example.org");
    await using expired = await own("expired", HOST, [-5, -1]);
    assert.match(
      expired.program.stderr,
      /^warning: the certificate expired on .*: clients refuse/m,
    );
    assert.match(good.program.stderr, /^over TLS: .* --tls-name chat\.example\.org$/m);
    const named = ["--tls-name", HOST, "--tls-ca", "ca.pem"];
    const unlike =
      /^error: Cannot connect: the server at \S+ does not show the certificate of this/m;
    const invalid = /^error: Cannot connect: the certificate of the server has expired, or nobody/m;
    const wrong =
      /^error: Cannot connect: the certificate of the server is not for chat\.example\./m;
    const cases: [Server & { tlsPort: number }, string[], RegExp | undefined][] = [
      [room, ["--tls"], undefined],
      [otherRoom, ["--tls"], unlike],
      [good, ["--tls"], unlike],
      [good, named, undefined],
      [good, named.slice(0, 2), invalid],
      [otherHost, named, wrong],
      [expired, named, invalid],
      [room, named, invalid],
    ];
    await Promise.all(cases.map(async ([{ tlsPort }, args, refusal]) => {
      const send = ["127.0.0.1", `${tlsPort}`, "--ephemeral", "--send", "hello", ...args];
      const { code, stderr } = await run("client", send, { cwd });
      assert.equal(code, refusal ? 1 : 0, stderr);
      if (!refusal) return;
      assert.match(stderr, refusal);
      assert.match(stderr, /^hint: /m);
      assert.doesNotMatch(stderr, /trying again/);
    }));
  });
});

testNeeding(NEEDS, "a keyless server has TLS by its secret line", async () => {
  await withDirectory(async (cwd) => {
    const key = generateKey();
    await Deno.writeTextFile(`${cwd}/secret.key`, key, { mode: 0o600 });
    const made = await run("client", ["admission", "--tls"], { cwd });
    assert.match(made.stdout, /^admission1\.[^\n]+\ntls1\.[A-Za-z0-9_-]{43}\n$/);
    assert.match(made.stderr, /^warning: the line tls1 is secret/);
    const plain = await run("client", ["admission"], { cwd });
    assert.equal(plain.stdout, `${made.stdout.split("\n")[0]}\n`);
    assert.equal(plain.stderr, "");
    await Deno.mkdir(`${cwd}/host`);
    await Deno.writeTextFile(`${cwd}/host/admission.tls`, made.stdout, { mode: 0o644 });
    await Deno.writeTextFile(`${cwd}/host/admission.pub`, plain.stdout);
    const args = ["127.0.0.1", "0", "--tls-port", "0", "--keyless", "admission.pub"];
    const refused = await run("server", args, { cwd: `${cwd}/host` });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error: Cannot serve TLS: the file of --keyless has no line/m);
    await using server = await startSecure(`${cwd}/host`, "--keyless", "admission.tls");
    assert.match(server.program.stderr, /^warning: others could read admission\.tls/m);
    const send = ["127.0.0.1", `${server.tlsPort}`, "--tls", "--send", "hello"];
    const { code, stderr } = await run("client", send, { cwd });
    assert.equal(code, 0, stderr);
  });
});

testNeeding(NEEDS, "somebody is invited and joins over TLS, and the room keeps that", async () => {
  await withSecure([], async ({ tlsPort, program }, cwd) => {
    const address = ["127.0.0.1", `${tlsPort}`];
    await using alice = await startInviter(cwd, address);
    const [code] = await alice.waitFor("stdout", /^[a-z]+(?:-[a-z]+){3}$/m);
    const [, link] = await alice.waitFor("stderr", /join "(\S+)"$/m);
    assert.equal(link, `chatrooms://127.0.0.1:${tlsPort}/#${code}`);
    await alice.waitFor("stderr", new RegExp(`join 127\\.0\\.0\\.1 ${tlsPort} --tls$`, "m"));
    const env = { XDG_CONFIG_HOME: `${cwd}/bobs`, XDG_STATE_HOME: `${cwd}/bob` };
    const bob = { cwd, env };
    const joined = await run("client", ["join", link!, "--name", "friends", "--no-enter"], bob);
    assert.equal(joined.code, 0, joined.stderr);
    const path = `${cwd}/bobs/encrypted-chatroom/rooms/friends/room.json`;
    const kept = JSON.parse(await Deno.readTextFile(path));
    assert.deepEqual([kept.port, kept.tls], [tlsPort, true]);
    const sent = await run("client", ["friends", "--send", "hello"], bob);
    assert.equal(sent.code, 0, sent.stderr);
    assert.doesNotMatch(program.stderr, / refused /);
    // The same by hand.
    const add = ["rooms", "add", "again", ...address, "--key", "secret.key", "--tls"];
    assert.equal((await run("client", add, bob)).code, 0);
    assert.equal((await run("client", ["again", "--send", "hello"], bob)).code, 0);
    const off = await run("client", ["again", "--no-tls", "--send", "x", "--reconnect", "0"], bob);
    assert.equal(off.code, 1);
    assert.match(off.stderr, /^hint: A port for TLS needs --tls\.$/m);
  });
});

testNeeding(NEEDS, "a proxy says for whom it connects before TLS begins", async () => {
  await withSecure(["--proxy-protocol", "127.0.0.1"], async ({ tlsPort, program }, cwd) => {
    const keyText = await Deno.readTextFile(`${cwd}/secret.key`);
    const { certificate: authorities } = await makeRoomPair(keyText);
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: tlsPort });
    await conn.write(new TextEncoder().encode("PROXY TCP4 192.0.2.7 192.0.2.1 4711 5051\r\n"));
    const client = await secureClient(conn, { name: "chatroom.invalid", authorities });
    await client.write(new TextEncoder().encode("hello\n"));
    await program.waitFor("stderr", /info client 1 joined from 192\.0\.2\.7:4711 \(guest\)$/m);
    client.close();
    // A check of the port is no client, and nobody is told of it.
    (await Deno.connect({ hostname: "127.0.0.1", port: tlsPort })).close();
    await program.waitFor("stderr", /client 1 left/);
    assert.doesNotMatch(program.stderr, /refused/);
  });
});

testNeeding(NEEDS, "the server tells who has not shaken hands, and goes on", async () => {
  await withSecure(["--members-only"], async ({ tlsPort, program }, cwd) => {
    using plain = await Deno.connect({ hostname: "127.0.0.1", port: tlsPort });
    await plain.write(new TextEncoder().encode("!HELLO 1 EREREREREREREREREREREQ backlog=0\n"));
    await program.waitFor("stderr", /warn refused 127\.0\.0\.1:\d+: tls$/m);
    assert.equal(await plain.read(new Uint8Array(9)), null);
    const send = ["127.0.0.1", `${tlsPort}`, "--tls", "--send", "hello"];
    assert.equal((await run("client", send, { cwd })).code, 0);
    await until(() => /left .*: end/.test(program.stderr), () => program.stderr);
  });
});

function startInviter(cwd: string, address: readonly string[]): Promise<Program> {
  const env = { XDG_STATE_HOME: `${cwd}/alice` };
  return spawn("client", ["invite", ...address, "--tls", "--nick", "alice"], { cwd, env });
}
