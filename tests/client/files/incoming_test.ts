import assert from "node:assert/strict";
import { type Incoming, receiveFile, TornError } from "../../../lib/client/files/incoming.ts";
import { sendFile } from "../../../lib/client/files/outgoing.ts";
import { countFrames, FRAME_BYTES, FrameCipher } from "../../../lib/protocol/file_frames.ts";
import { joinEnds, type PipeSide } from "../../support/pipe_ends.ts";
import { testNeeding } from "../../support/needs.ts";
import { within } from "../../support/within.ts";

const CIPHER = await FrameCipher.import(new Uint8Array(32).fill(7));
const NEEDS = ["net"] as const;

/** What has come, in memory. */
class Part {
  readonly bytes: number[] = [];
  isWhole = false;

  get length(): number {
    return this.bytes.length;
  }

  add(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) this.bytes.push(byte);
    return Promise.resolve();
  }

  finish(): Promise<string> {
    this.isWhole = true;
    return Promise.resolve("/taken");
  }
}

function sourceOf(file: Uint8Array, size = file.length) {
  return {
    size,
    async *read(from: number, pieceBytes: number) {
      for (let at = from; at < file.length; at += pieceBytes) {
        yield file.subarray(at, at + pieceBytes);
        await undefined;
      }
    },
  };
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 65_536) crypto.getRandomValues(bytes.subarray(i, i + 65_536));
  return bytes;
}

/** Sends frames as they are given, and takes what was offered with a size. */
async function takeFrom(
  size: number,
  send: (pipe: PipeSide) => Promise<void>,
  part = new Part(),
): Promise<Part> {
  const [out, pipe] = await joinEnds();
  using _out = out;
  using _in = pipe;
  const sending = send(out).catch(() => {});
  const incoming: Incoming = { size, part, pipe, cipher: CIPHER, onProgress() {} };
  try {
    assert.equal(await receiveFile(incoming), "/taken");
  } finally {
    pipe[Symbol.dispose]();
    await sending;
  }
  return part;
}

const SIZES = [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 9 * FRAME_BYTES + 5];

for (const size of SIZES) {
  testNeeding(NEEDS, `a file of ${size} bytes comes whole, from any frame on`, async () => {
    const file = randomBytes(size);
    for (const frame of new Set([0, Math.floor(countFrames(size) / 2), countFrames(size) - 1])) {
      const [out, pipe] = await joinEnds();
      using _out = out;
      using _in = pipe;
      const part = new Part();
      await part.add(file.subarray(0, frame * FRAME_BYTES));
      const [gone, come]: number[][] = [[], []];
      const [isWhole, path] = await Promise.all([
        sendFile({
          ...{ source: sourceOf(file), pipe: out, cipher: CIPHER, frame },
          onProgress: (bytes) => gone!.push(bytes),
        }),
        receiveFile({ size, part, pipe, cipher: CIPHER, onProgress: (bytes) => come!.push(bytes) }),
      ]);
      assert.deepEqual([isWhole, path, part.isWhole], [true, "/taken", true]);
      assert.deepEqual(new Uint8Array(part.bytes), file);
      assert.deepEqual([gone!.at(-1), come!.at(-1)], [size, size]);
    }
  });
}

testNeeding(NEEDS, "a file that stops coming is torn, and keeps its whole frames", async () => {
  const file = randomBytes(6 * FRAME_BYTES);
  const part = new Part();
  await assert.rejects(
    takeFrom(file.length, async (pipe) => {
      for (const index of [0, 1, 2, 3, 4]) {
        const bytes = file.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES);
        const sealed = await CIPHER.seal(index, bytes, false);
        await pipe.write(index < 4 ? sealed : sealed.subarray(0, 1000));
      }
      await pipe.finish();
    }, part),
    TornError,
  );
  assert.equal(part.length, 4 * FRAME_BYTES);
  assert.equal(part.isWhole, false);
});

testNeeding(NEEDS, "an offer that lies about its size is told from a pipe that broke", async () => {
  const frame = new Uint8Array(FRAME_BYTES);
  const lies: [offered: number, frames: [bytes: Uint8Array, isLast: boolean][]][] = [
    // It is shorter: within a frame, at its end, and one frame early.
    [2 * FRAME_BYTES, [[frame, false], [frame.subarray(0, 9), true]]],
    [2 * FRAME_BYTES, [[frame.subarray(0, 9), true]]],
    [3 * FRAME_BYTES, [[frame, false], [frame, true]]],
    [9, [[new Uint8Array(), true]]],
    // It is longer: within the last frame, and by frames.
    [9, [[frame.subarray(0, 10), true]]],
    [0, [[frame, true]]],
    [FRAME_BYTES + 9, [[frame, false], [frame, false], [frame, true]]],
    [FRAME_BYTES, [[frame, false], [frame, true]]],
    [2 * FRAME_BYTES, [[frame, false], [frame, false], [frame, true]]],
  ];
  for (const [offered, frames] of lies) {
    const part = new Part();
    const taking = takeFrom(offered, async (pipe) => {
      for (const [index, [bytes, isLast]] of frames.entries()) {
        await pipe.write(await CIPHER.seal(index, bytes, isLast));
      }
      await pipe.finish();
    }, part);
    await assert.rejects(taking, { message: "the file has another size than was offered" });
    assert.equal(part.isWhole, false);
  }
});

testNeeding(NEEDS, "what is not sealed for this transfer is spoiled", async () => {
  const other = await FrameCipher.import(new Uint8Array(32));
  const part = new Part();
  const taking = takeFrom(10, async (pipe) => {
    await pipe.write(await other.seal(0, new Uint8Array(10), true));
  }, part);
  // The sender says no more, and is there.
  const spoiled = { name: "ChatError", message: "what came is spoiled" };
  await within(10, () => "it is not noticed", assert.rejects(taking, spoiled));
  assert.deepEqual([part.length, part.isWhole], [0, false]);
});

testNeeding(NEEDS, "sendFile() tells a taker that confirmed from one that went away", async () => {
  const [out, pipe] = await joinEnds();
  using _out = out;
  const source = sourceOf(new Uint8Array(5));
  const sending = sendFile({ source, pipe: out, cipher: CIPHER, frame: 0, onProgress() {} });
  await pipe.fill(new Uint8Array(21));
  await pipe.finish();
  pipe[Symbol.dispose]();
  assert.equal(await sending, false);
});

testNeeding(NEEDS, "sendFile() throws what reading the file throws", async () => {
  const [out, pipe] = await joinEnds();
  using _out = out;
  using _in = pipe;
  const source = {
    size: 9,
    // deno-lint-ignore require-yield -- it fails at once
    async *read(): AsyncGenerator<Uint8Array> {
      await undefined;
      throw new Error("changed");
    },
  };
  const sending = sendFile({ source, pipe: out, cipher: CIPHER, frame: 0, onProgress() {} });
  await assert.rejects(sending, { message: "changed" });
});
