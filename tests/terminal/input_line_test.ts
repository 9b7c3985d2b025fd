import assert from "node:assert/strict";
import { sayIn } from "../../lib/messages/say.ts";
import type { Offer } from "../../lib/terminal/editor/candidates.ts";
import { History } from "../../lib/terminal/editor/history.ts";
import { MAX_WAITING_INPUTS } from "../../lib/terminal/entries.ts";
import { pressed } from "../../lib/terminal/input/input_events.ts";
import { InputLine, type InputLineParts } from "../../lib/terminal/input_line.ts";
import { letOthersRun } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const ENTER = pressed("enter");

function openLine(parts: Partial<InputLineParts> = {}) {
  const log: string[] = [];
  const line = new InputLine({
    say: sayIn("en"),
    prompt: [{ text: "> ", style: "prompt" }],
    history: new History(),
    complete: () => ({ start: 0, candidates: [] }),
    onEntered: (text) => void log.push(`entered ${text}`),
    onInterrupt: () => void log.push("interrupt"),
    onChange: () => void log.push("change"),
    clearScreen: () => void log.push("clear"),
    ringBell: () => void log.push("bell"),
    ...parts,
  });
  const shown = () => {
    const { rows } = line.view({ columns: 40, maxRows: 1 });
    return rows.map((row) => row.map(({ text }) => text).join("")).join("\n");
  };
  const type = (text: string) => line.handle([{ kind: "text", text }]);
  return { line, log, shown, type };
}

pureTest("InputLine hands on what is entered, and tells of it", async () => {
  const { line, log, type } = openLine();
  await line.handle([{ kind: "text", text: "one" }, ENTER]);
  await type("two");
  await line.handle([ENTER, pressed("d", { ctrl: true })]);
  assert.deepEqual(await Array.fromAsync(line.entries()), [["one"], ["two"]]);
  assert.deepEqual(log, ["entered one", "change", "change", "entered two", "change"]);
});

pureTest("InputLine.handle() waits while too many lines are not taken", async () => {
  const { line, log, type } = openLine();
  const lines = Array.from({ length: MAX_WAITING_INPUTS }, (_, i) => String(i));
  for (const text of lines) {
    await type(text);
    await line.handle([ENTER]);
  }
  await type("last");
  log.length = 0;
  const entering = line.handle([ENTER]);
  await letOthersRun();
  assert.deepEqual(log, []);
  const entries = line.entries();
  assert.deepEqual((await entries.next()).value, ["0"]);
  await entering;
  assert.deepEqual(log, ["entered last", "change"]);
});

pureTest("InputLine asks its owner for the screen, the bell and the interrupt", async () => {
  const { line, log } = openLine();
  for (const name of ["l", "f", "c"]) await line.handle([pressed(name, { ctrl: true })]);
  assert.deepEqual(log, ["clear", "change", "bell", "change", "interrupt", "change"]);
});

pureTest("InputLine.interrupt() drops the draft, and leaves the second time", async () => {
  const { line, log, shown, type } = openLine();
  await type("draft");
  log.length = 0;
  assert.equal(line.interrupt(), true);
  assert.deepEqual([shown(), log], ["> ", ["change"]]);
  assert.equal(line.interrupt(), false);
  assert.deepEqual(log, ["change"]);
});

pureTest("InputLine takes a line that came at once behind a text for a text", async () => {
  const typed = (text: string) => ({ kind: "text", text }) as const;
  const asText = (text: string) => ({ kind: "text", text }) as const;
  const { line } = openLine();
  const read = (...lines: string[]) => {
    return line.handle(lines.flatMap((each) => [typed(each), ENTER]));
  };
  await read("hello", "/nick evil", "//x", "more");
  await read("/query bob", "/names", "hi", "/quit");
  await line.handle([typed("a draft")]);
  await line.handle([ENTER, typed("/quit"), ENTER, typed("/nick")]);
  await line.handle([typed(" al"), ENTER]);
  await read("//x", "/quit");
  // An empty line shows that more than one was pasted.
  await line.handle([ENTER, typed("/nick evil"), ENTER]);
  await line.handle([typed("  "), ENTER, typed("/nick evil"), ENTER]);
  line.end();
  assert.deepEqual((await Array.fromAsync(line.entries())).flat(), [
    ...["hello", asText("/nick evil"), asText("//x"), asText("more")],
    ...["/query bob", "/names", "hi", asText("/quit")],
    ...["a draft", asText("/quit")],
    "/nick al",
    ...["//x", asText("/quit")],
    ...["", asText("/nick evil"), "", asText("/nick evil")],
  ]);
});

pureTest("InputLine.ask() takes the answer, and then shows the draft again", async () => {
  const { line, log, shown, type } = openLine();
  await type("draft");
  const asked = line.ask("name> ", { typed: "ro" });
  assert.equal(shown(), "name> ro");
  await type("ot");
  line.setPrompt([{ text: "new> ", style: "prompt" }]);
  assert.equal(shown(), "name> root");
  await line.handle([ENTER]);
  assert.equal(await asked, "root");
  assert.equal(shown(), "new> draft");
  assert.ok(!log.some((each) => each.startsWith("entered")), "an answer is no entry");
  await line.handle([ENTER]);
  line.end();
  assert.deepEqual(await Array.fromAsync(line.entries()), [["draft"]]);
});

pureTest(
  "InputLine.ask() has what is typed replace a proposal, and any other key keep it",
  async () => {
    const cases = [
      [[{ kind: "text", text: "bob" }], "bob"],
      [[{ kind: "paste", text: "bob", isWhole: true }], "bob"],
      [[], "guest"],
      [[pressed("backspace"), { kind: "text", text: "b" }], "b"],
      [[pressed("h", { ctrl: true }), { kind: "text", text: "b" }], "b"],
      [[pressed("end"), { kind: "text", text: "s" }], "guests"],
      [[pressed("home"), { kind: "text", text: "a" }], "aguest"],
      [[pressed("left"), pressed("backspace")], "guet"],
      [[{ kind: "text", text: "b" }, { kind: "text", text: "ob" }], "bob"],
      [
        [{ kind: "text", text: "b" }, pressed("_", { ctrl: true }), pressed("y", { ctrl: true })],
        "guest",
      ],
    ] as const;
    for (const [keys, answer] of cases) {
      const { line, shown } = openLine();
      const asked = line.ask("name> ", { proposal: "guest" });
      assert.equal(shown(), "name> guest");
      await line.handle([...keys, ENTER]);
      assert.equal(await asked, answer);
    }
  },
);

pureTest("InputLine.ask() has no answer if the user leaves instead", async () => {
  const { line } = openLine();
  const asked = line.ask("name> ", { typed: "" });
  await line.handle([pressed("d", { ctrl: true })]);
  assert.equal(await asked, undefined);
});

pureTest("InputLine completes when it is known with what, and keys go on meanwhile", async () => {
  const offer = Promise.withResolvers<Offer>();
  const befores: string[] = [];
  const complete = (before: string) => {
    befores.push(before);
    return befores.length === 1 ? offer.promise : { start: 0, candidates: [] };
  };
  const { line, log, shown, type } = openLine({ complete });
  await type("al");
  await line.handle([pressed("tab")]);
  assert.deepEqual([befores, shown()], [["al"], "> al"]);
  log.length = 0;
  offer.resolve({ start: 0, candidates: ["alice: "] });
  await letOthersRun();
  assert.deepEqual([shown(), log], ["> alice: ", ["change"]]);
  await line.handle([pressed("tab")]);
  await letOthersRun();
  assert.deepEqual(log.filter((each) => each === "bell"), ["bell"]);
});
