/**
 * Many clients in a process of their own, so that they do not slow the test down.
 *
 * @module
 */

import type { Program } from "./programs.ts";
import { spawnPython } from "./python.ts";

const CROWD = `
import select, socket, sys, time
port, count, mood, apart = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4] == "true"
flooding = mood.startswith("flooding")
chars = 16332 if mood == "flooding with long lines" else 140
data = (b"gAAAAA-flood-".ljust(chars, b"A") + b"\\n") * (56000 // chars)
poll = select.epoll()
clients = {}
for i in range(count):
    source = (f"127.9.{i // 250}.{1 + i % 250}", 0) if apart else None
    client = socket.create_connection(("127.0.0.1", port), source_address=source)
    if mood == "half-line": client.send(data[:70])
    client.setblocking(False)
    clients[client.fileno()] = [client, 0]
    poll.register(client.fileno(), select.EPOLLIN | (select.EPOLLOUT if flooding else 0))
print("ready", flush=True)
buffer = bytearray(1 << 18)
while True:
    for fd, event in poll.poll():
        entry = clients[fd]
        try:
            if event & select.EPOLLIN and not entry[0].recv_into(buffer, 0, socket.MSG_TRUNC):
                raise OSError("closed")
            if event & select.EPOLLOUT:
                entry[1] = (entry[1] + entry[0].send(data[entry[1]:])) % len(data)
        except BlockingIOError:
            pass
        except OSError:
            poll.unregister(fd)
`;

const WITNESS = `
import select, socket, sys, time
port, seconds = int(sys.argv[1]), float(sys.argv[2])
sender = socket.create_connection(("127.0.0.1", port))
reader = socket.create_connection(("127.0.0.1", port))
# The reader was connected before this was sent, so it comes; what it waits for is not measured.
sender.sendall(b"gAAAAA-hello-".ljust(140, b"A") + b"\\n")
reader.settimeout(20)
if not reader.recv(1 << 16): sys.exit("closed by the relay")
print("ready", flush=True)
sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
poll = select.epoll()
for client in (sender, reader):
    client.setblocking(False)
    poll.register(client.fileno(), select.EPOLLIN)
sent, delays, tail = {}, [], b""
number, start = 0, time.time()
due = start
while time.time() < start + seconds + 20:
    now = time.time()
    if number == 20 * seconds and not sent: break
    if due <= now and number < 20 * seconds:
        due = now + 0.05
        sent[number] = now
        sender.send((b"gAAAAA-me%07d-" % number).ljust(140, b"A") + b"\\n")
        number += 1
    for fd, _ in poll.poll(0.01):
        data = (sender if fd == sender.fileno() else reader).recv(1 << 18)
        if not data: sys.exit("closed by the relay")
        if fd == sender.fileno(): continue
        data = tail + data
        at = data.find(b"gAAAAA-me")
        while 0 <= at <= len(data) - 16:
            delays.append(time.time() - sent.pop(int(data[at + 9:at + 16])))
            at = data.find(b"gAAAAA-me", at + 16)
        tail = data[-15:]
delays.sort()
print(len(sent), number, delays[int(len(delays) * 0.99)] * 1000)
`;

/** What clients do beside reading: nothing, begin a line that never ends, or send all they can. */
export type Mood = "silent" | "half-line" | "flooding" | "flooding with long lines";

/** Clients that all do the same. */
export class Crowd implements AsyncDisposable {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  /**
   * Connects the clients, and returns when all are connected.
   *
   * @param isApart Whether each has an address of its own.
   */
  static async gather(port: number, count: number, mood: Mood, isApart = false): Promise<Crowd> {
    return new Crowd(await start(CROWD, [port, count, mood, `${isApart}`]));
  }

  /** Ends them all. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

/** What a conversation of two suffered. */
export interface Testimony {
  readonly lost: number;
  readonly sent: number;
  /** 99th percentile of the time from one to the other, in ms. */
  readonly p99Ms: number;
}

/** Two clients, one of which sends 20 messages a second to the other. */
export class Witness {
  readonly #program: Program;
  readonly #seconds: number;

  private constructor(program: Program, seconds: number) {
    this.#program = program;
    this.#seconds = seconds;
  }

  /** Connects both, who then talk for a time. */
  static async start(port: number, seconds: number): Promise<Witness> {
    return new Witness(await start(WITNESS, [port, seconds]), seconds);
  }

  /** Waits until they are done. */
  async testify(): Promise<Testimony> {
    const { code, stdout, stderr } = await this.#program.finished(this.#seconds + 60);
    if (code !== 0) throw new Error(`The witness failed:\n${stderr}`);
    const [, lost, sent, p99Ms] = stdout.trim().split(/\s/);
    return { lost: Number(lost), sent: Number(sent), p99Ms: Number(p99Ms) };
  }
}

async function start(code: string, args: readonly (string | number)[]): Promise<Program> {
  const program = spawnPython(["-c", code, ...args.map(String)]);
  await program.waitFor("stdout", /^ready$/m);
  return program;
}
