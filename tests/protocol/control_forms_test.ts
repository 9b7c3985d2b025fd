import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { parseClientControl, parseRelayControl } from "../../lib/protocol/control.ts";
import { encode } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const CN = formatBase64Url(new Uint8Array(16).fill(0x11));
const SN = formatBase64Url(new Uint8Array(32).fill(0x22));
const SIGNATURE = formatBase64Url(new Uint8Array(64).fill(0x33));
const NUMBERS = ["", "-1", "+1", "01", "00", "1.0", "1e3", "0x10", "x", "1 ", " 1"];
const TOO_LARGE = ["1000000000000000", "9007199254740992", "9".repeat(400)];

function ofBytes(length: number): string {
  return formatBase64Url(new Uint8Array(length).fill(0x11));
}

function assertIgnored(
  parse: typeof parseClientControl | typeof parseRelayControl,
  lines: readonly string[],
): void {
  for (const line of lines) assert.equal(parse(encode(line)), undefined, JSON.stringify(line));
}

pureTest("parseClientControl() takes HELLO in its one form", () => {
  const line = `!HELLO 1 ${CN} backlog=50`;
  assert.ok(parseClientControl(encode(line)));
  assertIgnored(parseClientControl, [
    `!hello 1 ${CN} backlog=50`,
    `!HELLO 2 ${CN} backlog=50`,
    `!HELLO 10 ${CN} backlog=50`,
    `!HELLO  1 ${CN} backlog=50`,
    `!HELLO 1  ${CN} backlog=50`,
    `!HELLO 1 ${CN}  backlog=50`,
    `!HELLO\t1 ${CN} backlog=50`,
    ` ${line}`,
    `!${line}`,
    `${line} `,
    `${line}\r`,
    `${line}\n`,
    `${line} more=1`,
    `!HELLO 1 ${CN}`,
    `!HELLO 1 backlog=50`,
    `!HELLO ${CN} backlog=50`,
    `!HELLO 1 ${CN} BACKLOG=50`,
    `!HELLO 1 ${CN}= backlog=50`,
    `!HELLO 1 ${CN.replace(/.$/, "R")} backlog=50`,
    ...[0, 15, 17, 32].map((length) => `!HELLO 1 ${ofBytes(length)} backlog=50`),
    ...[...NUMBERS, ...TOO_LARGE].map((number) => `!HELLO 1 ${CN} backlog=${number}`),
  ]);
});

pureTest("parseClientControl() takes AUTH with 64 bytes", () => {
  assert.ok(parseClientControl(encode(`!AUTH ${SIGNATURE}`)));
  assertIgnored(parseClientControl, [
    "!AUTH",
    "!AUTH ",
    `!AUTH  ${SIGNATURE}`,
    `!AUTH ${SIGNATURE} `,
    `!AUTH ${SIGNATURE}==`,
    `!AUTH 1 ${SIGNATURE}`,
    `!AUTH${SIGNATURE}`,
    `!AUTH ${SIGNATURE.replace(/.$/, "x")}`,
    ...[0, 32, 63, 65, 128].map((length) => `!AUTH ${ofBytes(length)}`),
  ]);
});

pureTest(
  "parseClientControl() takes PIPE with 16 bytes, and a relay says no more than PIPED",
  () => {
    assert.ok(parseClientControl(encode(`!PIPE ${CN}`)));
    assertIgnored(parseClientControl, [
      ...["!PIPE", "!PIPE ", `!PIPE  ${CN}`, `!PIPE ${CN} `, `!PIPE ${CN}==`, `!PIPE 1 ${CN}`],
      ...[`!PIPE ${CN.replace(/.$/, "R")}`, `!pipe ${CN}`, "!PIPED"],
      ...[0, 15, 17].map((length) => `!PIPE ${ofBytes(length)}`),
    ]);
    assertIgnored(parseRelayControl, ["!PIPED ", "!PIPED 1", "!piped", `!PIPE ${CN}`]);
  },
);

