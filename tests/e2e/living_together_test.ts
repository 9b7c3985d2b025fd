import assert from "node:assert/strict";
import { COMMANDS } from "../../lib/chat/commands.ts";
import { normalize } from "../../tools/captures.ts";
import { testNeeding } from "../support/needs.ts";
import { ROOT } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";
import { PEOPLE, STEPS, ThreeClients } from "../support/three_clients.ts";

testNeeding(
  ["net", "read", "write", "run", "env", "tmux"],
  "three clients talk with every command, and each sees these very lines",
  async () => {
    await withDirectory(async (cwd) => {
      const setting = { cwd, build: "source", columns: 76, rows: 40, hasColors: false } as const;
      await using people = await ThreeClients.open(setting);
      await people.talk();
      await people.part();
      for (const name of PEOPLE) {
        const rows = normalize(await people.terminals[name].all());
        const expected = await Deno.readTextFile(`${ROOT}docs/captures/${name}.txt`);
        assert.equal(rows.join("\n") + "\n", expected, name);
      }
    });
  },
);

Deno.test({
  name: "the conversation of three uses every command",
  permissions: "none",
  fn() {
    const used = STEPS.flatMap(([, text]) => /^\/(\w+)/.exec(text)?.[1] ?? []);
    const missing = COMMANDS.filter(({ name }) => !used.includes(name)).map(({ name }) => name);
    assert.deepEqual(missing, []);
  },
});
