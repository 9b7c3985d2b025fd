/**
 * Work (h): the client at a terminal, while messages of four members flood the room and a draft is
 * typed.
 *
 * @module
 */

import { until } from "../tests/support/process_info.ts";
import { commandLine } from "../tests/support/programs.ts";
import { RawClient } from "../tests/support/raw_client.ts";
import { pour, sealMessages } from "../tests/support/sealed.ts";
import { listPeers, OURS, PYTHON, type RunningPeer, startPeer } from "./peers.ts";
import { duration, type Section } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

const WATCH = new URL("generator/flood.py", import.meta.url).pathname;
const NICKNAMES = ["bob", "carol", "dave", "eve"];
const DRAFT = "a draft that is being typed while messages keep coming in";

/** Text that was made to do harm, or to be slow to lay out. */
const HOSTILE = [
  "\x1b[2J\x1b]52;c;aGk=\x07",
  "a\u0301".repeat(40),
  "\u202eevil\u202c",
  "漢字".repeat(20),
  "👩‍🚀❤️🇫🇷".repeat(8),
  "https://example.com/" + "x".repeat(300),
  "a\rb\nc\u2028d",
  "Z" + "\u0300".repeat(2000),
  "\u{e0041}".repeat(50),
];

/** What is poured into the room. */
interface Flood {
  readonly name: string;
  readonly total: number;
  readonly perSecond: number;
  readonly text: (i: number) => string;
  readonly columns: number;
  readonly rows: number;
}

/** What the watcher saw; see bench/generator/flood.py. */
interface Seen {
  readonly isWhole: boolean;
  /** Number and time, in ms since 1970, of each message as it came. */
  readonly arrivals: readonly (readonly [number: number, at: number])[];
  readonly repaintsInBusiestSecond: number;
  readonly hasDraft: boolean;
  readonly peakKib: number;
}

/** Pours each flood once. */
export async function runFlood({ share }: Effort): Promise<Section> {
  const short = () => "hello there, how are you?";
  const long = () => "lorem ipsum dolor sit amet ".repeat(19).slice(0, 500);
  const hostile = (i: number) => HOSTILE[i % HOSTILE.length]!;
  const small = { columns: 80, rows: 24 };
  const burst = { total: 5000, perSecond: 5000, text: short };
  const scroll = { total: Math.round(100_000 * share), perSecond: 10_000, ...small };
  const bursts: Flood[] = [
    { name: "5,000 in a second", ...burst, ...small },
    { name: "5,000 in a second, 200x50", ...burst, columns: 200, rows: 50 },
  ];
  const scrolls: Flood[] = [
    { name: "a scroll of short lines", ...scroll, text: short },
    { name: "a scroll of 500 characters", ...scroll, text: long },
    { name: "a hostile scroll", ...scroll, text: hostile },
  ];
  // Each scroll takes a minute, and the source's are no different.
  const floods = { compiled: [...bursts, ...scrolls], source: bursts };
  const rows: string[][] = [];
  for (const build of ["compiled", "source"] as const) {
    for (const flood of floods[build]) {
      const { seen, sent } = await pourInto(build, flood);
      const lags = seen.arrivals.map(([number, at]) => at - sent[number]!);
      const took = (seen.arrivals.at(-1)?.[1] ?? NaN) - sent[0]!;
      rows.push([
        `${flood.name} (${build})`,
        flood.total.toLocaleString("en"),
        duration((sent.at(-1)! - sent[0]!) / 1000),
        duration(took / 1000),
        duration(median(lags) / 1000),
        `${seen.repaintsInBusiestSecond}`,
        `${Math.round(seen.peakKib / 1024)} MiB`,
        seen.isWhole && seen.hasDraft ? "whole" : "NOT whole",
      ]);
    }
  }
  return {
    title: "(h) The client at a terminal while a room is flooded",
    head: ["flood", "messages", "sent in", "shown in", "lag", "repaints/s", "peak RSS", "received"],
    rows,
    notes: [
      "Signed messages of four members, all verified, on a pseudo-terminal that takes what comes. " +
      '"lag" is the median time from the sending of a message to its bytes on the terminal, "shown ' +
      'in" the time to the last, both with the waiting for its decryption; "received": each ' +
      "message came exactly once and in order, and the draft is in the last repaint.",
    ],
  };
}

async function pourInto(
  build: "compiled" | "source",
  flood: Flood,
): Promise<{ seen: Seen; sent: readonly number[] }> {
  const relay = (await listPeers()).find(({ name }) => name === OURS)!;
  await using server = await startPeer(relay);
  const keyPath = `${server.directory}/secret.key`;
  await until(() => Deno.stat(keyPath).then(() => true, () => false), "a key");
  const keyText = (await Deno.readTextFile(keyPath)).trim();
  const texts = Array.from({ length: flood.total }, (_, i) => {
    return `line ${String(i).padStart(6, "0")}: ${flood.text(i)}`;
  });
  const lines = await sealMessages({ keyText, nicknames: NICKNAMES, texts });
  using watcher = await Watcher.start(await commandLine("client", build), server, flood);
  using client = await RawClient.connect(server.port);
  const sent = await pour(client, lines, flood.perSecond);
  return { seen: await watcher.seen(), sent };
}

/** The process that runs a client. */
class Watcher implements Disposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async start(
    client: readonly string[],
    { port, directory }: RunningPeer,
    { columns, rows, total }: Flood,
  ): Promise<Watcher> {
    const key = ["--key", `${directory}/secret.key`];
    const plan = {
      command: [...client, "127.0.0.1", `${port}`, "--nick", "alice", ...key],
      env: { XDG_STATE_HOME: directory, XDG_CONFIG_HOME: directory, TERM: "xterm-256color" },
      draft: DRAFT,
      ...{ columns, rows, total },
    };
    const args = ["-B", WATCH, JSON.stringify(plan)];
    const watcher = new Watcher(new Deno.Command(PYTHON, { args, stdout: "piped" }).spawn());
    await watcher.#line();
    return watcher;
  }

  /** What it saw, when all has come or nothing more comes. */
  async seen(): Promise<Seen> {
    return JSON.parse(await this.#line());
  }

  /** Ends it, and the client with it. */
  [Symbol.dispose](): void {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended already.
    }
  }

  async #line(): Promise<string> {
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error("Cannot watch the client: its watcher ended");
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return line;
  }
}
