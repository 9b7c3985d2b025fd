/**
 * A relay that does with the messages of a pairing what it likes.
 *
 * @module
 */

import { type ClientControl, formatControl } from "../../lib/protocol/control.ts";
import { FakeRelay, type RelayEnd } from "./fake_relay.ts";

/** How often it looks what came, in ms, and how long nothing comes when all is said. */
const LOOK_MS = 10;
const QUIET_MS = 1500;

/** Who sent a message. */
export type Side = "inviter" | "joiner";

/** A message, and where it goes. */
export interface Passed {
  readonly to: Side;
  readonly message: Uint8Array;
}

/**
 * What the relay passes on in place of a message.
 *
 * @param index 0 for the joiner's first message, and so on: joiner and inviter take turns.
 * @param message The message.
 * @param seen All messages so far, the last one included.
 */
export type Plan = (
  index: number,
  message: Uint8Array,
  seen: readonly Uint8Array[],
) => readonly Passed[];

/** Passes a message on as it is. */
export const pass = (index: number, message: Uint8Array): Passed[] => [
  { to: index % 2 === 0 ? "inviter" : "joiner", message },
];

/** A relay for one inviter and one joiner. */
export class EvilRelay implements Disposable {
  readonly #relay = new FakeRelay();
  readonly #plan: Plan;
  /** The messages that came, in order. */
  readonly seen: Uint8Array[] = [];
  /** All bytes that came from both. */
  readonly heard: string[] = [];
  #slot = "";
  #visitors = 0;
  readonly #ends: Partial<Record<Side, RelayEnd>> = {};

  /** @param plan What becomes of each message. */
  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Where both connect. */
  get port(): number {
    return this.#relay.port;
  }

  /** Admits the inviter, and gives it the slot that it asks for. */
  async admitInviter(): Promise<void> {
    const end = this.#ends.inviter = await this.#relay.accept();
    // A `!PONG` before the slot would say that the relay knows none.
    end.answersPings = false;
    await end.shakeHands();
    const { slot } = await end.hear("SLOT");
    this.#slot = slot;
    await end.say({ verb: "SLOT", slot, answer: 600 });
  }

  /** Serves the joiner, until one side has ended or nothing comes for a while. Then it ends both. */
  async serveJoiner(): Promise<void> {
    const joiner = this.#ends.joiner = await this.#relay.accept();
    await joiner.hear("MEET");
    for (let quietMs = 0; quietMs < QUIET_MS;) {
      const isOver = joiner.isEnded || this.#ends.inviter!.isEnded;
      if (this.#take()) {
        quietMs = 0;
        continue;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      quietMs += isOver ? QUIET_MS / 4 : LOOK_MS;
    }
    await this.#say("inviter", { verb: "PARTED", slot: this.#slot });
    // The inviter hears it before its connection ends.
    await new Promise((resolve) => setTimeout(resolve, 20));
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#relay[Symbol.dispose]();
  }

  /** Takes the next messages of both sides, if there are any. */
  #take(): boolean {
    const [inviter, joiner] = [this.#ends.inviter!, this.#ends.joiner!];
    let found = false;
    for (const end of [joiner, inviter]) {
      for (const control of end.said.splice(0)) {
        this.heard.push(new TextDecoder().decode(formatControl(control)));
        if (control.verb !== "MEET" && control.verb !== "PASS") continue;
        found = true;
        const index = this.seen.push(control.message) - 1;
        for (const { to, message } of this.#plan(index, control.message, this.seen)) {
          const isFirst = to === "inviter" && this.#visitors++ === 0;
          this.#say(to, { verb: isFirst ? "MEET" : "PASS", slot: this.#slot, message });
        }
      }
    }
    return found;
  }

  async #say(to: Side, control: ClientControl): Promise<void> {
    // A side that has ended hears nothing any more.
    await this.#ends[to]?.send(new TextDecoder().decode(formatControl(control)).trimEnd())
      .catch(() => {});
  }
}
