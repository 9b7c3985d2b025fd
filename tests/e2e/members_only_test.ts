import assert from "node:assert/strict";
import { generateKey } from "../../lib/crypto/key.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { MAX_WAITING } from "../../lib/relay/limits.ts";
import {
  answer,
  connectMember,
  hello,
  prove,
  tokens,
  untilLine,
  writeKey,
} from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { type Server, startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

/** Runs strangers while two members talk all the time. */
async function withTalk(
  fn: (server: Server, member: RawClient) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using server = await startServer({ cwd, args: ["--members-only"] });
    using talker = await connectMember(server.port);
    using member = await connectMember(server.port);
    let isOver = false;
    const talking = (async () => {
      while (!isOver) {
        await talker.send(fakeToken("-secret-") + "\n");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await fn(server, member).finally(() => isOver = true);
    await talking;
  });
}

testNeeding(NEEDS, "members-only: strangers are closed and get no byte of a token", async () => {
  const other = await deriveRoomKey(generateKey());
  await withTalk(async ({ port }, member) => {
    const strangers: [string, (client: RawClient) => Promise<void>][] = [
      ["a token", (client) => client.send(fakeToken("-stranger-") + "\n")],
      ["wrong key", async (client) => {
        await client.send(hello(100));
        await untilLine(client, "!CHAL ");
        await client.send(await answer(client, other));
      }],
      ["replayed proof", async (client) => {
        using first = await connectMember(port);
        await client.send(hello(100));
        await untilLine(client, "!CHAL ");
        await client.send(await answer(first));
      }],
      ["a token while the proof is judged", async (client) => {
        await client.send(hello(100));
        await untilLine(client, "!CHAL ");
        const proof = new TextDecoder().decode(await answer(client));
        await client.send(proof + fakeToken("-early-") + "\n");
      }],
    ];
    for (const [name, approach] of strangers) {
      using client = await RawClient.connect(port);
      await approach(client);
      await client.waitForEnd();
      assert.equal(client.lines().at(-1), "!ERR 401 auth", name);
      assert.deepEqual(tokens(client), [], name);
    }
    assert.ok(!member.text().includes("-stranger-"));
  });
});

testNeeding(
  NEEDS,
  "members-only: 10 s without a proof end in 401, and a proof is late",
  async () => {
    await withTalk(async ({ port }) => {
      const start = performance.now();
      using silent = await RawClient.connect(port);
      using late = await RawClient.connect(port);
      await late.send(hello(100));
      await untilLine(late, "!CHAL ");
      const proof = await answer(late);
      await new Promise((resolve) => setTimeout(resolve, 10_100));
      await late.send(proof).catch(() => {});
      await Promise.all([silent.waitForEnd(), late.waitForEnd()]);
      const seconds = (performance.now() - start) / 1000;
      assert.ok(seconds > 10 && seconds < 14, `${seconds} s`);
      assert.equal(silent.text(), "!ERR 401 auth\n");
      assert.match(late.text(), /^!CHAL .*\n!ERR 401 auth\n$/);
    });
  },
);

testNeeding(
  NEEDS,
  "members-only: as many wait as there is room for, the oldest goes first",
  async () => {
    await withTalk(async ({ port }) => {
      const crowd: RawClient[] = [];
      try {
        for (let i = 0; i < MAX_WAITING + 3; i++) crowd.push(await RawClient.connect(port));
        await Promise.all(crowd.slice(0, 3).map((client) => client.waitForEnd()));
        for (const client of crowd.slice(0, 3)) assert.equal(client.text(), "!ERR 503 full\n");
        assert.ok(crowd.slice(3).every((client) => !client.isEnded));
        // A member comes in all the same, and those who wait still can prove the key.
        using member = await connectMember(port, 10);
        assert.ok(tokens(member).length > 0);
        await prove(crowd.at(-1)!);
        await untilLine(crowd.at(-1)!, "!LIVE");
        assert.equal(crowd[3]!.text(), "!ERR 503 full\n");
      } finally {
        for (const client of crowd) client[Symbol.dispose]();
      }
    });
  },
);
