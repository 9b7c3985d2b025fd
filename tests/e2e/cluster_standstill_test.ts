import assert from "node:assert/strict";
import { connectMember, prove, tokens, writeKey } from "../support/member_client.ts";
import { Nats } from "../support/nats.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "nats"] as const;

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

testNeeding(
  NEEDS,
  "a relay that stood still for 18 s takes nobody at the others for gone",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using nats = await Nats.start({ directory: cwd });
      const start = (name: string) =>
        startServer({ cwd, args: ["--cluster", nats.urls, "--cluster-name", name] });
      await using a = await start("a");
      await using b = await start("b");
      using watcher = await connectMember(a.port);
      using other = await connectMember(b.port);
      await watcher.waitForLines(5);
      a.program.child.kill("SIGSTOP");
      await pause(18);
      await other.send(`${fakeToken("meanwhile")}\n`);
      a.program.child.kill("SIGCONT");
      await watcher.waitForLines(6);
      await pause(3);
      assert.deepEqual(watcher.lines().slice(-1), [fakeToken("meanwhile")]);
      assert.deepEqual(watcher.lines().filter((line) => line.startsWith("!GONE")), []);
    });
  },
);

testNeeding(NEEDS, "who leaves while NATS is away leaves its place after 30 s", async () => {
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using nats = await Nats.start({ directory: cwd });
    const args = ["--cluster", nats.urls, "--members-only", "--max-clients", "1"];
    await using server = await startServer({ cwd, args });
    await nats.kill(0);
    const said = async () => {
      using client = await RawClient.connect(server.port);
      await prove(client);
      await pause(1);
      return client.text();
    };
    {
      using member = await connectMember(server.port);
      await member.send(`${fakeToken("x")}\n`);
      await pause(1);
    }
    assert.match(await said(), /!ERR 503 full/);
    await pause(31);
    assert.match(await said(), /!WELCOME/);
    // What was sent is not lost with the place.
    await nats.run(0);
    using reader = await connectMember(server.port, 10);
    await until(() => tokens(reader).includes(fakeToken("x")), "the line");
  });
});
