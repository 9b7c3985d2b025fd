import assert from "node:assert/strict";
import { formatVersion } from "../../lib/version.ts";
import { writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { run, spawn, startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

testNeeding(NEEDS, "server creates secret.key, says where it is and where it listens", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const path = `${cwd}/secret.key`;
    const info = await Deno.stat(path);
    assert.equal(info.mode! & 0o777, 0o600);
    assert.match(await Deno.readTextFile(path), /^[A-Za-z0-9_-]{43}=$/);
    const { stderr, stdout } = server.program;
    assert.equal(stdout, "");
    const lines = stderr.split("\n");
    assert.equal(lines.filter((line) => /listening on/.test(line)).length, 1);
    assert.ok(lines.includes(`listening on 127.0.0.1:${server.port}`));
    assert.ok(lines.includes(`new key: ${await Deno.realPath(path)}`));
    assert.ok(lines.some((line) => line.endsWith(`deno task client 127.0.0.1 ${server.port}`)));
  });
});

testNeeding(
  NEEDS,
  "server shows the room's fingerprint, its mode, and what to think of",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using local = await startServer({ cwd });
      assert.match(local.program.stderr, /^room: 95355 41374 02588 71678$/m);
      assert.match(local.program.stderr, /^mode: open; /m);
      assert.doesNotMatch(local.program.stderr, /--members-only/);
      await using open = await startServer({ cwd, hostname: "0.0.0.0" });
      assert.equal(open.program.stderr.match(/--members-only/g)!.length, 1);
      const args = ["--members-only"];
      await using closed = await startServer({ cwd, hostname: "0.0.0.0", args });
      assert.match(closed.program.stderr, /^mode: members only; /m);
      assert.doesNotMatch(closed.program.stderr, /--members-only/);
    });
  },
);

testNeeding(NEEDS, "server keeps an existing key and refuses an invalid one", async () => {
  await withDirectory(async (cwd) => {
    const path = `${cwd}/room.key`;
    await Deno.writeTextFile(path, "not a key");
    const refused = await run("server", ["127.0.0.1", "0", "--key", path], { cwd });
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^error: Cannot load key: .*room\.key does not hold a valid key$/m,
    );
    assert.match(refused.stderr, /^hint: /m);
    assert.equal(await Deno.readTextFile(path), "not a key");
    await assert.rejects(Deno.stat(`${cwd}/secret.key`), Deno.errors.NotFound);
  });
});

testNeeding(NEEDS, "server and client answer --help and --version on stdout", async () => {
  await withDirectory(async (cwd) => {
    for (const program of ["server", "client"] as const) {
      const version = await run(program, ["--version"], { cwd });
      assert.deepEqual([version.code, version.stdout], [
        0,
        `${formatVersion(`chat-${program}`)}\n`,
      ]);
      const help = await run(program, ["--help"], { cwd });
      assert.equal(help.code, 0);
      assert.match(help.stdout, new RegExp(`Usage: chat-${program} <ip> <port> \\[options\\]`));
      assert.equal(help.stderr, "");
    }
  });
});

testNeeding(NEEDS, "server exits with 2 and says why when its command line is wrong", async () => {
  const wrong: [string[], RegExp][] = [
    [[], /^error: Missing argument: <ip>$/m],
    [["127.0.0.1"], /^error: Missing argument: <port>$/m],
    [["127.0.0.1", "80"], /^error: Port 80 is reserved: ports below 1024 belong to the system$/m],
    [["127.0.0.1", "65536"], /^error: Not a port: "65536"$/m],
    [["256.0.0.1", "5050"], /^error: Not an address: "256\.0\.0\.1"$/m],
    [["127.0.0.1", "5050", "--nope"], /^error: Unknown option: --nope$/m],
    [["127.0.0.1", "5050", "--max-clients", "0"], /^error: Option --max-clients cannot be "0"$/m],
  ];
  await withDirectory(async (cwd) => {
    for (const [args, message] of wrong) {
      const { code, stderr } = await run("server", args, { cwd });
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.match(stderr, /^hint: /m);
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd)), []);
  });
});

