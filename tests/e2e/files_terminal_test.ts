import assert from "node:assert/strict";
import { openClient } from "../support/client_terminal.ts";
import { spawn, startServer } from "../support/programs.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "tmux"] as const;
const MIB = 1024 * 1024;
const PROGRESS = /^↓ a\.bin {2}\d+ % of 10\.5 MB, .* left$/;

testNeeding(
  NEEDS,
  "progress is one row above the draft, which stays, while messages come",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: ["--pipe-rate", "1"] });
      const { port } = server;
      await using terminal = await openClient({
        cwd,
        port,
        args: ["--nick", "bob", "--ephemeral"],
      });
      await terminal.waitFor(/^bob>$/m);
      await Deno.writeFile(`${cwd}/a.bin`, new Uint8Array(10 * MIB));
      const address = ["127.0.0.1", `${port}`, "--key", "secret.key", "--nick"];
      await using sender = await spawn("client", ["send-file", "a.bin", ...address, "alice"], {
        cwd,
      });
      await using carol = await spawn("client", [...address, "carol", "--stay"], { cwd });
      await terminal.waitFor(/alice offers a\.bin \(10\.5 MB\): \/take 1/);
      await terminal.type("/take 1 taken");
      await terminal.press("Enter");
      await terminal.waitFor(/^↓ a\.bin/m);
      const draft = "this is a draft that wraps around at the end of the terminal";
      let bars = 0;
      for (let i = 0; i < draft.length; i++) {
        await terminal.type(draft[i]!);
        if (i % 4 === 0) await carol.write(`message ${i}\n`);
        const typed = `bob> ${draft.slice(0, i + 1)}`;
        await terminal.waitFor(RegExp(`^↓.*left\\n${pattern(typed)}$`, "m"));
        const rows = await terminal.screen();
        bars = rows.filter((row) => row.startsWith("↓")).length;
        assert.ok(bars === 1 && rows.some((row) => PROGRESS.test(row)), rows.join("\n"));
      }
      await sender.finished();
      await terminal.waitFor(/a\.bin of alice is here: taken\/a\.bin/);
      await carol.write("the last\n");
      await terminal.waitFor(RegExp(`carol {2}the last\\n${pattern(`bob> ${draft}`)}$`));
      const all = await terminal.all();
      assert.ok(all.every((row) => !row.startsWith("↓")), all.join("\n"));
      for (let i = 0; i < draft.length; i += 4) {
        assert.equal(all.filter((row) => row.endsWith(`  message ${i}`)).length, 1, all.join("\n"));
      }
    });
  },
);

testNeeding(NEEDS, "Tab completes what /send is to send", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    await Deno.mkdir(`${cwd}/papers`);
    await Deno.writeTextFile(`${cwd}/papers/my report.pdf`, "text");
    const args = ["--nick", "bob", "--ephemeral"];
    await using terminal = await openClient({ cwd, port: server.port, args });
    await terminal.waitFor(/^bob>$/m);
    await terminal.type("/send pap");
    await terminal.press("Tab");
    await terminal.waitFor(/^bob> \/send papers\/$/m);
    await terminal.type("my re");
    await terminal.press("Tab");
    await terminal.waitFor(/^bob> \/send papers\/my report\.pdf$/m);
    await terminal.press("Enter");
    await terminal.waitFor(/you offer my report\.pdf \(4 B\) to all; \/cancel 1/);
  });
});

/** A text as it stands in 60 columns, the rows after the first one behind the prompt. */
function pattern(text: string): string {
  const escaped = (part: string) => part.replace(/[>.]/g, "\\$&");
  if (text.length <= 59) return escaped(text.trimEnd());
  return `${escaped(text.slice(0, 40))}[^]*${escaped(text.slice(-1).trim())}`;
}
