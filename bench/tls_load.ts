/**
 * One sender and many receivers, with TLS or without:
 * `deno run bench/tls_load.ts PORT KEY plain|tls RECEIVERS TOKENS BATCH`. Writes one line of JSON.
 *
 * @module
 */

import { writeAll } from "../lib/bytes/write_all.ts";
import { formatPem } from "../lib/crypto/der.ts";
import { deriveTlsSeedOf, makeRoomCertificate, TLS_NAME } from "../lib/crypto/room_certificate.ts";
import { deriveRoomKey } from "../lib/crypto/room_key.ts";

const [port, keyPath, mode, receivers, tokens, batch] = Deno.args as string[];
const key = (await Deno.readTextFile(keyPath!)).trim();
const { roomId } = await deriveRoomKey(key);
const certificate = await makeRoomCertificate(await deriveTlsSeedOf(key), roomId);
const trust = { hostname: TLS_NAME, caCerts: [formatPem("CERTIFICATE", certificate)] };

async function connect(): Promise<Deno.Conn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  if (mode === "plain") return conn;
  const secure = await Deno.startTls(conn, trust);
  await secure.handshake();
  return secure;
}

/** Reads a number of bytes, and tells whether each line is whole. */
async function receive(conn: Deno.Conn, bytes: number): Promise<boolean> {
  const buffer = new Uint8Array(256 * 1024);
  let got = 0;
  let isWhole = true;
  while (got < bytes) {
    const count = await conn.read(buffer);
    if (count === null) return false;
    // One byte in each read is compared with what has to stand there.
    isWhole &&= buffer[0] === line[got % line.length];
    got += count;
  }
  return isWhole && got === bytes;
}

/** A line that the relay takes for a token. */
const line = new TextEncoder().encode(`gAAAAA${"A".repeat(177)}=\n`);
const begun = performance.now();
const listeners: Deno.Conn[] = [];
for (let i = 0; i < Number(receivers); i++) listeners.push(await connect());
const connectMs = (performance.now() - begun) / Number(receivers);
const sender = await connect();
// The relay holds lines back from those who have just come.
await new Promise((resolve) => setTimeout(resolve, 500));
const count = Number(tokens);
const size = Number(batch);
const bytes = new Uint8Array(line.length * size);
for (let i = 0; i < size; i++) bytes.set(line, i * line.length);
const since = performance.now();
const receiving = Promise.all(listeners.map((conn) => receive(conn, line.length * count)));
for (let sent = 0; sent < count; sent += size) {
  const part = bytes.subarray(0, line.length * Math.min(size, count - sent));
  await writeAll(sender, part);
}
const isWhole = (await receiving).every(Boolean);
const seconds = (performance.now() - since) / 1000;
console.log(JSON.stringify({ seconds, connectMs, isWhole }));
Deno.exit();
