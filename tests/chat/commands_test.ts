import fc from "fast-check";
import assert from "node:assert/strict";
import { COMMANDS, findCommand, parseInput } from "../../lib/chat/commands.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

function command(name: string, ...args: string[]) {
  return { kind: "command", name, args };
}

pureTest("parseInput() takes any line without a slash for a message", () => {
  fc.assert(fc.property(textOf(anyCharacter, 30), (text) => {
    fc.pre(!text.startsWith("/"));
    assert.deepEqual(parseInput(text, SAY), { kind: "text", text });
  }));
  for (const text of ["", " /quit", "\\/quit", "a /quit", "\n/quit"]) {
    assert.deepEqual(parseInput(text, SAY), { kind: "text", text });
  }
});

pureTest("parseInput() takes two slashes for a message with one", () => {
  fc.assert(fc.property(textOf(anyCharacter, 30), (text) => {
    assert.deepEqual(parseInput(`//${text}`, SAY), { kind: "text", text: `/${text}` });
  }));
});

pureTest("parseInput() takes each command with its arguments, the last to the line's end", () => {
  const cases: [string, ReturnType<typeof command>][] = [
    ["/help", command("help", "")],
    ["/help nick", command("help", "nick")],
    ["/whois bob", command("whois", "bob")],
    ["/query", command("query", "")],
    ["/query bob", command("query", "bob")],
    ["/ignore", command("ignore", "")],
    ["/unignore bob", command("unignore", "bob")],
    ["/invite", command("invite", "")],
    ["/invite bob", command("invite", "bob")],
    ["/away", command("away", "")],
    ["/away  for a tea ", command("away", "for a tea")],
    ["/back", command("back")],
    ["/bell PM", command("bell", "PM")],
    ["/timestamps", command("timestamps")],
    ["/lastlog a b", command("lastlog", "a b")],
    ["/clear", command("clear")],
    ["/names ", command("names")],
    ["/QUIT", command("quit")],
    ["/Me  waves  at\nall ", command("me", "waves  at\nall")],
    ["/msg bob hi", command("msg", "bob", "hi")],
    ["/msg\tbob   a  b ", command("msg", "bob", "a  b")],
    ["/msg bob /quit", command("msg", "bob", "/quit")],
    ["/reply x", command("reply", "x")],
    ["/nick zoë", command("nick", "zoë")],
    ["/verify 😀", command("verify", "😀")],
    ["/trust bob", command("trust", "bob")],
    ["/status", command("status")],
    ["/rotate", command("rotate", "")],
    ["/rotate without bob  carol ", command("rotate", "without bob  carol")],
    ["/send a.txt", command("send", "a.txt", "")],
    ["/send ~/a b.txt bob", command("send", "~/a", "b.txt bob")],
    ["/take 1", command("take", "1", "")],
    ["/take 1 /tmp/a b", command("take", "1", "/tmp/a b")],
    ["/files", command("files")],
    ["/cancel 1", command("cancel", "1")],
  ];
  for (const [line, expected] of cases) assert.deepEqual(parseInput(line, SAY), expected, line);
  const names = new Set(cases.map(([, { name }]) => name));
  assert.deepEqual([...names].sort(), COMMANDS.map(({ name }) => name).sort());
});

pureTest("parseInput() takes the beginning of one command's name for it", () => {
  const cases: [string, ReturnType<typeof command>][] = [
    ["/r hello", command("reply", "hello")],
    ["/R hello", command("reply", "hello")],
    ["/ro", command("rotate", "")],
    ["/W bob", command("whois", "bob")],
    ["/qui", command("quit")],
    ["/que bob", command("query", "bob")],
    ["/?", command("help", "")],
    ["/? me", command("help", "me")],
    ["/un bob", command("unignore", "bob")],
    ["/me waves", command("me", "waves")],
  ];
  for (const [line, expected] of cases) assert.deepEqual(parseInput(line, SAY), expected, line);
  for (const { name } of COMMANDS) assert.equal(findCommand(name)?.name, name);
});

pureTest("parseInput() tells what the beginning of several names may be", () => {
  const cases = [
    ["q", "/query, /quit"],
    ["n", "/names, /nick"],
    ["M bob", "/me, /msg"],
    ["t bob", "/trust, /take, /timestamps"],
  ] as const;
  for (const [line, commands] of cases) {
    const [word] = line.split(" ");
    const reason = `/${word} may be: ${commands}`;
    assert.deepEqual(parseInput(`/${line}`, SAY), { kind: "mistake", reason, isText: true });
  }
});

pureTest("parseInput() tells the usage of a command with too few or too many arguments", () => {
  const cases = {
    "usage: /names": ["/names me", "/names\u00a0x"],
    "usage: /bell <off|pm|mention|all>": ["/bell", "/bell loud", "/bell off on"],
    "usage: /quit": ["/quit now"],
    "usage: /me <text>": ["/me", "/me ", "/me \t\n", "/me \u200b"],
    "usage: /msg <nick> <text>": ["/msg", "/msg bob", "/msg bob  "],
    "usage: /reply <text>": ["/reply"],
    "usage: /nick <name>": ["/nick "],
  };
  for (const [reason, lines] of Object.entries(cases)) {
    for (const line of lines) {
      assert.deepEqual(parseInput(line, SAY), { kind: "mistake", reason, isText: false }, line);
    }
  }
});

pureTest("parseInput() tells how to send what is no command", () => {
  for (
    const word of ["", "nonsense", "etc/passwd", "constructor", "__proto__"]
  ) {
    const reason = `there is no command /${word}; see /help, or type //${word}`;
    assert.deepEqual(parseInput(`/${word}`, SAY), { kind: "mistake", reason, isText: true });
    assert.deepEqual(parseInput(`/${word} x y`, SAY), { kind: "mistake", reason, isText: true });
  }
});

pureTest("parseInput() guesses which command was meant", () => {
  const cases = [["helpp", "help"], ["HELPP", "help"], ["quit!", "quit"], ["exti", ""]];
  for (const [word, guess] of cases) {
    const mistake = parseInput(`/${word} x`, SAY);
    const more = guess === ""
      ? `see /help, or type //${word}`
      : `did you mean /${guess}? //${word} is sent as text`;
    const reason = `there is no command /${word}; ${more}`;
    assert.deepEqual(mistake, { kind: "mistake", reason, isText: true });
  }
});
