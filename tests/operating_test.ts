import { parse } from "yaml";
import assert from "node:assert/strict";
import { CLIENT_SPEC } from "../lib/cli/client_spec.ts";
import { parseCommandLine } from "../lib/cli/options.ts";
import { parseServerOptions } from "../lib/cli/server_options.ts";
import { SERVER_SPEC } from "../lib/cli/server_spec.ts";
import { listCommandSpecs, type ProgramSpec } from "../lib/cli/spec.ts";
import { createMetrics } from "../lib/relay/watch/metrics.ts";
import { createStats } from "../lib/relay/watch/stats.ts";
import { readBlocks, readDocument } from "./support/documents.ts";
import { testNeeding } from "./support/needs.ts";

const PAGE = "docs/OPERATING.md";
/** Programs of the system that the page uses. */
const OTHERS = [
  ...[
    "docker",
    "install",
    "mv",
    "nft",
    "podman",
    "sha256sum",
    "sleep",
    "socat",
    "ssh",
    "systemctl",
    "tar",
  ],
  "nats-server",
  "sh",
  "ufw",
];

/** The commands of the page, each as its words without redirections and what they need. */
async function readCommands(): Promise<string[][]> {
  const text = (await readDocument(PAGE)).replaceAll(/^ {3}(?=\S| )/gm, "");
  return readBlocks(text).filter(({ info }) => info === "sh").flatMap(({ lines }) => lines)
    .map((line) => line.replace(/^\(umask \d+; | +# .*$/g, "").replace(/ 2?>>? .*$/, ""))
    .flatMap((line) => line.split(" && "))
    .map((command) => [...command.matchAll(/'[^']*'|\S+/g)].map(([word]) => word));
}

/** Fails if a program does not take its arguments. */
function checkArguments([program, ...args]: readonly string[]): void {
  const spec: ProgramSpec = program === "chat-server" ? SERVER_SPEC : CLIENT_SPEC;
  const commands = listCommandSpecs(spec).toSorted((a, b) => b.name.length - a.name.length);
  const named = commands.find(({ name }) => `${args.join(" ")} `.startsWith(`${name} `));
  if (named) {
    const rest = args.slice(named.name.split(" ").length);
    assert.notEqual(typeof parseCommandLine(named.spec, rest), "string");
  } else if (program === "chat-server") {
    assert.notEqual(typeof parseServerOptions(args, () => undefined), "string");
  } else assert.notEqual(typeof parseCommandLine(CLIENT_SPEC, args), "string");
}

testNeeding(["read"], `${PAGE} has commands that the programs take`, async () => {
  const commands = await readCommands();
  const programs = new Set(commands.map(([program]) => program!));
  const strange = [...programs].filter((name) => !/^chat-/.test(name) && !OTHERS.includes(name));
  assert.deepEqual(strange, []);
  const own = commands.filter(([program]) => /^chat-(?:server|client)$/.test(program!));
  assert.ok(own.length >= 12, `${own.length} commands`);
  for (const command of own) {
    assert.doesNotThrow(() => checkArguments(command), command.join(" "));
  }
});

testNeeding(["read"], `${PAGE} names options that there are`, async () => {
  const text = (await readDocument(PAGE)).replaceAll(/^ *```[^]*?^ *```$/gm, "");
  const named = [...text.matchAll(/`(?:chat-\w+ )?(--[a-z-]+)[^`]*`/g)].map(([, name]) => name!);
  assert.ok(named.length >= 10, `${named.length} options`);
  const specs: readonly ProgramSpec[] = [SERVER_SPEC, CLIENT_SPEC];
  const known = specs.flatMap(({ options }) => options).map(({ name }) => `--${name}`);
  for (const name of named) assert.ok(known.includes(name), name);
});

testNeeding(["read"], `${PAGE} starts what the unit starts`, async () => {
  const unit = await readDocument("ops/chat-server.service");
  const [, line] = /^ExecStart=\/usr\/local\/bin\/(.*)$/m.exec(unit)!;
  const command = line!.replaceAll(/\$\{[A-Z_]+\}\//g, "");
  const said = (await readCommands()).map((words) => words.join(" "));
  assert.ok(said.includes(command), command);
});

testNeeding(["read"], `${PAGE} changes the unit into one of a cluster`, async () => {
  const text = (await readDocument(PAGE)).replaceAll(/^ {3}(?=\S| )/gm, "");
  const { lines } = readBlocks(text).find(({ info }) => info === "ini")!;
  const valuesOf = (name: string) => {
    return lines.flatMap((line) =>
      line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []
    );
  };
  const [none, command] = valuesOf("ExecStart");
  assert.equal(none, "", "it takes the place of the unit's own");
  const options = parseServerOptions(command!.split(" ").slice(1), () => undefined);
  assert.ok(typeof options !== "string");
  const { credsPath, caPath } = options.cluster!;
  const paths = ["admission.pub", "relay.creds", "ca.pem"].map((name) =>
    `\${CREDENTIALS_DIRECTORY}/${name}`
  );
  assert.deepEqual([options.keylessPath, credsPath, caPath], paths);
  const loaded = valuesOf("LoadCredential").map((value) => value.split(":")[0]);
  assert.deepEqual(loaded, ["relay.creds", "ca.pem"]);
});

testNeeding(["read"], `${PAGE} tells of every alert, and of numbers that there are`, async () => {
  const text = await readDocument(PAGE);
  const { groups } = parse(await readDocument("ops/prometheus-alerts.yml"));
  const alerts = groups[0].rules.map(({ alert }: { alert: string }) => alert);
  const told = [...text.matchAll(/^\| `(Chat\w+)`/gm)].map(([, name]) => name!);
  assert.deepEqual(told.sort(), alerts.sort());
  const source = { stats: createStats, maxLogBytes: 1, residentBytes: () => 0, hasCluster: true };
  const { registry } = createMetrics(source);
  const known = registry.getMetricsAsArray().map(({ name }) => name);
  const named = [...text.matchAll(/`((?:chat|process)_[a-z_]+)`/g)].map(([, name]) => name!);
  assert.ok(named.length >= 6, `${named.length} numbers`);
  for (const name of named) assert.ok(known.includes(name), name);
});

testNeeding(["read"], `${PAGE} names the user and the paths of what is in ops/`, async () => {
  const text = await readDocument(PAGE);
  const containerfile = await readDocument("ops/Containerfile");
  const [, user] = /^USER (\d+):/m.exec(containerfile)!;
  assert.ok(text.includes(`user ${user} `));
  const [, directory] = /^WORKDIR (.*)$/m.exec(containerfile.split(/^FROM /m).at(-1)!)!;
  assert.ok(text.includes(`\`${directory}\``));
  const unit = await readDocument("ops/chat-server.service");
  assert.ok(unit.includes("LoadCredential=admission.pub:/etc/chat-server/admission.pub"));
  assert.match(await readDocument("ops/nats.conf"), /^ +sync_interval: always$/m);
});
