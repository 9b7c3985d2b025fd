import assert from "node:assert/strict";
import { FileCommands } from "../../lib/chat/file_commands.ts";
import { FileDesk, type FileDeskParts } from "../../lib/client/files/desk.ts";
import type { FileOffer } from "../../lib/protocol/file_messages.ts";
import { letOthersRun, SAY } from "../support/fake_chat.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

/** The commands at an empty desk, and what the user is told. */
function create({ isPatient = true, hasFiles = true } = {}) {
  const told: string[] = [];
  const offered: string[] = [];
  const post = {
    ...{ agreementKey: "x", isPlain: false, tell: () => Promise.resolve() },
    offer: ({ name }: FileOffer) => Promise.resolve(void offered.push(name)),
  };
  const describe = () => "";
  const desk = new FileDesk(
    { post, describe, monotonic: () => 0, directory: "." } as unknown as FileDeskParts,
  );
  const { handlers } = new FileCommands({
    user: { isPatient, notify: (line) => void told.push(line) },
    members: { find: () => "there is no bob here; see /names" },
    say: SAY,
    ...hasFiles ? { files: desk } : {},
    reject: (reason) => void told.push(`not done: ${reason}`),
  });
  return { handlers, told, offered };
}

pureTest("a file that is not there is said not to be, and the client goes on", async () => {
  const { handlers, told } = create();
  await handlers.cancel("8");
  await handlers.take("9");
  await handlers.files();
  for (const text of ["", "x", "-1", "1.5", "1234567890"]) await handlers.cancel(text);
  assert.deepEqual(told, [
    "not done: there is no offer 8",
    "not done: there is no offer 9",
    "no files are offered",
    ...Array(5).fill("not done: a file is named by its number: see /files"),
  ]);
});

pureTest("a person at a prompt is told later, and nothing is thrown", async () => {
  const { handlers, told } = create({ isPatient: false });
  assert.equal(handlers.cancel("8"), undefined);
  assert.equal(handlers.take("x"), undefined);
  await letOthersRun();
  assert.deepEqual(told, [
    "not done: there is no offer 8",
    "not done: a file is named by its number: see /files",
  ]);
});

pureTest("where there are no files, every command says so", async () => {
  const { handlers, told } = create({ hasFiles: false });
  for (const command of Object.values(handlers)) await command("1");
  assert.deepEqual(told, Array(4).fill("not done: there are no files here"));
});

testNeeding(["read"], "a file that cannot be sent is said so", async () => {
  const { handlers, told } = create();
  await handlers.send("no such file", "bob");
  assert.deepEqual(told, ["not done: there is no bob here; see /names"]);
});

testNeeding(["read", "write"], "a path may have spaces, and quotes around it", async () => {
  await withDirectory(async (directory) => {
    for (const name of ["my report.pdf", '"odd".txt', "a"]) {
      await Deno.writeTextFile(`${directory}/${name}`, "text");
    }
    const { handlers, told, offered } = create();
    const lines: readonly [string, string][] = [
      [`${directory}/my`, "report.pdf"],
      [`"${directory}/my`, 'report.pdf"'],
      [`'${directory}/my`, "report.pdf'"],
      [`"${directory}/a"`, ""],
      [`${directory}/"odd".txt`, ""],
    ];
    for (const [first, rest] of lines) await handlers.send(first, rest);
    const report = "my report.pdf";
    assert.deepEqual(offered, [report, report, report, "a", '"odd".txt']);
    told.splice(0);
    await handlers.send(`"${directory}/my`, 'report.pdf" bob');
    assert.deepEqual(told, ["not done: there is no bob here; see /names"]);
  });
});

testNeeding(
  ["read", "write"],
  "what a program says is the path, whatever else is there",
  async () => {
    await withDirectory(async (directory) => {
      for (const name of ["report", "report bob", '"report"']) {
        await Deno.writeTextFile(`${directory}/${name}`, "text");
      }
      const { handlers, told, offered } = create();
      await handlers.send(`${directory}/report`, "bob", "exact");
      assert.deepEqual(told, ["not done: there is no bob here; see /names"]);
      for (const name of ["report bob", '"report"']) {
        await handlers.send(`${directory}/${name}`, "", "exact");
      }
      await Deno.remove(`${directory}/report bob`);
      await handlers.send(`${directory}/report bob`, "", "exact");
      assert.deepEqual(offered, ["report bob", '"report"']);
      assert.match(told.at(-1)!, /^not done: .*report bob/);
    });
  },
);
