import assert from "node:assert/strict";
import { TLS_HANDSHAKE_MS } from "../../lib/relay/limits.ts";
import { writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { openConnections, until } from "../support/process_info.ts";
import { run, startServer } from "../support/programs.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const STRANGERS = 300;

testNeeding(
  ["net", "read", "write", "run", "env", "ss"],
  `${STRANGERS} strangers who never shake hands harm nobody, and are gone soon`,
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using server = await startServer({ cwd, args: ["--tls-port", "0"] });
      const [, text] = await server.program.waitFor("stderr", /^listening on .*:(\d+) for TLS$/m);
      const port = Number(text);
      using strangers = new DisposableStack();
      const silent = await Promise.all(Array.from({ length: STRANGERS }, async (_, i) => {
        const client = strangers.use(await RawClient.connect(port));
        // Some of them begin, and do not go on.
        if (i % 2 === 0) await client.send(new Uint8Array([0x16, 3, 1, 2, 0, 1, 0, 1]));
        return client;
      }));
      for (const [at, ...args] of [[port, "--tls"], [server.port]] as const) {
        const since = performance.now();
        const send = ["127.0.0.1", `${at}`, "--send", "hello", "--reconnect", "0", ...args];
        const { code, stderr } = await run("client", send, { cwd });
        assert.equal(code, 0, stderr);
        assert.ok(performance.now() - since < 10_000);
      }
      assert.doesNotMatch(server.program.stderr, /cannot accept/);
      const seconds = TLS_HANDSHAKE_MS / 1000 + 10;
      await until(() => silent.every(({ isEnded }) => isEnded), "some are still there", seconds);
      await until(async () => (await openConnections(port)).length === 0, "sockets are held", 5);
    });
  },
);
