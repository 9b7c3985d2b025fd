import assert from "node:assert/strict";
import { formatBase64Url } from "../../../lib/bytes/base64url.ts";
import type { FileMove, FileNote } from "../../../lib/client/events.ts";
import { MAX_SENDING } from "../../../lib/client/files/limits.ts";
import type { PipeLink } from "../../../lib/client/files/pipe_link.ts";
import type { Addressee } from "../../../lib/client/files/post.ts";
import type { Share } from "../../../lib/client/files/sendings.ts";
import { Shares } from "../../../lib/client/files/shares.ts";
import { Takes } from "../../../lib/client/files/takes.ts";
import { FrameCipher } from "../../../lib/protocol/file_frames.ts";
import type { FileMessage } from "../../../lib/protocol/file_messages.ts";
import { SourceFile } from "../../../lib/storage/source_file.ts";
import { joinEnds, type PipeSide } from "../../support/pipe_ends.ts";
import { testNeeding } from "../../support/needs.ts";
import { until } from "../../support/process_info.ts";
import { withDirectory } from "../../support/temporary.ts";

const NEEDS = ["net", "read", "write"] as const;
const [ALICE, BOB] = ["A", "B"].map((letter) => `${letter.repeat(42)}A`) as [string, string];

/** A sender and a taker, whose messages go from one to the other while `isOnline`. */
class Pair implements AsyncDisposable {
  now = 0;
  isHere = true;
  isOnline = true;
  /** Whether a piece takes a moment, so that a test can do something meanwhile. */
  isSlow = false;
  /** Whether the taker's end breaks when it answers. */
  losesAnswer = false;
  /** A kind of messages that get lost. */
  unheard: FileMessage["kind"] | undefined;
  readonly said: FileMessage[] = [];
  readonly moves: FileMove[] = [];
  /** The ends of the pipes, in the order in which they were joined. */
  readonly ends: PipeSide[] = [];
  readonly shares: Shares;
  readonly takes: Takes;
  readonly #ready = new Map<string, PipeSide>();
  readonly #lone = new Map<string, PromiseWithResolvers<PipeSide>>();
  #numbers = 0;

  constructor() {
    const report = (event: FileMove) => void this.moves.push(event);
    const openPipe = (name: Uint8Array) => this.#join(name) as Promise<PipeLink>;
    this.shares = new Shares({
      monotonic: () => this.now,
      ...{ openPipe, report, ownKey: () => ALICE },
      tell: (to, message) => this.#pass(to, message, ALICE, (note) => this.takes.receive(note)),
    });
    this.takes = new Takes({
      ...{ openPipe, report, ownKey: () => BOB, isHere: () => this.isHere, keyOf: () => undefined },
      monotonic: () => this.now,
      tell: (to, message) => this.#pass(to, message, BOB, (note) => this.shares.receive(note)),
    });
  }

  /** Offers a file to all, and has the taker know of it. */
  async offer(path: string, to?: Addressee, epoch = "e"): Promise<Share> {
    const share = this.shares.add(++this.#numbers, await SourceFile.open(path), to);
    this.takes.note(
      {
        ...{ id: ALICE, epoch, nickname: "alice", trust: "verified", isPrivate: false },
        file: share.offer,
      },
      () => share.number,
    );
    return share;
  }

  /** What became of the taking, or the sending, of a file. */
  statesOf(direction: "in" | "out"): string[] {
    const states = this.moves.filter((move) => move.direction === direction);
    return states.map(({ state }) => state);
  }

  async untilMove(direction: "in" | "out", state: FileMove["state"]): Promise<FileMove> {
    const find = () => this.moves.find((m) => m.direction === direction && m.state === state);
    await until(() => Promise.resolve(find() !== undefined), `${direction} ${state}`);
    return find()!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shares.close();
    await this.takes.close();
    for (const end of this.ends) end[Symbol.dispose]();
  }

  async #pass(
    to: Addressee,
    message: FileMessage,
    from: string,
    receive: (note: FileNote) => void,
  ): Promise<void> {
    assert.equal(to.agreementKey, to.id);
    this.said.push(structuredClone(message));
    await undefined;
    if (!this.isOnline || message.kind === this.unheard) return;
    const nickname = from === ALICE ? "alice" : "bob";
    receive({ kind: "file", id: from, epoch: "e", nickname, trust: "verified", message });
  }

