import assert from "node:assert/strict";
import { generateKey } from "../../lib/crypto/key.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { type Config, taskFlags } from "../../tools/task_flags.ts";
import {
  ADMISSION_LINE,
  answer,
  connectMember,
  hello,
  prove,
  tokens,
  untilLine,
  writeKey,
} from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { IMPORT_FLAGS, Program, ROOT, run, type Server, startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { seeded } from "../support/seeded.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

async function withServer(
  args: readonly string[],
  fn: (server: Server, cwd: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using server = await startServer({ cwd, args });
    await fn(server, cwd);
  });
}

testNeeding(NEEDS, "relay admits who proves the key, and tells of it in this order", async () => {
  await withServer([], async ({ port, program }) => {
    using member = await connectMember(port);
    const now = Math.floor(Date.now() / 1000);
    const lines = member.lines();
    assert.equal(lines.length, 4);
    assert.match(lines[0]!, /^!CHAL 1 [A-Za-z0-9_-]{43} open$/);
    const [, time] = /^!WELCOME 1 cid=1 t=(\d+) max=65536 peers=1$/.exec(lines[1]!)!;
    assert.ok(Math.abs(now - Number(time)) <= 2);
    assert.deepEqual(lines.slice(2), ["!BACKLOG 0", "!LIVE"]);
    await program.waitFor("stderr", /info client 1 from \S+ is a member/);
  });
});

testNeeding(NEEDS, "relay refuses every proof but the first good one", async () => {
  const other = await deriveRoomKey(generateKey());
  await withServer([], async ({ port }) => {
    const attempts: [string, (client: RawClient) => Promise<void>][] = [
      ["unsolicited", async (client) => {
        await client.send("!AUTH " + "A".repeat(86) + "\n");
      }],
      ["wrong key", async (client) => {
        await client.send(hello());
        await untilLine(client, "!CHAL ");
        await client.send(await answer(client, other));
      }],
      ["second", async (client) => {
        await prove(client);
        await untilLine(client, "!LIVE");
        await client.send(await answer(client));
      }],
      ["replayed", async (client) => {
        using first = await RawClient.connect(port);
        await prove(first);
        await untilLine(first, "!LIVE");
        await client.send(hello());
        await untilLine(client, "!CHAL ");
        await client.send(await answer(first));
      }],
    ];
    for (const [name, attempt] of attempts) {
      using client = await RawClient.connect(port);
      await attempt(client);
      await client.waitForEnd();
      assert.equal(client.lines().at(-1), "!ERR 401 auth", name);
    }
  });
});

testNeeding(NEEDS, "relay takes a good proof after many from its address have failed", async () => {
  await withServer([], async ({ port }) => {
    for (let i = 0; i < 20; i++) {
      using client = await RawClient.connect(port);
      await client.send(hello());
      await untilLine(client, "!CHAL ");
      await client.send("!AUTH " + "A".repeat(86) + "\n");
      await client.waitForEnd();
    }
    using member = await connectMember(port);
    using guest = await RawClient.connect(port);
    await guest.send(fakeToken("-guest-") + "\n");
    await untilLine(member, fakeToken("-guest-"));
  });
});

testNeeding(NEEDS, "simple clients get no control byte, and members' lines", async () => {
  await withServer([], async ({ port }) => {
    using guest = await RawClient.connect(port);
    using member = await connectMember(port);
    using other = await connectMember(port);
    await guest.send(fakeToken("-a-") + "\n!PING 1\n!BYE\n!PONG 2\n!NONSENSE\n");
    await untilLine(member, fakeToken("-a-"));
    await member.send(fakeToken("-b-") + "\n");
    await untilLine(guest, fakeToken("-b-"));
    other[Symbol.dispose]();
    await untilLine(member, "!GONE ");
    await member.send(fakeToken("-c-") + "\n");
    await untilLine(guest, fakeToken("-c-"));
    assert.equal(guest.text(), `${fakeToken("-b-")}\n${fakeToken("-c-")}\n`);
  });
});

