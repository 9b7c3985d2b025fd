import assert from "node:assert/strict";
import { connectMember, hello, tokens, untilLine, writeKey } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { type Server, startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const MODES = [["open", []], ["members", ["--members-only"]]] as const;

async function withServer(args: readonly string[], fn: (server: Server) => Promise<void>) {
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using server = await startServer({ cwd, args });
    await fn(server);
  });
}

/** Connects a member that holds the slot `acorn`. */
async function connectInviter(port: number): Promise<RawClient> {
  const member = await connectMember(port);
  await member.send("!SLOT acorn\n");
  await untilLine(member, "!SLOT acorn 600");
  return member;
}

/** What a client received from an index on. */
async function linesFrom(client: RawClient, index: number, count: number): Promise<string[]> {
  await client.waitForLines(index + count);
  return client.lines().slice(index);
}

for (const [mode, args] of MODES) {
  testNeeding(NEEDS, `a visitor of a slot meets the member alone (${mode})`, async () => {
    await withServer(args, async ({ port, program }) => {
      using member = await connectInviter(port);
      using other = await connectMember(port);
      const [told, toldOther] = [member.lineCount, other.lineCount];
      using visitor = await RawClient.connect(port);
      await visitor.send("!MEET acorn Hwg\n");
      await visitor.send(hello());
      assert.deepEqual(await linesFrom(member, told, 1), ["!MEET acorn Hwg"]);
      await other.send(`${fakeToken("-a-")}\n`);
      await member.waitForLines(told + 2);
      await member.send("!PASS acorn 8h4\n");
      await visitor.waitForLines(1);
      await visitor.send("!PASS acorn AQ\n");
      await visitor.closeWrite();
      await visitor.waitForEnd();
      assert.equal(visitor.text(), "!PASS acorn 8h4\n");
      await untilLine(member, "!PARTED acorn");
      assert.deepEqual(member.lines().slice(told), [
        ...["!MEET acorn Hwg", fakeToken("-a-"), "!PASS acorn AQ", "!PARTED acorn"],
      ]);
      // Nobody else was told anything, and the log names no slot.
      assert.equal(other.lineCount, toldOther);
      await program.waitFor("stderr", /info client \d+ from \S+ has visited: end/);
      assert.match(program.stderr, /info client 1 invites somebody\n/);
      assert.match(program.stderr, /info client 3 from 127\.0\.0\.1:\d+ visits a member\n/);
      assert.doesNotMatch(program.stderr, /acorn|Hwg|8h4/);
    });
  });

  testNeeding(
    NEEDS,
    `a visitor that says a token, or comes late, is sent away (${mode})`,
    async () => {
      await withServer(args, async ({ port }) => {
        using member = await connectInviter(port);
        using visitor = await RawClient.connect(port);
        await visitor.send("!MEET acorn Hwg\n");
        await untilLine(member, "!MEET acorn");
        using second = await RawClient.connect(port);
        await second.send("!MEET acorn Hwg\n");
        await second.waitForEnd();
        assert.equal(second.text(), "!ERR 410 slot used\n");
        await visitor.send(`${fakeToken("-a-")}\n`);
        await visitor.waitForEnd();
        assert.equal(visitor.text(), "!ERR 401 auth\n");
        await untilLine(member, "!PARTED acorn");
        assert.deepEqual(tokens(member), []);
      });
    },
  );
}

testNeeding(
  NEEDS,
  "a visitor takes no place in a full room, and gives up the one it had",
  async () => {
    await withServer(["--max-clients", "2"], async ({ port }) => {
      using member = await connectInviter(port);
      using visitor = await RawClient.connect(port);
      await visitor.send("!MEET acorn Hwg\n");
      await untilLine(member, "!MEET acorn");
      using guest = await RawClient.connect(port);
      await guest.send(`${fakeToken("-a-")}\n`);
      await untilLine(member, "gAAAAA");
      await member.send("!SLOT cable\n");
      await untilLine(member, "!SLOT cable 600");
      using next = await RawClient.connect(port);
      await next.send("!MEET cable Hwg\n");
      await untilLine(member, "!MEET cable");
      await member.send("!PASS cable AQ\n");
      await untilLine(next, "!PASS cable AQ");
      assert.deepEqual([visitor.text(), guest.text()], ["", ""]);
    });
  },
);

testNeeding(NEEDS, "a visitor ends when its member leaves", async () => {
  await withServer([], async ({ port }) => {
    using member = await connectInviter(port);
    using visitor = await RawClient.connect(port);
    await visitor.send("!MEET acorn Hwg\n");
    await untilLine(member, "!MEET acorn");
    await member.closeWrite();
    await visitor.waitForEnd();
    assert.equal(visitor.text(), "!ERR 410 inviter gone\n");
  });
});

testNeeding(NEEDS, "a visitor has 10 s", async () => {
  await withServer([], async ({ port }) => {
    using member = await connectInviter(port);
    using visitor = await RawClient.connect(port);
    const start = performance.now();
    await visitor.send("!MEET acorn Hwg\n");
    await visitor.waitForEnd();
    const seconds = (performance.now() - start) / 1000;
    assert.equal(visitor.text(), "!ERR 408 timeout\n");
    assert.ok(seconds > 9.9 && seconds < 12, `${seconds} s`);
    await untilLine(member, "!PARTED acorn");
  });
});

testNeeding(NEEDS, "wrong slots count for their address, and keep no member out", async () => {
  await withServer(["--metrics", "127.0.0.1:0"], async ({ port, program }) => {
    using member = await connectInviter(port);
    for (let i = 0; i < 7; i++) {
      using stranger = await RawClient.connect(port);
      await stranger.send("!MEET cable Hwg\n");
      await stranger.waitForEnd();
      const end = i < 5 ? "!ERR 404 no slot\n" : "!ERR 503 too many wrong slots\n";
      assert.equal(stranger.text(), end);
    }
    using another = await connectMember(port);
    assert.equal(another.isEnded, false);
    // The member stays, and its slot with it.
    await member.send("!PING 7\n");
    await untilLine(member, "!PONG 7");
    const [, url] = /metrics: (\S+)/.exec(program.stderr)!;
    let text = "";
    await until(async () => {
      text = await (await fetch(url!)).text();
      return /^chat_closed_connections_total\{reason="no slot"\} 5$/m.test(text);
    }, "the closed connections were not counted");
    assert.match(text, /^chat_slots 1$/m);
    assert.match(text, /^chat_invitations_total\{result="wrong"\} 5$/m);
    assert.match(text, /^chat_invitations_total\{result="opened"\} 1$/m);
  });
});

testNeeding(NEEDS, "--no-invites gives no slot", async () => {
  await withServer(["--no-invites"], async ({ port }) => {
    using member = await connectMember(port);
    await member.send("!SLOT acorn\n");
    await untilLine(member, "!SLOT acorn off");
    using visitor = await RawClient.connect(port);
    await visitor.send("!MEET acorn Hwg\n");
    await visitor.waitForEnd();
    assert.equal(visitor.text(), "!ERR 404 no slot\n");
  });
});

testNeeding(NEEDS, "a stopping server ends slots and visitors", async () => {
  await withServer([], async ({ port, program }) => {
    using member = await connectInviter(port);
    using visitor = await RawClient.connect(port);
    await visitor.send("!MEET acorn Hwg\n");
    await untilLine(member, "!MEET acorn");
    program.child.kill("SIGTERM");
    await Promise.all([visitor.waitForEnd(), member.waitForEnd()]);
    assert.doesNotMatch(visitor.text(), /^g/m);
  });
});
