import assert from "node:assert/strict";
import { makeAuthority } from "../support/certificates.ts";
import { connectMember, tokens, writeKey } from "../support/member_client.ts";
import { Nats, ROOM_ID } from "../support/nats.ts";
import { PYTHON, testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { Program, run, type Server, spawn, startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { findFreePort } from "../support/streams.ts";
import { Talkers } from "../support/talkers.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "nats"] as const;

interface Cluster {
  readonly cwd: string;
  readonly nats: Nats;
  /** Starts a relay. */
  readonly start: (name: string, ...args: string[]) => Promise<Server>;
}

/** Has a server of NATS with the room's stream. */
async function withCluster(
  fn: (cluster: Cluster) => Promise<void>,
  config?: string,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using nats = await Nats.start({ directory: cwd, config });
    const start = (name: string, ...args: string[]) => {
      return startServer({ cwd, args: ["--cluster", nats.urls, "--cluster-name", name, ...args] });
    };
    await fn({ cwd, nats, start });
  });
}

testNeeding(NEEDS, "members of three relays talk, and NATS is killed twice", async () => {
  await withCluster(async ({ nats, start }) => {
    await using a = await start("a");
    await using b = await start("b");
    await using c = await start("c");
    const ports = [a, b, c].map(({ port }) => port);
    using talkers = await Talkers.gather({ ports: [...ports, ...ports], everyMs: 20 });
    talkers.start();
    for (let i = 0; i < 2; i++) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await nats.kill(0);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await nats.run(0);
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    talkers.stop();
    await talkers.settle(20);
    const { sent, longestPongMs, ...faults } = talkers.judge();
    assert.ok(sent > 500, `${sent} were sent`);
    assert.ok(longestPongMs < 5000, `${longestPongMs} ms`);
    const { received, ...wrong } = faults;
    assert.equal(received, sent * 5);
    assert.deepEqual(wrong, { lost: 0, twice: 0, shuffled: 0, disordered: 0, cut: 0 });
  });
});

testNeeding(
  NEEDS,
  "backlog and live lines of other relays meet, and a relay reads back",
  async () => {
    await withCluster(async ({ start }) => {
      await using a = await start("a");
      await using b = await start("b");
      using writer = await connectMember(a.port);
      let sent = 0;
      const timer = setInterval(() => writer.send(`${fakeToken(`n${sent++}x`)}\n`), 2);
      const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
      await pause();
      const readers = [];
      for (let i = 0; i < 5; i++) {
        readers.push(await connectMember(b.port, 200));
        await pause();
      }
      clearInterval(timer);
      await writer.send("!PING 1\n");
      while (!writer.text().includes("!PONG 1\n")) await pause();
      await using late = await start("late");
      using newcomer = await connectMember(late.port, 200);
      await pause();
      const numbersOf = (client: RawClient) => {
        return tokens(client).map((token) => Number(/n(\d+)x/.exec(token)![1]));
      };
      for (const reader of [...readers, newcomer]) {
        const numbers = numbersOf(reader);
        const from = numbers[0]!;
        assert.deepEqual(numbers, Array.from({ length: sent - from }, (_, i) => from + i));
        reader[Symbol.dispose]();
      }
      assert.equal(numbersOf(newcomer).length, Math.min(200, sent));
    });
  },
);

