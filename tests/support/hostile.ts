/**
 * Text that wants to do something to the terminal of whoever reads it.
 *
 * @module
 */

/** Marks what comes after a sequence: a terminal that obeyed it would show it elsewhere. */
export const MARK = "EVIL";

const C0_AND_C1 = Array.from({ length: 0xa0 }, (_, i) => i)
  .filter((code) => code < 0x20 || code >= 0x7f)
  .map((code) => String.fromCharCode(code));

const SEQUENCES = [
  ...["\x1b[2J", "\x1b[H", "\x1b[1;1H", "\x1b[3A", "\x1b[1G", "\x1b[K", "\x1b[31m", "\x1b[8m"],
  ...["\x1b[?25l", "\x1b[?1049h", "\x1b[?2004h", "\x1b[?7l", "\x1b[?2026h", "\x1b[6n", "\x1b[c"],
  ...["\x1b[5i", "\x1b[20t", "\x1b[200~", "\x1bc", "\x1b7", "\x1b8", "\x1b(0", "\x1b#8", "\x1bD"],
  ...["\x1b]52;c;ZXZpbA==\x07", "\x1b]52;c;?\x1b\\", "\x1b]0;evil\x07", "\x1b]2;evil\x1b\\"],
  ...["\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "\x1b]9;evil\x07", "\x1b]4;1;?\x07"],
  ...[
    "\x1b]777;notify;evil;evil\x07",
    "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1b]",
    "\x1b[",
    "\x1b",
  ],
  ...["\x1bP+q544e\x1b\\", '\x1bP$q"p\x1b\\', "\x1b_Gf=100;AAAA\x1b\\", "\x1b^evil\x1b\\", "\x1bX"],
  ...[
    "\x9b2J",
    "\x9b31m",
    "\x9d0;evil\x9c",
    "\x90q\x9c",
    "\x9f\x9c",
    "\x1bPtmux;\x1b\x1b[2J\x1b\\",
  ],
  ...["\r", "\b\b\b\b", "\r\n", "\n", "\t", "\v", "\f", "\x85", "\u2028", "\u2029"],
];

const UNSEEN = [
  ...["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"],
  ...["\u200e", "\u200f", "\u061c", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"],
  ...["\u034f", "\u180e", "\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\ufe0e", "\ufe0f"],
  ...["\ufe00", "\u{e0100}", "\u{e0001}", "\u{e0041}\u{e0042}\u{e007f}", "\ufff9a\ufffab\ufffb"],
  ...["\u{1d173}", "\u{1bca0}", "\u{13430}", "\ufffe", "\uffff", "\ufdd0", "\u{10fffe}"],
  ...["\ue000", "\u{f0000}", "\ud800", "\udc00", "\ud83d", "\ufffc", "\u206a", "\u17b4"],
];

/** One text for each way to be hostile; each has {@linkcode MARK} in it. */
export const HOSTILE: readonly string[] = [
  ...[...C0_AND_C1, ...SEQUENCES, ...UNSEEN].map((text) => `a${text}${MARK}`),
  `e${"\u0301".repeat(10_000)}${MARK}`,
  `क${"\u200d\u093c".repeat(5000)}${MARK}`,
  `👩${"\u200d👩".repeat(2000)}${MARK}`,
  `${"\n".repeat(40_000)}${MARK}`,
  `${"\r\n".repeat(20_000)}${MARK}`,
  `x\n12:34 -- fake system line ${MARK}`,
  `x\r12:34 bob  fake ${MARK}`,
  `12:34 -- fake system line ${MARK}`,
  `${" ".repeat(300)}12:34 -- fake system line ${MARK}`,
  `http://evil.example/${"\u202e".repeat(50)}${"a".repeat(300)}${MARK}`,
  `${"漢".repeat(10_000)}${MARK}`,
];

/** All of them in one text, without those that are huge. */
export const HOSTILE_MIX: string = HOSTILE.filter(({ length }) => length < 400).join("");

/** Nicknames that a member may have and that want to pass for something else. */
export const SLY_NICKNAMES: readonly string[] = [
  ...["--", "*", "»bob", "bob›", "→", "you", "12:34", "(unverified)", "[12:34]", "—", "bob:", "al"],
  ...[
    "a\u0301\u0301\u0301\u0301",
    "漢字漢字漢字漢字漢字",
    "👨",
    "\ue000",
    "$(x)",
    "a;b",
    "%s",
    "é",
  ],
];
