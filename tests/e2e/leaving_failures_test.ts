import assert from "node:assert/strict";
import { generateKey } from "../../lib/crypto/key.ts";
import { assertRestored, openAlice, openClient, SIGNALS } from "../support/leaving.ts";
import { testNeeding } from "../support/needs.ts";
import { run, startServer } from "../support/programs.ts";
import type { Left } from "../support/pty.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;

/** Asserts the rows with which a program ended that failed. */
async function assertFailed(left: Left, ...last: string[]): Promise<void> {
  assert.equal(left.code, 1, left.output);
  const rows = await assertRestored(left);
  assert.deepEqual(rows.slice(-last.length), last);
}

testNeeding(NEEDS, "client leaves its terminal as it was after an exception", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    for (const signal of [SIGNALS.USR1, SIGNALS.USR2]) {
      await using pty = await openAlice({ cwd, port: server.port, doesCrash: true });
      await pty.type("a draft");
      await pty.waitFor(/a draft/);
      await pty.signal(signal);
      await assertFailed(await pty.finished(), "error: planned");
    }
  });
});

testNeeding(NEEDS, "client leaves its terminal as it was when the server is gone", async () => {
  await withDirectory(async (cwd) => {
    for (const reconnect of ["0", "1"]) {
      await using server = await startServer({ cwd });
      const { port, program } = server;
      const args = ["--reconnect", reconnect, "--backlog", "0"];
      await using pty = await openAlice({ cwd, port, args });
      await pty.type("a draft");
      await pty.waitFor(/a draft/);
      program.child.kill("SIGKILL");
      const last = reconnect === "0" ? ["error: Connection lost: the server is gone"] : [
        `error: Cannot connect: no server answers at 127.0.0.1:${port}`,
        "hint: Check the address and the port, and that the server is running.",
      ];
      await assertFailed(await pty.finished(), ...last);
    }
  });
});

testNeeding(NEEDS, "client leaves at once when it is offline and all was taken", async () => {
  await withDirectory(async (cwd) => {
    for (const keys of ["\x04", "/quit\r"]) {
      await using server = await startServer({ cwd });
      await using pty = await openAlice({ cwd, port: server.port, args: ["--backlog", "0"] });
      server.program.child.kill("SIGKILL");
      await pty.waitFor(/alice \(offline\)> /);
      await pty.type(keys);
      const left = await pty.finished();
      assert.equal(left.code, 0);
      const rows = await assertRestored(left);
      assert.match(rows.at(-1)!, /the server is gone; connecting again$/);
    }
  });
});

testNeeding(NEEDS, "client leaves its terminal as it was when it is refused", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const key = `${cwd}/other.key`;
    await Deno.writeTextFile(key, generateKey(), { mode: 0o600 });
    const args = ["--key", key];
    await using pty = await openClient({ cwd, port: server.port, nick: "alice", args });
    const left = await pty.finished();
    await assertFailed(
      left,
      "error: Connection closed by the server: 401 auth",
      "hint: Its room has another key: ask who runs the server for its secret.key.",
    );
  });
});

testNeeding(NEEDS, "client leaves its terminal as it was where no server is", async () => {
  await withDirectory(async (cwd) => {
    const server = await startServer({ cwd });
    await server[Symbol.asyncDispose]();
    await using pty = await openClient({ cwd, port: server.port, nick: "alice" });
    await assertFailed(
      await pty.finished(),
      `error: Cannot connect: no server answers at 127.0.0.1:${server.port}`,
      "hint: Check the address and the port, and that the server is running.",
    );
  });
});

testNeeding(NEEDS, "client does not touch its terminal without a key", async () => {
  await withDirectory(async (cwd) => {
    await using pty = await openClient({ cwd, port: 5050, nick: "alice", env: { NO_COLOR: "1" } });
    const { code, isSame, wasRaw, output } = await pty.finished();
    assert.deepEqual({ code, isSame, wasRaw }, { code: 1, isSame: true, wasRaw: false });
    assert.deepEqual(output.split("\r\n"), [
      "error: Cannot load key: there is no secret.key",
      "hint: Join with a code from a friend: chat-client join. Or ask for secret.key, or name it with --key PATH.",
      "",
    ]);
  });
});

for (
  const [name, signal, code] of [["TERM", SIGNALS.TERM, 143], ["HUP", SIGNALS.HUP, 129]] as const
) {
  testNeeding(
    NEEDS,
    `client leaves its terminal as it was before it is connected: ${name}`,
    async () => {
      await withDirectory(async (cwd) => {
        await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
        using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
        await using pty = await openClient({ cwd, port: listener.addr.port, nick: "alice" });
        await pty.waitFor(/\(connecting\)> /);
        using _silent = await listener.accept();
        await pty.type("a draft");
        await pty.waitFor(/\(connecting\)> .*a draft/);
        await pty.signal(signal);
        const left = await pty.finished();
        assert.equal(left.code, code);
        assert.deepEqual(await assertRestored(left), []);
      });
    },
  );
}

for (const isControlling of [true, false]) {
  const how = isControlling ? "with SIGHUP" : "without a signal";
  testNeeding(NEEDS, `client ends when its terminal is gone, ${how}`, async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      await using pty = await openAlice({ cwd, port: server.port, isControlling });
      await pty.type("a draft");
      await pty.waitFor(/a draft/);
      await pty.hangUp();
      const { code, secondsAfterHangup } = await pty.finished();
      assert.equal(code, isControlling ? 129 : 0);
      assert.ok(secondsAfterHangup! < 2, `it went on for ${secondsAfterHangup} s`);
    });
  });
}

testNeeding(NEEDS, "client ends on a signal even if its terminal takes nothing", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const endings = [[SIGNALS.TERM], [SIGNALS.TERM, SIGNALS.HUP]].map(async (signals) => {
      await using pty = await openAlice({ cwd, port: server.port });
      await pty.pause();
      const args = ["127.0.0.1", `${server.port}`, "--nick", "bob"];
      await run("client", args, { cwd, input: "a line that nobody reads\n".repeat(1000) });
      const began = performance.now();
      await pty.signal(...signals);
      const { code } = await pty.finished();
      assert.ok([129, 143].includes(code), `${code}`);
      assert.ok(performance.now() - began < 5000);
    });
    await Promise.all(endings);
  });
});
