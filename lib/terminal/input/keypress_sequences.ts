/**
 * Which key an escape sequence stands for: the spellings of xterm, rxvt, the
 * Linux console, tmux and kitty.
 *
 * @module
 * @see https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 * @see https://sw.kovidgoyal.net/kitty/keyboard-protocol/
 */

import { type Modifiers, pressed, type TtyEvent } from "./input_events.ts";

/** The bytes of keys that send a control character. */
const BACKSPACE = 0x08;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const DEL = 0x7f;
/** By the last letter; rxvt says shift or ctrl with the small ones. */
const BY_LETTER: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  M: "enter",
  a: "up",
  b: "down",
  c: "right",
  d: "left",
};
/** By the number before a tilde. */
const BY_NUMBER: Readonly<Record<string, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
};
/** By kitty's code: those of ASCII, and its own for the keypad. */
const BY_CODE: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  10: "enter",
  13: "enter",
  27: "escape",
  127: "backspace",
  57414: "enter",
  57417: "left",
  57418: "right",
  57419: "up",
  57420: "down",
  57421: "pageup",
  57422: "pagedown",
  57423: "home",
  57424: "end",
  57425: "insert",
  57426: "delete",
};
/** What the keypad types in application mode, by the last letter; `M` is its Enter. */
const KEYPAD: Readonly<Record<string, string>> = {
  " ": " ",
  X: "=",
  j: "*",
  k: "+",
  l: ",",
  m: "-",
  n: ".",
  o: "/",
  p: "0",
  q: "1",
  r: "2",
  s: "3",
  t: "4",
  u: "5",
  v: "6",
  w: "7",
  x: "8",
  y: "9",
};
/** The first of kitty's codes for what the keypad types, and all of them in order. */
const KEYPAD_CODE = 57399;
const KEYPAD_TEXT = "0123456789./*-+\r=,";
const RELEASE = "3";
/** The bit of Shift in a modifier parameter, which is one more than the sum of its bits. */
const SHIFT = 1;
/** The bit of Alt. */
const ALT = 2;
/** The bit of Ctrl. */
const CTRL = 4;
/** The bit of Meta. */
const META = 32;
/** Super and hyper. These keys belong to the window manager. */
const FOREIGN = 8 | 16;

/**
 * Names the key of a control character.
 *
 * @param byte From 0 to 31, or 127; ESC would be Ctrl-[.
 * @param alt Whether an ESC came before.
 * @returns The event.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pressed } from "./input_events.ts";
 * assert.deepEqual(nameControl(0x01, false), pressed("a", { ctrl: true }));
 * ```
 */
export function nameControl(byte: number, alt: boolean): TtyEvent {
  if (byte === TAB) return pressed("tab", { alt });
  if (byte === LF || byte === CR) return pressed("enter", { alt });
  if (byte === DEL || (alt && byte === BACKSPACE)) return pressed("backspace", { alt });
  if (byte === 0) return pressed("space", { ctrl: true, alt });
  return pressed(String.fromCharCode(byte + 0x40).toLowerCase(), { ctrl: true, alt });
}

/**
 * Names the key of a control sequence, `CSI ...`.
 *
 * @param body What follows `ESC [`, the final byte included; at most `MAX_SEQUENCE_BYTES`.
 * @param alt Whether another ESC came before, as rxvt says Alt.
 * @returns The event; `undefined` for what is unknown, or no key.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pressed } from "./input_events.ts";
 * assert.deepEqual(nameControlSequence("1;5C", false), pressed("right", { ctrl: true }));
 * assert.equal(nameControlSequence("?1;2c", false), undefined);
 * ```
 */