pureTest("both readers take a number after PING and PONG, and nothing after other verbs", () => {
  for (const parse of [parseClientControl, parseRelayControl]) {
    for (const verb of ["PING", "PONG"]) {
      assert.ok(parse(encode(`!${verb} 999999999999999`)));
      const numbers = [...NUMBERS, ...TOO_LARGE, "1 2"];
      assertIgnored(parse, [`!${verb}`, `!${verb}1`, ...numbers.map((n) => `!${verb} ${n}`)]);
    }
  }
  assertIgnored(parseClientControl, ["!FLEETING ", "!FLEETING 1", "!fleeting", "!FLEETINGLY"]);
  assertIgnored(parseClientControl, ["!BYE ", "!BYE 1", "!bye", "!BYEBYE", "!"]);
  assertIgnored(parseRelayControl, ["!LIVE ", "!LIVE 1", "!live", "!LIVELY", "!"]);
});

pureTest("parseRelayControl() takes CHAL in its one form", () => {
  assertIgnored(parseRelayControl, [
    `!CHAL 1 ${SN}`,
    `!CHAL 1 ${SN} closed`,
    `!CHAL 1 ${SN} Open`,
    `!CHAL 1 ${SN} openmembers`,
    `!CHAL 1 ${SN} open members`,
    `!CHAL 1 ${SN} open `,
    `!CHAL 1 ${SN}  open`,
    `!CHAL 2 ${SN} open`,
    `!CHAL ${SN} open`,
    ...[16, 31, 33].map((length) => `!CHAL 1 ${ofBytes(length)} open`),
  ]);
});

pureTest("parseRelayControl() takes WELCOME with its four numbers, in order", () => {
  const fields = ["cid=7", "t=1785571200", "max=65536", "peers=3"];
  assert.ok(parseRelayControl(encode(`!WELCOME 1 ${fields.join(" ")}`)));
  for (const [index, field] of fields.entries()) {
    const name = field.split("=")[0]!;
    const line = (text: string) => `!WELCOME 1 ${fields.with(index, text).join(" ")}`;
    const numbers = [...NUMBERS, ...TOO_LARGE].map((number) => line(`${name}=${number}`));
    const missing = `!WELCOME 1 ${fields.toSpliced(index, 1).join(" ")}`;
    const twice = `!WELCOME 1 ${fields.toSpliced(index, 0, field).join(" ")}`;
    assertIgnored(parseRelayControl, [...numbers, missing, twice, line("x=1"), line(name)]);
  }
  assertIgnored(parseRelayControl, [
    `!WELCOME 1 ${fields.toReversed().join(" ")}`,
    `!WELCOME 2 ${fields.join(" ")}`,
    `!WELCOME 1 ${fields.join("  ")}`,
    `!WELCOME 1 ${fields.join(" ")} `,
  ]);
});

pureTest("parseRelayControl() takes BACKLOG, JOINED and GONE with a number", () => {
  for (const verb of ["BACKLOG", "JOINED", "GONE"]) {
    assert.ok(parseRelayControl(encode(`!${verb} 0`)));
    const numbers = [...NUMBERS, ...TOO_LARGE].map((number) => `!${verb} ${number}`);
    assertIgnored(parseRelayControl, [`!${verb}`, `!${verb}S 1`, ...numbers]);
  }
});

pureTest("parseRelayControl() takes ERR with three digits and a reason", () => {
  for (const reason of ["x", "a b  c", "!ERR", "~"]) {
    const error = { code: 429, reason };
    assert.deepEqual(parseRelayControl(encode(`!ERR 429 ${reason}`)), { verb: "ERR", error });
  }
  assertIgnored(parseRelayControl, [
    "!ERR",
    "!ERR 503",
    "!ERR 503 ",
    "!ERR 50 full",
    "!ERR 003 full",
    "!ERR 5030 full",
    "!ERR -50 full",
    "!ERR  503 full",
    "!ERR full 503",
    "!err 503 full",
  ]);
});

