/**
 * Work (j): a file of 1 GiB from client to client, beside a bare TCP relay with the same frames.
 *
 * @module
 */

import { peakResidentBytes } from "../tests/support/process_info.ts";
import { IMPORT_FLAGS, Program, ROOT, spawn, startServer } from "../tests/support/programs.ts";
import { freePort } from "./processes.ts";
import type { Section } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

const MIB = 1024 * 1024;

/** Sends one file both ways, in turns. */
export async function runTransfer({ rounds, share }: Effort): Promise<Section> {
  const mib = Math.round(1024 * share);
  const directory = await Deno.makeTempDir({ prefix: "chat-bench-" });
  try {
    const source = `${directory}/source`;
    await writeRandom(source, mib);
    const [ours, bare]: number[][] = [[], []];
    let peaks = { server: 0, sender: 0, taker: 0 };
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      bare!.push(mib / await sendBare(source, mib, directory));
      const { seconds, ...more } = await sendOurs(source, directory);
      ours!.push(mib / seconds);
      peaks = more;
    }
    const ratios = ours!.map((speed, round) => speed / bare![round]!);
    const row = (name: string, speeds: readonly number[], ratio: string, memory: string) => {
      return [name, `${Math.round(median(speeds))} MiB/s`, ratio, memory];
    };
    const memory = Object.entries(peaks).map(([name, bytes]) => `${name} ${bytes} MiB`).join(", ");
    return {
      title: `(j) a file of ${mib} MiB from client to client`,
      head: ["", "speed", "ratio", "memory at most"],
      rows: [
        row("bare relay, same frames", bare!, "1.00", ""),
        row("chat-client through chat-server", ours!, median(ratios).toFixed(2), memory),
      ],
    };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function sendOurs(source: string, cwd: string) {
  await using server = await startServer({
    ...{ cwd, build: "compiled", args: ["--pipe-rate", "1024"] },
  });
  const address = ["127.0.0.1", `${server.port}`, "--json", "--ephemeral", "--nick"];
  const options = { build: "compiled", cwd } as const;
  await using taker = await spawn(
    "client",
    ["take", ...address, "bob", "--dir", `${cwd}/taken`],
    options,
  );
  await taker.waitFor("stderr", /connected/);
  await using sender = await spawn("client", ["send-file", source, ...address, "alice"], options);
  await sender.waitFor("stdout", /"state":"running"/);
  const begun = performance.now();
  await sender.waitFor("stdout", /"state":"done"/);
  const seconds = (performance.now() - begun) / 1000;
  const peaks = {
    server: await peakOf(server.program),
    sender: await peakOf(sender),
    taker: await peakOf(taker),
  };
  await Deno.remove(`${cwd}/taken`, { recursive: true });
  return { seconds, ...peaks };
}

async function sendBare(source: string, mib: number, cwd: string): Promise<number> {
  const port = `${freePort()}`;
  const path = `${ROOT}bench/bare_transfer.ts`;
  const start = (...args: string[]) =>
    Program.spawn([Deno.execPath(), "run", "-A", ...IMPORT_FLAGS, path, ...args], { cwd });
  await using relay = start("relay", port);
  await untilOpen(relay);
  const begun = performance.now();
  await using taker = start("take", port, "taken-bare", `${mib * MIB}`);
  await using sender = start("send", port, source);
  await Promise.all([taker, sender].map((program) => program.finished(300)));
  const seconds = (performance.now() - begun) / 1000;
  const { size } = await Deno.stat(`${cwd}/taken-bare`);
  if (size !== mib * MIB) throw new Error(`${size} bytes came`);
  await Deno.remove(`${cwd}/taken-bare`);
  return seconds;
}

/** A connection would be taken for an end. */
async function untilOpen({ child }: Program): Promise<void> {
  for (;;) {
    const { stdout } = await new Deno.Command("ss", { args: ["-tlnp"] }).output();
    if (new TextDecoder().decode(stdout).includes(`pid=${child.pid},`)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The most memory that a process took, in MiB; 0 if it has ended. */
async function peakOf({ child }: Program): Promise<number> {
  return Math.round(await peakResidentBytes(child.pid).catch(() => 0) / MIB);
}

async function writeRandom(path: string, mib: number): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const bytes = new Uint8Array(MIB);
  for (let i = 0; i < mib; i++) {
    for (let at = 0; at < MIB; at += 65_536) {
      crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    }
    await file.write(bytes);
  }
}