testNeeding(NEEDS, "members are told of all who come and go, behind their last lines", async () => {
  await withCluster(async ({ start }) => {
    await using a = await start("a");
    const b = await start("b");
    using watcher = await connectMember(a.port);
    const members = await Promise.all([1, 2, 3].map(() => connectMember(b.port)));
    using guest = await RawClient.connect(b.port);
    const notices = () => watcher.lines().filter((line) => /^!(?:JOINED|GONE) /.test(line));
    const wait = async (count: number) => {
      while (notices().length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await wait(3);
    const cids = members.map((each) => /cid=(\d+)/.exec(each.text())![1]);
    assert.equal(new Set(cids).size, 3);
    await members[0]!.send(`${fakeToken("last")}\n`);
    await members[0]!.closeWrite();
    await members[0]!.waitForEnd();
    await wait(4);
    const lines = watcher.lines();
    assert.ok(lines.indexOf(`!GONE ${cids[0]}`) > lines.indexOf(fakeToken("last")));
    assert.ok(lines.indexOf(fakeToken("last")) > lines.indexOf(`!JOINED ${cids[0]}`));
    // Guests are told of once a second.
    await new Promise((resolve) => setTimeout(resolve, 2200));
    using late = await connectMember(a.port);
    assert.match(late.text(), /^!WELCOME .* peers=5$/m);
    // The others of a relay that goes away.
    await b.program[Symbol.asyncDispose]();
    await b[Symbol.asyncDispose]();
    using again = await connectMember(a.port);
    assert.match(again.text(), /^!WELCOME .* peers=6$/m);
    guest[Symbol.dispose]();
    while (notices().length < 8) await new Promise((resolve) => setTimeout(resolve, 200));
    const gone = notices().filter((line) => line.startsWith("!GONE "));
    assert.deepEqual(gone.slice(1).sort(), cids.slice(1).map((cid) => `!GONE ${cid}`).sort());
  });
});

testNeeding(
  [...NEEDS, "python3", "python3-cryptography"],
  "clients, and six lines of Python, talk through any relay",
  async () => {
    await withCluster(async ({ cwd, start }) => {
      await using a = await start("a");
      await using b = await start("b");
      const python = `
import socket, sys
from cryptography.fernet import Fernet
key = Fernet(open("secret.key").read())
room = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
print(key.decrypt(next(line for line in room.makefile("rb") if line[:1] == b"g").strip()), flush=True)
room.sendall(key.encrypt(b"<py> and back") + b"\\n")
`;
      await using simple = Program.spawn([PYTHON, "-c", python, `${a.port}`], { cwd });
      await simple.waitFor("stdout", /^ready$/m);
      const list = `127.0.0.1:${findFreePort()},127.0.0.1`;
      await using stays = await spawn("client", [list, `${b.port}`, "--stay", "--plain"], { cwd });
      await stays.waitFor("stderr", /^connected to /m);
      const sent = await run("client", ["127.0.0.1", `${b.port}`, "--plain", "--send", "to all"], {
        cwd,
      });
      assert.equal(sent.code, 0, sent.stderr);
      await simple.waitFor("stdout", /to all/);
      await stays.waitFor("stdout", /<py> and back$/m);
    });
  },
);

testNeeding(NEEDS, "server says why it waits, and listens as soon as it can", async () => {
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using nats = await Nats.start({ directory: cwd, hasStream: false });
    await nats.kill(0);
    const port = findFreePort();
    const args = ["127.0.0.1", `${port}`, "--cluster", nats.urls, "--cluster-name", "a"];
    await using server = await spawn("server", args, { cwd });
    await server.waitFor("stderr", /waiting for the cluster: .* refused/);
    await assert.rejects(RawClient.connect(port), /refused/);
    await nats.run(0);
    await server.waitFor("stderr", RegExp(`lines are held: there is no stream chat-${ROOM_ID}`));
    await assert.rejects(RawClient.connect(port), /refused/);
    await nats.setUp();
    await server.waitFor("stderr", /^listening on /m);
    using _member = await connectMember(port);
    // Whoever comes while NATS is away is let in, too.
    await nats.kill(0);
    await server.waitFor("stderr", /connection to the cluster lost/);
    using _late = await connectMember(port, 10);
    server.child.kill("SIGTERM");
    assert.equal((await server.finished()).code, 0);
  });
});

testNeeding(NEEDS, "server ends with an error where it is not let in", async () => {
  const config = 'authorization { users: [{ user: a, password: "right" }] }';
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using nats = await Nats.start({ directory: cwd, config, hasStream: false });
    const [place] = nats.urls.split(",");
    const start = (...args: string[]) => run("server", ["127.0.0.1", "0", ...args], { cwd });
    const wrong = await start("--cluster", `nats://a:wrong@${place}`);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^error: Cannot join the cluster: .*Authorization Violation/m);
    assert.match(wrong.stderr, /^hint: Check the user and the password/m);
    assert.ok(!wrong.stderr.includes("wrong@"));
    await Deno.writeTextFile(`${cwd}/creds`, "a:right\n");
    const args = ["cluster-setup", "--cluster", place!, "--cluster-creds", "creds"];
    const made = await run("server", args, { cwd });
    assert.equal(made.code, 0, made.stderr);
    assert.equal(made.stdout, `stream chat-${ROOM_ID} is made, with 1 copy\n`);
    const options = ["--cluster", place!, "--cluster-creds", "creds"];
    await using server = await startServer({ cwd, args: options });
    assert.match(server.program.stderr, /^cluster: relay a$/m);
    const file = await start("--cluster", place!, "--backlog-file", "x");
    assert.equal(file.code, 2);
    assert.match(file.stderr, /^error: Options --backlog-file and --cluster exclude each other$/m);
  });
});

