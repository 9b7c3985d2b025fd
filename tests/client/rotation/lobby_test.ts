import assert from "node:assert/strict";
import { Lobby } from "../../../lib/client/rotation/lobby.ts";
import { decrypt, encrypt, generateKey, importKey } from "../../../lib/fernet.ts";
import { parseEnvelope } from "../../../lib/protocol/envelope.ts";
import type { Handed } from "../../../lib/protocol/knock.ts";
import {
  ALICE,
  BOB,
  EVE,
  fieldsOf,
  KEY,
  ROOM,
  sealByHand,
  TIME,
} from "../../support/fixed_members.ts";
import { pureTest } from "../../support/pure.ts";

const MARK = "A".repeat(43);
const LOBBY_KEY = await importKey(generateKey());
const HANDED: Handed = {
  ...{ generation: 2, parent: MARK, mark: "B".repeat(42) + "A", day: 20_666 },
  ...{ to: [ALICE.id, BOB.id], chain: new Uint8Array(32).fill(7), chainDay: 20_667 },
};

function lobbyOf({ id, signing: { privateKey } }: typeof ALICE): Lobby {
  return new Lobby({
    key: () => Promise.resolve(LOBBY_KEY),
    roomId: ROOM.roomId,
    own: { id, privateKey },
    now: () => TIME * 1000,
  });
}

const [alice, bob, eve] = [lobbyOf(ALICE), lobbyOf(BOB), lobbyOf(EVE)];

pureTest("Lobby reads a knock and its answer, which only who knocked can open", async () => {
  const known = { generation: 1, mark: MARK };
  const knock = await bob.knock(known);
  const heard = await alice.read(knock.token);
  assert.deepEqual(heard, { kind: "knock", author: BOB.id, key: knock.key, known });
  const answer = await bob.read(await alice.answer(BOB.id, knock.key, HANDED));
  assert.ok(answer?.kind === "answer");
  assert.deepEqual([answer.author, answer.to, answer.key], [ALICE.id, BOB.id, knock.key]);
  assert.deepEqual(await bob.open(answer, knock), HANDED);
  assert.equal(await bob.open(answer, await bob.knock(known)), undefined);
  assert.equal(await eve.open(answer, await eve.knock(known)), undefined);
});

pureTest("Lobby tells who does not belong to the room any more", async () => {
  const { key } = await eve.knock({ generation: 1, mark: MARK });
  const answer = await eve.read(await alice.answer(EVE.id, key, undefined));
  assert.ok(answer?.kind === "answer");
  assert.deepEqual([answer.to, answer.sealed], [EVE.id, undefined]);
});

pureTest("Lobby tells no nickname, and uses a key and an epoch once", async () => {
  const tokens = await Promise.all(
    [1, 2].map(async () => (await bob.knock({ generation: 1, mark: MARK })).token),
  );
  const headers = await Promise.all(tokens.map(async (token) => {
    const envelope = parseEnvelope((await decrypt(LOBBY_KEY, token)).plaintext);
    assert.ok(envelope.kind === "signed");
    return envelope.header;
  }));
  for (const { nickname, sequence } of headers) assert.deepEqual([nickname, sequence], ["-", 0]);
  assert.equal(new Set(headers.map(({ epoch }) => epoch)).size, 2);
  assert.equal(new Set(headers.map(({ agreementKey }) => agreementKey)).size, 2);
});

pureTest("Lobby reads nothing else: other keys, kinds, forms and signatures", async () => {
  const text = JSON.stringify({ gen: 1, fp: MARK });
  const header = { ...fieldsOf(), v: 1, k: "knock", n: "-" };
  const json = (changes: Readonly<Record<string, unknown>>) =>
    JSON.stringify({
      ...{ v: 1, k: "knock", id: ALICE.id, n: "-", e: header.epoch, q: 0, t: TIME },
      ...{ x: BOB.id, b: text },
      ...changes,
    });
  const write = async (changes: Readonly<Record<string, unknown>>, parts = {}) => {
    return await encrypt(LOBBY_KEY, await sealByHand(json(changes), parts));
  };
  assert.equal((await alice.read(await write({})))?.kind, "knock");
  const answer = { to: BOB.id, b: BOB.id };
  assert.equal((await alice.read(await write(answer)))?.kind, "answer");
  const refused = [
    await write({}, { signer: EVE }),
    await write({ k: "chat" }),
    await write({ x: undefined }),
    await write({ b: "{}" }),
    await write({ ...answer, b: "x" }),
    await write({ id: "A".repeat(43) }),
    await encrypt(KEY, await sealByHand(json({}))),
    await encrypt(LOBBY_KEY, new TextEncoder().encode("<py> hi")),
    "gAAAAA",
  ];
  for (const [i, token] of refused.entries()) {
    assert.equal(await alice.read(token), undefined, `${i}`);
  }
});
