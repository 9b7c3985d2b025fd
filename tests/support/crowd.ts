/**
 * Many clients in a process of their own, so that they do not slow the test down.
 *
 * @module
 */

import { PYTHON } from "./python.ts";

const CROWD = `
import select, socket, sys, time
port, count, mood = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
flooding = mood.startswith("flooding")
chars = 16332 if mood == "flooding with long lines" else 140
data = (b"gAAAAA-flood-".ljust(chars, b"A") + b"\\n") * (56000 // chars)
poll = select.epoll()
clients = {}
for _ in range(count):
    client = socket.create_connection(("127.0.0.1", port))
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
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
  }

  /** Connects the clients, and returns when all are connected. */
  static async gather(port: number, count: number, mood: Mood): Promise<Crowd> {
    const child = startPython(CROWD, [`${port}`, `${count}`, mood]);
    const reader = child.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    return new Crowd(child);
  }

  /** Ends them all. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.output();
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
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
  }

  /** Connects both, who then talk for a time. */
  static async start(port: number, seconds: number): Promise<Witness> {
    const child = startPython(WITNESS, [`${port}`, `${seconds}`]);
    const reader = child.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    return new Witness(child);
  }

  /** Waits until they are done. */
  async testify(): Promise<Testimony> {
    const { stdout } = await this.#child.output();
    const [lost, sent, p99Ms] = new TextDecoder().decode(stdout).trim().split(" ").map(Number);
    return { lost: lost!, sent: sent!, p99Ms: p99Ms! };
  }
}

function startPython(code: string, args: string[]): Deno.ChildProcess {
  const command = new Deno.Command(PYTHON, {
    args: ["-u", "-c", code, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  });
  return command.spawn();
}
