import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import {
  formatRoomSecret,
  isBefore,
  isFirstForm,
  isSameGeneration,
  MAX_GENERATIONS,
  MAX_ROOM_SECRET_CHARS,
  parseRoomSecret,
  wipeSecret,
} from "../../lib/crypto/room_secret.ts";
import { DAY, firstGeneration, makeGeneration, ROOT, textOf } from "../support/generations.ts";
import { KEY } from "../support/key_files.ts";
import { pureTest } from "../support/pure.ts";

pureTest(
  "parseRoomSecret() takes the 44 characters of the first form, as they always were",
  async () => {
    for (const text of [KEY, `${KEY}\n`, `${KEY}\r\n`]) {
      const secret = await parseRoomSecret(text);
      assert.equal(isFirstForm(secret), true);
      assert.deepEqual(secret, { root: ROOT, generations: [await firstGeneration()] });
      assert.equal(formatRoomSecret(secret), KEY);
    }
  },
);

pureTest("parseRoomSecret() reads what formatRoomSecret() wrote, the newest first", async () => {
  const text = textOf(
    await makeGeneration(2, 2, { isUnannounced: true }),
    await makeGeneration(1, 1, { until: 1_785_700_000 }),
    await firstGeneration({ until: 1_785_600_000 }),
  );
  const secret = await parseRoomSecret(text);
  assert.equal(isFirstForm(secret), false);
  assert.equal(formatRoomSecret(secret), text);
  assert.equal(formatRoomSecret(await parseRoomSecret(text.replaceAll("\n", "\r\n"))), text);
  assert.equal(formatRoomSecret(await parseRoomSecret(text.trimEnd())), text);
  const [root, [newest, , oldest]] = [formatBase64Url(ROOT), text.split("\n")];
  const { chain, mark } = secret.generations[0];
  const values = `${formatBase64Url(chain)}.${formatBase64Url(mark)}`;
  assert.equal(newest, `room2.${root}.2.${DAY - 1}.${values}.unannounced`);
  assert.match(
    oldest!,
    new RegExp(`^room2\\.${root}\\.0\\.0\\.${root}\\..{43}\\.until-1785600000$`),
  );
});

pureTest("parseRoomSecret() refuses all else, and says nothing of it", async () => {
  const [one] = textOf(await makeGeneration(1, 1)).split("\n") as [string];
  const parts = one.split(".");
  const withPart = (index: number, value: string) => parts.with(index, value).join(".");
  const until = `${one.replace(".1.", ".1.")}.until-5`;
  const old = textOf(await makeGeneration(2, 2)).trimEnd();
  const foreign = `${withPart(1, "A".repeat(43))}.until-5`;
  const first = (await textOf(await makeGeneration(1, 1), await firstGeneration({ until: 5 })))
    .split("\n")[1]!;
  const refused = [
    "",
    "room2.",
    one.slice(0, -1),
    `${one}.`,
    `${one}.until-`,
    `${one}.until-05`,
    `${one}.later`,
    `${one}.unannounced.more`,
    `${one}\n\n`,
    `\n${one}`,
    ` ${one}`,
    `${one} `,
    withPart(0, "room3"),
    withPart(1, `${"A".repeat(42)}B`),
    withPart(2, "01"),
    withPart(2, "-1"),
    withPart(2, "1234567890"),
    withPart(3, ""),
    withPart(3, "1e3"),
    withPart(4, parts[4]!.slice(1)),
    // The newest is not over.
    until,
    // Which of the two is newer, and that the older one is over.
    `${one}\n${old}.until-5`,
    `${old}\n${one}`,
    `${old}\n${one}.until-5\n${one}.until-5`,
    `${old}\n${foreign}`,
    // The first form has another text.
    first.replace(".until-5", ""),
    `${one}\n${first.replace(".0.0.", ".0.1.")}`,
    `${one}\n${first}\n${"x".repeat(500)}`,
    `${KEY}\n${one}`,
    `${one}\n${KEY}`,
  ];
  for (const text of refused) {
    await assert.rejects(parseRoomSecret(text), (error: Error) => {
      assert.ok(error instanceof TypeError || error instanceof RangeError, text);
      assert.ok(!error.message.includes(parts[4]!.slice(5, 15)), error.message);
      return true;
    }, text);
  }
});

