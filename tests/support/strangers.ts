/**
 * Strangers who come in great numbers, in a process of their own.
 *
 * @module
 */

import type { Program } from "./programs.ts";
import { spawnPython } from "./python.ts";

/** Connects at a rate, each time from another of the given number of addresses of this machine. */
const KNOCKING = `
import select, socket, sys, time
port, rate, addresses, mood = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
HELLO = b"!HELLO 1 " + b"A" * 22 + b" backlog=0\\n"
AUTH = b"!AUTH " + b"A" * 86 + b"\\n"
poll, clients = select.epoll(), {}
def knock(number):
    client = socket.socket()
    client.setblocking(False)
    host = 2 + number % addresses
    client.bind((f"127.{1 + host // 62500}.{host // 250 % 250}.{1 + host % 250}" if addresses > 1 else "127.0.0.1", 0))
    client.connect_ex(("127.0.0.1", port))
    clients[client.fileno()] = client
    poll.register(client.fileno(), select.EPOLLIN | (0 if mood == "silent" else select.EPOLLOUT))
def drop(fd):
    poll.unregister(fd)
    clients.pop(fd).close()
start, count = time.time(), 0
while True:
    due = int((time.time() - start) * rate)
    while count < due:
        # A machine that lacks ports or descriptors for more of them has enough.
        try: knock(count)
        except OSError: pass
        count += 1
        if count == 1: print("ready", flush=True)
    for fd, event in poll.poll(0.005):
        try:
            if event & select.EPOLLOUT:
                clients[fd].send(HELLO)
                poll.modify(fd, select.EPOLLIN)
            elif event & select.EPOLLIN:
                data = clients[fd].recv(4096)
                if data.startswith(b"!CHAL") and mood == "false proofs": clients[fd].send(AUTH)
                if not data: drop(fd)
            else: drop(fd)
        except OSError: drop(fd)
`;

/** Sends all it can on one connection after the other, each for a moment. */
const RETURNING = `
import select, socket, sys, time
port, count, chars, stay = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
data = (b"gAAAAA-again-".ljust(chars, b"A") + b"\\n") * max(1, 56000 // chars)
poll, clients = select.epoll(), {}
turn = 0
def come():
    global turn
    turn = (turn + 1) % count
    client = socket.socket()
    client.setblocking(False)
    # Each of many comes from an address of its own; one is from that of everybody else.
    client.bind((f"127.9.{turn // 250}.{1 + turn % 250}" if count > 1 else "127.0.0.1", 0))
    client.connect_ex(("127.0.0.1", port))
    clients[client.fileno()] = [client, 0, time.time() + stay]
    poll.register(client.fileno(), select.EPOLLIN | select.EPOLLOUT)
def go(fd):
    poll.unregister(fd)
    clients.pop(fd)[0].close()
    come()
for _ in range(count): come()
print("ready", flush=True)
buffer = bytearray(1 << 18)
while True:
    for fd, event in poll.poll(0.005):
        entry = clients[fd]
        try:
            if event & (select.EPOLLERR | select.EPOLLHUP): raise OSError("closed")
            if event & select.EPOLLIN and not entry[0].recv_into(buffer, 0, socket.MSG_TRUNC):
                raise OSError("closed")
            if event & select.EPOLLOUT:
                entry[1] = (entry[1] + entry[0].send(data[entry[1]:])) % len(data)
        except BlockingIOError: pass
        except OSError: go(fd)
    now = time.time()
    for fd in [fd for fd, entry in clients.items() if entry[2] < now]: go(fd)
`;

/** What strangers do once they are connected. */
export type Knocking = "silent" | "hello" | "false proofs";

/** How strangers come. */
export interface Knocks {
  readonly perSecond: number;
  /** How many addresses they have; one is that of everybody else on this machine. */
  readonly addresses: number;
  readonly mood: Knocking;
}

/** Has strangers connect until the program is disposed of. They stay as long as they may. */
export function startKnocking(
  port: number,
  { perSecond, addresses, mood }: Knocks,
): Promise<Program> {
  return start(KNOCKING, [port, perSecond, addresses, mood]);
}

/** How guests come again and again. */
export interface Returns {
  readonly guests: number;
  /** Length of each line that they send. */
  readonly chars: number;
  /** How long each connection lasts. */
  readonly seconds: number;
}

/** Has guests send all they can, and connect again and again. */
export function startReturning(
  port: number,
  { guests, chars, seconds }: Returns,
): Promise<Program> {
  return start(RETURNING, [port, guests, chars, seconds]);
}

async function start(code: string, args: readonly (string | number)[]): Promise<Program> {
  const program = spawnPython(["-c", code, ...args.map(String)]);
  await program.waitFor("stdout", /^ready$/m);
  return program;
}
