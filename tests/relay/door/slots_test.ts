import assert from "node:assert/strict";
import { formatBase64Url } from "../../../lib/bytes/base64url.ts";
import { parseClientControl } from "../../../lib/protocol/control.ts";
import { type SlotPeer, Slots } from "../../../lib/relay/door/slots.ts";
import {
  MAX_ENDED_SLOTS,
  MAX_PASSES,
  MAX_SLOTS,
  MAX_SLOTS_OF_MEMBER,
  MAX_SLOTS_OF_NETWORK,
  SLOT_SECONDS,
  VISIT_MS,
  WRONG_SLOT_WINDOW_MS,
} from "../../../lib/relay/limits.ts";
import type { CloseReason, PeerClass, RelayEvent } from "../../../lib/relay/watch/events.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { CODE_WORDS } from "../../../lib/text/code_words.ts";
import { pureTest } from "../../support/pure.ts";
import { seeded } from "../../support/seeded.ts";

let cids = 0;

/** A peer that notes what is done to it. */
class FakePeer implements SlotPeer {
  readonly cid = ++cids;
  handshake: unknown;
  isVisitor = false;
  deadline: SlotPeer["deadline"];
  isBehind = false;
  isHeld = false;
  readonly ends: CloseReason[] = [];
  readonly said: string[] = [];
  readonly writer = {
    hold: () => {
      this.isHeld = true;
      return { from: 0, to: 0 };
    },
    say: (bytes: Uint8Array) => {
      this.said.push(new TextDecoder().decode(bytes).trimEnd());
      return !this.isBehind;
    },
    pump: () => {},
  };

  constructor(readonly peerClass: PeerClass = "guest", readonly network = "192.0.2.1") {
    if (peerClass === "member") this.handshake = {};
  }

  expel(reason: CloseReason): void {
    this.ends.push(reason);
  }
}

function create(invites = true) {
  const clock = { now: 0 };
  const stats = createStats();
  const visits: FakePeer[] = [];
  const events: RelayEvent[] = [];
  const slots = new Slots<FakePeer>({
    invites,
    stats,
    onVisit: (peer) => visits.push(peer),
    report: (event) => events.push(event),
    now: () => clock.now,
  });
  const take = (peer: FakePeer, line: string) => {
    const control = parseClientControl(new TextEncoder().encode(line));
    assert.ok(control && "slot" in control, line);
    slots.take(peer, control);
  };
  return { slots, clock, stats, visits, events, take };
}

const member = (network?: string) => new FakePeer("member", network);
const guest = (network?: string) => new FakePeer("guest", network);

pureTest("take() gives a member a slot, and lets one visitor meet it there", () => {
  const { slots, clock, stats, visits, events, take } = create();
  const [alice, bob] = [member(), guest()];
  clock.now = 5;
  take(alice, "!SLOT acorn");
  assert.deepEqual(alice.said, [`!SLOT acorn ${SLOT_SECONDS}`]);
  take(bob, "!MEET acorn AAAA");
  assert.deepEqual(alice.said.slice(1), ["!MEET acorn AAAA"]);
  assert.deepEqual(visits, [bob]);
  assert.deepEqual(bob.deadline, { at: 5 + VISIT_MS, reason: "timeout" });
  assert.deepEqual([bob.isVisitor, bob.isHeld, bob.said, bob.ends], [true, true, [], []]);
  take(alice, "!PASS acorn BBBB");
  take(bob, "!PASS acorn CCCC");
  assert.deepEqual(bob.said, ["!PASS acorn BBBB"]);
  assert.deepEqual(alice.said.slice(2), ["!PASS acorn CCCC"]);
  slots.leave(bob);
  assert.deepEqual(alice.said.slice(3), ["!PARTED acorn"]);
  assert.equal(slots.size, 0);
  assert.deepEqual(stats.invitations, { opened: 1, refused: 0, met: 1, wrong: 0 });
  assert.deepEqual(events, [{ kind: "slot opened", cid: alice.cid }]);
});

pureTest("a slot has one visitor ever, and its name is not given again in its time", () => {
  const { slots, clock, take } = create();
  const alice = member();
  take(alice, "!SLOT acorn");
  const bob = guest();
  take(bob, "!MEET acorn AAAA");
  const during = guest("192.0.2.2");
  take(during, "!MEET acorn AAAA");
  slots.leave(bob);
  const after = guest("192.0.2.3");
  take(after, "!MEET acorn AAAA");
  assert.deepEqual([during.ends, after.ends], [["slot used"], ["slot used"]]);
  take(alice, "!SLOT acorn");
  assert.equal(alice.said.at(-1), "!SLOT acorn taken");
  clock.now = 1000 * SLOT_SECONDS;
  slots.expire();
  take(alice, "!SLOT acorn");
  assert.equal(alice.said.at(-1), "!SLOT acorn 600");
});

