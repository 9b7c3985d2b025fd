"""Two clients that answer each other."""

import socket
import time

from dialects import Raw
from room import PROBE, SECONDS_TO_JOIN, connect
from tokens import make_tokens


def run_ping_pong(dialect: Raw, port: int, seconds: float) -> dict[str, object]:
    """Counts round trips; both clients send and receive."""
    clients = [connect(port), connect(port)]
    for number, sock in enumerate(clients):
        dialect.join(sock, f"p{number:03}", True)
    first, second = clients
    _open(dialect, first, second)

    ping, pong = make_tokens(1, 0)[0], make_tokens(1, 1)[0]
    round_trips = 0
    start = time.perf_counter()
    while time.perf_counter() < start + seconds:
        first.sendall(dialect.wrap(ping))
        _wait_for(dialect, second, ping)
        second.sendall(dialect.wrap(pong))
        _wait_for(dialect, first, pong)
        round_trips += 1
    return {"perSecond": round_trips / (time.perf_counter() - start), "troubles": []}


def _open(dialect: Raw, first: socket.socket, second: socket.socket) -> None:
    """Sends until the other one hears it, then reads what is left."""
    second.settimeout(0.05)
    for _ in range(SECONDS_TO_JOIN * 20):
        first.sendall(dialect.wrap(PROBE))
        try:
            if PROBE in second.recv(65536):
                break
        except TimeoutError:
            pass
    time.sleep(0.1)
    for sock in (first, second):
        sock.settimeout(0.01)
        try:
            while sock.recv(65536):
                pass
        except TimeoutError:
            pass
        sock.settimeout(SECONDS_TO_JOIN)


def _wait_for(dialect: Raw, sock: socket.socket, token: bytes) -> None:
    data = b""
    while token not in data or not data.endswith(b"\n"):
        chunk = sock.recv(65536)
        if not chunk:
            raise SystemExit("relay closed the connection")
        data += chunk
    if dialect.ping and dialect.ping in data:
        sock.sendall(dialect.pong)
