import assert from "node:assert/strict";
import { METRICS, metricsUrl, scrape } from "../support/metrics.ts";
import { testNeeding } from "../support/needs.ts";
import { commandLine, startServer } from "../support/programs.ts";
import { until } from "../support/process_info.ts";
import { spawnPython } from "../support/python.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const STAMP = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z`;

testNeeding(NEEDS, "server serves what the relay has counted, and exits all the same", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args: METRICS });
    const url = await metricsUrl(server);
    assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
    using sender = await RawClient.connect(server.port);
    using first = await RawClient.connect(server.port);
    using second = await RawClient.connect(server.port);
    const areIn = async () => (await scrape(url)).get('chat_clients{class="guest"}') === 3;
    await until(areIn, "all three in the room");
    const line = `${fakeToken("-counted-")}\n`;
    await sender.send(line);
    await sender.send("noise\n");
    await Promise.all([first.waitForLines(1), second.waitForLines(1)]);
    await until(
      async () => (await scrape(url)).get('chat_rejected_lines_total{reason="noise"}') === 1,
      "counted",
    );
    const seen = await scrape(url);
    const expected: [string, number][] = [
      ['chat_clients{class="guest"}', 3],
      ['chat_clients{class="member"}', 0],
      ["chat_lines_in_total", 1],
      ["chat_bytes_in_total", line.length],
      ["chat_deliveries_total", 2],
      ["chat_bytes_out_total", 2 * line.length],
      ["chat_throttled_total", 0],
      ["chat_log_limit_bytes", 64 * 1024 * 1024],
    ];
    for (const [name, value] of expected) assert.equal(seen.get(name), value, name);
    assert.ok(seen.get("process_resident_memory_bytes")! > 10_000_000);
    await second.closeWrite();
    await until(
      async () => (await scrape(url)).get('chat_closed_connections_total{reason="end"}') === 1,
      "gone",
    );
    assert.equal((await scrape(url)).get('chat_clients{class="guest"}'), 2);
    // A scraper keeps its connection, and one never finishes its request.
    using kept = await Deno.connect({ port: Number(new URL(url).port) });
    await kept.write(new TextEncoder().encode("GET /metrics HT"));
    const start = performance.now();
    server.program.child.kill("SIGTERM");
    assert.equal((await server.program.finished()).code, 0);
    assert.ok(performance.now() - start < 5000);
  });
});

testNeeding(NEEDS, "server serves metrics where --metrics says, and nowhere else", async () => {
  await withDirectory(async (cwd) => {
    for (const address of ["tcp:127.0.0.1:1", `unix:${cwd}/socket`, "nonsense"]) {
      const env = { DENO_SERVE_ADDRESS: address };
      await using server = await startServer({ cwd, args: METRICS, env });
      const url = await metricsUrl(server);
      assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name), ["secret.key"]);
  });
});

testNeeding(NEEDS, "server makes no key where it cannot serve metrics", async () => {
  await withDirectory(async (cwd) => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    const start = startServer({ cwd, args: ["--metrics", `127.0.0.1:${port}`] });
    await assert.rejects(
      start,
      new RegExp(`error: Cannot serve metrics: port ${port} is in use\n`),
    );
    assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd)), []);
  });
});

/** Lets one client come, talk and go, another be sent away, and the server stop. */
async function stderrOf(cwd: string, args: string[]): Promise<string[]> {
  await using server = await startServer({ cwd, args: [...args, "--max-clients", "1"] });
  {
    using client = await RawClient.connect(server.port);
    await client.send(`${fakeToken("-secret-")}\n`);
    using other = await RawClient.connect(server.port);
    await other.send("no room for this\n");
    await other.waitForEnd();
    await client.closeWrite();
    await client.waitForEnd();
  }
  await server.program.waitFor("stderr", /client 1"?.* left|"left"/);
  server.program.child.kill("SIGTERM");
  const { code, stderr } = await server.program.finished();
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, /gAAAAA/);
  const lines = stderr.split("\n");
  assert.ok(lines.includes(`listening on 127.0.0.1:${server.port}`));
  return lines.slice(lines.indexOf(`listening on 127.0.0.1:${server.port}`) + 1, -1);
}

testNeeding(NEEDS, "server logs a line for each event, as text or JSON", async () => {
  await withDirectory(async (cwd) => {
    const text = await stderrOf(cwd, []);
    const patterns = [
      String.raw`info client 1 joined from 127\.0\.0\.1:\d+ \(guest\)`,
      String.raw`warn refused 127\.0\.0\.1:\d+: full`,
      String
        .raw`info client 1 left from 127\.0\.0\.1:\d+: end \(1 line, 141 bytes in; 0 bytes out\)`,
    ];
    assert.equal(text.length, patterns.length, text.join("\n"));
    patterns.forEach((pattern, i) => assert.match(text[i]!, RegExp(`^${STAMP} ${pattern}$`)));

    const json = await stderrOf(cwd, ["--log", "json", "--no-log-addresses"]);
    const objects = json.map((line) => JSON.parse(line));
    for (const { time } of objects) assert.match(time, RegExp(`^${STAMP}$`));
    assert.deepEqual(objects.map(({ time: _, ...rest }) => rest), [
      { level: "info", event: "joined", cid: 1, class: "guest" },
      { level: "warn", event: "refused", reason: "full" },
      {
        level: "info",
        event: "left",
        cid: 1,
        reason: "end",
        lines_in: 1,
        bytes_in: 141,
        bytes_out: 0,
      },
    ]);
  });
});

/**
 * Starts a program whose stderr is a pipe of 4 KiB, and reads it up to the port.
 * Then leaves the pipe alone or closes it, until stdin ends.
 */
const SMALL_PIPE = `
import fcntl, os, subprocess, sys
r, w = os.pipe()
fcntl.fcntl(w, 1031, 4096)
program = subprocess.Popen(sys.argv[2:], stderr=w)
os.close(w)
text = b""
while b"listening on 127.0.0.1:" not in text or text[-1:] != b"\\n": text += os.read(r, 4096)
print(text.decode().rsplit(":", 1)[1].strip(), flush=True)
if sys.argv[1] == "closed": os.close(r)
sys.stdin.read()
program.terminate()
print("exit", program.wait(), flush=True)
`;

for (const what of ["stuck", "closed"] as const) {
  testNeeding(
    [...NEEDS, "python3"],
    `server goes on when its stderr is a pipe that is ${what}`,
    async () => {
      await withDirectory(async (cwd) => {
        const command = [...await commandLine("server", "source"), "127.0.0.1", "0"];
        await using program = spawnPython(["-c", SMALL_PIPE, what, ...command], { cwd });
        const port = Number((await program.waitFor("stdout", /^(\d+)$/m))[1]);
        for (let i = 0; i < 200; i++) {
          using visitor = await RawClient.connect(port);
          await visitor.send("x\n");
          await visitor.closeWrite();
          await visitor.waitForEnd();
        }
        using sender = await RawClient.connect(port);
        using reader = await RawClient.connect(port);
        await sender.send(`${fakeToken("-on-")}\n`.repeat(10));
        await reader.waitForLines(10);
        await program.child.stdin.close();
        await program.waitFor("stdout", /^exit 0$/m);
      });
    },
  );
}
