import assert from "node:assert/strict";
import { parseBase64Url } from "../lib/bytes/base64url.ts";
import { LineSplitter } from "../lib/bytes/lines.ts";
import { importPublicKey } from "../lib/crypto/ed25519.ts";
import { deriveRoomKey } from "../lib/crypto/room_key.ts";
import { decrypt, encrypt, generateKey, importKey } from "../lib/fernet.ts";
import { AdmissionVerifier } from "../lib/protocol/admission.ts";
import { formatControl, parseClientControl } from "../lib/protocol/control.ts";
import { parseEnvelope, verifyEnvelope } from "../lib/protocol/envelope.ts";
import { MAX_LINE_BYTES } from "../lib/protocol/limits.ts";
import { readBlocks, readDocument } from "./support/documents.ts";
import { testNeeding } from "./support/needs.ts";
import { run, spawn, startServer } from "./support/programs.ts";
import { CLIENTS, spawnMember, spawnSimple } from "./support/python_clients.ts";
import { withDirectory } from "./support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3-cryptography"] as const;

testNeeding(["read", "env"], "the clients of the documents are as short as they say", async () => {
  const simple = await readDocument(`${CLIENTS}/simple_client.py`);
  assert.equal(simple.trimEnd().split("\n").length, 6);
  const [inReadme] = readBlocks(await readDocument("README.md")).filter(({ info }) =>
    info === "python"
  );
  assert.equal(inReadme!.lines.join("\n"), simple.trimEnd());
  const member = await readDocument(`${CLIENTS}/member_client.py`);
  const code = member.replace(/^"""[^]*?^"""$/m, "").split("\n").map((line) => line.trim());
  assert.ok(code.filter((line) => line !== "" && !line.startsWith("#")).length <= 60);
});

testNeeding(NEEDS, "member_client.py and chat-client talk, in members only", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args: ["--members-only"] });
    const { port } = server;
    const args = ["127.0.0.1", `${port}`, "--nick", "al", "--ephemeral", "--stay"];
    await using client = await spawn("client", args, { cwd });
    await client.waitFor("stderr", /^connected to /m);
    await using member = spawnMember({ port, cwd });
    await client.waitFor("stderr", /^py joined$/m);
    await client.write("from al ☃\n");
    await member.waitFor("stdout", /^<al> from al ☃$/m);
    await member.write('grüße "\\ \u2028\nanother\n');
    await client.waitFor("stdout", /^<py> another\n/m);
    await member.child.stdin.close();
    assert.deepEqual(await member.finished(), {
      code: 0,
      stdout: "<al> from al ☃\n",
      stderr: "",
    });
    await client.waitFor("stderr", /^py left$/m);
    assert.match(client.stdout, /^<py> grüße "\\ .*\n<py> another\n$/);
    assert.doesNotMatch(client.stderr, /missing|WARNING|malformed|could not/);
  });
});

testNeeding(NEEDS, "member_client.py shows the backlog as old, and another key", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args: ["--members-only"] });
    const { port } = server;
    const args = ["127.0.0.1", `${port}`, "--nick", "al", "--ephemeral"];
    const say = async (input: string) => {
      const { code, stderr } = await run("client", args, { cwd, input });
      assert.equal(code, 0, stderr);
    };
    await say("first\n");
    await using member = spawnMember({ port, cwd });
    await member.waitFor("stdout", /^\(old\) <al> first$/m);
    await say("second\n");
    await member.waitFor("stdout", /^\(NOT the known al!\) <al> second$/m);
  });
});

testNeeding(
  NEEDS,
  "chat-client marks a second key under one name of member_client.py",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: ["--members-only"] });
      const { port } = server;
      const args = ["127.0.0.1", `${port}`, "--ephemeral", "--stay", "--backlog", "0"];
      await using client = await spawn("client", args, { cwd });
      await client.waitFor("stderr", /^connected to /m);
      for (const texts of [["one"], ["two"]]) {
        await using member = spawnMember({ port, cwd, texts });
        assert.equal((await member.finished()).code, 0);
      }
      await client.waitFor("stdout", /two\n/);
      assert.equal(client.stdout, "<py> one\n(NOT the known py!) <py> two\n");
    });
  },
);

testNeeding(NEEDS, "member_client.py is told why it is not admitted", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args: ["--members-only"] });
    await Deno.mkdir(`${cwd}/stranger`);
    await Deno.writeTextFile(`${cwd}/stranger/secret.key`, generateKey());
    await using member = spawnMember({ port: server.port, cwd: `${cwd}/stranger`, texts: ["hi"] });
    assert.deepEqual(await member.finished(), { code: 1, stdout: "", stderr: "!ERR 401 auth\n" });
  });
});

testNeeding(NEEDS, "simple_client.py talks with both clients, in an open room", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const { port } = server;
    const args = ["127.0.0.1", `${port}`, "--nick", "al", "--ephemeral", "--stay"];
    await using client = await spawn("client", args, { cwd });
    await client.waitFor("stderr", /^connected to /m);
    await using member = spawnMember({ port, cwd, nickname: "member" });
    await client.waitFor("stderr", /^member joined$/m);
    await using simple = await spawnSimple(port, cwd);
    await client.waitFor("stdout", /^\(unverified\) <py> hello$/m);
    await member.waitFor("stdout", /^\(unverified\) <py> hello$/m);
    await client.write("from al\n");
    await simple.waitFor("stdout", /^<al> from al$/m);
    await member.write("from member\n");
    await simple.waitFor("stdout", /^<member> from member\n/m);
    assert.equal(simple.stdout, "<al> from al\n<member> from member\n");
  });
});

