/**
 * A file in the same frames through a bare TCP relay, with nothing else around it:
 * `deno run bench/bare_transfer.ts relay PORT`, `take PORT PATH SIZE` or `send PORT PATH`.
 *
 * @module
 */

import { writeAll } from "../lib/bytes/write_all.ts";

const [role, port, path = "", size = "0"] = Deno.args as [string, string, string?, string?];
const FRAME = 64 * 1024;
const raw = new Uint8Array(32).fill(7);
const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

function nonce(index: number): { name: string; iv: Uint8Array<ArrayBuffer> } {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setUint32(7, index);
  return { name: "AES-GCM", iv };
}

async function fill(from: { read(into: Uint8Array): Promise<number | null> }, into: Uint8Array) {
  let filled = 0;
  while (filled < into.length) {
    const count = await from.read(into.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}

const address = { hostname: "127.0.0.1", port: Number(port) };
if (role === "relay") {
  const listener = Deno.listen(address);
  const [a, b] = [await listener.accept(), await listener.accept()];
  const copy = async (from: Deno.Conn, to: Deno.Conn) => {
    const buffer = new Uint8Array(FRAME);
    for (let n = await from.read(buffer); n !== null; n = await from.read(buffer)) {
      await writeAll(to, buffer.subarray(0, n));
    }
    await to.closeWrite();
  };
  await Promise.all([copy(a, b), copy(b, a)]);
} else {
  const conn = await Deno.connect(address);
  if (role === "send") console.log("sending");
  using file = await Deno.open(
    path,
    role === "take" ? { write: true, create: true } : { read: true },
  );
  if (role === "send") {
    const buffer = new Uint8Array(FRAME);
    for (let i = 0, n = await fill(file, buffer); n > 0; i++, n = await fill(file, buffer)) {
      const sealed = await crypto.subtle.encrypt(nonce(i), key, buffer.subarray(0, n));
      await writeAll(conn, new Uint8Array(sealed));
    }
    await conn.closeWrite();
    await conn.read(new Uint8Array(1));
  } else {
    for (let i = 0, left = Number(size); left > 0; i++, left -= FRAME) {
      const sealed = new Uint8Array(Math.min(FRAME, left) + 16);
      await fill(conn, sealed);
      await writeAll(file, new Uint8Array(await crypto.subtle.decrypt(nonce(i), key, sealed)));
    }
    await writeAll(conn, new Uint8Array(1));
  }
  conn.close();
}
Deno.exit();
