import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { openConnections, residentBytes, until } from "../support/process_info.ts";
import { type Server, startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "ss"] as const;
const MIB = 1024 * 1024;

/** Runs an attack between two members who talk all the time and must not notice. */
async function withWitnesses(
  args: readonly string[],
  attack: (server: Server) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args });
    using talker = await RawClient.connect(server.port);
    using listener = await RawClient.connect(server.port);
    let sent = 0;
    let isOver = false;
    const talking = (async () => {
      while (!isOver) {
        await talker.send(fakeToken(`-n${sent++}-`) + "\n");
        await listener.waitForLines(sent);
      }
    })();
    await Promise.all([attack(server).finally(() => isOver = true), talking]);
    const expected = Array.from({ length: sent }, (_, i) => fakeToken(`-n${i}-`));
    // Lines of the attack may come between, and count for waitForLines().
    const fromTalker = () => listener.lines().filter((line) => line.startsWith("gAAAAA-n"));
    await until(() => Promise.resolve(fromTalker().length >= sent), "all of the talker's lines");
    assert.deepEqual(fromTalker(), expected);
    talker[Symbol.dispose]();
    listener[Symbol.dispose]();
    const isQuiet = async () => (await openConnections(server.port)).length === 0;
    await until(isQuiet, "all sockets closed");
  });
}

testNeeding(NEEDS, "relay drops noise and closes after 20 lines of it", async () => {
  await withWitnesses([], async ({ port }) => {
    const noise = ["garbage", "", "\x00\xff", "gAAAAA", "x".repeat(65_536), fakeToken("-?-")];
    for (const line of noise) {
      using client = await RawClient.connect(port);
      await client.send(`${line}\n`.repeat(20));
      await client.waitForEnd();
      assert.equal(client.lines().at(-1), "!ERR 400 bad line");
    }
    using client = await RawClient.connect(port);
    await client.send("garbage\n".repeat(19) + "!UNKNOWN verb\n".repeat(100));
    await client.waitForLines(1);
    assert.equal(client.isEnded, false);
  });
});

testNeeding(NEEDS, "relay survives an HTTP request and a half line before a close", async () => {
  await withWitnesses([], async ({ port }) => {
    const http = await RawClient.connect(port);
    await http.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await http.waitForLines(1);
    http[Symbol.dispose]();
    const half = await RawClient.connect(port);
    await half.send(fakeToken("-half-").slice(0, 70));
    half[Symbol.dispose]();
    const halfClosed = await RawClient.connect(port);
    await halfClosed.send(fakeToken("-half-").slice(0, 70));
    await halfClosed.closeWrite();
    await halfClosed.waitForEnd();
    assert.ok(halfClosed.lines().every((line) => line.startsWith("gAAAAA-n")));
  });
});

testNeeding(NEEDS, "relay closes on 1 GB without LF, and its memory stays bounded", async () => {
  await withWitnesses([], async ({ port, program }) => {
    const before = await residentBytes(program.child.pid);
    const chunk = new Uint8Array(MIB).fill(0x67);
    await Promise.all(Array.from({ length: 4 }, async () => {
      using client = await RawClient.connect(port);
      let sent = 0;
      try {
        for (; sent < 1024; sent++) await client.send(chunk);
      } catch {
        // Closed by the relay, as it should be.
      }
      assert.ok(sent < 64, `the relay read on for ${sent} MiB`);
      await client.waitForEnd();
    }));
    const growth = await residentBytes(program.child.pid) - before;
    assert.ok(growth < 64 * MIB, `memory grew by ${growth} bytes`);
  });
});

testNeeding(NEEDS, "relay accepts a line of 65,536 bytes and refuses one of 65,537", async () => {
  await withWitnesses([], async ({ port }) => {
    using reader = await RawClient.connect(port);
    using longest = await RawClient.connect(port);
    // No token without padding is as long: what fills the line is noise.
    await longest.send("x".repeat(65_536) + "\r\n" + fakeToken("-longest-", 65_484) + "\n");
    while (!reader.text().includes("-longest-")) await reader.waitForLines(reader.lineCount + 1);
    using tooLong = await RawClient.connect(port);
    await tooLong.send("x".repeat(65_537) + "\n");
    await tooLong.waitForEnd();
    assert.equal(tooLong.lines().at(-1), "!ERR 413 too long");
  });
});

testNeeding(NEEDS, "relay survives 30,000 connects and disconnects", async () => {
  await withWitnesses(["--max-clients", "200"], async ({ port, program }) => {
    const cycle = async () => {
      for (let i = 0; i < 100; i++) {
        (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      }
    };
    /** The server's memory once it has accepted 5,000 connections more. */
    const cycleAndMeasure = async () => {
      await Promise.all(Array.from({ length: 50 }, cycle));
      using last = await RawClient.connect(port);
      await last.send(fakeToken("-last-") + "\n");
      await last.closeWrite();
      await last.waitForEnd();
      return await residentBytes(program.child.pid);
    };
    const sizes: number[] = [];
    for (let i = 0; i < 6; i++) sizes.push(await cycleAndMeasure());
    // What a leak takes is taken by each round; what waits for the garbage collector is not.
    const growths = sizes.slice(1).map((size, i) => size - sizes[i]!);
    assert.ok(Math.min(...growths) < 4 * MIB, `memory grew by ${growths.join(", ")} bytes`);
    assert.ok(sizes.at(-1)! - sizes[0]! < 64 * MIB, `memory grew by ${growths.join(", ")} bytes`);
  });
});
