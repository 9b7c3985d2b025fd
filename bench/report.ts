/**
 * Tables, on the terminal and in bench/RESULTS.md.
 *
 * @module
 */

import type { Result } from "./generator.ts";
import { OURS, type Peer } from "./peers.ts";
import { output } from "./processes.ts";
import { median, type Outcome } from "./rounds.ts";

/** A table and what is to be said of it. */
export interface Section {
  readonly title: string;
  readonly head: readonly string[];
  /** Shorter rows are filled up. */
  readonly rows: readonly (readonly string[])[];
  /** Paragraphs below the table. */
  readonly notes?: readonly string[];
}

/** Writes a section as Markdown, its columns aligned. */
export function formatSection({ title, head, rows, notes = [] }: Section): string {
  const cells = [head, ...rows].map((row) => head.map((_, i) => row[i] ?? ""));
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) =>
    `| ${
      row.map((cell, i) => i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)).join(" | ")
    } |`
  );
  const rule = `| ${
    widths.map((width, i) => i ? `${"-".repeat(width - 1)}:` : "-".repeat(width)).join(" | ")
  } |`;
  return [`## ${title}`, "", lines[0], rule, ...lines.slice(1), ...notes.flatMap((n) => ["", n])]
    .join("\n") + "\n";
}

/**
 * Our figure divided by another relay's, round by round; the median of that.
 *
 * @returns `1.23 x`, or nothing for our own row.
 */
export function ratioOf<R>(
  outcomes: readonly Outcome<R>[],
  other: Outcome<R>,
  figure: (result: R) => number,
): string {
  const ours = outcomes.find(({ peer }) => peer.name === OURS) ?? outcomes[0]!;
  if (ours === other || ours.results.length === 0 || other.results.length === 0) return "";
  const pairs = other.results.map((result, i) => [ours.results[i], result] as const);
  const ratios = pairs.flatMap(([our, their]) => our ? [figure(our) / figure(their)] : []);
  return `${median(ratios).toFixed(2)} x`;
}

/** What was wrong in any round. */
export function troublesOf(results: readonly Result[]): string {
  const troubles = new Set(results.flatMap((result) => result.troubles));
  return troubles.size === 0 ? "whole" : [...troubles].join("; ");
}

/** Lowest and highest value. */
export function spread(values: readonly number[], format: (value: number) => string): string {
  return `${format(Math.min(...values))} - ${format(Math.max(...values))}`;
}

/** A number, in millions. */
export function millions(value: number): string {
  return `${(value / 1e6).toFixed(value < 1e7 ? 2 : 1)} M`;
}

/** A time, in a fitting unit. */
export function duration(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(2)} ms` : `${seconds.toFixed(2)} s`;
}

/** The machine and all versions, as lines of a list. */
export async function describeMachine(peers: readonly Peer[]): Promise<string[]> {
  const [cpu, kernel] = await Promise.all([output(["lscpu"]), output(["uname", "-srm"])]);
  const model = /^Model name:\s*(.+)$/m.exec(cpu ?? "")?.[1] ?? "unknown CPU";
  const versions = await Promise.all(peers.map(async ({ name, versionCommand }) => {
    const text = await output(versionCommand) ?? "";
    return `- ${name}: ${text.trim().split("\n")[0]}`;
  }));
  return [
    `- machine: ${model}, ${navigator.hardwareConcurrency} cores, ${kernel?.trim()}`,
    `- Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
    ...versions,
  ];
}

/** Something per second. */
export function formatSpeed(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString("en");
}
