import assert from "node:assert/strict";
import { sayIn } from "../../lib/messages/say.ts";
import { askHealth } from "../../lib/programs/health_command.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { within } from "../support/within.ts";

const say = sayIn("en");

/** Serves one connection on a free port, in any way. */
async function withServer(
  serve: (conn: Deno.TcpConn) => Promise<unknown>,
  fn: (url: string) => Promise<void>,
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const conn of listener) {
      await serve(conn).catch(() => {});
      return conn.close();
    }
  })();
  await fn(`http://127.0.0.1:${listener.addr.port}`);
  await serving;
}

function answering(text: string) {
  return async (conn: Deno.TcpConn) => {
    await conn.read(new Uint8Array(1000));
    await conn.write(new TextEncoder().encode(text));
  };
}

testNeeding(["net"], "askHealth() says that a server is healthy", async () => {
  await withServer(answering("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok\n"), async (url) => {
    assert.equal(await askHealth([url], say), "healthy");
  });
});

testNeeding(
  ["net"],
  "askHealth() takes no other server for a relay, however much it says",
  async () => {
    for (const body of ["<html>", "ok", "ok\nx", "no\n", "x".repeat(10_000)]) {
      const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${2 ** 30}\r\n\r\n${body}`;
      const short = answer.replace(/[0-9]{9,}/, `${body.length}`);
      await withServer(answering(body === "ok" ? short : answer), async (url) => {
        await assert.rejects(askHealth([url], say), {
          message: `Not healthy: what answers at ${new URL(url).host} is no relay`,
        });
      });
    }
  },
);

testNeeding(["net"], "askHealth() takes no other status, and follows no redirection", async () => {
  for (const status of [204, 302, 404, 421, 500, 503]) {
    const answer = `HTTP/1.1 ${status} X\r\nlocation: /healthz\r\ncontent-length: 0\r\n\r\n`;
    await withServer(answering(answer), async (url) => {
      await assert.rejects(askHealth([url], say), {
        name: "ChatError",
        message: `Not healthy: it answers with status ${status}`,
      });
    });
  }
});

testNeeding(["net"], "askHealth() fails where nobody answers, or something else does", async () => {
  const port = findFreePort();
  await assert.rejects(askHealth([`http://127.0.0.1:${port}`], say), {
    name: "ChatError",
    message: `Not healthy: nobody answers at 127.0.0.1:${port}`,
  });
  // Such as a server of mail, and one of TLS.
  for (const text of ["220 mail\r\n", "\x15\x03\x03\x00\x02\x02\x32", "x"]) {
    await withServer(answering(text), async (url) => {
      await assert.rejects(askHealth([url], say), {
        name: "ChatError",
        message: `Not healthy: what answers at ${new URL(url).host} does not speak HTTP`,
        hint: "Use the address of --metrics, such as http://127.0.0.1:9464.",
      });
    });
  }
  for (const text of ["", "HTTP/1.1 200 OK\r\n"]) {
    await withServer(answering(text), async (url) => {
      await assert.rejects(askHealth([url], say), {
        name: "ChatError",
        message: `Not healthy: ${new URL(url).host} closes the connection without an answer`,
      });
    });
  }
});

testNeeding(["net"], "askHealth() waits for a bounded time, also for a trickle", async () => {
  const trickle = async (conn: Deno.TcpConn) => {
    for (;;) {
      await conn.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\nx: y\r\n".slice(0, 3)));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  for (const serve of [() => new Promise((resolve) => setTimeout(resolve, 200)), trickle]) {
    await withServer(serve, async (url) => {
      const start = performance.now();
      await assert.rejects(askHealth([url], say, 100), /^ChatError: Not healthy: /);
      assert.ok(performance.now() - start < 2000);
    });
  }
});

testNeeding(["net"], "askHealth() waits for 5 s unless it is told otherwise", async () => {
  let close = () => {};
  const silent = () => new Promise<void>((resolve) => close = resolve);
  await withServer(silent, async (url) => {
    await assert.rejects(within(9, () => "it waits on", askHealth([url], say)), {
      message: `Not healthy: ${new URL(url).host} does not answer in time`,
    });
    close();
  });
});

testNeeding(["net"], "askHealth() waits for a server that comes up, if it is told to", async () => {
  const port = findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const asked = askHealth(["--wait", "20", url], say);
  await new Promise((resolve) => setTimeout(resolve, 300));
  using listener = Deno.listen({ hostname: "127.0.0.1", port });
  for (const status of ["503 X", "200 OK"]) {
    using conn = await listener.accept();
    await conn.read(new Uint8Array(1000));
    const answer = `HTTP/1.1 ${status}\r\ncontent-length: 3\r\n\r\nok\n`;
    await conn.write(new TextEncoder().encode(answer));
  }
  assert.equal(await within(10, () => "it waits on", asked), "healthy");
});

testNeeding(["net"], "askHealth() says in the end why the server is not well", async () => {
  const port = findFreePort();
  const start = performance.now();
  await assert.rejects(askHealth(["--wait=1", `http://127.0.0.1:${port}`], say), {
    message: `Not healthy: nobody answers at 127.0.0.1:${port}`,
  });
  const tookMs = performance.now() - start;
  assert.ok(tookMs > 600 && tookMs < 3000, `${tookMs} ms`);
});

pureTest("askHealth() asks nobody where its arguments are wrong", async () => {
  for (const args of [[], ["http://a", "http://b"], ["ftp://a"], ["--what", "http://a"]]) {
    await assert.rejects(askHealth(args, say), { name: "UsageError" }, args.join(" "));
  }
  assert.match(await askHealth(["--help"], say), /^Tells whether a server with --metrics is well/);
});

function findFreePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
