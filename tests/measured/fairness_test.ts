import assert from "node:assert/strict";
import { Crowd, type Testimony, Witness } from "../support/crowd.ts";
import { testNeeding } from "../support/needs.ts";
import { openConnections, until } from "../support/process_info.ts";
import { type Server, startServer } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { startSlowReader } from "../support/readers.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3", "ss"] as const;
const SECONDS = 6;
const MAX_P99_MS = 250;
const MAX_MEASUREMENTS = 2;

/** How long two others talk, and who comes meanwhile. */
interface Scene {
  readonly seconds: number;
  readonly args?: readonly string[];
  /** Starts those who come. */
  readonly enter: (server: Server) => Promise<AsyncDisposable>;
  /** Looks at what became of them. */
  readonly leave?: (server: Server) => Promise<void>;
}

async function talkAmong({ seconds, args, enter, leave }: Scene): Promise<Testimony> {
  return await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd, args });
    const witness = await Witness.start(server.port, seconds);
    await using _others = await enter(server);
    const testimony = await witness.testify();
    await leave?.(server);
    return testimony;
  });
}

/** Plays a scene until nobody had to wait in it; the longest wait of one in a hundred, in ms. */
async function measureScene(scene: Scene): Promise<number> {
  let p99Ms = Infinity;
  // Nothing may ever be lost; a time is measured again, for the machine may have been busy.
  for (let i = 0; i < MAX_MEASUREMENTS && p99Ms >= MAX_P99_MS; i++) {
    const testimony = await talkAmong(scene);
    assert.deepEqual([testimony.lost, testimony.sent], [0, 20 * scene.seconds]);
    p99Ms = testimony.p99Ms;
  }
  return p99Ms;
}

function testFairness(name: string, scene: Scene): void {
  testNeeding(NEEDS, name, async (t) => {
    const p99Ms = await measureScene(scene);
    await t.step(`p99 is ${Math.ceil(p99Ms)} ms`, () => assert.ok(p99Ms < MAX_P99_MS));
  });
}

/** Scenes that leave the machine idle: they are played at the same time, each at a relay. */
const QUIET: Readonly<Record<string, Scene>> = {
  "10 strangers are flooding": {
    seconds: SECONDS,
    enter: ({ port }) => Crowd.gather(port, 10, "flooding", true),
  },
  "300 strangers are silent": {
    seconds: SECONDS,
    enter: ({ port }) => Crowd.gather(port, 300, "silent"),
  },
  "it closes on 300 strangers that hold half a line": {
    seconds: 5,
    args: ["--line-timeout", "2", "--max-clients", "400"],
    enter: ({ port }) => Crowd.gather(port, 300, "half-line"),
    async leave({ program, port }) {
      await program.waitFor("stderr", /timeout/);
      await until(async () => (await openConnections(port)).length === 0, "the strangers closed");
    },
  },
  "the sweep cuts a reader of 1 byte a second": {
    // It is cut after 10 to 12 s.
    seconds: 14,
    async enter({ port }) {
      await using entering = new AsyncDisposableStack();
      entering.use(await startSlowReader(port));
      entering.use(await Crowd.gather(port, 4, "flooding with long lines", true));
      return entering.move();
    },
    leave: untilSlowReaderIsCut,
  },
};

testNeeding(NEEDS, "relay serves others, whoever else is there", async (t) => {
  const measured = await Promise.all(
    Object.entries(QUIET).map(async ([what, scene]) => [what, await measureScene(scene)] as const),
  );
  for (const [what, p99Ms] of measured) {
    await t.step(`while ${what}: p99 is ${Math.ceil(p99Ms)} ms`, () => {
      assert.ok(p99Ms < MAX_P99_MS);
    });
  }
});

testFairness("relay serves others while 300 strangers are flooding", {
  seconds: SECONDS,
  enter: ({ port }) => Crowd.gather(port, 300, "flooding", true),
});

testFairness("relay lets nobody wait for a reader of 1 byte a second, which fills the log", {
  seconds: 5,
  args: ["--no-rate-limit"],
  async enter({ port }) {
    await using entering = new AsyncDisposableStack();
    entering.use(await startSlowReader(port));
    entering.use(await sendMuch(port));
    return entering.move();
  },
  leave: untilSlowReaderIsCut,
});

/** The slow reader is the first to come after the two who talk. */
async function untilSlowReaderIsCut({ program }: Server): Promise<void> {
  await program.waitFor("stderr", /client 3 left.*: too slow/);
}

/** Sends 26 MB a second, which fills the log in 2.5 s, and no witness is too slow for. */
async function sendMuch(port: number): Promise<AsyncDisposable> {
  const client = await RawClient.connect(port);
  const bulk = `${fakeToken("-bulk-", 65_484)}\n`.repeat(16);
  let isOver = false;
  const sending = (async () => {
    while (!isOver) {
      const pause = new Promise((resolve) => setTimeout(resolve, 40));
      await client.send(bulk);
      await pause;
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      await sending;
      client[Symbol.dispose]();
    },
  };
}