testNeeding(
  NEEDS,
  "relay answers a ping after the lines before it, for those who said hello",
  async () => {
    await withServer([], async ({ port }) => {
      using reader = await RawClient.connect(port);
      using member = await connectMember(port);
      await member.send(`${fakeToken("-n-")}\n`.repeat(1000) + "!PING 77\n");
      await untilLine(member, "!PONG 77");
      await reader.waitForLines(1000);
      assert.equal(member.lines().at(-1), "!PONG 77");
    });
  },
);

testNeeding(NEEDS, "relay tells members who comes and goes, around their lines", async () => {
  await withServer([], async ({ port }) => {
    using member = await connectMember(port);
    const coming = await connectMember(port);
    await coming.send(`${fakeToken("-n-")}\n`.repeat(500));
    await coming.send("!BYE\n");
    await coming.closeWrite();
    await coming.waitForEnd();
    await untilLine(member, "!GONE 2");
    assert.deepEqual(member.lines().slice(4), [
      "!JOINED 2",
      ...Array(500).fill(fakeToken("-n-")),
      "!GONE 2",
    ]);
    coming[Symbol.dispose]();
  });
});

testNeeding(NEEDS, "relay gives a member the last lines, in order, and its own not", async () => {
  await withServer(["--backlog-lines", "50"], async ({ port }) => {
    using talker = await connectMember(port);
    using guest = await RawClient.connect(port);
    await guest.send(fakeToken("-here-") + "\n");
    await untilLine(talker, fakeToken("-here-"));
    const line = (i: number) => fakeToken(`-n${i}-`);
    for (let i = 0; i < 60; i++) await talker.send(line(i) + "\n");
    await guest.waitForLines(60);
    for (let i = 60; i < 90; i++) await guest.send(line(i) + "\n");
    await untilLine(talker, line(89));
    // Of the 50 asked for, guests may fill five if members have enough.
    const range = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => line(from + i));
    const cases: [asked: number, expected: string[]][] = [
      [0, []],
      [1, range(59, 60)],
      [20, [...range(42, 60), ...range(88, 90)]],
      [1000, [...range(15, 60), ...range(85, 90)]],
    ];
    for (const [asked, expected] of cases) {
      using late = await connectMember(port, asked);
      assert.deepEqual(tokens(late), expected);
      assert.ok(late.lines().includes(`!BACKLOG ${expected.length}`));
    }
  });
  await withServer(["--backlog-lines", "0"], async ({ port }) => {
    using talker = await connectMember(port);
    await talker.send(fakeToken("-x-") + "\n!PING 1\n");
    await untilLine(talker, "!PONG 1");
    using late = await connectMember(port, 10);
    assert.deepEqual(late.lines().slice(2), ["!BACKLOG 0", "!LIVE"]);
  });
});

