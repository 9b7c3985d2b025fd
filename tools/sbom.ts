/**
 * Prints what the two programs are made of, in CycloneDX: `deno run -A tools/sbom.ts`.
 *
 * Scanners do not read deno.lock. The runtime knows what it loads, and the lock file which bytes.
 *
 * @module
 * @see https://cyclonedx.org/docs/1.6/json/
 */

import { VERSION } from "../lib/version.ts";

/** The part of `deno info --json` that is read here. */
export interface ModuleInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly npmPackage?: string;
    /** Why it could not be loaded. */
    readonly error?: string;
  }[];
  readonly npmPackages: Readonly<
    Record<string, {
      readonly name: string;
      readonly version: string;
      readonly dependencies: readonly string[];
    }>
  >;
}

/** The part of deno.lock that is read here. */
export interface LockFile {
  readonly npm?: Readonly<Record<string, { readonly integrity?: string }>>;
}

/** Something that a program is made of. */
export interface Component {
  readonly type: "library" | "platform";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

/**
 * Lists what programs load that is not theirs: packages of npm with all that these need, and modules
 * of JSR. Of a package's name each character but letters, digits, `-`, `.` and `_` is escaped.
 *
 * @param infos What the runtime tells of each program.
 * @param lock Has the hashes.
 * @returns In the order of their names, each once.
 * @throws {TypeError} If something could not be loaded: the list would not be whole.
 */
export function listComponents(infos: readonly ModuleInfo[], lock: LockFile): Component[] {
  const found = new Map<string, Component>();
  for (const { modules, npmPackages } of infos) {
    const reached = new Set(modules.flatMap(({ npmPackage }) => npmPackage ?? []));
    for (const key of reached) {
      const { name, version, dependencies } = npmPackages[key]!;
      for (const each of dependencies) reached.add(each);
      found.set(key, describe("npm", name, version, lock.npm?.[key]?.integrity));
    }
    for (const { specifier, error } of modules) {
      if (error !== undefined) throw new TypeError(`Cannot list ${specifier}: ${error}`);
      const [, name, version] =
        /^https:\/\/[^/]+\/(@[^/]+\/[^/]+)\/([0-9][^/]*)\//.exec(specifier) ??
          [];
      if (name && version) found.set(`${name}@${version}`, describe("jsr", name, version));
    }
  }
  return [...found.values()].sort((a, b) => a.purl < b.purl ? -1 : 1);
}

function describe(type: string, name: string, version: string, integrity?: string): Component {
  const path = name.split("/").map(encodeURIComponent).join("/");
  const purl = `pkg:${type}/${path}@${encodeURIComponent(version)}`;
  const [, alg, base64] = /^(sha(?:256|512))-(.*)$/.exec(integrity ?? "") ?? [];
  const hash = base64 && Uint8Array.fromBase64(base64).toHex();
  const hashes = hash && [{ alg: alg!.replace("sha", "SHA-"), content: hash }];
  const component = { "bom-ref": purl, name, version, purl, ...hashes ? { hashes } : {} };
  return { type: "library", ...component };
}

/**
 * Writes a bill of materials.
 *
 * @param components What the programs load.
 * @param runtime The version of Deno that they are compiled with.
 * @param time When.
 */
export function formatBill(
  components: readonly Component[],
  runtime: string,
  time: Date,
): Record<string, unknown> {
  const name = "encrypted-chatroom";
  const deno = `pkg:github/denoland/deno@v${runtime}`;
  const platform: Component = {
    type: "platform",
    "bom-ref": deno,
    name: "deno",
    version: runtime,
    purl: deno,
  };
  const all = [platform, ...components];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: time.toISOString(),
      component: { type: "application", "bom-ref": name, name, version: VERSION },
    },
    components: all,
    dependencies: [{ ref: name, dependsOn: all.map((each) => each["bom-ref"]) }],
  };
}

async function readInfo(program: string): Promise<ModuleInfo> {
  const args = ["info", "--json", ...Deno.args, program];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(`Cannot read what ${program} imports`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) {
  const infos = await Promise.all(["server.ts", "client.ts"].map(readInfo));
  const components = listComponents(infos, JSON.parse(await Deno.readTextFile("deno.lock")));
  console.log(JSON.stringify(formatBill(components, Deno.version.deno, new Date()), undefined, 2));
}
