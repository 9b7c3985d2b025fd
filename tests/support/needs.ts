/**
 * What tests need beside Deno, and what becomes of a test that cannot have it.
 *
 * A bare `deno test` has no permissions: a test that needs one is left out. On a machine that lacks
 * a program, the tests that need it are left out with its name. Where `CI` is true, they fail.
 *
 * @module
 */

import { within } from "./within.ts";

/** A permission of Deno. */
export type Permission = "net" | "read" | "write" | "run" | "env" | "sys";

/** A part of the machine that not everybody has. */
interface PartSpec {
  /** A command that succeeds where the part is there. */
  readonly probe: readonly string[];
  /** What brings it: a package of Debian, unless it has a blank. */
  readonly from: string;
}

/** Debian's own Python: the one that has its packages. */
export const PYTHON = "/usr/bin/python3";

/** Fetches a small package anew; it fails at once without a network, and in 20 s with a deaf one. */
const FETCH = `
const args = ["cache", "-q", "--no-config", "--no-lock", "--reload=npm:get-east-asian-width"];
const signal = AbortSignal.timeout(20_000);
const command = new Deno.Command(Deno.execPath(), {
  args: [...args, "npm:get-east-asian-width@1"], signal, stdout: "null", stderr: "null",
});
Deno.exit((await command.output()).code);
`;

/** All parts that any test needs. */
const PARTS = {
  python3: { probe: [PYTHON, "-c", ""], from: "python3" },
  "python3-cryptography": {
    probe: [PYTHON, "-c", "import cryptography.fernet"],
    from: "python3-cryptography",
  },
  bash: { probe: ["bash", "-c", ":"], from: "bash" },
  dash: { probe: ["dash", "-c", ":"], from: "dash" },
  fish: { probe: ["fish", "-c", "true"], from: "fish" },
  man: { probe: ["man", "-V"], from: "man-db" },
  mandoc: { probe: ["mandoc"], from: "mandoc" },
  prlimit: { probe: ["prlimit", "-V"], from: "util-linux" },
  ss: { probe: ["ss", "-V"], from: "iproute2" },
  strace: { probe: ["strace", "-V"], from: "strace" },
  tmux: { probe: ["tmux", "-V"], from: "tmux" },
  zsh: { probe: ["zsh", "-fc", "zmodload zsh/zpty"], from: "zsh" },
  network: { probe: [Deno.execPath(), "eval", FETCH], from: "access to npm" },
} as const satisfies Record<string, PartSpec>;

/** The packages of Debian that bring all parts. */
export const PACKAGES: readonly string[] = Object.values(PARTS).map(({ from }) => from)
  .filter((from) => !from.includes(" "));

/** A part's name. */
export type Part = keyof typeof PARTS;

/** What a test may need. */
export type Need = Permission | Part;

/** Longest that any test may take, in seconds: one that waits for ever fails. */
const MAX_TEST_SECONDS = 300;

/** Registers a test that needs permissions or parts of the machine. */
export function testNeeding(
  needs: readonly Need[],
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const parts = needs.filter(isPart);
  const permissions = needs.filter((need) => !isPart(need));
  if (parts.length > 0 && !permissions.includes("run")) throw new Error(`${name}: needs run, too`);
  if (!permissions.every(isGranted)) {
    Deno.test({ name: `${name} (needs permissions: deno task test)`, ignore: true, fn });
    return;
  }
  const missing = parts.filter((part) => !isHere(part));
  if (missing.length > 0 && !isCi()) {
    Deno.test({ name: nameLeftOut(name, missing), ignore: true, fn });
    return;
  }
  Deno.test(name, async (t) => {
    if (missing.length > 0) throw new Error(`Cannot run: ${describeMissing(missing)}`);
    declared = parts;
    const state = () => "the test has not ended";
    await within(MAX_TEST_SECONDS, state, Promise.resolve(fn(t)));
  });
}

/** The parts that the running test has declared; tests of one file run one after the other. */
let declared: readonly Part[] = [];

/**
 * Has a helper insist on what it uses, so that a need that is not declared shows on every machine.
 *
 * @param parts One of them has to be declared.
 */
export function requirePart(...parts: readonly Part[]): void {
  if (parts.some((part) => declared.includes(part))) return;
  throw new Error(`The test uses ${parts[0]}, and does not declare it`);
}

function nameLeftOut(name: string, missing: readonly Part[]): string {
  return `${name} (needs ${missing.join(", ")})`;
}

/**
 * Finds the parts in the name of a test that was left out for them.
 *
 * @returns None for any other name.
 */
export function readLeftOut(name: string): Part[] {
  const [, list] = /\(needs ([^()]+)\)$/.exec(name) ?? [];
  const parts = list?.split(", ") ?? [];
  return parts.every(isPart) ? parts : [];
}

/** Says what is missing, and what brings it. */
export function describeMissing(missing: readonly Part[]): string {
  const sources: string[] = missing.map((part) => PARTS[part].from);
  const packages = sources.filter((source) => !source.includes(" "));
  const others = sources.filter((source) => source.includes(" "));
  const ways = packages.length > 0 ? [`apt-get install ${packages.join(" ")}`, ...others] : others;
  return `${missing.join(", ")} not found (${ways.join("; ")})`;
}

function isPart(need: string): need is Part {
  return Object.hasOwn(PARTS, need);
}

function isGranted(need: Need): boolean {
  return Deno.permissions.querySync({ name: need as Permission }).state === "granted";
}

function isCi(): boolean {
  return isGranted("env") && /^(?:true|1)$/i.test(Deno.env.get("CI") ?? "");
}

const found = new Map<Part, boolean>();

function isHere(part: Part): boolean {
  if (!found.has(part)) found.set(part, succeeds(PARTS[part].probe));
  return found.get(part)!;
}

function succeeds([command, ...args]: readonly string[]): boolean {
  try {
    const options = { args, stdin: "null", stdout: "null", stderr: "null" } as const;
    return new Deno.Command(command!, options).outputSync().success;
  } catch {
    return false;
  }
}
