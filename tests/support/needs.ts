/**
 * What tests need beside Deno, and what becomes of a test that cannot have it.
 *
 * A bare `deno test` has no permissions: a test that needs one is left out. On a machine that lacks
 * a part, such as a program, the tests that need the part are left out with its name. Where the
 * environment says `CI=true`, they fail instead.
 *
 * @module
 */

import { within } from "./within.ts";

/** A permission of Deno. */
type Permission = "net" | "read" | "write" | "run" | "env" | "uid";

/** A part of the machine that not everybody has. */
interface PartSpec {
  /** A command that succeeds where the part is there. */
  readonly probe: readonly string[];
  /** The package of Debian that brings it. */
  readonly package?: string;
}

/** Debian's own Python: the one that has its packages. */
export const PYTHON = "/usr/bin/python3";

/** A small package of npm, which is fetched anew to see whether it can be. */
const SMALL = "npm:get-east-asian-width";
const FETCH = [
  "cache",
  "-q",
  "--no-config",
  "--no-lock",
  `--reload=${SMALL}`,
  `${SMALL}@1`,
] as const;

const IS_ROOT = `
const sudo = () => new Deno.Command("sudo", { args: ["-n", "true"] }).outputSync().success;
Deno.exit(Deno.uid() === 0 || sudo() ? 0 : 1);
`;

