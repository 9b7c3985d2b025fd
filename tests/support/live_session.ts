/**
 * A client in a room, whose relay is in the hands of a test.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Members } from "../../lib/chat/members.ts";
import { type Entered, enterRoom } from "../../lib/client/enter.ts";
import type { RoomEvent } from "../../lib/client/events.ts";
import { decrypt, encrypt } from "../../lib/fernet.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { parseEnvelope } from "../../lib/protocol/envelope.ts";
import { formatHeader, type Header, type HeaderFields } from "../../lib/protocol/header.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { SeenStore } from "../../lib/storage/seen_store.ts";
import { FakeRelay, type Greeting, type RelayEnd } from "./fake_relay.ts";
import { ALICE, BOB, fieldsOf, KEY, ROOM, sealByHand, SECRET } from "./fixed_members.ts";
import { testNeeding } from "./needs.ts";
import { within } from "./within.ts";

/** How the client enters. */
export interface LiveOptions {
  readonly greeting?: Greeting;
  readonly isPlain?: boolean;
  /** In ms; a minute by default. */
  readonly reconnectMs?: number;
}

/** Bob's client, admitted and live. */
export interface Live extends Entered {
  readonly members: Members;
  readonly relay: FakeRelay;
  /** The first connection. */
  readonly end: RelayEnd;
  /** All that happened so far. */
  readonly events: RoomEvent[];
  /** How far the client's clocks are ahead, in ms. */
  readonly clock: { ahead: number };
  /** Waits until something like that has happened, and gives it. */
  readonly waitFor: (matches: (event: RoomEvent) => boolean) => Promise<RoomEvent>;
  /** What ended the session: undefined for an end in order. */
  readonly ended: Promise<unknown>;
}

/** Registers a test with a client in a room. */
export function liveTest(
  name: string,
  fn: (live: Live) => Promise<void>,
  options: LiveOptions = {},
): void {
  testNeeding(["net"], name, async () => {
    using relay = new FakeRelay();
    const pins = await Pins.open(undefined, () => {});
    await using seenStore = await SeenStore.open(undefined, () => {});
    const clock = { ahead: 0 };
    const [entered, end] = await Promise.all([
      enterRoom({
        ...{ hostname: "127.0.0.1", port: relay.port, keyText: SECRET, room: ROOM },
        ...{ identity: BOB, pins, seenStore, nickname: "bob", backlog: 10 },
        say: sayIn("en"),
        isPlain: options.isPlain ?? false,
        reconnectMs: options.reconnectMs ?? 60_000,
        now: () => Date.now() + clock.ahead,
        monotonic: () => performance.now() + clock.ahead,
      }),
      relay.admit(options.greeting),
    ]);
    await using _session = entered.session;
    const members = new Members({ roster: entered.roster, pins, ownId: BOB.id, say: sayIn("en") });
    await fn({ ...entered, members, relay, end, clock, ...collect(entered) });
  });
}

function collect({ session }: Entered): Pick<Live, "events" | "waitFor" | "ended"> {
  const events: RoomEvent[] = [];
  let arrived = Promise.withResolvers<void>();
  const ended = (async () => {
    for await (const batch of session.events()) {
      events.push(...batch);
      arrived.resolve();
      arrived = Promise.withResolvers();
    }
  })().catch((error: unknown) => error);
  const waitFor = async (matches: (event: RoomEvent) => boolean) => {
    const state = () => `it did not happen, but ${JSON.stringify(events)}`;
    await within(
      10,
      state,
      (async () => {
        while (!events.some(matches)) await arrived.promise;
      })(),
    );
    return events.find(matches)!;
  };
  return { events, waitFor, ended };
}

/** Waits until the relay's answers have arrived: nothing is untaken. */
export async function untilTaken({ room, session }: Live): Promise<void> {
  while (!room.status().some((line) => line.includes("not taken by the server yet: 0"))) {
    assert.ok(!session.isClosed, "the session has ended");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Texts of the messages that were shown. */
export function textsOf(events: readonly RoomEvent[]): string[] {
  return events.flatMap((event) => event.kind === "message" ? [event.text] : []);
}

/** A message that a client sent, opened. */
export interface Sent {
  readonly header: Header;
  /** In hex, to be compared. */
  readonly plaintext: string;
}

/** Opens a token of a member's. */
export async function openSent(token: string): Promise<Sent> {
  const { plaintext } = await decrypt(KEY, token);
  const envelope = parseEnvelope(plaintext);
  assert.ok(envelope.kind === "signed");
  return { header: envelope.header, plaintext: plaintext.toHex() };
}

/** A token of this moment that says hello, but for `changes`, and is alice's, or another's. */
export async function tokenOfAlice(
  changes: Partial<HeaderFields> = {},
  signer = ALICE,
): Promise<string> {
  const { id } = signer;
  const fields = fieldsOf({ id, time: Math.floor(Date.now() / 1000), ...changes });
  return await encrypt(KEY, await sealByHand(formatHeader(fields), { signer }));
}

/** Alice's messages with these numbers, which are their texts too. */
export async function numberedOfAlice(...sequences: number[]): Promise<string[]> {
  return await Promise.all(
    sequences.map((sequence) => tokenOfAlice({ sequence, text: String(sequence) })),
  );
}
