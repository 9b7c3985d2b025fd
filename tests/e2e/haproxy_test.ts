import assert from "node:assert/strict";
import { readBlocks, readDocument } from "../support/documents.ts";
import { METRICS, metricsUrl, scrape } from "../support/metrics.ts";
import { testNeeding } from "../support/needs.ts";
import { Program, run, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

/** Where the proxy connects from, on this machine. */
const PROXY = "127.0.0.9";

/** A port that is free now. */
function findFreePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The example of docs/OPERATING.md, with places of this machine, and checks ten times a second. */
async function writeConfiguration(path: string, port: number, relay: number): Promise<void> {
  const blocks = readBlocks(await readDocument("docs/OPERATING.md"));
  const { lines } = blocks.find(({ info }) => info === "haproxy")!;
  const text = lines.join("\n")
    .replace("bind :5050", `bind 127.0.0.1:${port}`)
    .replace("10.0.0.11:5050", `127.0.0.1:${relay} source ${PROXY}`)
    .replace(" check ", " check inter 100ms ");
  assert.match(text, /source 127\.0\.0\.9 send-proxy-v2 check inter 100ms check-send-proxy$/m);
  await Deno.writeTextFile(path, `${text}\n`);
}

testNeeding(
  ["net", "read", "write", "run", "env", "haproxy"],
  "members talk through HAProxy as docs/OPERATING.md sets it up, under their own addresses",
  async () => {
    await withDirectory(async (cwd) => {
      const args = [...METRICS, "--members-only", "--proxy-protocol", PROXY];
      await using server = await startServer({ cwd, args });
      const url = await metricsUrl(server);
      const port = findFreePort();
      const path = `${cwd}/haproxy.cfg`;
      await writeConfiguration(path, port, server.port);
      await using _proxy = Program.spawn(["haproxy", "-db", "-f", path], { cwd });
      const headers = async (result: string) =>
        (await scrape(url)).get(`chat_proxy_headers_total{result="${result}"}`)!;
      // It looks thirty times. What it resets before the relay has it is counted nowhere.
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.deepEqual(server.program.stderr.match(/^\d{4}-.*/gm), null);
      const place = ["127.0.0.1", `${port}`];
      await using reader = await spawn("client", [...place, "--stay", "-n", "r"], { cwd });
      await reader.waitFor("stderr", /^connected/m);
      const sent = await run("client", [...place, "-n", "w", "--send", "through"], { cwd });
      assert.equal(sent.code, 0, sent.stderr);
      await reader.waitFor("stdout", /<w> through\n/);
      assert.equal(await headers("client"), 2);
      assert.equal(await headers("bad"), 0);
      const log = server.program.stderr.match(/^\d{4}-.*/gm)!;
      assert.ok(log.length >= 2 && log.every((line) => !line.includes(PROXY)), log.join("\n"));
      assert.match(log[0]!, /client \d+ joined from 127\.0\.0\.1:\d+ \(member\)$/);
      // Who comes past the proxy, from another address, needs no header.
      const direct = await run("client", ["127.0.0.1", `${server.port}`, "--send", "x"], { cwd });
      assert.equal(direct.code, 0);
    });
  },
);