pureTest("parseRoomSecret() reads MAX_GENERATIONS generations at most", async () => {
  const all = await Promise.all(Array.from({ length: MAX_GENERATIONS + 1 }, (_, i) => {
    return makeGeneration(99 - i, i, i === 0 ? {} : { until: 5 });
  }));
  const most = all.slice(0, MAX_GENERATIONS) as [typeof all[0]];
  assert.equal((await parseRoomSecret(textOf(...most))).generations.length, MAX_GENERATIONS);
  await assert.rejects(parseRoomSecret(textOf(...all as [typeof all[0]])), RangeError);
});

pureTest("formatRoomSecret() writes nothing that cannot be read", async () => {
  const last = textOf(await makeGeneration(999_999_999, 1));
  assert.equal(formatRoomSecret(await parseRoomSecret(last)), last);
  const beyond = await makeGeneration(1_000_000_000, 1);
  assert.throws(() => textOf(beyond), RangeError);
});

pureTest("formatRoomSecret() never writes more than the greatest length", async () => {
  const most = { first: 999_999_999, until: 999_999_999_999_999 };
  const { until: _, ...newest } = await makeGeneration(999_999_999, 255, most);
  const others = await Promise.all(Array.from({ length: MAX_GENERATIONS - 1 }, (_, i) => {
    return makeGeneration(999_999_998 - i, 255, most);
  }));
  const text = textOf(newest, ...others);
  assert.equal((await parseRoomSecret(text)).generations.length, MAX_GENERATIONS);
  assert.ok(text.replaceAll("\n", "\r\n").length <= MAX_ROOM_SECRET_CHARS);
});

pureTest("isBefore() puts the higher number first, then the higher mark", async () => {
  const [a, b, c] = await Promise.all([
    makeGeneration(2, 1),
    makeGeneration(1, 2),
    makeGeneration(1, 3),
  ]);
  assert.deepEqual([isBefore(a, b), isBefore(b, a)], [true, false]);
  assert.notEqual(isBefore(b, c), isBefore(c, b));
  assert.deepEqual([isBefore(a, a), isSameGeneration(a, a), isSameGeneration(b, c)], [
    false,
    true,
    false,
  ]);
  const marked = (byte: number) => ({ number: 1, mark: new Uint8Array(32).fill(byte) });
  assert.deepEqual([isBefore(marked(9), marked(8)), isBefore(marked(8), marked(9))], [true, false]);
});

pureTest("wipeSecret() leaves no value in memory", async () => {
  const secret = await parseRoomSecret(textOf(await makeGeneration(1, 1)));
  wipeSecret(secret);
  assert.deepEqual(secret.root, new Uint8Array(32));
  assert.deepEqual(secret.generations[0].chain, new Uint8Array(32));
});

pureTest("deriveRoomKey() gives the same room before and after it has moved on", async () => {
  const before = await deriveRoomKey(KEY);
  const generation = await makeGeneration(1, 1);
  const after = await deriveRoomKey(textOf(generation, await firstGeneration({ until: 5 })));
  assert.deepEqual(after.roomId, before.roomId);
  assert.deepEqual(after.admission.publicKey, before.admission.publicKey);
  assert.notEqual(after.fingerprint, before.fingerprint);
  // A day changes nothing that people compare. A generation does, also one of the same number.
  const print = async (...args: Parameters<typeof makeGeneration>) =>
    (await deriveRoomKey(textOf(await makeGeneration(...args)))).fingerprint;
  assert.equal(await print(1, 1, { day: DAY }), after.fingerprint);
  assert.notEqual(await print(2, 1), after.fingerprint);
  assert.notEqual(await print(1, 2), after.fingerprint);
});
