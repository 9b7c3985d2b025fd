import assert from "node:assert/strict";
import { Hearing } from "../../../lib/client/rotation/hearing.ts";
import { MAX_UNFOLLOWED } from "../../../lib/client/rotation/limits.ts";
import { Succession } from "../../../lib/client/rotation/succession.ts";
import { Teller } from "../../../lib/client/rotation/teller.ts";
import type { MessageKind } from "../../../lib/protocol/header.ts";
import { formatRekey } from "../../../lib/protocol/rekey.ts";
import { Pins } from "../../../lib/storage/pins.ts";
import { ALICE, BOB, EVE, fieldsOf } from "../../support/fixed_members.ts";
import { pureTest } from "../../support/pure.ts";

const TODAY = 20_666;
const MARK = new Uint8Array(32);
const ZERO = { generation: 0, mark: "A".repeat(43) };

function markOf(n: number): string {
  return new Uint8Array(32).fill(n).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Bob's client, which knows alice. */
async function setUp() {
  const pins = await Pins.open(undefined, () => {});
  pins.judge("alice", ALICE.id);
  const succession = new Succession(BOB.id, [ZERO]);
  const teller = new Teller({ ownId: BOB.id, succession, pins, roster: { values: () => [] } });
  const unused = undefined as never;
  const hearing = new Hearing({
    ...{ ownId: BOB.id, succession, pins, teller, days: () => [TODAY] },
    keys: { generations: [{ number: 0, day: 0, mark: MARK }], isFirstForm: true } as never,
    opener: { hasKey: () => false } as never,
    ...{ agreement: unused, rotations: unused, knocks: unused },
  });
  return { pins, succession, teller, hearing };
}

/** A rotation of a member. */
function rekeyOf(by = ALICE, to = [ALICE, BOB], n = 1, nickname = "alice") {
  const facts = {
    ...{ generation: 1, parent: ZERO.mark, mark: markOf(n), day: TODAY - 1 },
    ...{ to: to.map(({ id }) => id), ephemeralKey: EVE.id, boxes: new Uint8Array() },
  };
  const { text, body } = formatRekey(facts);
  const header = fieldsOf({ kind: "rekey", id: by.id, nickname, text });
  return { kind: "signed" as const, header, text, body, isForMe: false, issuedAt: 0 };
}

pureTest("Hearing hands a rotation on that is followed", async () => {
  const { hearing, teller, succession } = await setUp();
  hearing.hear(rekeyOf(), "live");
  assert.equal(hearing.isBusy, true);
  const [heard, ...more] = hearing.take();
  assert.deepEqual([heard!.author, heard!.nickname, more, hearing.isBusy], [
    ...[ALICE.id, "alice", [], false],
  ]);
  assert.equal(succession.current.mark, markOf(1));
  // It is told once the key is there.
  assert.deepEqual(teller.take(), []);
  hearing.hear(rekeyOf(), "live");
  assert.equal(hearing.isBusy, false);
});

pureTest(
  "Hearing follows nobody who is unknown or has another key, and tells so once",
  async () => {
    for (const nickname of ["alice", "eve"]) {
      const { hearing, teller, succession } = await setUp();
      for (let i = 0; i < 3; i++) {
        hearing.hear(rekeyOf(EVE, [EVE, BOB], 1, nickname), "live");
      }
      assert.equal(hearing.isBusy, false);
      assert.equal(succession.current.mark, ZERO.mark);
      const told = teller.take();
      assert.equal(told.length, 1);
      assert.ok(told[0]!.kind === "rotation");
      assert.deepEqual([told[0]!.state, told[0]!.trust], ["not followed", "changed"]);
    }
  },
);

pureTest("Hearing follows once the user accepts the key, and not before", async () => {
  const { hearing, pins } = await setUp();
  hearing.hear(rekeyOf(EVE, [EVE, BOB], 1, "eve"), "live");
  hearing.judgeAgain();
  // Another message of eve's may have pinned the name meanwhile.
  pins.judge("eve", EVE.id);
  hearing.judgeAgain();
  assert.equal(hearing.isBusy, false);
  pins.trust("eve", EVE.id);
  hearing.judgeAgain();
  assert.equal(hearing.take().length, 1);
});

pureTest("Hearing remembers some rotations that it did not follow, the last ones", async () => {
  const { hearing, pins } = await setUp();
  for (let n = 1; n <= MAX_UNFOLLOWED + 1; n++) {
    hearing.hear(rekeyOf(EVE, [EVE, BOB], n, "eve"), "live");
  }
  pins.trust("eve", EVE.id);
  hearing.judgeAgain();
  assert.equal(hearing.take().length, MAX_UNFOLLOWED);
});

pureTest("Hearing tells who is left out, and hears those who are in alone", async () => {
  const { hearing, teller, succession } = await setUp();
  hearing.hear(rekeyOf(ALICE, [ALICE]), "live");
  assert.equal(succession.exclusion?.author, ALICE.id);
  assert.ok(teller.take().some((event) => event.kind === "rotation" && event.state === "left out"));
  const other = await setUp();
  other.hearing.hear(rekeyOf(), "live");
  const message = (by: typeof ALICE) => ({ ...rekeyOf(by), header: fieldsOf({ id: by.id }) });
  assert.equal(other.hearing.admits(message(ALICE)), true);
  assert.equal(other.hearing.admits(message(EVE)), false);
  const plain = { kind: "plain", text: "<py> hi", issuedAt: 0 } as const;
  // The first is what the author writes for simple clients.
  assert.deepEqual([1, 2].map(() => other.hearing.admits(plain)), ["quiet", false]);
});

pureTest("Hearing counts what somebody would have read, and nothing else", async () => {
  const { hearing } = await setUp();
  hearing.hear(rekeyOf(), "live");
  const said = (kind: MessageKind, isForMe = false) => {
    const header = fieldsOf({ kind, id: EVE.id });
    return hearing.admits({ ...rekeyOf(EVE), header, isForMe });
  };
  assert.deepEqual([said("chat"), said("act"), said("dm", true)], [false, false, false]);
  const rest: MessageKind[] = ["here", "join", "leave", "nick", "again", "rekey", "file", "dm"];
  for (const kind of rest) assert.equal(said(kind), "quiet", kind);
});

pureTest("Hearing passes over a rekey of another form", async () => {
  const { hearing, teller } = await setUp();
  for (const text of ["", "{}", rekeyOf().text.replace('"gen":1', '"gen":0')]) {
    hearing.hear({ ...rekeyOf(), text }, "live");
  }
  hearing.hear({ ...rekeyOf(), body: new Uint8Array(5) }, "live");
  assert.deepEqual([hearing.isBusy, teller.take()], [false, []]);
});
