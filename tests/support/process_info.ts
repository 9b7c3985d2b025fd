/**
 * What the system knows of a running program (Linux).
 *
 * @module
 */

import { requireDeclared } from "./needs.ts";

/** Units of processor time in a second, as Linux tells it to programs. */
const TICKS_PER_SECOND = 100;

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): Promise<number> {
  return statusBytes(pid, "VmRSS");
}

/** The most that a process's resident memory ever was, in bytes. */
export function peakResidentBytes(pid: number): Promise<number> {
  return statusBytes(pid, "VmHWM");
}

async function statusBytes(pid: number, field: string): Promise<number> {
  const status = await readStatus(pid);
  return Number(RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)![1]) * 1024;
}

/** Processor time that a process has taken, in s. */
export async function processorSeconds(pid: number): Promise<number> {
  // The second field, the program's name in brackets, may hold spaces.
  const fields = (await readFacts(pid, "stat")).replace(/^.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What the system says of a process: its user, its capabilities, its memory and more. */
export async function readStatus(pid: number): Promise<string> {
  return await readFacts(pid, "status");
}

/** The processes that a process has started. */
export async function listChildren(pid: number): Promise<number[]> {
  const children = await readFacts(pid, `task/${pid}/children`);
  return [...children.matchAll(/\d+/g)].map(Number);
}

async function readFacts(pid: number, name: string): Promise<string> {
  // Deno itself reads nothing under /proc without --allow-all.
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/${name}`] }).output();
  return new TextDecoder().decode(stdout);
}

/** TCP connections on a local port that are not closed yet, as `ss` lists them. */
export async function openConnections(port: number): Promise<string[]> {
  requireDeclared("ss");
  const args = ["-Htn", "state", "established", "state", "close-wait", `( sport = :${port} )`];
  const { success, stdout, stderr } = await new Deno.Command("ss", { args }).output();
  if (!success) throw new Error(`ss failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

/**
 * Waits until a condition holds. The system sends no event, so the condition is asked again and
 * again: after 10 ms first, then more and more seldom, up to every 200 ms.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  seconds = 30,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let pauseMs = 10;
  while (!await condition()) {
    const state = typeof what === "string" ? what : what();
    if (Date.now() > deadline) throw new Error(`After ${seconds} s: not yet ${state}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(1.4 * pauseMs, 200);
  }
}
