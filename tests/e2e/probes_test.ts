import assert from "node:assert/strict";
import { answer, hello, untilLine } from "../support/member_client.ts";
import { METRICS, metricsUrl, scrape } from "../support/metrics.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { run, type Server, startServer } from "../support/programs.ts";
import { binaryHeader, ipv4Block, ipv6Block } from "../support/proxy_headers.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const EXAMPLE_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const NAMED = ["--proxy-protocol", "127.0.0.1,2001:db8::/32"];
const REQUEST = "GET /healthz HTTP/1.1\r\nHost: relay\r\nUser-Agent: monitor\r\n\r\n";
const HTTP_ANSWER = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n" +
  "content-length: 0\r\nconnection: close\r\n\r\n";
const OTHERS: readonly (readonly string[])[] = [[], ["--members-only"], ["--max-clients", "1"]];

/** Starts a server of the example's room, and hands over where it listens and its metrics. */
async function withServer(
  args: readonly string[],
  fn: (server: Server, url: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/secret.key`, `${EXAMPLE_KEY}\n`, { mode: 0o600 });
    await using server = await startServer({ cwd, args: [...METRICS, ...args] });
    await fn(server, await metricsUrl(server));
  });
}

/** The lines of the log so far. */
function logOf({ program }: Server): string[] {
  return program.stderr.split("\n").filter((line) => /^\d{4}-/.test(line));
}

async function closed(url: string, reason: string): Promise<number> {
  return (await scrape(url)).get(`chat_closed_connections_total{reason="${reason}"}`)!;
}

async function check(port: number, sent: string | Uint8Array = ""): Promise<string> {
  using probe = await RawClient.connect(port);
  await probe.send(sent);
  if (sent === "") return "";
  await probe.waitForEnd();
  return probe.text();
}

for (const args of OTHERS) {
  testNeeding(
    NEEDS,
    `checks of the port fill no log, and are no clients: ${args.join(" ") || "open"}`,
    async () => {
      await withServer(args, async (server, url) => {
        const { port } = server;
        using guest = args.includes("--max-clients") ? await RawClient.connect(port) : undefined;
        await guest?.send("hello\n");
        const before = guest ? 1 : 0;
        await until(
          async () => (await scrape(url)).get('chat_clients{class="guest"}') === before,
          "in",
        );
        const lines = logOf(server).length;
        for (let i = 0; i < 100; i++) {
          await check(port);
          assert.equal(await check(port, REQUEST), HTTP_ANSWER);
        }
        await until(async () => await closed(url, "probe") === 100, "they are gone");
        const seen = await scrape(url);
        const expected: [string, number][] = [
          ['chat_closed_connections_total{reason="http"}', 100],
          ['chat_closed_connections_total{reason="end"}', 0],
          ['chat_closed_connections_total{reason="full"}', 0],
          ['chat_closed_connections_total{reason="auth"}', 0],
          ['chat_rejected_lines_total{reason="noise"}', guest ? 1 : 0],
          ['chat_proofs_total{result="wrong"}', 0],
          ['chat_clients{class="guest"}', before],
        ];
        for (const [name, value] of expected) assert.equal(seen.get(name), value, name);
        assert.equal(logOf(server).length, lines, server.program.stderr);
      });
    },
  );
}

testNeeding(NEEDS, "many checks at once are all answered", async () => {
  await withServer([], async (server) => {
    const answers = await Promise.all(Array.from({ length: 200 }, async () => {
      using probe = await RawClient.connect(server.port);
      await probe.send(REQUEST);
      await probe.waitForEnd();
      return probe.text();
    }));
    assert.deepEqual([...new Set(answers)], [HTTP_ANSWER]);
    assert.deepEqual(logOf(server), []);
  });
});

testNeeding(NEEDS, "what is said in a check's name does not reach the room", async () => {
  await withServer([], async ({ port }, url) => {
    using reader = await RawClient.connect(port);
    await until(
      async () => (await scrape(url)).get('chat_clients{class="guest"}') === 1,
      "the reader is in",
    );
    const post = `POST / HTTP/1.1\r\nHost: a\r\n\r\n${fakeToken("-smuggled-")}\n`;
    assert.equal(await check(port, post), HTTP_ANSWER);
    using sender = await RawClient.connect(port);
    await sender.send(`x\nGET / HTTP/1.1\n${fakeToken("-after-")}\n`);
    await reader.waitForLines(1);
    assert.deepEqual(reader.lines(), [fakeToken("-after-")]);
    const seen = await scrape(url);
    assert.equal(seen.get('chat_rejected_lines_total{reason="noise"}'), 2);
    assert.equal(seen.get("chat_lines_in_total"), 1);
  });
});

testNeeding(
  NEEDS,
  "who stays without a word counts, and is logged when it comes and goes",
  async () => {
    await withServer([], async (server, url) => {
      {
        using _silent = await RawClient.connect(server.port);
        await server.program.waitFor("stderr", /client 1 joined from 127\.0\.0\.1:\d+ \(guest\)\n/);
        assert.equal((await scrape(url)).get('chat_clients{class="guest"}'), 1);
      }
      await server.program.waitFor("stderr", /client 1 left from .*: (?:end|reset) /);
      assert.equal((await scrape(url)).get('chat_clients{class="guest"}'), 0);
    });
  },
);

testNeeding(NEEDS, "a proxy's header tells the address for log and rates, v1 and v2", async () => {
  await withServer(NAMED, async (server, url) => {
    const headers: [string | Uint8Array, string][] = [
      ["PROXY TCP4 203.0.113.9 192.0.2.1 50312 5050\r\n", "203.0.113.9:50312"],
      ["PROXY TCP6 2001:DB8::9 ::1 7 5050\r\n", "[2001:db8::9]:7"],
      [binaryHeader(0x21, 0x11, ipv4Block("203.0.113.9", 8)), "203.0.113.9:8"],
      [binaryHeader(0x21, 0x21, ipv6Block("20010db8".padEnd(32, "0"), 9)), "[2001:db8::]:9"],
    ];
    for (const [header, address] of headers) {
      using client = await RawClient.connect(server.port);
      await client.send(header);
      await client.send(hello());
      await untilLine(client, "!CHAL ");
      await client.send(await answer(client));
      await untilLine(client, "!LIVE");
      const known = RegExp.escape(address);
      await server.program.waitFor("stderr", new RegExp(`client \\d+ from ${known} is a member\n`));
    }
    assert.equal((await scrape(url)).get('chat_proxy_headers_total{result="client"}'), 4);
    assert.equal((await scrape(url)).get('chat_proofs_total{result="good"}'), 4);
    assert.doesNotMatch(logOf(server).join("\n"), /127\.0\.0\.1/);
  });
});

testNeeding(
  NEEDS,
  "a proxy's checks fill no log, and a connection without header is told",
  async () => {
    await withServer(NAMED, async (server, url) => {
      const { port } = server;
      for (let i = 0; i < 50; i++) {
        await check(port);
        assert.equal(await check(port, REQUEST), HTTP_ANSWER);
        using own = await RawClient.connect(port);
        await own.send(i % 2 ? binaryHeader(0x20, 0, new Uint8Array()) : "PROXY UNKNOWN\r\n");
        await own.closeWrite();
        await own.waitForEnd();
        const known = `PROXY TCP4 203.0.113.9 192.0.2.1 1 2\r\n${REQUEST}`;
        assert.equal(await check(port, known), HTTP_ANSWER);
      }
      await until(async () => await closed(url, "probe") === 100, "they are gone");
      const seen = await scrape(url);
      for (const [result, count] of [["none", 50], ["http", 50], ["own", 50], ["client", 50]]) {
        assert.equal(seen.get(`chat_proxy_headers_total{result="${result}"}`), count, `${result}`);
      }
      assert.equal(seen.get('chat_clients{class="guest"}'), 0);
      assert.deepEqual(logOf(server), []);
      for (
        const sent of [hello(), fakeToken("-x-") + "\n", "PROXY TCP4 1.2.3.4\r\n", "\r\n\r\n\0\n"]
      ) {
        assert.equal(await check(port, sent), "!ERR 400 bad line\n");
      }
      await server.program.waitFor(
        "stderr",
        /(?:refused 127\.0\.0\.1:\d+: no proxy header\n[^]*){4}/,
      );
      assert.equal(await closed(url, "no proxy header"), 4);
    });
  },
);

testNeeding(NEEDS, "a header from elsewhere is noise, and tells no address", async () => {
  await withServer(["--proxy-protocol", "192.0.2.0/24"], async (server, url) => {
    using client = await RawClient.connect(server.port);
    await client.send("PROXY TCP4 203.0.113.9 192.0.2.1 50312 5050\r\n");
    await client.send(hello());
    await untilLine(client, "!CHAL ");
    await client.send(await answer(client));
    await untilLine(client, "!LIVE");
    const seen = await scrape(url);
    assert.equal(seen.get('chat_rejected_lines_total{reason="noise"}'), 1);
    assert.equal(seen.get('chat_proxy_headers_total{result="client"}'), 0);
    await server.program.waitFor("stderr", /client 1 from 127\.0\.0\.1:\d+ is a member\n/);
  });
});

testNeeding(NEEDS, "guests behind a proxy have rates of their own", async () => {
  await withServer(NAMED, async ({ port }, url) => {
    const flood = `${fakeToken("-flood-")}\n`.repeat(3000);
    const open = async (address: string) => {
      const client = await RawClient.connect(port);
      await client.send(`PROXY TCP4 ${address} 192.0.2.1 1 2\r\n`);
      return client;
    };
    using first = await open("203.0.113.1");
    await first.send(flood);
    await until(async () => (await scrape(url)).get("chat_throttled_total")! > 0, "it has to wait");
    using reader = await open("203.0.113.2");
    await reader.send("hello\n");
    using other = await open("203.0.113.3");
    const start = performance.now();
    const isThere = () => Promise.resolve(reader.text().includes("-other-"));
    await other.send(`${fakeToken("-other-")}\n`);
    await until(isThere, "the other's line came");
    assert.ok(performance.now() - start < 2000);
  });
});

testNeeding(NEEDS, "server stops while it waits for a proxy's header", async () => {
  await withServer(NAMED, async (server) => {
    using silent = await RawClient.connect(server.port);
    await silent.send("PROXY ");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();
    server.program.child.kill("SIGTERM");
    assert.equal((await server.program.finished()).code, 0);
    assert.ok(performance.now() - start < 2000);
  });
});

testNeeding(NEEDS, "health tells whether a server is well", async () => {
  await withServer([], async (server, url) => {
    const ask = async (...args: string[]) => {
      return await run("server", ["health", ...args], { cwd: "/tmp" });
    };
    assert.deepEqual(await ask(url), { code: 0, stdout: "healthy\n", stderr: "" });
    // Its chat port, too.
    const chat = `http://127.0.0.1:${server.port}`;
    assert.deepEqual(await ask(chat), { code: 0, stdout: "healthy\n", stderr: "" });
    const other = await ask(`${url}/elsewhere`);
    const message = "error: Not healthy: it answers with status 404\n";
    assert.deepEqual(other, { code: 1, stdout: "", stderr: message });
    assert.equal((await ask("127.0.0.1:1")).code, 2);
    assert.equal((await ask()).code, 2);
    server.program.child.kill("SIGSTOP");
    const start = performance.now();
    const frozen = await ask(url);
    server.program.child.kill("SIGCONT");
    const { host } = new URL(url);
    const late = `error: Not healthy: ${host} does not answer in time\n`;
    assert.deepEqual(frozen, { code: 1, stdout: "", stderr: late });
    assert.ok(performance.now() - start > 5000);
    server.program.child.kill("SIGTERM");
    await server.program.finished();
    const gone = await ask(url);
    const nobody = `error: Not healthy: nobody answers at ${host}\n`;
    assert.deepEqual(gone, { code: 1, stdout: "", stderr: nobody });
  });
});
