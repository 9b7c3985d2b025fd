/**
 * Is loaded before a program, and numbers its temporary files: `.secret.key.0000000000000001.tmp` is
 * the first one of `secret.key`. So strace can be told of a file before there is one.
 *
 * @module
 */

const FORM = /^(.*\/\.[^/]+\.)[0-9a-f]{16}\.tmp$/;
const numbered = new Map<string, string>();
const counts = new Map<string, number>();

function toPath(path: string | URL): string {
  return numbered.get(`${path}`) ?? `${path}`;
}

const { open, chmod, rename, remove } = Deno;
Deno.open = (path, options) => {
  // Those alone are new that are made here: a program may remove what another one has left.
  const [, prefix] = options?.createNew && FORM.exec(`${path}`) || [];
  if (prefix !== undefined) {
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    numbered.set(`${path}`, `${prefix}${`${count}`.padStart(16, "0")}.tmp`);
  }
  return open(toPath(path), options);
};
Deno.chmod = (path, mode) => chmod(toPath(path), mode);
Deno.rename = (from, to) => rename(toPath(from), to);
Deno.remove = (path, options) => remove(toPath(path), options);