testNeeding(NEEDS, "what no relay writes is refused and told of, and nothing ends", async () => {
  await withCluster(async ({ nats, start }) => {
    await using a = await start("a", "--log", "json");
    using reader = await connectMember(a.port);
    const connection = await nats.connect();
    const subject = `chat.${ROOM_ID}.evil`;
    const line = `${fakeToken("evil")}\n`;
    const entries = [
      // Of a relay that is newer than this one, as an upgrade may bring.
      "2 evil 000001 1 +1\n",
      "",
      "\0\n\0",
      "1 a 000001 1 +1\n",
      `1 evil 000001 1 m1:1:999\n${line}`,
      `1 evil 000001 1 m1:2:141\n${line}`,
      "1 evil 000001 1 m1:1:8\n!PING 1\n",
      "x".repeat(500_000),
    ];
    for (const entry of entries) connection.publish(subject, new TextEncoder().encode(entry));
    const good = `1 evil 000002 1 m1:1:141\n${line}`;
    connection.publish(subject, new TextEncoder().encode(good));
    await reader.waitForLines(5);
    assert.deepEqual(tokens(reader), [line.trim()]);
    await a.program.waitFor(
      "stderr",
      /"event":"cluster refused","message":"form 2, of another version of the relay, at chat\./,
    );
    connection.publish(`here.${ROOM_ID}.evil`, new Uint8Array(100));
    // What a server would say, and what the library does not read.
    using raw = await RawClient.connect(nats.ports[0]!);
    await raw.send('CONNECT {"verbose":false,"headers":true}\r\n');
    for (const headers of ["NATS/1.0 100\r\n\r\n", "NATS/1.0\r\nbad key: x\r\n\r\n"]) {
      const sizes = `${headers.length} ${headers.length + 2}`;
      await raw.send(`HPUB ${subject} ${sizes}\r\n${headers}hi\r\n`);
    }
    await raw.send("PING\r\n");
    await until(() => raw.text().includes("PONG"), "the server has both");
    connection.publish(subject, new TextEncoder().encode(good.replace(" 1 m", " 2 m")));
    await reader.waitForLines(6);
    assert.deepEqual(tokens(reader), [line.trim(), line.trim()]);
    await connection.close();
  });
});

testNeeding(
  NEEDS,
  "server encrypts what it says to NATS, and knows whom it says it to",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      const authority = await makeAuthority();
      const { certificate, key } = await authority.issue({ host: "localhost" });
      for (const [name, text] of [["ca", authority.certificate], ["own", certificate]]) {
        await Deno.writeTextFile(`${cwd}/${name}.pem`, text!);
      }
      await Deno.writeTextFile(`${cwd}/own.key`, key);
      const config = `tls { cert_file: "${cwd}/own.pem", key_file: "${cwd}/own.key" }`;
      await using nats = await Nats.start({ directory: cwd, config, hasStream: false });
      const host = `localhost:${nats.ports[0]}`;
      const ca = ["--cluster-tls-ca", "ca.pem"];
      for (const url of [host, `tls://${host}`]) {
        const made = await run("server", ["cluster-setup", "--cluster", url, ...ca], { cwd });
        assert.equal(made.code, 0, made.stderr);
      }
      const refused = await run("server", ["cluster-setup", "--cluster", host], { cwd });
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /^error: Cannot reach the cluster: .*certificate/m);
      const args = ["--cluster", `tls://${host}`, "--cluster-name", "a", ...ca];
      await using server = await startServer({ cwd, args });
      using _member = await connectMember(server.port);
    });
  },
);

testNeeding(NEEDS, "who may only listen at NATS learns no more than SECURITY.md says", async () => {
  await withCluster(async ({ cwd, nats, start }) => {
    const connection = await nats.connect();
    const heard: string[] = [];
    connection.subscribe(">", ({ subject, data }) => {
      heard.push(`${subject} ${new TextDecoder().decode(data)}`);
    });
    await using a = await start("a");
    await using b = await start("b");
    using _member = await connectMember(b.port);
    const args = ["127.0.0.1", `${a.port}`, "--nick", "very-secret-name", "--send", "very secret"];
    const sent = await run("client", args, { cwd });
    assert.equal(sent.code, 0, sent.stderr);
    await connection.close();
    const all = heard.join("\n");
    assert.match(all, /^chat\.[0-9a-f]{32}\.a 1 a [0-9a-f]{6} \d+ \S+$/m);
    assert.ok(!/secret|127\.0\.0\.1/.test(all), all);
    const known = /^(?:chat|here)\.[0-9a-f]{32}\.[ab] |^_INBOX\.[ab]\.|^\$JS\.(?:API|EVENT)\./;
    assert.deepEqual(heard.filter((each) => !known.test(each)), []);
  });
});

testNeeding(NEEDS, "a stream that is removed, and made again, loses nothing", async () => {
  await withCluster(async ({ nats, start }) => {
    await using a = await start("a");
    await using b = await start("b");
    using talkers = await Talkers.gather({ ports: [a.port, b.port, a.port], everyMs: 20 });
    talkers.start();
    const pause = () => new Promise((resolve) => setTimeout(resolve, 1000));
    await pause();
    const connection = await nats.connect();
    await connection.request(`$JS.API.STREAM.DELETE.chat-${ROOM_ID}`, {});
    await connection.close();
    await a.program.waitFor("stderr", /lines are held: /);
    await nats.setUp();
    await a.program.waitFor("stderr", /the stream is not what it was: it was made anew/);
    await pause();
    talkers.stop();
    await talkers.settle(20);
    const { lost, twice, shuffled, cut } = talkers.judge();
    assert.deepEqual({ lost, twice, shuffled, cut }, { lost: 0, twice: 0, shuffled: 0, cut: 0 });
  });
});
