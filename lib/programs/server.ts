/**
 * `chat-server`: reads its options and wires its parts.
 *
 * @module
 */

import { setColorEnabled } from "@std/fmt/colors";
import { readLocaleVariable, readVariable } from "../cli/environment.ts";
import { EXIT, exitCodeOf, formatError, formatWarning } from "../cli/report_error.ts";
import type { Address } from "../cli/address.ts";
import {
  formatInvitation,
  formatListening,
  type InvitationKey,
  isLoopback,
} from "../cli/invitation.ts";
import { parseServerOptions, type ServerOptions } from "../cli/server_options.ts";
import { SERVER_SPEC } from "../cli/server_spec.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import type { Say } from "../messages/phrases.ts";
import { chooseLanguage, sayIn } from "../messages/say.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { type Admission, AdmissionVerifier } from "../protocol/admission.ts";
import {
  type ConnectionLimits,
  countDescriptors,
  neededDescriptors,
  shareDescriptors,
} from "../relay/door/descriptors.ts";
import { listen } from "../relay/door/listen.ts";
import type { Proxies } from "../relay/door/proxies.ts";
import { Relay } from "../relay/relay.ts";
import { EventLog } from "../relay/watch/event_log.ts";
import type { RelayEvent } from "../relay/watch/events.ts";
import { createStats, type RelayStats } from "../relay/watch/stats.ts";
import type { MetricsServer } from "../relay/watch/metrics_server.ts";
import { loadAdmissionFile } from "../storage/admission_file.ts";
import { BacklogFile } from "../storage/backlog_file.ts";
import { isPiped, openKeyFile } from "../storage/key_file.ts";
import { formatHostPort } from "../text/host_port.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { hasTerminal, openDiagnostics, printText } from "./standard_streams.ts";

/**
 * Runs the server and ends the process.
 */
export async function runServer(): Promise<never> {
  setColorEnabled(Deno.stderr.isTerminal());
  // After confine() the program may no longer read variables.
  const say = sayIn(chooseLanguage(readLocaleVariable));
  const diagnostics = openDiagnostics();
  let code: number;
  try {
    code = await main(say, diagnostics);
  } catch (error) {
    diagnostics.report(formatError(error, say));
    code = exitCodeOf(error);
  }
  await diagnostics.settle();
  Deno.exit(code);
}

/** Returns the exit code. */
async function main(say: Say, diagnostics: Diagnostics): Promise<number> {
  if (SERVER_SPEC.commands?.some(({ name }) => name === Deno.args[0])) {
    const { runServerCommand } = await import("./server_commands.ts");
    await printText(await runServerCommand(Deno.args, say, diagnostics));
    return EXIT.done;
  }
  const options = parseServerOptions(Deno.args, readVariable, say);
  if (typeof options === "string") {
    await printText(options);
    return EXIT.done;
  }
  const { address, mode } = options;

  const stop = new AbortController();
  listenForSignals(stop);
  const write = (bytes: Uint8Array) => diagnostics.write(bytes);
  await using eventLog = new EventLog({ ...options.log, write, now: Date.now });
  const limits = limitConnections(options, say, diagnostics);
  const warn = (warning: Wording) => diagnostics.report(formatWarning(warning, say));
  // Nothing of TLS is loaded without a port for it.
  const tls = options.tls && await import("./tls_port.ts");
  const certificate = await tls?.loadOwnCertificate(options.tls!, warn);
  const openPorts = async () => ({
    plain: await listen(address),
    secure: await tls?.listenForTls(address, options.tls!) ?? [],
  });
  const opened = options.cluster ? undefined : await openPorts();
  let relay: Relay | undefined = undefined;
  // All ports are open before a key is made, so that a start that fails leaves no key file.
  const report = (event: RelayEvent) => eventLog.report(event);
  await using metrics = await startMetrics(
    () => relay?.stats ?? createStats(),
    report,
    options,
    limits.maxHttp,
  );
  const { backlogPath } = options;
  await using store = backlogPath === undefined
    ? undefined
    : await BacklogFile.open(backlogPath, warn);
  const { admission, key, tlsSeed } = await loadRoom(options, warn);
  await store?.claim(admission.roomId.toHex());
  const verifier = await AdmissionVerifier.import(admission);
  const proxies = await nameProxies(options);
  const sharing = options.cluster && await import("./share_room.ts");
  const cluster = await sharing?.openCluster(options, admission, report);
  const secure = await tls?.makeSecure(certificate, admission.roomId, tlsSeed);
  relay = new Relay({ ...options, ...limits, verifier, store, proxies, carrier: cluster, report });
  if (sharing && cluster) {
    cluster.countGuests(() => relay!.stats.clients.guest);
    diagnostics.report(say("cluster: relay {name}", { name: cluster.name }));
    await sharing.startCluster(cluster, stop.signal);
    if (stop.signal.aborted) return stop.signal.reason;
  }
  const ports = opened ?? await openPorts();
  const [places, securePlaces] = [ports.plain, ports.secure].map((listeners) => {
    return listeners.map(({ addr }) => withZone(addr, address));
  }) as [Address[], Address[]];
  const invitation = formatInvitation({
    listening: places.find(({ hostname }) => !isLoopback(hostname)) ?? places[0]!,
    tls: secure && { port: securePlaces[0]!.port, name: certificate?.name },
    key,
    mode,
    invites: options.invites,
    clientCommand: Deno.build.standalone ? "chat-client" : "deno task client",
    interfaces: Deno.networkInterfaces(),
  }, say);
  await confine(Deno.permissions, cluster ? KEPT_IN_CLUSTER : []);
  if (metrics) {
    const url = `http://${formatHostPort(metrics.address.hostname, metrics.address.port)}/metrics`;
    invitation.push(say("metrics: {url}", { url }));
  }
  const listening = [
    ...securePlaces.map((place) => formatListening(place, say, true)),
    ...places.map((place) => formatListening(place, say)),
  ];
  for (const line of [...invitation, ...listening]) diagnostics.report(line);
  await relay.serve(ports.plain, stop.signal, secure && { listeners: ports.secure, secure });
  return stop.signal.aborted ? stop.signal.reason : EXIT.done;
}