pureTest("both readers take a slot of 1 to 16 letters", () => {
  const longest = "a".repeat(16);
  for (const parse of [parseClientControl, parseRelayControl]) {
    const answer = parse === parseRelayControl ? " 600" : "";
    for (const slot of ["a", "acorn", longest]) {
      assert.ok(parse(encode(`!SLOT ${slot}${answer}`)));
      assert.ok(parse(encode(`!PARTED ${slot}`)));
      for (const verb of ["MEET", "PASS"]) assert.ok(parse(encode(`!${verb} ${slot} ${CN}`)));
    }
    for (const slot of ["", `${longest}a`, "Acorn", "ac0rn", "ac-orn", "é", " acorn", "acorn "]) {
      assertIgnored(parse, [`!SLOT ${slot}${answer}`, `!PARTED ${slot}`]);
      assertIgnored(parse, ["MEET", "PASS"].map((verb) => `!${verb} ${slot} ${CN}`));
    }
  }
});

pureTest("parseRelayControl() takes SLOT with a time from 1 s on, or a reason", () => {
  assert.ok(parseRelayControl(encode("!SLOT acorn 999999999999999")));
  const answers = [...NUMBERS.filter((number) => number !== ""), ...TOO_LARGE, "0", "gone", "Full"];
  assertIgnored(parseRelayControl, answers.map((answer) => `!SLOT acorn ${answer}`));
  assertIgnored(parseRelayControl, ["!SLOT", "!SLOT acorn", "!SLOT acorn ", "!SLOT 600"]);
  assertIgnored(parseClientControl, ["!SLOT", "!SLOT acorn 600", "!SLOT acorn acorn"]);
});

pureTest("both readers take MEET and PASS with canonical bytes, and PARTED without", () => {
  for (const parse of [parseClientControl, parseRelayControl]) {
    for (const verb of ["MEET", "PASS"]) {
      const head = `!${verb} acorn`;
      assert.ok(parse(encode(`${head} ${"A".repeat(512 - head.length - 1 & ~3)}`)));
      assertIgnored(parse, [
        ...[head, `${head} `, `${head}  ${CN}`, `${head} ${CN} `, `${head} ${CN} ${CN}`],
        ...[`${head} A`, `${head} ${CN}=`, `${head} ${CN.replace(/.$/, "R")}`, `${head} a.b`],
        `${head} ${"A".repeat(512)}`,
      ]);
    }
    assertIgnored(parse, ["!PARTED", `!PARTED acorn ${CN}`, "!PARTED acorn 1", "!parted acorn"]);
  }
});

pureTest("both readers take 512 bytes of printable ASCII, and no more", () => {
  const fits = `!ERR 503 ${"x".repeat(503)}`;
  assert.equal(fits.length, 512);
  assert.ok(parseRelayControl(encode(fits)));
  assertIgnored(parseRelayControl, [`${fits}x`]);
  for (const bad of ["\0", "\x1b", "\x7f", "\u0080", "é", "\u2028", "\n", "\r", "\t"]) {
    assertIgnored(parseRelayControl, [`!ERR 503 a${bad}b`, `!LIVE${bad}`]);
    assertIgnored(parseClientControl, [`!BYE${bad}`, `!PING 1${bad}`]);
  }
});

pureTest("both readers pass over verbs that are not known, and lines that are no control", () => {
  for (const parse of [parseClientControl, parseRelayControl]) {
    assertIgnored(parse, ["!LATER 1", "!", "! ", "", "PING 7", "gAAAAA", "?PING 7", "!PINGPONG 7"]);
    assert.equal(parse(new Uint8Array()), undefined);
    assert.equal(parse(new Uint8Array([0x21, 0xff, 0xfe])), undefined);
  }
});
