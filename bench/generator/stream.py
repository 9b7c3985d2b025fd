"""Throughput: senders write as fast as they can, receivers check all they get."""

import select
import socket
import time

from check import MixedCheck, OrderedCheck
from room import Room, generator_cpu_seconds, relay_cpu_seconds
from tokens import make_tokens

READ_BYTES = 256 * 1024
"""Fits the second-level cache, so that checking costs little more than reading."""

SMALL_READ_BYTES = 16 * 1024
PAUSE_SECONDS = 0.0003
"""After small reads the generator is ahead of the relay: it lets more come in,
as every read costs the same however little it brings."""

STALL_SECONDS = 20


class Sender:
    """One sender and what it has still to write; what it hears is dropped."""

    def __init__(self, sock: socket.socket, data: bytes) -> None:
        self.sock = sock
        self.rest = memoryview(data)

    def write(self) -> bool:
        """Writes as much as the kernel takes; tells whether anything is left."""
        try:
            while self.rest:
                self.rest = self.rest[self.sock.send(self.rest[:READ_BYTES]) :]
        except BlockingIOError:
            pass
        return bool(self.rest)


def run_stream(room: Room, tokens: int, pid: int) -> dict[str, object]:
    """Measures from the first byte sent to the last byte received."""
    batches = [make_tokens(tokens, i) for i in range(len(room.senders))]
    wrap = room.dialect.wrap
    senders = {
        sock.fileno(): Sender(sock, b"".join(map(wrap, batch)))
        for sock, batch in zip(room.senders, batches)
    }
    mixed = len(batches) > 1
    checks = make_checks(room, batches)
    buffer = bytearray(READ_BYTES)
    view = memoryview(buffer)
    poll = select.epoll()
    for sock in [*room.senders, *room.receivers]:
        sock.setblocking(False)
        poll.register(sock.fileno(), select.EPOLLIN)
    for sock in room.senders:
        poll.modify(sock.fileno(), select.EPOLLIN | select.EPOLLOUT)

    cpu = generator_cpu_seconds(), relay_cpu_seconds(pid)
    start = time.perf_counter()
    waiting = len(checks)
    while waiting:
        events = poll.poll(STALL_SECONDS)
        if not events:
            break
        read = reads = 0
        for fd, event in events:
            check = checks.get(fd)
            if check is None:
                sender = senders[fd]
                if event & select.EPOLLOUT and not sender.write():
                    poll.modify(fd, select.EPOLLIN)
                if event & ~select.EPOLLOUT and not sender.sock.recv_into(buffer):
                    poll.unregister(fd)
                continue
            try:
                count = check.recv_into(buffer)
            except ConnectionError:
                count = 0
            if count == 0:
                check.fail("closed by the relay")
            else:
                check.take(view, count)
            read += count
            reads += 1
            if check.done:
                waiting -= 1
                poll.unregister(fd)
        if read < reads * SMALL_READ_BYTES:
            time.sleep(PAUSE_SECONDS)
    seconds = time.perf_counter() - start
    used = generator_cpu_seconds() - cpu[0], relay_cpu_seconds(pid) - cpu[1]

    troubles = sorted({trouble for check in checks.values() for trouble in check.finish()})
    lines = sum(check.received for check in checks.values()) / len(next(iter(checks.values())).frame)
    return {
        "seconds": seconds,
        "deliveries": round(lines),
        "generatorCpu": used[0],
        "relayCpu": used[1],
        "troubles": troubles,
        "check": "frames and marks" if mixed else "every byte",
    }


def make_checks(room: Room, batches: list[list[bytes]]) -> dict[int, OrderedCheck]:
    """One check per receiver, by file descriptor."""
    if len(batches) == 1:
        prefix, suffix = room.frames[0]
        expected = b"".join(prefix + token + suffix for token in batches[0])
        frame = prefix + batches[0][0] + suffix
        return {s.fileno(): OrderedCheck(s, room.dialect, frame, expected) for s in room.receivers}
    return {
        sock.fileno(): MixedCheck(sock, room.dialect, room.frames, batches, keep=index < 2)
        for index, sock in enumerate(room.receivers)
    }