testNeeding(NEEDS, "server exits with 1 where it cannot listen, and leaves no key", async () => {
  await withDirectory(async (cwd) => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const port = String(taken.addr.port);
    const inUse = await run("server", ["127.0.0.1", port], { cwd });
    assert.equal(inUse.code, 1);
    assert.match(inUse.stderr, new RegExp(`^error: Cannot listen: port ${port} is in use$`, "m"));
    // 192.0.2.0/24 is reserved for documentation: no machine has it.
    const foreign = await run("server", ["192.0.2.1", "0"], { cwd });
    assert.equal(foreign.code, 1);
    assert.match(foreign.stderr, /^error: Cannot listen: 192\.0\.2\.1 is not an address/m);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd)), []);
  });
});

testNeeding(NEEDS, "server listens on IPv6 and on host names", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, hostname: "::1" });
    assert.match(server.program.stderr, /^listening on \[::1\]:\d+$/m);
    (await RawClient.connect(server.port, "::1"))[Symbol.dispose]();
    await using named = await startServer({ cwd, hostname: "localhost" });
    (await RawClient.connect(named.port, "localhost"))[Symbol.dispose]();
  });
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  testNeeding(NEEDS, `server writes what is queued and exits with 0 on ${signal}`, async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      using reader = await RawClient.connect(server.port);
      using sender = await RawClient.connect(server.port);
      const token = fakeToken("-queued-", 16_332);
      await sender.send(`${token}\n`.repeat(200));
      await reader.waitForLines(1);
      server.program.child.kill(signal);
      const { code } = await server.program.finished();
      await Promise.all([reader.ended, sender.ended]);
      assert.equal(code, 0);
      assert.ok(reader.text().endsWith("\n"), "the last line is cut");
      assert.deepEqual([...new Set(reader.lines())], [token]);
      await assert.rejects(RawClient.connect(server.port), Deno.errors.ConnectionRefused);
    });
  });
}

testNeeding(NEEDS, "server can neither read files nor connect out once it is running", async () => {
  await withDirectory(async (cwd) => {
    await using program = await spawn("server", ["127.0.0.1", "0"], {
      cwd,
      denoFlags: ["--inspect=127.0.0.1:0"],
    });
    const [url] = await program.waitFor("stderr", /ws:\/\/\S+/);
    const [, port] = await program.waitFor("stderr", /^listening on .*:(\d+)$/m);
    const attempts = {
      read: "Deno.readTextFileSync('secret.key')",
      write: "Deno.writeTextFileSync('x', '')",
      env: "Deno.env.get('CHAT_KEY')",
      run: "new Deno.Command('/bin/true').outputSync()",
      connect: `await Deno.connect({ port: ${port} })`,
      listen: "Deno.listen({ port: 0 })",
    };
    for (const [name, code] of Object.entries(attempts)) {
      const caught = `globalThis.attempt = (async () => {
        try { ${code} } catch (error) { return error.name }
      })()`;
      assert.equal(await evaluate(url, caught), "NotCapable", name);
    }
    (await RawClient.connect(Number(port)))[Symbol.dispose]();
  });
});

/** Evaluates an expression inside a program that was started with `--inspect`. */
async function evaluate(url: string, expression: string): Promise<unknown> {
  const socket = new WebSocket(url);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  socket.onerror = () => reject(new Error("Cannot reach the inspector"));
  socket.onopen = () => {
    const params = { expression, awaitPromise: true, returnByValue: true };
    socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params }));
  };
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id === 1) resolve(message.result?.result?.value);
  };
  try {
    return await promise;
  } finally {
    const closed = new Promise((done) => socket.onclose = done);
    socket.close();
    await closed;
  }
}