  /** Has an end of a pipe there for whoever comes to it. */
  meet(name: Uint8Array, end: PipeSide): void {
    this.#ready.set(formatBase64Url(name), end);
  }

  async #join(name: Uint8Array): Promise<PipeSide> {
    const id = formatBase64Url(name);
    const ready = this.#ready.get(id);
    if (ready) return ready;
    const other = this.#lone.get(id);
    if (other) {
      const [mine, theirs] = (await joinEnds()).map((end) => this.isSlow ? slowed(end) : end) as [
        PipeSide,
        PipeSide,
      ];
      this.ends.push(mine, theirs);
      other.resolve(theirs);
      return this.losesAnswer ? broken(mine) : mine;
    }
    const lone = Promise.withResolvers<PipeSide>();
    this.#lone.set(id, lone);
    return await lone.promise;
  }
}

function slowed(end: PipeSide): PipeSide {
  return {
    ...end,
    async write(bytes) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      await end.write(bytes);
    },
  };
}

function broken(end: PipeSide): PipeSide {
  return {
    ...end,
    write() {
      end[Symbol.dispose]();
      return Promise.reject(new Error("broken"));
    },
  };
}

/** A pair, and a file of that many bytes. */
function pairTest(
  name: string,
  bytes: number,
  fn: (pair: Pair, path: string, directory: string) => Promise<void>,
): void {
  testNeeding(NEEDS, name, async () => {
    await withDirectory(async (directory) => {
      await using pair = new Pair();
      const path = `${directory}/a.bin`;
      await Deno.writeFile(path, new Uint8Array(bytes).fill(7));
      await fn(pair, path, directory);
    });
  });
}

pairTest(
  "a file that is taken is there, and its sender knows",
  200_000,
  async (pair, path, dir) => {
    const share = await pair.offer(path);
    await pair.takes.take(1, `${dir}/taken`);
    const { path: taken } = await pair.untilMove("in", "done");
    await pair.untilMove("out", "done");
    assert.deepEqual(await Deno.readFile(taken!), await Deno.readFile(path));
    assert.equal(share.taken, 1);
    assert.deepEqual(pair.statesOf("in"), ["waiting", "running", "done"]);
    assert.deepEqual(pair.said.map(({ kind }) => kind), ["take", "pipe", "got"]);
  },
);

pairTest("close() ends a taking that just begins", 9, async (pair, path, dir) => {
  await pair.offer(path);
  const taking = pair.takes.take(1, `${dir}/taken`);
  await pair.takes.close();
  await taking;
  assert.deepEqual([pair.statesOf("in"), pair.said], [["waiting", "cancelled"], []]);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(`${dir}/taken`)), []);
});

pairTest(
  "a sender knows that a file is whole though the answer is lost",
  9,
  async (pair, path, dir) => {
    const share = await pair.offer(path);
    pair.losesAnswer = true;
    await pair.takes.take(1, dir);
    await pair.untilMove("out", "done");
    assert.equal(share.taken, 1);
    assert.ok(!pair.statesOf("out").includes("failed"));
  },
);

