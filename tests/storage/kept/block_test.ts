import fc from "fast-check";
import assert from "node:assert/strict";
import {
  findInBlock,
  formatBlock,
  type KeptMessage,
  markOf,
  parseBlock,
  takeBlock,
} from "../../../lib/storage/kept/block.ts";
import { KEPT_BLOCK_BYTES } from "../../../lib/storage/limits.ts";
import { ID, kept } from "../../support/kept.ts";
import { pureTest } from "../../support/pure.ts";

const TEXTS = fc.string({ unit: "grapheme" });
const MESSAGES: fc.Arbitrary<KeptMessage[]> = fc.array(
  fc.tuple(TEXTS, fc.nat(), fc.constantFrom("chat", "action", "private"), fc.boolean()).map(
    ([text, number, form, isPlain]) => {
      const plain = { id: undefined, nickname: undefined, trust: "unverified" } as const;
      const { mark: _, ...unsigned } = kept(text, number, { form, ...plain });
      return isPlain ? unsigned : kept(text, number, { form, isLate: number % 2 === 0 });
    },
  ),
);

pureTest("parseBlock() reads what formatBlock() writes", () => {
  fc.assert(fc.property(MESSAGES, (messages) => {
    assert.deepEqual(parseBlock(formatBlock(messages)), messages);
  }));
  const odd = [
    kept("a\nb\\n\0\u2028\ud83d\ude00", 0, { trust: "changed" }),
    kept("to bob", 1, { form: "private", recipient: "bob" }),
    kept("x", 2, { nickname: "élé" }),
  ];
  assert.deepEqual(parseBlock(formatBlock(odd)), odd);
  assert.deepEqual(parseBlock(formatBlock([kept("a\uffffb", 0)])), [kept("a\ufffdb", 0)]);
});

pureTest("findInBlock() finds what a search in each message finds", () => {
  const patterns = fc.oneof(
    TEXTS,
    fc.constantFrom("<alice> ", "\n", "a", "\uffff", '"', "chat", ID),
  );
  fc.assert(fc.property(MESSAGES, patterns, (messages, pattern) => {
    const wanted = pattern.replaceAll("\uffff", "\ufffd").toLowerCase();
    const expected = messages.flatMap(({ nickname = "", text }, i) => {
      return `<${nickname}> ${text}`.toLowerCase().includes(wanted) ? [i] : [];
    });
    assert.deepEqual(findInBlock(formatBlock(messages), pattern), expected);
  }));
});

pureTest("markOf() tells messages apart by number, and plain text by time and text", () => {
  assert.equal(markOf(kept("a", 5)), `${ID} AZ-8VkwAAAE 5`);
  const plain = { mark: undefined, id: undefined, nickname: undefined, time: 7 };
  assert.equal(markOf(kept("<py> a", 5, plain)), "7 <py> a");
  // Written with --plain, it comes back as others see it.
  const own = { mark: undefined, time: 7 };
  assert.equal(markOf(kept("a", 5, own)), "7 <alice> a");
  assert.equal(markOf(kept("a", 5, { ...own, form: "action" })), "7 * alice a");
});

pureTest("takeBlock() takes as many messages as are a block, and one at least", () => {
  const long = Array.from({ length: 10 }, (_, i) => kept("x".repeat(KEPT_BLOCK_BYTES / 4), i));
  assert.equal(takeBlock(long).length, 4);
  assert.equal(takeBlock([kept("x".repeat(2 * KEPT_BLOCK_BYTES), 0), ...long]).length, 1);
  assert.equal(takeBlock([]).length, 0);
});
