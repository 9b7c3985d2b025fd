import assert from "node:assert/strict";
import { JOIN_END_MS, JOIN_TIMEOUT_MS } from "../../../lib/client/limits.ts";
import { InviterTalk } from "../../../lib/client/pairing/inviter_talk.ts";
import { join, type Joined } from "../../../lib/client/pairing/join.ts";
import { FakeRelay, type RelayEnd } from "../../support/fake_relay.ts";
import { ALICE, BOB, ROOM, SECRET } from "../../support/fixed_members.ts";
import { testNeeding } from "../../support/needs.ts";
import { fakeToken } from "../../support/raw_client.ts";
import { within } from "../../support/within.ts";

const CODE = { slot: "acorn", password: "cable-dwarf-ship" };
const SLOT = { verb: "PASS", slot: "acorn" } as const;
const introduce = () => ({ id: BOB.id, nickname: "bob", privateKey: BOB.signing.privateKey });

/** Joins at a relay that does `fn` with the connection. */
async function joinAt(
  fn: (end: RelayEnd) => Promise<void>,
  { code = CODE, signal }: { code?: typeof CODE; signal?: AbortSignal } = {},
): Promise<Joined> {
  using relay = new FakeRelay();
  const serving = relay.accept().then(fn);
  const options = { hostname: "127.0.0.1", port: relay.port, code, introduce, signal };
  const [joined] = await Promise.allSettled([join(options), serving]);
  if (joined.status === "rejected") throw joined.reason;
  await serving;
  return joined.value;
}

function createInviter(): InviterTalk {
  const { id, signing: { privateKey } } = ALICE;
  const introduce = () => ({ id, nickname: "alice", privateKey });
  return new InviterTalk({ code: CODE, handover: () => Promise.resolve(SECRET), introduce });
}

/** Answers as the inviter would, up to its last message. Returns the last one of the joiner. */
async function answerAll(end: RelayEnd, inviter: InviterTalk): Promise<Uint8Array> {
  let { message } = await end.hear("MEET");
  for (let passes = 1; passes <= 2; passes++) {
    const turn = await inviter.take(message);
    assert.ok("reply" in turn);
    await end.say({ ...SLOT, message: turn.reply });
    message = await heardPass(end, passes);
  }
  return message;
}

async function heardPass(end: RelayEnd, count: number): Promise<Uint8Array> {
  const passes = () => end.said.flatMap((said) => said.verb === "PASS" ? [said.message] : []);
  const wait = async () => {
    while (passes().length < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  await within(10, () => "it was not said", wait());
  return passes()[count - 1]!;
}

async function withShort(ms: number, fn: () => Promise<void>): Promise<void> {
  const setTimer = globalThis.setTimeout;
  const speedUp = (callback: () => void, wait = 0) => setTimer(callback, wait === ms ? 50 : wait);
  globalThis.setTimeout = speedUp as typeof setTimeout;
  try {
    await fn();
  } finally {
    globalThis.setTimeout = setTimer;
  }
}

function joinTest(name: string, fn: () => Promise<void>): void {
  testNeeding(["net"], name, fn);
}

joinTest("join() brings the key, its fingerprint, and who invited", async () => {
  const inviter = createInviter();
  let end: RelayEnd | undefined;
  const joined = await joinAt(async (accepted) => {
    end = accepted;
    const last = await answerAll(end, inviter);
    assert.deepEqual(await inviter.take(last), { joiner: { id: BOB.id, nickname: "bob" } });
    await end.waitForEnd();
    end.kill();
  });
  const { fingerprint } = ROOM;
  assert.deepEqual(joined, { keyText: SECRET, fingerprint, id: ALICE.id, nickname: "alice" });
  // It says its `!HELLO` right behind, so that an older relay is known.
  assert.deepEqual(end!.said.map(({ verb }) => verb), ["MEET", "HELLO", "PASS", "PASS"]);
});

joinTest("join() tells the other side of a wrong code, too", async () => {
  const inviter = createInviter();
  const code = { ...CODE, password: "cable-dwarf-shop" };
  const joining = joinAt(async (end) => {
    const { message } = await end.hear("MEET");
    const turn = await inviter.take(message);
    assert.ok("reply" in turn);
    await end.say({ ...SLOT, message: turn.reply });
    await assert.rejects(inviter.take(await heardPass(end, 1)), { failure: "wrong code" });
    await end.waitForEnd();
    end.kill();
  }, { code });
  await assert.rejects(joining, {
    name: "JoinError",
    failure: "wrong code",
    message: "Cannot join: the code is wrong",
    hint: "Ask for another code: this one is used up.",
  });
});

joinTest("join() knows a relay that is too old by its challenge", async () => {
  const joining = joinAt(async (end) => {
    await end.hear("HELLO");
    await end.send(fakeToken("-a-"));
    await end.say({ verb: "CHAL", nonce: new Uint8Array(32), mode: "open" });
  });
  await assert.rejects(joining, { name: "JoinError", failure: "old relay" });
});

joinTest("join() says what the relay's errors mean", async () => {
  const meanings = [
    [404, "no slot", "no slot"],
    [410, "slot used", "slot used"],
    [410, "inviter gone", "other gone"],
    [408, "timeout", "unanswered"],
    [503, "too many wrong slots", "paused"],
  ] as const;
  for (const [code, reason, failure] of meanings) {
    const joining = joinAt(async (end) => {
      await end.hear("MEET");
      await end.say({ verb: "ERR", error: { code, reason } });
      end.kill();
    });
    await assert.rejects(joining, { name: "JoinError", failure });
  }
  const refused = joinAt((end) => end.say({ verb: "ERR", error: { code: 503, reason: "full" } }));
  await assert.rejects(refused, { name: "RefusedError", code: 503 });
});

joinTest("join() passes over other lines, and tells of a connection that ends", async () => {
  const joining = joinAt(async (end) => {
    await end.hear("MEET");
    await end.send("noise", "!LATER 1", "!PASS cable AAAA", `!${"x".repeat(70_000)}`, "!PING 1");
    end.kill();
  });
  const message = "Connection lost: the server is gone";
  await assert.rejects(joining, { name: "ChatError", message });
});

joinTest("join() refuses what makes no sense", async () => {
  const joining = joinAt(async (end) => {
    await end.hear("MEET");
    await end.say({ ...SLOT, message: new Uint8Array(95).fill(9) });
  });
  await assert.rejects(joining, { name: "JoinError", failure: "garbled" });
});

joinTest("join() waits JOIN_TIMEOUT_MS for an answer", async () => {
  await withShort(JOIN_TIMEOUT_MS, async () => {
    const joining = joinAt((end) => end.waitForEnd());
    await within(5, () => "it still waits", assert.rejects(joining, { failure: "unanswered" }));
  });
});

joinTest("join() waits JOIN_END_MS for a relay that does not end the connection", async () => {
  await withShort(JOIN_END_MS, async () => {
    const inviter = createInviter();
    const joining = joinAt(async (end) => {
      await answerAll(end, inviter);
      await end.waitForEnd();
    });
    const joined = await within(5, () => "it still waits", joining);
    assert.equal(joined.keyText, SECRET);
  });
});

joinTest("join() stops when its signal aborts", async () => {
  for (const isEarly of [true, false]) {
    const stop = new AbortController();
    const reason = new Error("enough");
    if (isEarly) stop.abort(reason);
    const joining = joinAt(async (end) => {
      if (!isEarly) await end.hear("MEET");
      stop.abort(reason);
    }, { signal: stop.signal });
    await assert.rejects(joining, reason);
  }
});
