/**
 * Work (j): a file of 1 GiB from client to client, beside a bare TCP relay with the same frames and
 * beside magic-wormhole.
 *
 * @module
 */

import { peakResidentBytes, until } from "../tests/support/process_info.ts";
import {
  type Build,
  IMPORT_FLAGS,
  Program,
  ROOT,
  spawn,
  startServer,
} from "../tests/support/programs.ts";
import { prepareNpmToolchain, type Toolchain } from "../tools/npm_toolchain.ts";
import { freePort } from "./processes.ts";
import type { Section } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";
import { findWormhole, sendByWormhole, type Times, WORMHOLE_INSTALL } from "./wormhole.ts";

const MIB = 1024 * 1024;
const OURS = "chat-client through chat-server";
const BARE = "bare relay, same frames";
const BARE_PATH = `${ROOT}bench/bare_transfer.ts`;
const BARE_SOURCE = [Deno.execPath(), "run", "-A", ...IMPORT_FLAGS, BARE_PATH];
const MAX_ROUNDS = 3;
const MAX_SECONDS = 600;

/** One way for a file: from `source` to the path `to`. */
type Way = (source: string, to: string, cwd: string) => Promise<Times & { memory?: string }>;

/** Sends one file in all ways, in turns. */
export async function runTransfer({ rounds, share }: Effort): Promise<Section> {
  const mib = Math.round(1024 * share);
  const wormhole = await findWormhole();
  const directory = await Deno.makeTempDir({ prefix: "chat-bench-" });
  try {
    const bare = await compileBare(directory);
    const ways: [name: string, way: Way][] = [
      [OURS, (...args) => sendOurs("compiled", ...args)],
      [`${OURS} (deno run)`, (...args) => sendOurs("source", ...args)],
      [BARE, (...args) => sendBare([bare], ...args)],
      [`${BARE} (deno run)`, (...args) => sendBare(BARE_SOURCE, ...args)],
      ...wormhole === undefined ? [] : [[wormhole, sendByWormhole] as [string, Way]],
    ];
    const source = `${directory}/source`;
    await writeRandom(source, mib);
    const results = ways.map((): Awaited<ReturnType<Way>>[] => []);
    for (let round = 0; round < Math.min(rounds, MAX_ROUNDS); round++) {
      for (const [i, [, way]] of ways.entries()) {
        const to = `${directory}/taken`;
        results[i]!.push(await way(source, to, directory));
        await assertEqual(source, to);
        await Deno.remove(to);
      }
    }
    const [ours] = results;
    const rows = ways.map(([name], i) => {
      const mine = results[i]!;
      const ratios = mine.map(({ seconds }, round) => seconds / ours![round]!.seconds);
      const speed = (times: readonly number[]) => `${Math.round(mib / median(times))} MiB/s`;
      return [
        name,
        speed(mine.map(({ seconds }) => seconds)),
        speed(mine.map(({ wholeSeconds }) => wholeSeconds)),
        i === 0 ? "" : `${median(ratios).toFixed(2)} x`,
        mine.at(-1)?.memory ?? "",
      ];
    });
    if (wormhole === undefined) {
      rows.push(["magic-wormhole", `not installed (${WORMHOLE_INSTALL})`, "", "", ""]);
    }
    return {
      title: `(j) a file of ${mib} MiB from client to client, through a relay`,
      head: ["", "speed", "with the start", "ratio", "memory at most"],
      rows,
      notes: [
        'Every file is compared with its source. "speed" is from the first of the file to the ' +
        "taker's word that it is whole; \"with the start\" is from the start of the sender's " +
        "program to its end. chat-client reads a file once before it offers it, and has all of it on " +
        "disk before it says that it is whole. The server ran " +
        "with `--pipe-rate 1024`: unless it is told otherwise, it passes on 32 MiB of a file in " +
        "a second.",
      ],
    };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function sendOurs(
  build: Build,
  source: string,
  to: string,
  cwd: string,
): ReturnType<Way> {
  await using server = await startServer({ cwd, build, args: ["--pipe-rate", "1024"] });
  const address = ["127.0.0.1", `${server.port}`, "--json", "--ephemeral", "--nick"];
  const options = { build, cwd };
  const directory = `${to}-directory`;
  await using taker = await spawn(
    "client",
    ["take", ...address, "bob", "--dir", directory],
    options,
  );
  await taker.waitFor("stdout", /"type":"live"/);
  const begunAt = performance.now();
  await using sender = await spawn("client", ["send-file", source, ...address, "alice"], options);
  await sender.waitFor("stdout", /"state":"running"/);
  const runningAt = performance.now();
  const peaks = watchPeaks({ relay: server.program, sender, taker });
  await sender.waitFor("stdout", /"state":"done"/);
  const doneAt = performance.now();
  await sender.finished();
  const endedAt = performance.now();
  await taker.finished();
  await Deno.rename(`${directory}/source`, to);
  const memory = Object.entries(await peaks).map(([name, mib]) => `${name} ${mib} MiB`).join(", ");
  return {
    ...{ seconds: (doneAt - runningAt) / 1000, wholeSeconds: (endedAt - begunAt) / 1000 },
    memory,
  };
}

/** The most memory that programs take, in MiB, until one of them has ended. */
async function watchPeaks(
  programs: Readonly<Record<string, Program>>,
): Promise<Readonly<Record<string, number>>> {
  const peaks: Record<string, number> = {};
  await until(
    async () => {
      for (const [name, { child }] of Object.entries(programs)) {
        const bytes = await peakResidentBytes(child.pid).catch(() => undefined);
        if (bytes === undefined) return true;
        peaks[name] = Math.round(bytes / MIB);
      }
      return false;
    },
    "at the end",
    MAX_SECONDS,
  );
  return peaks;
}

/** Compiles the bare relay and its clients, with the runtime that the compiled programs have. */
async function compileBare(directory: string): Promise<string> {
  const to = `${directory}/bare`;
  const args = ["compile", "-q", "--no-check", "--no-lock", "-A", "-o", to, BARE_PATH];
  const compile = async ({ deno, env }: Toolchain) =>
    await new Deno.Command(deno, { args, env, stderr: "null" }).output();
  if ((await compile({ deno: Deno.execPath(), env: {} })).success) return to;
  const { success } = await compile(await prepareNpmToolchain(`${directory}/denort`));
  if (!success) throw new Error(`Cannot compile ${BARE_PATH}`);
  return to;
}

async function sendBare(
  command: readonly string[],
  source: string,
  to: string,
  cwd: string,
): ReturnType<Way> {
  const { size } = await Deno.stat(source);
  const port = `${freePort()}`;
  const start = (...args: string[]) => Program.spawn([...command, ...args], { cwd });
  await using relay = start("relay", port);
  await untilOpen(relay);
  await using taker = start("take", port, to, `${size}`);
  await until(async () => await Deno.stat(to).then(() => true, () => false), "the taker");
  const begunAt = performance.now();
  await using sender = start("send", port, source);
  await sender.waitFor("stdout", /^sending$/m);
  const sendingAt = performance.now();
  await sender.finished(MAX_SECONDS);
  const endedAt = performance.now();
  await taker.finished();
  return { seconds: (endedAt - sendingAt) / 1000, wholeSeconds: (endedAt - begunAt) / 1000 };
}

/** A connection would be taken for an end. */
async function untilOpen({ child }: Program): Promise<void> {
  await until(async () => {
    const { stdout } = await new Deno.Command("ss", { args: ["-tlnp"] }).output();
    return new TextDecoder().decode(stdout).includes(`pid=${child.pid},`);
  }, "open");
}

async function assertEqual(a: string, b: string): Promise<void> {
  const { success } = await new Deno.Command("cmp", { args: ["-s", a, b] }).output();
  if (!success) throw new Error("what came is another file");
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
