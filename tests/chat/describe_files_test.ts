import assert from "node:assert/strict";
import { describeHappening } from "../../lib/chat/describe.ts";
import {
  describeOffer,
  describeOffered,
  describeProgress,
  describeTransfer,
  listFiles,
} from "../../lib/chat/describe_files.ts";
import type { FileMove } from "../../lib/client/events.ts";
import { SAY } from "./../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const OFFER = {
  ...{ kind: "offer", id: "B", nickname: "bob", trust: "verified", number: 3 } as const,
  ...{ name: "a.txt", size: 1_500_000, isPrivate: false },
} as const;
const MOVE = {
  ...{ kind: "transfer", number: 3, direction: "in", nickname: "bob", name: "a.txt" } as const,
  ...{ size: 1_500_000, bytes: 0, state: "waiting" } as const,
} as const;

pureTest("describeOffer() tells clients that know no offers", () => {
  assert.equal(
    describeOffer(OFFER, SAY),
    "offers the file a.txt (1.5 MB), which newer clients can take",
  );
});

pureTest("describeOffered() says how to take a file", () => {
  assert.equal(describeOffered(OFFER, SAY), "bob offers a.txt (1.5 MB): /take 3");
  assert.equal(
    describeOffered({ ...OFFER, isPrivate: true }, SAY),
    "bob offers you alone a.txt (1.5 MB): /take 3",
  );
});

pureTest("describeHappening() marks an offer of who is not who is known, once", () => {
  assert.equal(
    describeHappening({ ...OFFER, trust: "changed" }, SAY),
    "bob (NOT the known one!) offers a.txt (1.5 MB): /take 3",
  );
});

pureTest("describeTransfer() tells what became of a file, and not how far it is", () => {
  const cases: [Partial<FileMove>, string | undefined][] = [
    [{}, undefined],
    [{ state: "running" }, undefined],
    [{ bytes: 1000 }, "a.txt of bob has come up to 1 kB by now"],
    [{ state: "done", path: "/a" }, "a.txt of bob is here: /a"],
    [{ state: "failed", reason: "why" }, "a.txt of bob did not come: why"],
    [{ state: "cancelled" }, "a.txt of bob is not taken any more"],
    [{ direction: "out" }, undefined],
    [{ direction: "out", bytes: 5, state: "running" }, undefined],
    [
      { direction: "out", bytes: 5 },
      "a.txt has gone to bob, who has not said yet that it is whole",
    ],
    [{ direction: "out", state: "done" }, "bob has a.txt"],
    [{ direction: "out", state: "failed", reason: "why" }, "a.txt did not get to bob: why"],
    [{ direction: "out", state: "cancelled" }, "a.txt is not sent to bob any more"],
  ];
  for (const [changes, text] of cases) {
    assert.equal(describeTransfer({ ...MOVE, ...changes }, SAY), text);
  }
});

pureTest(
  "describeProgress() is one line, however many files go, and however long a name is",
  () => {
    const one = { direction: "out", name: "a.txt", size: 4e6, bytes: 1e6, rate: 5e5 } as const;
    assert.equal(describeProgress([], SAY), undefined);
    assert.equal(describeProgress([one], SAY), "↑ a.txt  25 % of 4 MB, 500 kB/s, 0:06 left");
    assert.match(describeProgress([one, one, one], SAY)!, / left {2}\(\+2\)$/);
    assert.match(describeProgress([{ ...one, rate: 0 }], SAY)!, /, \? left$/);
    assert.match(describeProgress([{ ...one, size: 4e9 }], SAY)!, /, 2:13:18 left$/);
    assert.match(describeProgress([{ ...one, size: 0, bytes: 0, rate: 1 }], SAY)!, /100 % of 0 B/);
    const long = describeProgress([{ ...one, name: "n".repeat(200) }], SAY)!;
    assert.ok(long.startsWith(`↑ ${"n".repeat(24)}…  25 %`), long);
  },
);

pureTest("listFiles() lists offers and transfers by their numbers", () => {
  assert.deepEqual(listFiles({ offers: [], shares: [], transfers: [] }, SAY), [
    "no files are offered",
  ]);
});
