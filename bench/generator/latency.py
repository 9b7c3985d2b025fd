"""Latency: one sender at a steady rate, every receiver timed."""

import select
import time

from room import Room
from tokens import make_tokens

MAX_LATE_SECONDS = 2


def run_latency(room: Room, per_second: int, seconds: float) -> dict[str, object]:
    """Measures from just before a message is sent to its arrival at each receiver."""
    count = int(per_second * seconds)
    tokens = make_tokens(count)
    prefix, suffix = room.frames[0]
    frames = [prefix + token + suffix for token in tokens]
    sender = room.senders[0]
    poll = select.epoll()
    by_fd = {sock.fileno(): sock for sock in room.receivers}
    for sock in room.receivers:
        sock.setblocking(False)
        poll.register(sock.fileno(), select.EPOLLIN)
    ping = room.dialect.ping
    pending = {fd: b"" for fd in by_fd}
    sender.setblocking(True)

    samples: list[float] = []
    missing = 0
    start = time.perf_counter()
    for number, (token, frame) in enumerate(zip(tokens, frames)):
        while (left := start + number / per_second - time.perf_counter()) > 0:
            time.sleep(left)
        sent = time.perf_counter()
        sender.sendall(room.dialect.wrap(token))
        waiting = set(by_fd)
        while waiting and time.perf_counter() - sent < MAX_LATE_SECONDS:
            for fd, _ in poll.poll(MAX_LATE_SECONDS):
                data = pending[fd] + by_fd[fd].recv(65536)
                now = time.perf_counter()
                if ping and ping in data:
                    by_fd[fd].send(room.dialect.pong)
                    data = data.replace(ping, b"")
                pending[fd] = data
                if data == frame:
                    samples.append(now - sent)
                    pending[fd] = b""
                    waiting.discard(fd)
                elif len(data) >= len(frame):
                    raise SystemExit(f"{data[:40]!r} instead of {frame[:40]!r}")
        missing += len(waiting)
    samples.sort()
    return {
        "p50": at(samples, 0.5),
        "p99": at(samples, 0.99),
        "p999": at(samples, 0.999),
        "samples": len(samples),
        "troubles": [f"{missing} messages did not arrive"] if missing else [],
    }


def at(samples: list[float], share: float) -> float:
    """The given quantile, in seconds."""
    return samples[min(len(samples) - 1, int(len(samples) * share))]