pairTest(
  "a taker that has been sent all is waited for 120 s, and may ask again",
  9,
  async (pair, path, dir) => {
    const share = await pair.offer(path);
    pair.losesAnswer = true;
    pair.unheard = "got";
    await pair.takes.take(1, dir);
    await until(() => Promise.resolve(pair.statesOf("out").at(-1) === "waiting"), "waiting");
    assert.deepEqual(pair.statesOf("out"), ["running", "waiting"]);
    const [take] = pair.said as [FileMessage & { kind: "take" }];
    const note = (message: FileMessage, id = BOB): FileNote => {
      return { kind: "file", id, epoch: "e", nickname: "bob", trust: "verified", message };
    };
    pair.now = 120_000;
    pair.shares.tick();
    assert.equal(pair.shares.transfers.length, 1);
    pair.shares.receive(note(take));
    assert.deepEqual(pair.statesOf("out").slice(2), ["running"], "asked again, it begins again");
    pair.shares.close();
    // Another one is given up.
    await pair.offer(path);
    await pair.takes.take(2, dir);
    await until(() => Promise.resolve(pair.statesOf("out").at(-1) === "waiting"), "waiting");
    for (const [now, state] of [[240_000, "waiting"], [240_001, "failed"]] as const) {
      pair.now = now;
      pair.shares.tick();
      assert.equal(pair.statesOf("out").at(-1), state);
    }
    assert.equal(
      (pair.moves.at(-1)!.reason as { phrase: string }).phrase,
      "the taker did not confirm it",
    );
    assert.equal(share.taken, 0);
  },
);

pairTest(
  "only the member that takes a file says that it is whole, and once",
  9,
  async (pair, path) => {
    const share = await pair.offer(path);
    const [transfer, other] = [1, 2].map((n) => formatBase64Url(new Uint8Array(16).fill(n)));
    const say = (message: FileMessage, id = BOB) => {
      const from = { id, epoch: "e", nickname: "bob", trust: "verified" } as const;
      pair.shares.receive({ kind: "file", ...from, message });
    };
    const got = { kind: "got", transfer: transfer! } as const;
    // Of a transfer of an earlier run, of which this one knows nothing.
    say(got);
    const take = { offer: share.offer.id, frame: 0, agreementKey: BOB };
    say({ kind: "take", transfer: transfer!, ...take });
    say(got, ALICE);
    say({ kind: "got", transfer: other! });
    assert.deepEqual([share.taken, pair.shares.transfers.length], [0, 1]);
    say(got);
    say(got);
    assert.deepEqual([share.taken, pair.shares.transfers.length], [1, 0]);
    assert.deepEqual(pair.statesOf("out"), ["running", "done"]);
  },
);

pairTest(
  "a sender that comes back and offers what is here already is told so at once",
  200_000,
  async (pair, path, dir) => {
    const first = await pair.offer(path);
    await pair.takes.take(1, dir);
    await pair.untilMove("out", "done");
    pair.shares.remove(first.number);
    const before = pair.moves.length;
    const share = await pair.offer(path, undefined, "later");
    await until(() => Promise.resolve(share.taken === 1), "told");
    assert.deepEqual(pair.moves.slice(before).map(({ direction, state }) => [direction, state]), [
      ["out", "running"],
      ["out", "done"],
    ]);
    const again = pair.said.slice(3).filter(({ kind }) => kind !== "pipe");
    assert.deepEqual(again.map(({ kind }) => kind), ["take", "got"]);
    assert.equal((again[0] as FileMessage & { kind: "take" }).frame, 3);
    assert.deepEqual(pair.takes.offers.map(({ number }) => number), [1], "it can be taken again");
  },
);

pairTest("a taker that cannot keep a file says so", 9, async (pair, path, dir) => {
  const { offer } = await pair.offer(path);
  const lie = { ...offer, size: 8 };
  const from = { id: ALICE, epoch: "e", nickname: "alice", trust: "verified" } as const;
  pair.shares.receive = () => {};
  pair.takes.note(
    { ...from, isPrivate: false, file: { ...lie, id: "C".repeat(21) + "A" } },
    () => 2,
  );
  await pair.takes.take(2, dir);
  const take = pair.said[0] as FileMessage & { kind: "take" };
  const [out, end] = await joinEnds();
  pair.ends.push(out, end);
  const key = new Uint8Array(32);
  const cipher = await FrameCipher.import(key);
  pair.meet(new Uint8Array(16), end);
  const pipe = { kind: "pipe", transfer: take.transfer, name: new Uint8Array(16), key } as const;
  pair.takes.receive({ kind: "file", ...from, message: pipe });
  await out.write(await cipher.seal(0, new Uint8Array(9), true));
  await pair.untilMove("in", "failed");
  assert.deepEqual(pair.said.map(({ kind }) => kind), ["take", "stop"]);
});