pureTest("a slot without a visitor ends after SLOT_SECONDS, one with a visitor does not", () => {
  const { slots, clock, take } = create();
  const [alice, bob, late] = [member(), guest(), guest("192.0.2.2")];
  take(alice, "!SLOT acorn");
  take(alice, "!SLOT cable");
  take(bob, "!MEET cable AAAA");
  clock.now = 1000 * SLOT_SECONDS - 1;
  slots.expire();
  assert.equal(slots.size, 2);
  clock.now++;
  slots.expire();
  assert.deepEqual(alice.said.slice(3), ["!PARTED acorn"]);
  take(late, "!MEET acorn AAAA");
  assert.deepEqual(late.ends, ["no slot"]);
  take(alice, "!PASS cable BBBB");
  assert.deepEqual(bob.said, ["!PASS cable BBBB"]);
});

pureTest("a visitor ends when its member leaves, or gives the slot up", () => {
  const { slots, take } = create();
  const [alice, carol, bob, dave] = [member(), member(), guest(), guest()];
  take(alice, "!SLOT acorn");
  take(alice, "!SLOT cable");
  take(carol, "!SLOT dwarf");
  take(bob, "!MEET acorn AAAA");
  take(dave, "!MEET dwarf AAAA");
  take(alice, "!PARTED dwarf");
  take(bob, "!PARTED acorn");
  assert.deepEqual([bob.ends, dave.ends], [[], []]);
  take(carol, "!PARTED dwarf");
  assert.deepEqual(dave.ends, ["inviter gone"]);
  slots.leave(alice);
  assert.deepEqual(bob.ends, ["inviter gone"]);
  assert.equal(slots.size, 0);
  const ends = ["cable", "acorn", "dwarf"].map((slot) => {
    const late = guest("192.0.2.2");
    take(late, `!MEET ${slot} AAAA`);
    return late.ends;
  });
  assert.deepEqual(ends, [["inviter gone"], ["slot used"], ["slot used"]]);
  // What a connection leaves behind when it closes ends nothing twice.
  slots.leave(bob);
  slots.leave(dave);
  assert.deepEqual(carol.said, ["!SLOT dwarf 600", "!MEET dwarf AAAA"]);
});

pureTest("a member holds MAX_SLOTS_OF_MEMBER slots, all together MAX_SLOTS", () => {
  const { slots, stats, take } = create();
  const members = Array.from({ length: MAX_SLOTS }, (_, i) => member(`192.0.2.${i}`));
  const [alice] = members as [FakePeer];
  for (const word of CODE_WORDS.slice(0, MAX_SLOTS_OF_MEMBER)) take(alice, `!SLOT ${word}`);
  assert.deepEqual(alice.said.map((line) => line.split(" ")[2]), ["600", "600", "600"]);
  take(alice, "!SLOT zoom");
  assert.equal(alice.said.at(-1), "!SLOT zoom full");
  const rest = CODE_WORDS.slice(MAX_SLOTS_OF_MEMBER, MAX_SLOTS);
  for (const [i, word] of rest.entries()) take(members[1 + i]!, `!SLOT ${word}`);
  assert.equal(slots.size, MAX_SLOTS);
  const late = member("198.51.100.1");
  take(late, "!SLOT zoom");
  assert.deepEqual(late.said, ["!SLOT zoom full"]);
  assert.deepEqual([stats.invitations.opened, stats.invitations.refused], [MAX_SLOTS, 2]);
  take(alice, `!PARTED ${CODE_WORDS[0]}`);
  take(late, "!SLOT zoom");
  assert.equal(late.said.at(-1), "!SLOT zoom 600");
});

pureTest("the members of a network hold MAX_SLOTS_OF_NETWORK slots, those here all", () => {
  const hold = (network: string) => {
    const { slots, take } = create();
    for (const word of CODE_WORDS.slice(0, MAX_SLOTS)) take(member(network), `!SLOT ${word}`);
    const other = member("198.51.100.1");
    take(other, "!SLOT zoom");
    return [slots.size, other.said];
  };
  for (const network of ["192.0.2.1", "2001:db8:0:1/64"]) {
    assert.deepEqual(hold(network), [MAX_SLOTS_OF_NETWORK + 1, ["!SLOT zoom 600"]]);
  }
  for (const network of ["127.0.0.1", "0:0:0:0/64"]) {
    assert.deepEqual(hold(network), [MAX_SLOTS, ["!SLOT zoom full"]]);
  }
});

