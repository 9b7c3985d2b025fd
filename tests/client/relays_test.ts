import assert from "node:assert/strict";
import { type RelayAddress, Relays } from "../../lib/client/relays.ts";
import { ChatError, RefusedError } from "../../lib/errors.ts";
import { worded } from "../../lib/messages/wording.ts";
import { pureTest } from "../support/pure.ts";

const LIST = [3, 1, 2].map((port) => ({ hostname: "127.0.0.1", port }));
const DEAD = new ChatError(worded("Not a port: {text}", { text: "x" }));

/** Tries a list; the ports that are dead answer with an error. Returns all that were tried. */
async function tryAll(
  dead: ReadonlyMap<number, Error>,
  connect: (attempt: (address: RelayAddress) => Promise<number>) => Promise<number>,
): Promise<number[]> {
  const tried: number[] = [];
  await connect(({ port }) => {
    tried.push(port);
    const error = dead.get(port);
    return error ? Promise.reject(error) : Promise.resolve(port);
  });
  return tried;
}

pureTest("Relays tries one after the other, and after a connection the next one", async () => {
  const relays = new Relays(LIST);
  assert.deepEqual(relays.current, LIST[0]);
  const connect = relays.connect.bind(relays);
  assert.deepEqual(await tryAll(new Map([[3, DEAD]]), connect), [3, 1]);
  assert.deepEqual(relays.current, LIST[1]);
  assert.deepEqual(await tryAll(new Map([[2, DEAD], [3, DEAD]]), connect), [2, 3, 1]);
  assert.deepEqual(await tryAll(new Map(), connect), [2]);
  assert.deepEqual(relays.current, LIST[2]);
});

pureTest("Relays fails when all have failed, and begins at the same one again", async () => {
  const relays = new Relays(LIST);
  const last = new ChatError(worded("bad line"));
  const dead = new Map([[3, DEAD], [1, DEAD], [2, last]]);
  await assert.rejects(tryAll(dead, relays.connect.bind(relays)), last);
  assert.deepEqual(await tryAll(new Map(), relays.connect.bind(relays)), [3]);
});

pureTest(
  "Relays goes on from a relay that is full, and not from one that refuses for good",
  async () => {
    const [full, auth] = [[503, "full"], [401, "auth"]] as const;
    const refusal = ([code, reason]: readonly [number, string]) =>
      new RefusedError({ code, reason });
    const relays = () => new Relays(LIST);
    const list = relays();
    assert.deepEqual(await tryAll(new Map([[3, refusal(full)]]), list.connect.bind(list)), [3, 1]);
    for (const error of [refusal(auth), new TypeError("fault")]) {
      const each = relays();
      await assert.rejects(tryAll(new Map([[3, error]]), each.connect.bind(each)), error);
    }
  },
);

pureTest("Relays meets at one relay, whatever the order of the list", async () => {
  for (const list of [LIST, LIST.toReversed()]) {
    const relays = new Relays(list);
    await relays.connect((address) => Promise.resolve(address));
    const meet = relays.meet.bind(relays);
    assert.deepEqual(await tryAll(new Map(), meet), [1]);
    assert.deepEqual(await tryAll(new Map([[1, DEAD]]), meet), [1, 2]);
    const refused = new RefusedError({ code: 503, reason: "no pipe" });
    await assert.rejects(tryAll(new Map([[1, refused]]), meet), refused);
    assert.deepEqual(relays.current, list[0]);
  }
});
