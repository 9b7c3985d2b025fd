import { parse } from "yaml";
import assert from "node:assert/strict";
import { CLUSTER_SETUP_SPEC } from "../../lib/cli/cluster_setup_spec.ts";
import { parseCommandLine } from "../../lib/cli/options.ts";
import { parseServerOptions } from "../../lib/cli/server_options.ts";
import { testNeeding } from "../support/needs.ts";
import { ROOT } from "../support/programs.ts";

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command: readonly string[];
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly healthcheck: { readonly test: readonly string[]; readonly [setting: string]: unknown };
  readonly user?: string;
  readonly secrets?: readonly string[];
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

async function readCompose() {
  const text = await Deno.readTextFile(`${ROOT}ops/compose.yaml`);
  return parse(text, { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
    readonly volumes: Readonly<Record<string, unknown>>;
    readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  };
}

/** The lines of the Containerfile's last stage, by instruction. */
async function readContainerfile(): Promise<Map<string, string>> {
  const text = (await Deno.readTextFile(`${ROOT}ops/Containerfile`)).replaceAll("\\\n", " ");
  const stage = text.split(/^FROM /m).at(-1)!;
  return new Map([...stage.matchAll(/^([A-Z]+) +(.*)$/gm)].map(([, name, rest]) => [name!, rest!]));
}

testNeeding(
  ["read"],
  "compose has three relays and three servers of NATS, with nothing",
  async () => {
    const { services, networks, volumes, secrets } = await readCompose();
    const names = ["a", "b", "c"].flatMap((letter) => [`nats-${letter}`, `relay-${letter}`]);
    assert.deepEqual(Object.keys(services).sort(), [...names, "setup"].sort());
    for (const [name, service] of Object.entries(services)) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ["ALL"], name);
      assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
      for (const network of service.networks) assert.ok(network in networks, name);
      for (const secret of service.secrets ?? []) assert.ok(secret in secrets, name);
      const mounts = (service.volumes ?? []).map((volume) => volume.split(":"));
      const named = mounts.filter(([source]) => !source!.startsWith("./"));
      for (const [source] of named) assert.ok(source! in volumes, name);
      // Each sees its own secrets alone, which ops/cluster-secrets.sh makes.
      const own = mounts.filter(([source]) => source!.startsWith("./"));
      const config = ["./nats.conf", "/etc/nats/nats.conf", "ro"];
      const isNats = name.startsWith("nats-");
      const target = isNats ? "/etc/nats/secrets" : "/run/cluster";
      const secret = [`./secrets/${name}`, target, "ro"];
      assert.deepEqual(own, isNats ? [config, secret] : [secret]);
    }
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    assert.equal(new Set(ports).size, 3);
    // Nobody but relays reaches NATS.
    assert.equal(networks.cluster?.internal, true);
    for (const letter of ["a", "b", "c"]) {
      assert.deepEqual(services[`nats-${letter}`]!.networks, ["cluster"]);
    }
  },
);

testNeeding(["read"], "compose starts relays with options that they have, as nobody", async () => {
  const { services } = await readCompose();
  const { user, command, build } = services["relay-a"]!;
  const file = await readContainerfile();
  assert.equal(user, file.get("USER"));
  assert.deepEqual(build, { context: "..", dockerfile: "ops/Containerfile" });
  const servers = ["a", "b", "c"].map((letter) => `tls://nats-${letter}:4222`).join(",");
  const secrets = ["--cluster-creds", "/run/cluster/relay.creds"];
  const cluster = ["--cluster", servers, ...secrets, "--cluster-tls-ca", "/run/cluster/ca.pem"];
  assert.deepEqual(command, [...JSON.parse(file.get("CMD")!), ...cluster]);
  const keyless = command.slice(command.indexOf("--keyless"), command.indexOf("--metrics"));
  assert.deepEqual(services.setup!.command, ["cluster-setup", ...keyless, ...cluster]);
  const setup = [...keyless, ...cluster];
  assert.notEqual(typeof parseCommandLine(CLUSTER_SETUP_SPEC, setup), "string");
  const options = parseServerOptions(command, () => undefined);
  assert.ok(typeof options !== "string");
  assert.equal(options.mode, "members");
  assert.equal(options.address.port, Number(file.get("EXPOSE")));
});

testNeeding(["read"], "an image is made of the code alone, whatever lies beside it", async () => {
  const text = await Deno.readTextFile(`${ROOT}ops/Containerfile`);
  const copied = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, what]) => {
    return what!.split(" ");
  });
  const ignore = await Deno.readTextFile(`${ROOT}ops/Containerfile.dockerignore`);
  const sent = [...ignore.matchAll(/^!(.*)$/gm)].map(([, name]) => name!);
  assert.deepEqual(copied.toSorted(), sent.toSorted());
});

testNeeding(["read"], "the container asks the server whether it is well, as nobody", async () => {
  const file = await readContainerfile();
  const [uid, gid] = file.get("USER")!.split(":").map(Number);
  assert.ok(uid! > 0 && gid! > 0);
  const command = /CMD (\[.*\])$/.exec(file.get("HEALTHCHECK")!)![1]!;
  const [program, verb, url] = JSON.parse(command);
  const [entry] = JSON.parse(file.get("ENTRYPOINT")!);
  assert.deepEqual([program, verb], [entry, "health"]);
  const args = JSON.parse(file.get("CMD")!);
  assert.equal(url, `http://${args[args.indexOf("--metrics") + 1]}`);
  const { healthcheck: { test, ...times } } = (await readCompose()).services["relay-a"]!;
  assert.deepEqual(test, ["CMD", program, verb, url]);
  const flags = file.get("HEALTHCHECK")!.replace(/CMD .*/, "").trim().split(/\s+/);
  const said = flags.map((flag) => flag.slice(2).replace("-", "_").split("="));
  assert.deepEqual(said, Object.entries(times).map(([name, value]) => [name, `${value}`]));
});