export function nameControlSequence(body: string, alt: boolean): TtyEvent | undefined {
  const match = /^([\d;:]*)([A-Za-z~^$@])$/.exec(body);
  if (!match) return;
  const [, parameters = "", final = ""] = match;
  const [first = "", second = "", third = ""] = parameters.split(";");
  if (final === "u") return nameCode(first, second, third);
  if (final === "~" && first === "27") return nameCode(third, second, "");
  if (/^\d+;\d+R$/.test(body)) {
    return { kind: "cursor", row: Number(first), column: Number(second) };
  }
  const modifiers = readModifiers(second);
  if (!modifiers) return;
  const also = { ...modifiers, alt: modifiers.alt || alt };
  if (final === "Z") return pressed("tab", { ...also, shift: true });
  // A bare `CSI M` is the head of a mouse report.
  if (final === "M") return;
  const letter = BY_LETTER[final];
  if (letter) return pressed(letter, { ...also, shift: also.shift || /[a-d]/.test(final) });
  const number = /[~^$@]/.test(final) ? BY_NUMBER[first] : undefined;
  if (!number) return;
  const ctrl = also.ctrl || final === "^" || final === "@";
  return pressed(number, { ...also, ctrl, shift: also.shift || final === "$" || final === "@" });
}

/**
 * Names the key of an application sequence, `SS3 ...`.
 *
 * @param body What follows `ESC O`: a letter, in some terminals after a modifier.
 * @param alt Whether another ESC came before, as rxvt says Alt.
 * @returns The event, text for a digit of the keypad; `undefined` for what is unknown.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pressed } from "./input_events.ts";
 * assert.deepEqual(nameApplicationSequence("A", true), pressed("up", { alt: true }));
 * ```
 */
export function nameApplicationSequence(body: string, alt: boolean): TtyEvent | undefined {
  const [, parameter = "", final = ""] = /^(\d*)([A-Za-z ])$/.exec(body) ?? [];
  const name = final === "I" ? "tab" : BY_LETTER[final];
  const modifiers = readModifiers(parameter);
  const text = KEYPAD[final];
  if (text !== undefined && modifiers && !modifiers.ctrl && !modifiers.alt && !alt) {
    return { kind: "text", text };
  }
  if (!name || !modifiers) return;
  const ctrl = modifiers.ctrl || /[a-d]/.test(final);
  return pressed(name, { ...modifiers, ctrl, alt: modifiers.alt || alt });
}

/** A key by its code: `code:shifted;modifiers:event;text` as kitty says it. */
function nameCode(codes: string, state: string, typed: string): TtyEvent | undefined {
  const [code = 0, shifted = 0] = codes.split(":").map(Number);
  const modifiers = readModifiers(state);
  if (!modifiers) return;
  const name = BY_CODE[code];
  if (name) return pressed(name, modifiers);
  const onKeypad = KEYPAD_TEXT[code - KEYPAD_CODE];
  if (onKeypad !== undefined && !modifiers.ctrl && !modifiers.alt) {
    return { kind: "text", text: onKeypad };
  }
  if (!isPrintable(code)) return;
  const character = String.fromCodePoint(code);
  if (!modifiers.ctrl && !modifiers.alt) {
    const text = nameText(typed) ??
      (isPrintable(shifted) ? String.fromCodePoint(shifted) : undefined) ??
      (modifiers.shift ? character.toUpperCase() : character);
    return { kind: "text", text };
  }
  if (code === 0x20) return pressed("space", modifiers);
  if (code > 0x7e) return;
  const shift = modifiers.shift || /[A-Z]/.test(character);
  return pressed(character.toLowerCase(), { ...modifiers, shift });
}

function nameText(codes: string): string | undefined {
  const points = codes.split(":").map(Number);
  return points.every(isPrintable) ? String.fromCodePoint(...points) : undefined;
}

function isPrintable(code: number): boolean {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xf900)) return false; // surrogates, private use
  return code >= 0x20 && (code < 0x7f || code > 0x9f);
}

/** Reads `modifiers:event`. Undefined for a key that is let go, or for the window manager. */
function readModifiers(state: string): Required<Modifiers> | undefined {
  const [modifier = "", event] = state.split(":");
  const bits = modifier === "" ? 0 : Number(modifier) - 1;
  if (event === RELEASE || bits & FOREIGN) return;
  return {
    shift: (bits & SHIFT) !== 0,
    alt: (bits & (ALT | META)) !== 0,
    ctrl: (bits & CTRL) !== 0,
  };
}