testNeeding(NEEDS, "simple_client.py reads that the room has moved on to a new key", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const env = { XDG_STATE_HOME: `${cwd}/state` };
    const args = ["127.0.0.1", `${server.port}`, "--nick", "al", "--stay"];
    await using client = await spawn("client", args, { cwd, env });
    await client.waitFor("stderr", /^connected to /m);
    await using simple = await spawnSimple(server.port, cwd);
    await client.waitFor("stdout", /^\(unverified\) <py> hello$/m);
    await client.write("/rotate --yes\n");
    // The rotation itself, which comes first, has bytes behind its header that are no text.
    await simple.waitFor(
      "stdout",
      /^<al> the room has a new key: .* chat-client key --today prints$/m,
    );
  });
});

testNeeding(NEEDS, "member_client.py says what the protocol asks for, byte for byte", async () => {
  await withDirectory(async (cwd) => {
    const keyText = generateKey();
    await Deno.writeTextFile(`${cwd}/secret.key`, keyText);
    const room = await deriveRoomKey(keyText);
    const key = await importKey(keyText);
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using member = spawnMember({ port: listener.addr.port, cwd, nickname: "zoë" });
    using conn = await member.alive(listener.accept());
    const lines = readAll(conn);
    const say = async (line: Uint8Array | string) => {
      const bytes = typeof line === "string" ? new TextEncoder().encode(line) : line;
      assert.equal(await conn.write(bytes), bytes.length);
    };
    const next = async () => (await member.alive(lines.next())).value as Uint8Array;

    const hello = parseClientControl(await next());
    assert.ok(hello?.verb === "HELLO" && hello.backlog === 50);
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    await say(formatControl({ verb: "CHAL", nonce, mode: "members" }));
    const auth = parseClientControl(await next());
    assert.ok(auth?.verb === "AUTH");
    const { roomId, admission } = room;
    const verifier = await AdmissionVerifier.import({ roomId, publicKey: admission.publicKey });
    assert.ok(await verifier.verify(auth.signature, { server: nonce, client: hello.nonce }));
    const welcome = { cid: 7, time: 1785571200, maxBytes: 65536, peers: 1 };
    await say(formatControl({ verb: "WELCOME", ...welcome }));
    await say("!BACKLOG 1\n");
    await say(`${await encrypt(key, new TextEncoder().encode("past\x1b[2J"))}\n`);
    await say("!LIVE\n!WHATEVER 1 2\n!PING 5\n");

    const tokens: string[] = [];
    const control: string[] = [];
    const sort = (line: Uint8Array) => {
      const text = new TextDecoder().decode(line);
      (text.startsWith("!") ? control : tokens).push(text);
    };
    while (!control.includes("!PONG 5")) sort(await next());
    await member.write("a\n" + "é".repeat(300) + "\n");
    await member.child.stdin.close();
    for await (const line of lines) sort(line);
    const headers = [];
    for (const token of tokens) {
      const { plaintext } = await decrypt(key, token);
      const envelope = parseEnvelope(plaintext);
      assert.ok(envelope.kind === "signed");
      const publicKey = await importPublicKey(parseBase64Url(envelope.header.id, 32)!);
      assert.ok(await verifyEnvelope(envelope, publicKey, roomId));
      const { kind, nickname, sequence, cid } = envelope.header;
      headers.push([kind, nickname, sequence, cid, plaintext.length]);
    }
    assert.deepEqual(headers, [
      ["join", "zoë", 0, 7, 511],
      ["chat", "zoë", 1, undefined, 511],
      ["chat", "zoë", 2, undefined, 1023],
      ["leave", "zoë", 3, undefined, 511],
    ]);
    // Another thread answers the ping.
    const own = control.filter((line) => line !== "!PONG 5");
    assert.deepEqual(own, ["!FLEETING", "!FLEETING", "!BYE"]);
    assert.equal(control.length, own.length + 1);
    // Too late to be answered.
    await say("!PING 6\n");
    conn.close();
    const { code, stdout, stderr } = await member.finished();
    assert.deepEqual([code, stdout, stderr], [0, "(old) (unverified) past?[2J\n", ""]);
  });
});

testNeeding(NEEDS, "member_client.py says when its connection is lost", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args: ["--members-only"] });
    const { port } = server;
    await using member = spawnMember({ port, cwd });
    await member.write("hello\n");
    const args = ["127.0.0.1", `${port}`, "--ephemeral", "--stay"];
    await using client = await spawn("client", args, { cwd });
    await client.waitFor("stdout", /hello\n/);
    await server[Symbol.asyncDispose]();
    const { code, stderr } = await member.finished();
    assert.equal(code, 1);
    assert.match(stderr, /^the connection is lost\n$|ConnectionResetError/);
  });
});

async function* readAll(conn: Deno.Conn): AsyncGenerator<Uint8Array> {
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const bytes = await conn.read(buffer);
    if (bytes === null) return;
    yield* splitter.push(buffer.subarray(0, bytes));
  }
}
