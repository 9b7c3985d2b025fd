/**
 * A container's root without a container's engine: what ops/Containerfile copies, the libraries that
 * the program needs, and the limits that ops/compose.yaml sets.
 *
 * @module
 */

import { listChildren } from "./process_info.ts";
import { Program } from "./programs.ts";

/** What the last stage of a Containerfile says. */
export interface Image {
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

/** Reads the last stage of a Containerfile. */
export function parseContainerfile(text: string): Image {
  const stage = text.replaceAll("\\\n", " ").split(/^FROM /m).at(-1)!;
  const find = (pattern: RegExp) => pattern.exec(stage)![1]!;
  return {
    user: find(/^USER (.*)$/m),
    entrypoint: JSON.parse(find(/^ENTRYPOINT (.*)$/m)),
    command: JSON.parse(find(/^CMD (.*)$/m)),
    healthCheck: JSON.parse(find(/^HEALTHCHECK .* CMD (.*)$/m)),
  };
}

/** Copies programs and what they are linked with; $1 is the root, then where from and where to. */
const FILL = `
root=$1; shift
while [ $# -gt 0 ]; do
  install -D -m 0755 "$1" "$root$2"
  for library in $(ldd "$1" | grep -o '/[^ ]*'); do install -D "$library" "$root$library"; done
  shift 2
done
mkdir -p "$root/proc" "$root/dev" "$root/run/secrets"
`;

/** Runs a command as the first process of its own system; $1 is the root, $2 the user. */
const RUN = `
root=$1; user=$2; shift 2
ip link set lo up
mount --bind "$root" "$root"
mount -o remount,bind,ro,nosuid,nodev "$root"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
touch "$root/written" 2> /dev/null && echo "the root can be written" && exit 9
exec chroot "$root" /setpriv --reuid="$user" --regid="$user" --clear-groups \\
  --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
`;

/** Makes the root of an image in an empty directory. */
export async function fillRoot(
  root: string,
  program: string,
  image: Pick<Image, "entrypoint">,
): Promise<void> {
  const [entry] = image.entrypoint;
  const args = ["-ec", FILL, "fill", root, program, entry!, "/usr/bin/setpriv", "/setpriv"];
  const { success, stderr } = await new Deno.Command("bash", { args }).output();
  if (!success) throw new Error(`Cannot fill the root: ${new TextDecoder().decode(stderr)}`);
}

/** Starts an image, with a network, processes and a read-only root of its own. */
export function startImage(root: string, image: Image): Program {
  const [user] = image.user.split(":");
  const command = [...image.entrypoint, ...image.command];
  const namespaces = ["--mount", "--pid", "--net", "--fork", "--kill-child"];
  return Program.spawn(
    ["unshare", ...namespaces, "bash", "-ec", RUN, "run", root, user!, ...command],
    { env: { NO_COLOR: "1", LC_ALL: "C.UTF-8" } },
  );
}

/** The first process of a started image, as this machine numbers it. */
export async function findFirstProcess({ child }: Program): Promise<number> {
  const [first] = await listChildren(child.pid);
  return first!;
}

/** Ends the first process: it has changed its user, so that it does not end with who started it. */
export function endContainer(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Runs a command beside a started image, from its root, as its user. */
export async function runBeside(
  pid: number,
  { user }: Image,
  command: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [uid, gid] = user.split(":") as [string, string];
  const place = ["--target", `${pid}`, "--mount", "--pid", "--net", "--root", "--wd"];
  const args = [...place, `--setuid=${uid}`, `--setgid=${gid}`, ...command];
  const env = { NO_COLOR: "1", LC_ALL: "C.UTF-8" };
  const { code, stdout, stderr } = await new Deno.Command("nsenter", { args, env }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
