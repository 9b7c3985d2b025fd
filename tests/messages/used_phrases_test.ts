import assert from "node:assert/strict";
import { CLUSTER } from "../../lib/messages/cluster.ts";
import { CLI } from "../../lib/messages/cli.ts";
import { COMMANDS } from "../../lib/messages/commands.ts";
import { FAILURES } from "../../lib/messages/failures.ts";
import { HISTORY } from "../../lib/messages/history.ts";
import { INVITATIONS } from "../../lib/messages/invitations.ts";
import { KEEPING } from "../../lib/messages/keeping.ts";
import { KEYS } from "../../lib/messages/keys.ts";
import { OPERATING } from "../../lib/messages/operating.ts";
import { OWNERSHIP } from "../../lib/messages/ownership.ts";
import { FILES } from "../../lib/messages/files.ts";
import { FRENCH } from "../../lib/messages/phrases.ts";
import { ROTATION } from "../../lib/messages/rotation.ts";
import { ROOM } from "../../lib/messages/room.ts";
import { TERMINAL } from "../../lib/messages/terminal.ts";
import { TLS } from "../../lib/messages/tls.ts";
import { testNeeding } from "../support/needs.ts";
import { ROOT } from "../support/programs.ts";
import { pureTest } from "../support/pure.ts";

/** Reads what the programs are made of, without comments and the catalogue. */
async function* readSources(directory = `${ROOT}lib`): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory && name !== "messages") yield* readSources(path);
    if (!name.endsWith(".ts")) continue;
    const source = await Deno.readTextFile(path);
    yield source.replaceAll(/\/\*\*[^]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  }
}

testNeeding(["read"], "every phrase is said somewhere", async () => {
  const sources = (await Array.fromAsync(readSources())).join("\n");
  const unused = Object.keys(FRENCH).filter((phrase) => {
    return !['"', "'", "`"].some((quote) => sources.includes(quote + phrase + quote));
  });
  assert.deepEqual(unused, []);
});

pureTest("no phrase is in the catalogue twice", () => {
  const kept = [FILES, HISTORY, INVITATIONS, KEEPING, KEYS, OPERATING, OWNERSHIP, ROTATION];
  const all = [CLI, CLUSTER, COMMANDS, FAILURES, ...kept, ROOM, TERMINAL, TLS].flatMap((part) =>
    Object.keys(part)
  );
  assert.equal(all.length, Object.keys(FRENCH).length);
  assert.deepEqual(all.filter((phrase, i) => all.indexOf(phrase) !== i), []);
});