pairTest(
  "take() refuses what is not offered, taken already, or too much",
  9,
  async (pair, path, dir) => {
    pair.isOnline = false;
    for (let i = 1; i <= 4; i++) {
      await Deno.writeTextFile(`${path}${i}`, `${i}`);
      await pair.offer(`${path}${i}`);
    }
    await assert.rejects(pair.takes.take(9, dir), { message: "there is no offer 9" });
    for (const number of [1, 2, 3]) await pair.takes.take(number, `${dir}/taken`);
    await assert.rejects(pair.takes.take(2, dir), { message: "you take that file already" });
    await assert.rejects(pair.takes.take(4, dir), { message: "you take too many files at once" });
    pair.now = 30_001;
    pair.isHere = false;
    await assert.rejects(pair.takes.take(4, dir), { message: "alice is not here any more" });
  },
);

pairTest("take() takes nothing of a member with another key", 9, async (pair, path, dir) => {
  const { offer } = await pair.offer(path);
  const changed = { ...offer, id: "C".repeat(21) + "A" };
  pair.takes.note(
    {
      ...{ id: BOB, epoch: "e", nickname: "alice", trust: "changed", isPrivate: false },
      file: changed,
    },
    () => 7,
  );
  await assert.rejects(pair.takes.take(7, dir), /alice has another key than before/);
});

pairTest(
  "a private offer is for its member alone, and a withdrawn one for none",
  9,
  async (pair, path, dir) => {
    await pair.offer(path, { id: ALICE, agreementKey: ALICE });
    await pair.takes.take(1, dir);
    const { reason } = await pair.untilMove("in", "failed");
    assert.equal((reason as { phrase: string }).phrase, "it is not offered any more");
    await pair.offer(path);
    assert.equal(pair.shares.remove(2), true);
    assert.equal(pair.shares.remove(2), false);
    await pair.takes.take(2, dir);
    await until(() => Promise.resolve(pair.statesOf("in").length === 4), "refused");
    assert.deepEqual(pair.said.map(({ kind }) => kind), ["take", "no", "take", "no"]);
    assert.deepEqual(pair.takes.offers, [], "neither is offered any more");
  },
);

pairTest(
  "cancel() ends it on both sides, and what has come stays",
  30_000_000,
  async (pair, path, dir) => {
    pair.isSlow = true;
    await pair.offer(path);
    await pair.takes.take(1, `${dir}/taken`);
    await pair.untilMove("in", "running");
    await until(() => Promise.resolve(pair.takes.transfers[0]!.bytes > 0), "some of it");
    assert.equal(pair.takes.cancel(1), true);
    assert.equal(pair.takes.cancel(1), false);
    pair.ends.forEach((end) => end[Symbol.dispose]());
    await until(() => Promise.resolve(pair.shares.transfers.length === 0), "the sender ends");
    await pair.untilMove("in", "cancelled");
  },
);

pairTest(
  "a pipe that breaks is followed by another one, a second later",
  30_000_000,
  async (pair, path, dir) => {
    pair.isSlow = true;
    await pair.offer(path);
    await pair.takes.take(1, `${dir}/taken`);
    await until(() => Promise.resolve((pair.takes.transfers[0]?.bytes ?? 0) > 1_000_000), "some");
    pair.ends.forEach((end) => end[Symbol.dispose]());
    await until(() => Promise.resolve(pair.statesOf("in").at(-1) === "waiting"), "waiting");
    pair.takes.tick();
    pair.now = 1000;
    pair.takes.tick();
    assert.equal(pair.said.filter(({ kind }) => kind === "take").length, 1);
    pair.now = 1001;
    pair.takes.tick();
    const take = pair.said.findLast((message) => message.kind === "take");
    assert.ok(take && take.frame > 0, "it goes on where it was");
    await pair.untilMove("in", "done");
  },
);