/** Fits what is asked for into the file descriptors that there are. */
function limitConnections(
  { maxClients, maxPipes, keylessPath, tls }: ServerOptions,
  say: Say,
  { report }: Diagnostics,
): Partial<ConnectionLimits> {
  const hasTls = tls !== undefined;
  const open = () => Deno.openSync(keylessPath ?? "/dev/null");
  const free = countDescriptors(open, neededDescriptors(maxClients, maxPipes, hasTls));
  if (free === undefined) return {};
  const limits = shareDescriptors(free, maxClients, maxPipes, hasTls);
  if (limits.maxClients < maxClients) {
    const values = { places: limits.maxClients, wanted: maxClients };
    const warning = worded(
      "file descriptors are enough for {places} clients at once, not for {wanted}: allow more with ulimit -n",
      values,
    );
    report(formatWarning(warning, say));
  }
  return limits;
}

/** The system leaves away on which network an address is. */
function withZone({ hostname, port }: Address, asked: Address): Address {
  const [, zone = ""] = /(%.*)$/.exec(asked.hostname) ?? [];
  return { hostname: `${hostname}${zone}`, port };
}

/** Stops on signals, with the exit code as the reason. Without a terminal SIGHUP is ignored. */
function listenForSignals(stop: AbortController): void {
  Deno.addSignalListener("SIGINT", () => stop.abort(EXIT.done));
  if (Deno.build.os === "windows") return;
  Deno.addSignalListener("SIGTERM", () => stop.abort(EXIT.done));
  const onHangup = hasTerminal() ? () => stop.abort(EXIT.hangup) : () => {};
  Deno.addSignalListener("SIGHUP", onHangup);
}

/**
 * Reads the room's files. Of the key only the public half of the admission key is kept, and the
 * private key of the room's certificate if it is served.
 */
async function loadRoom(
  { keyPath, keylessPath, tls }: ServerOptions,
  warn: (warning: Wording) => void,
): Promise<{
  admission: Admission;
  key: InvitationKey | undefined;
  tlsSeed: Uint8Array | undefined;
}> {
  if (keylessPath !== undefined) {
    return { ...await loadAdmissionFile(keylessPath, warn), key: undefined };
  }
  const { text, created } = await openKeyFile(keyPath, warn);
  const { roomId, admission: { publicKey }, fingerprint } = await deriveRoomKey(text);
  const path = isPiped(keyPath) ? undefined : await Deno.realPath(keyPath);
  const key = { path, created, fingerprint };
  const derive = async () =>
    await (await import("../crypto/room_certificate.ts")).deriveTlsSeedOf(text);
  const tlsSeed = tls && !tls.files ? await derive() : undefined;
  return { admission: { roomId, publicKey }, key, tlsSeed };
}

async function nameProxies({ proxyNetworks }: ServerOptions): Promise<Proxies | undefined> {
  if (!proxyNetworks) return undefined;
  const { Proxies } = await import("../relay/door/proxies.ts");
  return new Proxies(proxyNetworks);
}

async function startMetrics(
  stats: () => RelayStats,
  report: (event: RelayEvent) => void,
  { metrics, maxLogBytes, cluster }: ServerOptions,
  maxHttp: number | undefined,
): Promise<MetricsServer | undefined> {
  if (!metrics) return undefined;
  const { serveMetrics } = await import("../relay/watch/metrics_server.ts");
  const hasCluster = cluster !== undefined;
  const residentBytes = () => Deno.memoryUsage().rss;
  return serveMetrics(metrics, { stats, maxLogBytes, residentBytes, hasCluster }, report, maxHttp);
}

const GIVEN_BACK = ["read", "write", "env", "net", "sys"] as const;
/** A relay that shares its room has to connect to the servers of the cluster again. */
const KEPT_IN_CLUSTER: readonly PermissionName[] = ["net"];

type PermissionName = (typeof GIVEN_BACK)[number];

/**
 * Gives back every permission that a running relay does not need. Open listeners go on accepting.
 * Files and new connections are then out of reach.
 *
 * @param permissions The permissions of this process.
 * @param kept Those that it needs.
 */
export async function confine(
  permissions: { revoke(descriptor: Deno.PermissionDescriptor): Promise<unknown> } =
    Deno.permissions,
  kept: readonly PermissionName[] = [],
): Promise<void> {
  for (const name of GIVEN_BACK) {
    if (!kept.includes(name)) await permissions.revoke({ name });
  }
}
