/**
 * Readers in processes of their own: they can be stopped, and take no time from the test.
 *
 * @module
 */

import type { Program } from "./programs.ts";
import { spawnPython } from "./python.ts";

const CONNECT = `
import hashlib, select, socket, sys, time
def connect(receive_buffer=None):
    reader = socket.socket()
    if receive_buffer: reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    reader.connect(("127.0.0.1", int(sys.argv[1])))
    return reader
`;

/** Says "ready", "half" and "all" when that much has come to each, and then what it was. */
const COUNTING = `${CONNECT}
count, total = int(sys.argv[2]), int(sys.argv[3])
poll, buffer, entries = select.epoll(), bytearray(1 << 18), {}
for _ in range(count):
    reader = connect()
    entries[reader.fileno()] = [reader, 0, hashlib.sha256()]
    poll.register(reader.fileno(), select.EPOLLIN)
print("ready", flush=True)
for name, goal in (("half", total // 2), ("all", total)):
    while any(entry[1] < goal for entry in entries.values()):
        for fd, _ in poll.poll():
            entry = entries[fd]
            length = entry[0].recv_into(buffer)
            if not length: sys.exit("closed by the relay")
            entry[1] += length
            entry[2].update(memoryview(buffer)[:length])
    print(name, flush=True)
print("got", *sorted({f"{entry[1]} {entry[2].hexdigest()}" for entry in entries.values()}), flush=True)
sys.stdin.read()
`;

/** Reads all that comes. Its window is small: what it does not read, the relay has to keep. */
const GREEDY = `${CONNECT}
reader = connect(1 << 16)
print("ready", flush=True)
while reader.recv(1 << 16): pass
print("end", flush=True)
`;

/** Takes one byte a second. */
const SLOW = `${CONNECT}
reader = connect(1 << 12)
print("ready", flush=True)
while reader.recv(1): time.sleep(1)
`;

/** Starts one process with `count` readers, each of which is to get `total` bytes. */
export function startCountingReaders(
  port: number,
  { count, total }: { count: number; total: number },
): Promise<Program> {
  return start(COUNTING, [port, count, total]);
}

/** Starts a reader that reads all that comes, to be stopped by a signal. */
export function startGreedyReader(port: number): Promise<Program> {
  return start(GREEDY, [port]);
}

/** Starts a reader that takes one byte a second. */
export function startSlowReader(port: number): Promise<Program> {
  return start(SLOW, [port]);
}

async function start(code: string, args: readonly number[]): Promise<Program> {
  const program = spawnPython(["-c", code, ...args.map(String)]);
  await program.waitFor("stdout", /^ready$/m);
  return program;
}