pairTest(
  "a sender that comes back and offers the file anew goes on, seen to be gone or not",
  30_000_000,
  async (pair, path, dir) => {
    pair.isSlow = true;
    const files = { path: await pair.offer(path), dir: `${dir}/taken` };
    await pair.takes.take(1, files.dir);
    const bytesOf = () => pair.takes.transfers[0]?.bytes ?? 0;
    for (const isSeen of [true, false]) {
      const before = bytesOf();
      await until(() => Promise.resolve(bytesOf() > before + 1_000_000), "some");
      const tear = async () => {
        pair.ends.forEach((end) => end[Symbol.dispose]());
        await until(() => Promise.resolve(pair.statesOf("in").at(-1) === "waiting"), "waiting");
      };
      // A client that is killed says nothing.
      pair.isOnline = false;
      pair.shares.remove(pair.shares.list()[0]!.number);
      await undefined;
      pair.isOnline = true;
      if (isSeen) await tear();
      const { offer } = await pair.offer(path, undefined, `later ${isSeen}`);
      assert.deepEqual(pair.takes.offers.map(({ number }) => number), [1]);
      assert.equal(pair.takes.offers[0]!.file.id, offer.id);
      if (!isSeen) await tear();
      pair.now += isSeen ? 0 : 1001;
      pair.takes.tick();
      const take = pair.said.findLast((message) => message.kind === "take");
      assert.ok(take?.offer === offer.id && take.frame > 0, "the new offer, from where it was");
    }
    await pair.untilMove("in", "done");
    assert.deepEqual(await Deno.readFile(`${files.dir}/a.bin`), await Deno.readFile(path));
  },
);

pairTest(
  "who waits for an offer that is withdrawn is begun with no more",
  9,
  async (pair, path, dir) => {
    const share = await pair.offer(path);
    pair.isOnline = false;
    await pair.takes.take(1, dir);
    const [take] = pair.said as [FileMessage & { kind: "take" }];
    const count = MAX_SENDING + 5;
    for (let i = 0; i < count; i++) {
      const transfer = `${i}`.padStart(take.transfer.length, "A");
      const from = {
        kind: "file",
        id: BOB,
        epoch: "e",
        nickname: "bob",
        trust: "verified",
      } as const;
      pair.shares.receive({ ...from, message: { ...take, transfer } });
    }
    pair.shares.remove(share.number);
    const states = pair.statesOf("out");
    assert.equal(states.filter((state) => state === "running").length, MAX_SENDING);
    assert.equal(states.filter((state) => state === "cancelled").length, count);
  },
);

pairTest(
  "a patient taker waits for a sender that is gone, and no other does",
  9,
  async (pair, path, dir) => {
    await pair.offer(path);
    pair.now = 30_001;
    pair.isHere = false;
    await assert.rejects(pair.takes.take(1, dir), { message: "alice is not here any more" });
    await pair.takes.take(1, dir, true);
    await pair.untilMove("in", "done");
  },
);

pairTest(
  "take() begins a file once, also while its part is being opened",
  9,
  async (pair, path, dir) => {
    await pair.offer(path);
    const [first, second] = await Promise.allSettled([1, 1].map((n) => pair.takes.take(n, dir)));
    assert.deepEqual([first!.status, second!.status], ["fulfilled", "rejected"]);
    assert.equal((second as PromiseRejectedResult).reason.message, "you take that file already");
    await pair.untilMove("in", "done");
  },
);

