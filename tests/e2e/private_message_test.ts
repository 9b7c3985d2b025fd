import assert from "node:assert/strict";
import { createIdentity } from "../../lib/storage/identity.ts";
import { DayKeyFile, dayKeysPath } from "../../lib/storage/day_keys.ts";
import { decrypt, importKey } from "../../lib/fernet.ts";
import { parseEnvelope } from "../../lib/protocol/envelope.ts";
import { Member } from "../support/member.ts";
import { Proxy } from "../support/proxy.ts";
import { roomTest } from "../support/room.ts";
import { noWarning } from "../support/wordings.ts";

const SECRET = "the spare key lies under the blue flowerpot";

roomTest("a private message is read by its recipient alone", async ({ keyText, port }) => {
  using proxy = new Proxy(port);
  const common = { keyText, port: proxy.port };
  await using alice = await Member.enter({ ...common, nickname: "alice" });
  await using bob = await Member.enter({ ...common, nickname: "bob" });
  await using carol = await Member.enter({ ...common, nickname: "carol" });
  await alice.waitFor((event) => event.kind === "joined" && event.nickname === "bob");
  const found = alice.members.find("bob");
  assert.ok(typeof found !== "string", String(found));
  await alice.entered.room.tell(found, SECRET);
  await alice.say("for all");
  await Promise.all([bob.waitForText("for all"), carol.waitForText("for all")]);
  assert.deepEqual(bob.messages, [`(private) <alice> ${SECRET}`, "<alice> for all"]);
  assert.deepEqual(carol.messages, ["<alice> for all"]);

  // Whoever has the room's key decrypts every token, and finds the text in none.
  const key = await importKey(keyText);
  const plaintexts = await Promise.all(
    proxy.tokens.map(async (token) => (await decrypt(key, token)).plaintext),
  );
  const texts = plaintexts.map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(texts.some((text) => text.includes("for all")));
  assert.ok(texts.some((text) => text.includes('"k":"dm"')));
  for (const text of texts) {
    assert.ok(!text.includes(SECRET));
    for (const word of SECRET.split(" ")) if (word.length > 4) assert.ok(!text.includes(word));
  }
  // To the relay it is one token among others: its length is that of some message.
  const lengths = plaintexts.map(({ length }) => length);
  assert.ok(lengths.every((length) => [511, 1023].includes(length)), lengths.join());
  assert.ok(plaintexts.every((bytes) => parseEnvelope(bytes).kind === "signed"));
});

roomTest("nothing on the wire is readable: no word, nickname or key", async ({ keyText, port }) => {
  using proxy = new Proxy(port);
  const common = { keyText, port: proxy.port };
  await using alice = await Member.enter({ ...common, nickname: "wonderland" });
  await using bob = await Member.enter({ ...common, nickname: "caterpillar" });
  await alice.waitFor(({ kind }) => kind === "joined");
  await alice.say("unmistakable words");
  await bob.waitForText("unmistakable words");
  await bob.entered.room.rename("butterfly");
  await alice.waitFor(({ kind }) => kind === "renamed");
  const wire = proxy.recorded.map((chunk) => new TextDecoder("latin1").decode(chunk)).join("");
  const { roster } = alice.entered;
  const keys = roster.list().flatMap(({ id, agreementKey }) => [id, agreementKey!]);
  assert.ok(keys.length >= 2);
  const words = ["unmistakable", "words", "wonderland", "caterpillar", "butterfly", "chat"];
  for (const word of [...words, ...keys, keyText.slice(0, 20)]) {
    assert.ok(!wire.includes(word), word);
    assert.ok(!wire.includes(btoa(word).slice(0, -4)), word);
  }
  assert.ok(proxy.tokens.length >= 4);
});

roomTest(
  "a private message reaches a member on two machines, and after a restart",
  async ({ directory, keyText, port }) => {
    const common = { keyText, port };
    await using alice = await Member.enter({ ...common, nickname: "alice" });
    const identity = await createIdentity();
    const path = dayKeysPath(directory, identity.id);
    const enterAt = async (path: string | undefined) => {
      const dayKeys = await DayKeyFile.open(path, noWarning);
      return await Member.enter({ ...common, identity, nickname: "bob", backlog: 9, dayKeys });
    };
    const bobs = [await enterAt(undefined), await enterAt(path)];
    // Alice knows all that came before.
    await bobs[1]!.say("here");
    await alice.waitForText("here");
    const keys = new Set(alice.entered.roster.list().map(({ agreementKey }) => agreementKey));
    assert.equal(keys.size, 2);
    const found = alice.members.find("bob");
    assert.ok(typeof found !== "string", String(found));
    await alice.entered.room.tell(found, SECRET);
    await alice.say("for all");
    for (const bob of bobs) {
      await bob.waitForText("for all");
      const last = bob.messages.slice(-2);
      assert.deepEqual(last, [`(private) <alice> ${SECRET}`, "<alice> for all"]);
      assert.equal(bob.entered.session.rejected.size, 0);
    }
    for (const bob of bobs) await bob[Symbol.asyncDispose]();
    await using again = await enterAt(path);
    await again.waitForText("for all");
    const texts = again.events.flatMap((event) => event.kind === "message" ? [event.text] : []);
    assert.deepEqual(texts, ["here", SECRET, "for all"]);
  },
);
