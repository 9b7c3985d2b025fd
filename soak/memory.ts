/**
 * What the server's process costs, sampled while it runs (Linux).
 *
 * @module
 */

const MIB = 1024 * 1024;
/** Seconds after which memory must be flat. */
const WARM_UP_SECONDS = 120;
/** Growth allowed after that, in bytes. */
const MAX_GROWTH_BYTES = 32 * MIB;
/** The same for runs too short to tell the warm-up from the rest. */
const MAX_SHORT_GROWTH_BYTES = 48 * MIB;
/** Growth allowed by the trend, from minute 2 to the end: in half an hour 0.6 MiB a minute. */
const MAX_TREND_BYTES = 16 * MIB;
/** Seconds of which only the lowest sample counts for the trend. */
const WINDOW_SECONDS = 60;
/** Clock ticks in a second, as `/proc` counts them. */
const TICKS = 100;

/** One look at a process. */
export interface Sample {
  /** Since the start of the soak. */
  readonly seconds: number;
  /** Resident memory. */
  readonly bytes: number;
  /** Processor time used so far, by all threads. */
  readonly cpuSeconds: number;
}

/** Looks at a process; undefined if there is none. */
export async function sampleProcess(pid: number, seconds: number): Promise<Sample | undefined> {
  // Deno itself reads nothing under /proc without --allow-all.
  const args = [`/proc/${pid}/status`, `/proc/${pid}/stat`];
  const { stdout } = await new Deno.Command("cat", { args, stderr: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  const fields = text.split("\n").find((line) => line.startsWith(`${pid} (`))
    ?.replace(/^.*\) /, "").split(" ");
  if (!resident || !fields) return undefined;
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { seconds, bytes: Number(resident) * 1024, cpuSeconds: ticks / TICKS };
}

/** How memory developed. */
export interface MemoryVerdict {
  /** Highest before and from minute 2 on (short runs: first and second half), in bytes. */
  readonly before: number;
  readonly after: number;
  /** Trend of the lowest values in windows, from minute 2 (or the half) on, in bytes a minute. */
  readonly slope: number;
  /** What is wrong with it, if anything is. */
  readonly fault: string | undefined;
}

/**
 * Judges whether memory is flat.
 *
 * The engine's young generation grows and shrinks by up to 20 MiB, in steps and for minutes. A
 * mean, or a line of least squares, follows such steps; the median of the slopes between all pairs
 * of minutes does not, and so tells a slow leak from them.
 *
 * @see https://en.wikipedia.org/wiki/Theil-Sen_estimator
 */
export function judgeMemory(samples: readonly Sample[]): MemoryVerdict {
  const total = samples.at(-1)?.seconds ?? 0;
  const isLong = total >= 2 * WARM_UP_SECONDS;
  const split = isLong ? WARM_UP_SECONDS : total / 2;
  const late = samples.filter((sample) => sample.seconds >= split);
  const highest = (list: readonly Sample[]) => Math.max(0, ...list.map(({ bytes }) => bytes));
  const before = highest(samples.filter((sample) => sample.seconds < split));
  const after = highest(late);
  const slope = medianSlope(windowMinima(late)) * 60;
  const trend = slope * (total - split) / 60;
  const fault = after - before > (isLong ? MAX_GROWTH_BYTES : MAX_SHORT_GROWTH_BYTES)
    ? `rose from ${formatMib(before)} to ${formatMib(after)}`
    : isLong && trend > MAX_TREND_BYTES
    ? `rises by ${formatMib(slope)} a minute`
    : undefined;
  return { before, after, slope, fault };
}

/** Bytes as MiB, for people. */
export function formatMib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function windowMinima(samples: readonly Sample[]): Sample[] {
  const minima = new Map<number, Sample>();
  for (const sample of samples) {
    const window = Math.floor(sample.seconds / WINDOW_SECONDS);
    const lowest = minima.get(window);
    if (!lowest || sample.bytes < lowest.bytes) minima.set(window, sample);
  }
  return [...minima.values()];
}

/** The median of the slopes between all pairs, in bytes a second. */
function medianSlope(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((a, i) =>
    samples.slice(i + 1).map((b) => (b.bytes - a.bytes) / (b.seconds - a.seconds))
  ).sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? 0;
}