testNeeding(NEEDS, "no line is missing and none comes twice, whenever a member comes", async () => {
  const random = seeded(4);
  await withServer(["--no-rate-limit", "--backlog-lines", "10000"], async ({ port }) => {
    using talker = await connectMember(port);
    let sent = 0;
    let isOver = false;
    const talking = (async () => {
      while (!isOver) {
        const batch = Array.from({ length: 20 }, () => fakeToken(`-n${sent++}-`) + "\n");
        await talker.send(batch.join(""));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    const rounds = async () => {
      for (let round = 0; round < 10; round++) {
        using late = await RawClient.connect(port);
        // Before, during and after the time that lines are held back for a hello.
        await new Promise((resolve) => setTimeout(resolve, 250 * random()));
        await prove(late, 5000);
        await untilLine(late, "!LIVE");
        const enough = tokens(late).length + 500;
        await until(() => Promise.resolve(tokens(late).length > enough), "live lines");
        checkOrder(late.lines());
      }
    };
    await rounds().finally(() => isOver = true);
    await talking;
  });
});

/** Lines before the challenge, of the past, and live ones: each once, none missing. */
function checkOrder(lines: readonly string[]): void {
  const numbersOf = (part: readonly string[]) =>
    part.filter((line) => line.startsWith("g")).map((line) => Number(/-n(\d+)-/.exec(line)![1]));
  const [challenged, live] = [
    lines.findIndex((line) => line.startsWith("!CHAL")),
    lines.indexOf("!LIVE"),
  ];
  const isNext = (n: number, i: number, all: number[]) => i === 0 || n === all[i - 1]! + 1;
  const [before, past, after] = [
    numbersOf(lines.slice(0, challenged)),
    numbersOf(lines.slice(challenged, live)),
    numbersOf(lines.slice(live)),
  ];
  assert.ok(before.every(isNext), "a live line before the challenge is missing");
  assert.ok(after.every(isNext), "a live line is missing");
  assert.ok(lines.includes(`!BACKLOG ${past.length}`));
  const all = [...before, ...past, ...after];
  const sorted = [...new Set(all)].toSorted((a, b) => a - b);
  assert.equal(sorted.length, all.length, "a line came twice");
  assert.ok(sorted.every(isNext), "a line is missing");
  assert.deepEqual(past, past.toSorted((a, b) => a - b));
}

testNeeding(NEEDS, "a member takes the newest guest's place in a full room", async () => {
  await withServer(["--max-clients", "3"], async ({ port }) => {
    using oldest = await RawClient.connect(port);
    using member = await connectMember(port);
    using newest = await RawClient.connect(port);
    await newest.send(fakeToken("-in-") + "\n");
    await oldest.waitForLines(1);
    using second = await connectMember(port);
    await newest.waitForEnd();
    assert.equal(newest.lines().at(-1), "!ERR 503 full");
    using third = await connectMember(port);
    await oldest.waitForEnd();
    assert.equal(oldest.lines().at(-1), "!ERR 503 full");
    await third.send(fakeToken("-all-") + "\n");
    await Promise.all([member, second].map((each) => untilLine(each, fakeToken("-all-"))));
    using fourth = await RawClient.connect(port);
    await prove(fourth);
    await fourth.waitForEnd();
    assert.equal(fourth.lines().at(-1), "!ERR 503 full");
    assert.deepEqual(tokens(fourth), []);
  });
});

testNeeding(NEEDS, "server runs from admission.pub alone, and refuses a wrong one", async () => {
  await withDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/admission.pub`, ADMISSION_LINE + "\n");
    const config: Config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
    const flags = taskFlags(config, "server:keyless");
    const files = flags.filter((flag) => /--allow-(read|write)/.test(flag));
    assert.deepEqual(files, [
      "--allow-read=admission.pub,chat.backlog",
      "--allow-write=chat.backlog",
    ]);
    const command = [...flags, `${ROOT}server.ts`, "--keyless", "admission.pub", "127.0.0.1", "0"];
    const words = [Deno.execPath(), "run", ...IMPORT_FLAGS, ...command];
    await using server = Program.spawn(words, { cwd, env: { NO_COLOR: "1" } });
    const [, port] = await server.waitFor("stderr", /^listening on .*:(\d+)$/m);
    using member = await connectMember(Number(port));
    assert.ok(member.lines().includes("!LIVE"));
    assert.match(server.stderr, /^keyless: /m);
    const names = await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name);
    assert.deepEqual(names, ["admission.pub"]);
    for (const text of ["", "admission1", ADMISSION_LINE + "\n\n", "x".repeat(10_000)]) {
      await Deno.writeTextFile(`${cwd}/bad.pub`, text);
      const refused = await run("server", ["127.0.0.1", "0", "--keyless", "bad.pub"], { cwd });
      assert.equal(refused.code, 1);
      const reason = text === "" ? "is empty" : "does not hold";
      assert.match(
        refused.stderr,
        new RegExp(`^error: Cannot load admission: bad\\.pub ${reason}`, "m"),
      );
      assert.match(refused.stderr, /^hint: /m);
    }
  });
});
