/**
 * The control lines of invitations: a member holds a slot of the relay, and one visitor meets the
 * member there.
 *
 * @module
 * @see docs/PROTOCOL.md, "Invitations"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { MAX_SLOT_CHARS } from "./limits.ts";

/** Why a relay gives no slot: its name is in use, there are too many, or it gives none at all. */
export type SlotRefusal = "taken" | "full" | "off";

/** A line that both sides say: the relay passes it on. `message`: one byte or more. */
export type SlotMessage =
  /** A visitor comes, with its first message. */
  | { readonly verb: "MEET"; readonly slot: string; readonly message: Uint8Array }
  | { readonly verb: "PASS"; readonly slot: string; readonly message: Uint8Array }
  /** The slot is no more: its visitor is gone or its time is over, or its member gives it up. */
  | { readonly verb: "PARTED"; readonly slot: string };

/** A line about slots that a client says. */
export type ClientSlotControl =
  /** A member asks for a slot. */
  | { readonly verb: "SLOT"; readonly slot: string }
  | SlotMessage;

/** A line about slots that the relay says. */
export type RelaySlotControl =
  | {
    readonly verb: "SLOT";
    readonly slot: string;
    /** For how many seconds the member has the slot, or why it has none. */
    readonly answer: number | SlotRefusal;
  }
  | SlotMessage;

const SLOT_NAME = `([a-z]{1,${MAX_SLOT_CHARS}})`;
const SLOT = new RegExp(`^!SLOT ${SLOT_NAME}(?: ([1-9][0-9]{0,14}|taken|full|off))?$`);
const MESSAGE = new RegExp(`^!(MEET|PASS) ${SLOT_NAME} ([A-Za-z0-9_-]+)$`);
const PARTED = new RegExp(`^!PARTED ${SLOT_NAME}$`);

/** Reads the text of a client's control line. Undefined if it is not about slots. */
export function parseClientSlotControl(text: string): ClientSlotControl | undefined {
  const [, slot, answer] = SLOT.exec(text) ?? [];
  if (slot !== undefined && answer === undefined) return { verb: "SLOT", slot };
  return parseSlotMessage(text);
}

/** Reads the text of a relay's control line. Undefined if it is not about slots. */
export function parseRelaySlotControl(text: string): RelaySlotControl | undefined {
  const [, slot, answer] = SLOT.exec(text) ?? [];
  if (slot === undefined || answer === undefined) return parseSlotMessage(text);
  const seconds = Number(answer);
  return { verb: "SLOT", slot, answer: seconds > 0 ? seconds : answer as SlotRefusal };
}

/** Writes what comes after the verb. */
export function formatSlotFields(control: ClientSlotControl | RelaySlotControl): string {
  if ("message" in control) return ` ${control.slot} ${formatBase64Url(control.message)}`;
  return "answer" in control ? ` ${control.slot} ${control.answer}` : ` ${control.slot}`;
}

function parseSlotMessage(text: string): SlotMessage | undefined {
  const [, verb, slot, chars] = MESSAGE.exec(text) ?? [];
  if (chars === undefined) {
    const [, parted] = PARTED.exec(text) ?? [];
    return parted === undefined ? undefined : { verb: "PARTED", slot: parted };
  }
  const message = parseBase64Url(chars, Math.floor(chars.length * 3 / 4));
  return message && { verb: verb as "MEET" | "PASS", slot: slot!, message };
}
