import assert from "node:assert/strict";
import { MAX_PASSPHRASE_BYTES } from "../../lib/crypto/sealed_text.ts";
import { Questions } from "../../lib/programs/questions.ts";
import { answering } from "../support/commands.ts";
import { SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

/** Notes what is written. */
function asked(written: string[]) {
  return {
    write: (text: string) => void written.push(text),
    before: () => {},
    say: SAY,
  };
}

pureTest("readSecret() takes line after line where there is no terminal", async () => {
  const questions = answering("one \r\ntwo\nthrée");
  assert.equal(questions.isTerminal, false);
  assert.equal(await questions.readSecret("passphrase: "), "one ");
  assert.equal(await questions.readSecret("passphrase: "), "two");
  assert.equal(await questions.readSecret("passphrase: "), "thrée");
  const nothing = { name: "ChatError", message: "Cannot go on: nothing was entered" };
  await assert.rejects(questions.readSecret("passphrase: "), nothing);
  await assert.rejects(answering("\nx").readSecret("passphrase: "), nothing);
});

pureTest("readSecret() refuses a line that is no passphrase", async () => {
  const longest = "x".repeat(MAX_PASSPHRASE_BYTES);
  assert.equal(await answering(`${longest}\n`).readSecret("passphrase: "), longest);
  const message = `Cannot read line: longer than ${MAX_PASSPHRASE_BYTES} bytes`;
  for (const input of [`${longest}x\n`, `${longest}x`, "é".repeat(MAX_PASSPHRASE_BYTES)]) {
    await assert.rejects(answering(input).readSecret("passphrase: "), { message });
  }
});

pureTest("rest() has what no question has read, however it came", async () => {
  for (const size of [1, 3, 1000]) {
    const bytes = new TextEncoder().encode(`acorn\r\n${"x".repeat(5000)}\nlast`);
    const input = async function* () {
      for (let i = 0; i < bytes.length; i += size) {
        yield await Promise.resolve(bytes.slice(i, i + size));
      }
    };
    const questions = new Questions({ ...asked([]), input: input(), isTerminal: false });
    assert.equal(
      await questions.askWords("the four words: ", (text) => Promise.resolve(text)),
      "acorn",
    );
    let rest = "";
    for await (const chunk of questions.rest()) rest += new TextDecoder().decode(chunk);
    assert.equal(rest, `${"x".repeat(5000)}\nlast`);
  }
  let nothing = "";
  for await (const chunk of answering("").rest()) nothing += chunk;
  assert.equal(nothing, "");
});

pureTest("askWords() shows what is typed, and completes it", async () => {
  const typed = (keys: string) => {
    const written: string[] = [];
    const questions = new Questions({
      ...asked(written),
      input: ReadableStream.from(keys.split("|").map((chunk) => new TextEncoder().encode(chunk))),
      isTerminal: true,
    });
    return { questions, written };
  };
  const complete = (text: string) => Promise.resolve(`${text}!`);
  const { questions, written } = typed("a|b\tc|\x7f|\x1b[A|\x01d|\r|x\x15yz\n|\x04");
  assert.equal(await questions.askWords("the four words: ", complete), "ab!d");
  assert.deepEqual(written, ["the four words: ", "", "a", "b!c", "\b \b", "", "d", "", "\n"]);
  assert.equal(await questions.askWords("the four words: ", complete), "yz");
  assert.equal(await questions.askWords("the four words: ", complete), undefined);
});