/** All parts that any test needs. */
const PARTS = {
  /** Files that can be given to another user: to root, or to one whom sudo asks no password. */
  chown: { probe: [Deno.execPath(), "eval", "--no-config", IS_ROOT] },
  bash: { probe: ["bash", "-c", ":"], package: "bash" },
  dash: { probe: ["dash", "-c", ":"], package: "dash" },
  faketime: { probe: ["faketime", "--version"], package: "faketime" },
  fish: { probe: ["fish", "-c", "true"], package: "fish" },
  haproxy: { probe: ["haproxy", "-v"], package: "haproxy" },
  man: { probe: ["man", "-V"], package: "man-db" },
  mandoc: { probe: ["mandoc"], package: "mandoc" },
  /** A small disk, which a namespace of the test's own mounts. */
  mount: { probe: ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"] },
  nats: { probe: ["nats-server", "--version"], package: "nats-server" },
  /** The network, as far as npm. */
  npm: { probe: [Deno.execPath(), ...FETCH] },
  openssl: { probe: ["openssl", "version"], package: "openssl" },
  prlimit: { probe: ["prlimit", "-V"], package: "util-linux" },
  promtool: { probe: ["promtool", "--version"], package: "prometheus" },
  python3: { probe: [PYTHON, "-c", ""], package: "python3" },
  "python3-cryptography": {
    probe: [PYTHON, "-c", "import cryptography.fernet"],
    package: "python3-cryptography",
  },
  setpriv: { probe: ["setpriv", "--version"], package: "util-linux" },
  ss: { probe: ["ss", "-V"], package: "iproute2" },
  "systemd-analyze": { probe: ["systemd-analyze", "--version"], package: "systemd" },
  strace: { probe: ["strace", "-V"], package: "strace" },
  tmux: { probe: ["tmux", "-V"], package: "tmux" },
  /** A process with namespaces of its own: one of root. */
  unshare: { probe: ["unshare", "--mount", "--pid", "--fork", "--kill-child", "true"] },
  zsh: { probe: ["zsh", "-fc", "zmodload zsh/zpty"], package: "zsh" },
} as const satisfies Record<string, PartSpec>;

/** A part's name. */
export type Part = keyof typeof PARTS;

/** Longest that a test with needs may take, in seconds: one that waits for ever fails. */
const MAX_TEST_SECONDS = 300;

/** Longest that a probe may take, in ms: one that waits for ever has not found its part. */
const MAX_PROBE_MS = 20_000;

/** The parts that the running test has declared; tests of one file run one after the other. */
let declared: readonly Part[] = [];

/** Registers a test that needs permissions, or parts of the machine, which imply `run`. */
export function testNeeding(
  needs: readonly (Permission | Part)[],
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const parts = needs.filter(isPart);
  const permissions = needs.filter((need) => !isPart(need));
  if (parts.length > 0) permissions.push("run");
  if (!permissions.every(isGranted)) {
    Deno.test({ name: `${name} (needs permissions: deno task test)`, ignore: true, fn });
    return;
  }
  const missing = parts.filter((part) => !isHere(part));
  if (missing.length > 0 && !isCi()) {
    Deno.test({ name: `${name} (needs ${missing.join(", ")})`, ignore: true, fn });
    return;
  }
  Deno.test(name, async (t) => {
    if (missing.length > 0) throw new Error(`Cannot run with CI=true: ${describe(missing)}`);
    declared = parts;
    try {
      await within(MAX_TEST_SECONDS, () => "the test has not ended", Promise.resolve(fn(t)));
    } finally {
      declared = [];
    }
  });
}

/** Declares what a program outside of the tests uses, as a test does with `testNeeding()`. */
export function declare(...parts: Part[]): void {
  declared = parts;
}

/**
 * Has whoever starts a program of the table insist that the test declares it: a need that is not
 * declared then shows on every machine.
 *
 * @param command The program, as the table's probe names it; any other needs nothing.
 */
export function requireDeclared(command: string): void {
  const parts = (Object.keys(PARTS) as Part[]).filter((part) => PARTS[part].probe[0] === command);
  if (command === Deno.execPath() || parts.length === 0) return;
  if (parts.some((part) => declared.includes(part))) return;
  throw new Error(`The test uses ${parts.join(" or ")}, and does not declare it`);
}

/** Finds the parts in the name of a test that was left out for them; none in any other name. */
export function readLeftOut(name: string): Part[] {
  const [, list = ""] = /\(needs ([^()]+)\)$/.exec(name) ?? [];
  const words = list.split(", ");
  return words.every(isPart) ? words : [];
}

/** What is missing where no package helps. */
const NO_PROGRAMS: Readonly<Partial<Record<Part, string>>> = {
  chown: "no other user's files can be made (be root)",
  npm: "npm cannot be reached",
  mount: "no disk can be mounted (be root, or let users have namespaces)",
  unshare: "no namespaces can be made (be root)",
};

/** Says which parts are missing, and what brings them. */
export function describe(missing: readonly Part[]): string {
  const programs = missing.filter((part) => !Object.hasOwn(NO_PROGRAMS, part));
  const clauses = Object.entries(NO_PROGRAMS).flatMap(([part, clause]) => {
    return missing.includes(part as Part) ? [clause] : [];
  });
  if (programs.length > 0) {
    const specs: readonly PartSpec[] = programs.map((part) => PARTS[part]);
    const packages = specs.map((spec) => spec.package);
    clauses.unshift(`${programs.join(", ")} not found (apt-get install ${packages.join(" ")})`);
  }
  return clauses.join("; ");
}

/** The packages of Debian that bring all parts. */
export function listPackages(): string[] {
  const parts: readonly PartSpec[] = Object.values(PARTS);
  return parts.flatMap((part) => part.package ?? []);
}

function isPart(need: string): need is Part {
  return Object.hasOwn(PARTS, need);
}

function isGranted(name: Permission): boolean {
  const permission = name === "uid" ? { name: "sys", kind: name } as const : { name };
  return Deno.permissions.querySync(permission).state === "granted";
}

function isCi(): boolean {
  return isGranted("env") && /^(?:true|1)$/i.test(Deno.env.get("CI") ?? "");
}

/** Where a run of the tests says which parts are there, so that not every file looks for itself. */
export const PARTS_VARIABLE = "CHAT_TEST_PARTS";

/**
 * Looks for all parts at once.
 *
 * @returns Those that are there, for {@linkcode PARTS_VARIABLE}.
 */
export async function probeParts(): Promise<string> {
  const parts = Object.keys(PARTS) as Part[];
  const found = await Promise.all(parts.map(async (part) => {
    const [command, ...args] = PARTS[part].probe;
    const signal = AbortSignal.timeout(MAX_PROBE_MS);
    const options = { args, signal, stdin: "null", stdout: "null", stderr: "null" } as const;
    const run = async () => (await new Deno.Command(command, options).output()).success;
    return await run().catch(() => false) ? [part] : [];
  }));
  return found.flat().join(" ");
}

const found = new Map<Part, boolean>();

function isHere(part: Part): boolean {
  const told = isGranted("env") ? Deno.env.get(PARTS_VARIABLE) : undefined;
  if (told !== undefined) return told.split(" ").includes(part);
  if (!found.has(part)) found.set(part, succeeds(PARTS[part].probe));
  return found.get(part)!;
}

/** Runs a command for a bounded time; registering a test waits for no promise, so this cannot. */
const RUN_BOUNDED = `
const [command, ...args] = Deno.args;
const signal = AbortSignal.timeout(${MAX_PROBE_MS});
const options = { args, signal, stdin: "null", stdout: "null", stderr: "null" };
Deno.exit((await new Deno.Command(command, options).output()).code);
`;

function succeeds(probe: readonly string[]): boolean {
  const args = ["eval", "--no-config", RUN_BOUNDED, "--", ...probe];
  return new Deno.Command(Deno.execPath(), { args, stderr: "null" }).outputSync().success;
}
