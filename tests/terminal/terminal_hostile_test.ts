// deno-lint-ignore-file no-control-regex -- finding control characters is the point
import assert from "node:assert/strict";
import { describeMessage } from "../../lib/chat/describe.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { Pipe } from "../../lib/script/pipe.ts";
import { Attention, titleSequence } from "../../lib/terminal/show/attention.ts";
import { formatJsonLine } from "../../lib/text/json_text.ts";
import { HOSTILE, HOSTILE_MIX, MARK, SLY_NICKNAMES } from "../support/hostile.ts";
import { pureTest } from "../support/pure.ts";
import { assertOnlyOurs, assertSafeText } from "../support/terminal_output.ts";
import { KEYS, messageOf, VirtualClient } from "../support/virtual_client.ts";
import { inWords } from "../support/wordings.ts";

const SAY = sayIn("en");
const WIDE = { columns: 400, rows: 20 };

/** Opens a client, does something, and looks at every byte that came of it. */
async function attack(
  name: string,
  act: (virtual: VirtualClient) => Promise<void> | void,
): Promise<string> {
  await using virtual = await VirtualClient.open({ ...WIDE, notify: true, bell: "all" });
  const before = virtual.output.length;
  await act(virtual);
  await virtual.settle();
  await virtual.close();
  const text = assertOnlyOurs(virtual.output.slice(before), name);
  return text;
}