pairTest(
  "a sender that says nothing is asked again after 10 s, and given up after 120",
  9,
  async (pair, path, dir) => {
    pair.isOnline = false;
    await pair.offer(path);
    await pair.takes.take(1, dir);
    const takes = () => pair.said.length;
    for (const [now, count] of [[10_000, 1], [10_001, 2], [20_001, 2], [20_002, 3]] as const) {
      pair.now = now;
      pair.takes.tick();
      assert.equal(takes(), count, `${now}`);
    }
    pair.isHere = false;
    pair.now = 140_002;
    pair.takes.tick();
    assert.equal(takes(), 3);
    assert.deepEqual(pair.statesOf("in"), ["waiting"]);
    pair.now = 140_003;
    pair.takes.tick();
    await pair.untilMove("in", "failed");
  },
);

pairTest(
  "three takers get a file at once, and the others wait for their turn",
  9,
  async (pair, path) => {
    const { offer } = await pair.offer(path);
    pair.isOnline = false;
    const take = (n: number): FileNote => ({
      ...{ kind: "file", id: BOB, epoch: "e", nickname: `bob${n}`, trust: "verified" },
      message: {
        ...{ kind: "take", offer: offer.id, frame: 0, agreementKey: BOB },
        transfer: formatBase64Url(new Uint8Array(16).fill(n)),
      },
    });
    for (let n = 1; n <= 5; n++) pair.shares.receive(take(n));
    // Asked again: it waits all the same.
    pair.shares.receive(take(5));
    const stateOf = () => pair.shares.transfers.map(({ state }) => state);
    assert.deepEqual(stateOf(), ["running", "running", "running", "waiting", "waiting"]);
    const stop = { kind: "stop", transfer: formatBase64Url(new Uint8Array(16).fill(1)) } as const;
    pair.shares.receive({ ...take(1), id: ALICE, message: stop });
    assert.equal(stateOf().length, 5);
    pair.shares.receive({ ...take(1), message: stop });
    assert.deepEqual(stateOf(), ["running", "running", "running", "waiting"]);
  },
);

pairTest("1000 takers wait, and a further one is refused", 9, async (pair, path) => {
  const { offer } = await pair.offer(path);
  pair.isOnline = false;
  for (let n = 0; n <= 1000; n++) {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(0, n);
    const message = {
      ...{ kind: "take", offer: offer.id, frame: 0, agreementKey: BOB } as const,
      transfer: formatBase64Url(bytes),
    };
    pair.shares.receive({
      ...{ kind: "file", id: BOB, epoch: "e", nickname: "bob", trust: "verified", message },
    });
  }
  assert.equal(pair.shares.transfers.length, 1000);
  await until(() => Promise.resolve(pair.said.some(({ kind }) => kind === "no")), "refused");
});

pairTest("a client offers 100 files, and keeps 100 offers of others", 9, async (pair, path) => {
  for (let i = 0; i < 100; i++) await pair.offer(path);
  await assert.rejects(pair.offer(path), { message: "you offer too many files" });
  const [first] = pair.takes.offers;
  pair.takes.note(
    {
      ...{ id: ALICE, epoch: "e", nickname: "alice", trust: "verified", isPrivate: false },
      file: { ...first!.file, id: "C".repeat(21) + "A" },
    },
    () => 999,
  );
  assert.deepEqual([pair.takes.offers.length, pair.takes.offers[0]!.number], [
    100,
    2,
  ]);
});

pairTest("an offer that comes again is the same one", 9, async (pair, path) => {
  const { offer } = await pair.offer(path);
  const again = {
    ...{ id: ALICE, epoch: "later", nickname: "alice", isPrivate: true },
    trust: "verified",
    file: offer,
  } as const;
  assert.equal(pair.takes.note(again, () => 2), undefined);
  assert.equal(pair.takes.offers[0]!.epoch, "later");
  assert.equal(pair.takes.note({ ...again, id: BOB, epoch: "x" }, () => 2), undefined);
  assert.equal(pair.takes.offers[0]!.epoch, "later");
});
