import assert from "node:assert/strict";
import { decrypt, type FernetKey, importKey } from "../../lib/fernet.ts";
import { parseEnvelope } from "../../lib/protocol/envelope.ts";
import { Member } from "../support/member.ts";
import { Proxy } from "../support/proxy.ts";
import { roomTest } from "../support/room.ts";

/** Waits pass so many times as fast: a heartbeat comes after 5 to 6 s. */
const SPEED = 10;

interface Scene {
  readonly proxy: Proxy;
  readonly key: FernetKey;
  /** Writes through the proxy. */
  readonly alice: Member;
  readonly bob: Member;
}

function orderTest(name: string, fn: (scene: Scene) => Promise<void>): void {
  roomTest(name, async ({ keyText, port }) => {
    using proxy = new Proxy(port);
    const common = { keyText, speed: SPEED };
    await using bob = await Member.enter({ ...common, port, nickname: "bob" });
    await using alice = await Member.enter({ ...common, port: proxy.port, nickname: "alice" });
    await bob.waitFor(({ kind }) => kind === "joined");
    await fn({ proxy, key: await importKey(keyText), alice, bob });
  });
}

/** The number of a message, as its author counts; undefined for what is not a token. */
async function sequenceOf(line: string, key: FernetKey): Promise<number | undefined> {
  if (!line.startsWith("g")) return undefined;
  const envelope = parseEnvelope((await decrypt(key, line)).plaintext);
  return envelope.kind === "signed" ? envelope.header.sequence : undefined;
}

/** `m1` to `m<count>`, said one by one: `join` is number 0, so `m5` is number 5. */
async function sayAll(alice: Member, count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, i) => `m${i + 1}`);
  for (const text of texts) await alice.say(text);
  return texts;
}

orderTest("a message that is dropped once is sent again, and that is told", async (scene) => {
  const { proxy, key, alice, bob } = scene;
  let dropped = 0;
  proxy.meddle = async (line) => {
    const isFifth = dropped === 0 && await sequenceOf(line, key) === 5;
    if (isFifth) dropped++;
    return isFifth ? [] : [line];
  };
  const texts = await sayAll(alice, 9);
  await bob.waitForText("m9");
  assert.equal(dropped, 1);
  assert.deepEqual(bob.messages, texts.map((text) => `<alice> ${text}`));
  assert.deepEqual(
    bob.notices.filter((notice) => notice.includes("order")),
    ["1 message of alice came late or in the wrong order, and was put right"],
  );
});

orderTest(
  "a message that never comes is told to be missing",
  async ({ proxy, key, alice, bob }) => {
    proxy.meddle = async (line) => await sequenceOf(line, key) === 5 ? [] : [line];
    const texts = await sayAll(alice, 9);
    await bob.waitForText("m9");
    const expected = texts.filter((text) => text !== "m5").map((text) => `<alice> ${text}`);
    assert.deepEqual(bob.messages, expected);
    assert.ok(bob.notices.includes("1 message of alice is missing"), bob.notices.join("\n"));
  },
);

orderTest("messages that were swapped are put right, and that is told", async (scene) => {
  const { proxy, key, alice, bob } = scene;
  let held: string | undefined;
  proxy.meddle = async (line) => {
    const sequence = await sequenceOf(line, key);
    if (sequence === 7) held = line;
    if (sequence === 7) return [];
    return sequence === 8 ? [line, held!] : [line];
  };
  const texts = await sayAll(alice, 9);
  await bob.waitForText("m9");
  assert.deepEqual(bob.messages, texts.map((text) => `<alice> ${text}`));
  assert.ok(bob.notices.some((notice) => notice.includes("wrong order")), bob.notices.join("\n"));
});

orderTest("the last message that is dropped is noticed by the next heartbeat", async (scene) => {
  const { proxy, key, alice, bob } = scene;
  proxy.meddle = async (line) => await sequenceOf(line, key) === 3 ? [] : [line];
  await sayAll(alice, 3);
  await bob.waitForText("m2");
  const begun = performance.now();
  await bob.waitFor(({ kind }) => kind === "missing");
  // 65 s at the most, in the time of these clients.
  assert.ok((performance.now() - begun) * SPEED < 65_000);
  assert.ok(bob.notices.includes("1 message of alice is missing"), bob.notices.join("\n"));
});