/** How many controls there are in output, the title apart: none may come from others. */
function countControls(output: string): Record<string, number> {
  const counts: Record<string, number> = {};
  // An anchor stands behind what terminals may not agree on, and a line break behind each row.
  const own = output.replace(/\x1b\[\d+G|\x1b\[\?7[lh]|\r\n|\x1b\]2;[^\x00-\x1f]*\x07/g, "");
  for (const [control] of own.matchAll(/[\x00-\x1f]/g)) {
    counts[control] = (counts[control] ?? 0) + 1;
  }
  return counts;
}

pureTest("assertOnlyOurs() tells what is not ours", () => {
  for (const text of HOSTILE) {
    // Those that only look like a line of the client's own, or are in the places for it.
    const isHarmless = /^[ -~\n\r漢]*$/u.test(text) || /[\x07\u200c\u200d\ufe0e\ufe0f]E/.test(text);
    const isOurs =
      /^a(?:\x1b\[(?:\?(?:25l|2004h|7l|2026h)|K|H|1G|3A|1;1H|31m|8m|6n)|\x1b\](?:2|9|777))/;
    if (isHarmless || isOurs.test(text) || /^a[\ue000\u{f0000}\ufffc]|^👩/u.test(text)) continue;
    assert.throws(() => assertOnlyOurs(text), JSON.stringify(text.slice(0, 40)));
  }
});

const forms = {
  "a text": (text) => messageOf(text),
  "an old text": (text) => messageOf(text, { age: "old" }),
  "a plain text": (text) =>
    messageOf(text, { id: undefined, nickname: undefined, trust: "unverified" }),
  "a mention": (text) => messageOf(`al: ${text}`, { isMention: true }),
  "an action": (text) => messageOf(text, { form: "action" }),
  "a private message": (text) => messageOf(text, { form: "private" }),
  "a private message to": (text) =>
    messageOf("x", { form: "private", isOwn: true, recipient: text }),
  "a text under a known name": (text) => messageOf("x", { nickname: text, trust: "changed" }),
  "a nickname": (text) => messageOf("x", { nickname: text }),
  "a nickname in an action": (text) => messageOf("x", { nickname: text, form: "action" }),
  "a nickname in a mention": (text) => messageOf("x", { nickname: text, isMention: true }),
  "a private nickname": (text) => messageOf("x", { nickname: text, form: "private" }),
} satisfies Record<string, (text: string) => ReturnType<typeof messageOf>>;

for (const [name, make] of Object.entries(forms)) {
  pureTest(`Terminal.show() lets nothing through in ${name}`, async () => {
    await using virtual = await VirtualClient.open({ ...WIDE, bell: "off" });
    const outputOf = async (text: string) => {
      const before = virtual.output.length;
      await virtual.show(make(text));
      return virtual.output.slice(before);
    };
    const harmless = countControls(await outputOf("harmless"));
    for (const text of HOSTILE) {
      const output = await outputOf(text);
      const where = `${JSON.stringify(text.slice(0, 40))} in ${name}`;
      assertOnlyOurs(output, where);
      assert.deepEqual(countControls(output), harmless, where);
    }
  });
}

pureTest("Attention lets nothing through in a notification and a title", () => {
  for (const text of HOSTILE) {
    for (const isInTmux of [false, true]) {
      const options = { bell: "all", notify: true, isInTmux, room: text } as const;
      const attention = new Attention({ ...options, monotonic: () => 0 });
      const signal = attention.signal(messageOf(text, { nickname: text }));
      const forTmux = (sequence: string) =>
        sequence.replace(
          /\x1bPtmux;(.*?)\x1b\\/gs,
          (_, inner) => inner.replaceAll("\x1b\x1b", "\x1b"),
        );
      const output = forTmux(signal) + titleSequence(attention.title);
      assertOnlyOurs(output, JSON.stringify(text.slice(0, 40)));
      assert.deepEqual(countControls(output), { "\x07": 3, "\x1b": 2 });
    }
  }
});

pureTest("Terminal lets nothing through in what the client itself says", async () => {
  for (const text of HOSTILE) {
    const shown = await attack("notify", (virtual) => {
      virtual.client.notify(`here: you, bob (away: ${text})`);
      virtual.client.happen(
        { kind: "disconnected", reason: inWords("gone") },
        `Refused: ${text}; connecting again`,
      );
      virtual.client.happen({ kind: "impostor", nickname: "bob" }, `somebody writes as ${text}`);
    });
    assert.equal(shown.split(MARK).length, 4, JSON.stringify(text.slice(0, 40)));
  }
});

pureTest("Terminal lets nothing through in the prompt, the title and a question", async () => {
  for (const text of [...HOSTILE.filter(({ length }) => length < 400), HOSTILE_MIX]) {
    await using virtual = await VirtualClient.open({ ...WIDE, title: text, nickname: text });
    await virtual.show(messageOf("unread"));
    virtual.client.setRecipient(text);
    await virtual.settle();
    virtual.client.setNickname(text);
    await virtual.settle();
    const asked = virtual.client.ask(text, { typed: text });
    await virtual.type(KEYS.enter);
    await asked;
    assertOnlyOurs(virtual.output, JSON.stringify(text.slice(0, 40)));
  }
});

pureTest("Terminal lets nothing through of what is pasted, typed, found or completed", async () => {
  for (const text of HOSTILE.filter(({ length }) => length < 400)) {
    const where = JSON.stringify(text);
    const candidates = [`./${text} `, `./b${text}/`, `./${HOSTILE_MIX}`];
    await using virtual = await VirtualClient.open({
      columns: 80,
      rows: 10,
      complete: () => ({ start: 0, candidates }),
    });
    await virtual.type(KEYS.paste(text.replaceAll("\x1b[201~", "")), "y", KEYS.enter);
    await virtual.type(KEYS.ctrl("r"), "EVIL", KEYS.enter);
    await virtual.type(KEYS.ctrl("u"), KEYS.tab, KEYS.tab, KEYS.tab, KEYS.shiftTab);
    await virtual.type(text);
    await virtual.type(KEYS.ctrl("c"));
    assertOnlyOurs(virtual.output, where);
  }
});

pureTest("Terminal shows nothing of others at the beginning of a row", async () => {
  await using virtual = await VirtualClient.open({ columns: 60, rows: 20 });
  const fakes = ["12:34 -- bob left", "-- bob left", "bob  I owe you", "al> "];
  for (const fake of fakes) {
    for (const lineBreak of ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"]) {
      await virtual.show(
        messageOf(`x${lineBreak}${fake}`),
        messageOf(`x${lineBreak}${fake}`, { form: "action" }),
        messageOf(`${fake}`, { id: undefined, nickname: undefined, trust: "unverified" }),
        messageOf(`${" ".repeat(53)}${fake}`),
        messageOf("x", { nickname: `e${lineBreak}${fake}` }),
      );
      virtual.client.notify(`here: bob (away: x${lineBreak}${fake})`);
      await virtual.settle();
    }
  }
  const rows = virtual.terminal.all();
  assert.ok(rows.length > 150);
  for (const row of rows.slice(0, -1)) {
    for (const fake of fakes) assert.ok(!row.startsWith(fake.trimEnd()), row);
  }
});

pureTest("Terminal shows sly nicknames in brackets, or as they are", async () => {
  await using virtual = await VirtualClient.open({ columns: 80, rows: 50 });
  for (const nickname of SLY_NICKNAMES) {
    await virtual.show(messageOf("says", { nickname }));
    const row = virtual.terminal.all().at(-2)!;
    const isPlain = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.'’-]*$/u.test(nickname) && nickname !== "you";
    assert.equal(row, `${isPlain ? nickname : `<${nickname}>`}  says`);
  }
});

pureTest("Pipe and JSON let nothing through", async () => {
  for (const text of HOSTILE) {
    for (const make of Object.values(forms)) {
      const message = make(text);
      let output = "";
      const pipe = new Pipe({
        input: (async function* () {})(),
        write: (bytes) => Promise.resolve(void (output += new TextDecoder().decode(bytes))),
        report: (line) => output += `${line}\n`,
        format: (message) => describeMessage(message, String, SAY),
        say: SAY,
      });
      await pipe.show([{ ...message, isOwn: false }]);
      pipe.notify(text);
      const lines = output.split("\n");
      assert.equal(lines.length, 3, "each is one line");
      lines.forEach((line) => assertSafeText(line, JSON.stringify(text.slice(0, 40))));
      const json = formatJsonLine(message);
      assert.doesNotMatch(json.slice(0, -1), /[\p{Cc}\p{Cf}\p{Cs}]/u);
      assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(message)));
    }
  }
});