pureTest("each side passes MAX_PASSES messages, and the members' lines bound the rest", () => {
  const { take } = create();
  const [alice, bob] = [member(), guest()];
  take(alice, "!SLOT acorn");
  take(bob, "!MEET acorn AAAA");
  const longest = formatBase64Url(new Uint8Array(372));
  for (let i = 0; i <= MAX_PASSES; i++) {
    take(alice, `!PASS acorn ${longest}`);
    take(bob, `!PASS acorn ${longest}`);
  }
  assert.equal(bob.said.length, MAX_PASSES);
  assert.equal(alice.said.length, 2 + MAX_PASSES);
});

pureTest("what a peer may not say has no effect", () => {
  const { slots, visits, take } = create();
  const [alice, bob, eve] = [member(), guest(), guest("192.0.2.2")];
  take(bob, "!SLOT acorn");
  take(bob, "!PASS acorn AAAA");
  take(bob, "!PARTED acorn");
  take(alice, "!PASS acorn AAAA");
  take(alice, "!MEET acorn AAAA");
  assert.deepEqual([alice.said, bob.said, slots.size], [[], [], 0]);
  take(alice, "!SLOT acorn");
  take(alice, "!PASS acorn AAAA");
  take(alice, "!MEET acorn AAAA");
  const greeted = guest();
  greeted.handshake = {};
  take(greeted, "!MEET acorn AAAA");
  assert.deepEqual(visits, []);
  take(bob, "!MEET acorn AAAA");
  take(eve, "!PASS acorn BBBB");
  take(bob, "!MEET acorn CCCC");
  assert.deepEqual(alice.said, ["!SLOT acorn 600", "!MEET acorn AAAA"]);
  assert.deepEqual([bob.said, bob.ends, eve.ends], [[], [], []]);
});

pureTest("without invites there are no slots", () => {
  const { slots, stats, take } = create(false);
  const [alice, bob] = [member(), guest()];
  take(alice, "!SLOT acorn");
  assert.deepEqual(alice.said, ["!SLOT acorn off"]);
  take(bob, "!MEET acorn AAAA");
  assert.deepEqual(bob.ends, ["no slot"]);
  assert.deepEqual([slots.size, stats.invitations.refused], [0, 1]);
});

pureTest("a peer that reads nothing is cut", () => {
  const { take } = create();
  const alice = member();
  alice.isBehind = true;
  take(alice, "!SLOT acorn");
  assert.deepEqual(alice.ends, ["too slow"]);
});

pureTest("the ends of MAX_ENDED_SLOTS slots are told, the oldest is forgotten", () => {
  const { take } = create();
  const alice = member();
  for (const word of CODE_WORDS.slice(0, MAX_ENDED_SLOTS + 1)) {
    take(alice, `!SLOT ${word}`);
    take(alice, `!PARTED ${word}`);
  }
  for (const [i, end] of [[0, "no slot"], [1, "inviter gone"]] as const) {
    const late = guest(`192.0.2.${i}`);
    take(late, `!MEET ${CODE_WORDS[i]} AAAA`);
    assert.deepEqual(late.ends, [end]);
  }
});

pureTest("100,000 tries of a stranger open no slot: 5 a minute are looked at", () => {
  const { slots, clock, stats, take } = create();
  const random = seeded(15);
  // The words of all slots that can be held at once, and a stranger that never knows one of them.
  const held = CODE_WORDS.slice(0, MAX_SLOTS);
  const members = held.map((_, i) => member(`203.0.113.${i}`));
  for (const [i, word] of held.entries()) take(members[i]!, `!SLOT ${word}`);
  const tries = 100_000;
  // Nine minutes, within the time of the slots.
  const everyMs = 9 * 60_000 / tries;
  for (let i = 0; i < tries; i++) {
    clock.now = Math.floor(i * everyMs);
    slots.expire();
    const word = CODE_WORDS[MAX_SLOTS + Math.floor(random() * (CODE_WORDS.length - MAX_SLOTS))];
    const stranger = guest();
    take(stranger, `!MEET ${word} AAAA`);
    assert.ok(["no slot", "paused"].includes(stranger.ends[0]!));
    assert.equal(stranger.isVisitor, false);
  }
  assert.equal(slots.size, MAX_SLOTS);
  for (const each of members) assert.equal(each.said.length, 1);
  const minutes = 9 * 60_000 / WRONG_SLOT_WINDOW_MS;
  assert.ok(stats.invitations.wrong <= 5 * (minutes + 1), `${stats.invitations.wrong} looked at`);
  assert.equal(stats.invitations.met, 0);
  // Even the right name is not looked at while the address has to pause.
  const paused = guest();
  take(paused, `!MEET ${held[0]} AAAA`);
  assert.deepEqual(paused.ends, ["paused"]);
});
