import assert from "node:assert/strict";
import { closeOnce, openByteStream } from "../../lib/tls/byte_stream.ts";
import { MAX_TLS_READ_BYTES, MIN_TLS_READ_BYTES } from "../../lib/tls/limits.ts";
import { pureTest } from "../support/pure.ts";

const HOST = { untilWanted: () => undefined, onRead: () => {}, onWritten: () => {} };

/** A connection that has so many bytes to read, and takes two bytes in a write. */
function makeConn(bytes: number) {
  const sizes: number[] = [];
  const written: number[] = [];
  let left = bytes;
  let closes = 0;
  const conn = {
    read: (buffer: Uint8Array) => {
      sizes.push(buffer.length);
      const count = Math.min(left, buffer.length);
      left -= count;
      return Promise.resolve(count === 0 ? null : count);
    },
    write: (chunk: Uint8Array) => {
      written.push(...chunk.subarray(0, 2));
      return Promise.resolve(Math.min(2, chunk.length));
    },
    closeWrite: () => Promise.resolve(),
    close: () => {
      if (closes++ > 0) throw new Deno.errors.BadResource("closed");
    },
    remoteAddr: { transport: "tcp", hostname: "192.0.2.1", port: 1 } as const,
  };
  return { conn, sizes, written, closes: () => closes };
}

pureTest("openByteStream() reads with a buffer that grows as it is filled", async () => {
  const { conn, sizes } = makeConn(500_000);
  const stream = openByteStream(conn, HOST);
  let got = 0;
  for await (const chunk of stream) got += chunk.length;
  assert.equal(got, 500_000);
  assert.equal(sizes[0], MIN_TLS_READ_BYTES);
  assert.equal(Math.max(...sizes), MAX_TLS_READ_BYTES);
});

pureTest("openByteStream() reads nothing while nothing is wanted", async () => {
  const { conn, sizes } = makeConn(10);
  const wanted = Promise.withResolvers<void>();
  const stream = openByteStream(conn, { ...HOST, untilWanted: () => wanted.promise });
  const reading = stream.toArray();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(sizes, []);
  wanted.resolve();
  assert.equal((await reading)[0].length, 10);
});

pureTest("openByteStream() writes all, whatever one write takes", async () => {
  const { conn, written } = makeConn(0);
  let waiting = -1;
  const onWritten = () => waiting = stream.writableLength;
  const stream = openByteStream(conn, { ...HOST, onWritten });
  await new Promise<void>((resolve) => stream.end(Uint8Array.of(1, 2, 3, 4, 5), resolve));
  assert.deepEqual(written, [1, 2, 3, 4, 5]);
  assert.equal(waiting, 0);
});

pureTest("openByteStream() closes its connection, which may be closed before", async () => {
  const { conn, closes } = makeConn(0);
  const stream = openByteStream(conn, HOST);
  closeOnce(conn);
  await new Promise<void>((resolve) => {
    stream.once("close", resolve);
    stream.destroy();
  });
  assert.equal(closes(), 2);
});

pureTest("closeOnce() passes on what is no second closing", () => {
  const close = () => {
    throw new TypeError("odd");
  };
  assert.throws(() => closeOnce({ close }), TypeError);
});
