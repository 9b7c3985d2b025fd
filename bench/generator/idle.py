"""Many idle clients: how long they take to connect, and what they cost."""

import errno
import select
import socket
import time

from dialects import Raw
from room import SECONDS_TO_JOIN
from tokens import make_tokens

MAX_CONNECTING = 500
"""Connections under way at once."""

SETTLE_SECONDS = 2
FAN_OUTS = 20


class Client:
    """One connection on its way into the room."""

    def __init__(self, port: int) -> None:
        self.sock = socket.socket()
        self.sock.setblocking(False)
        if self.sock.connect_ex(("127.0.0.1", port)) not in (0, errno.EINPROGRESS):
            raise SystemExit("cannot connect")
        self.received = b""
        self.heard = 0
        """Messages that came, in order."""


class Crowd:
    """All clients of the measurement."""

    def __init__(self, dialect: Raw, port: int, count: int) -> None:
        self.dialect = dialect
        self.poll = select.epoll()
        self.clients: dict[int, Client] = {}
        self._connect_all(port, count)
        self.last = next(reversed(self.clients.values()))

    def _connect_all(self, port: int, count: int) -> None:
        connecting: set[int] = set()
        deadline = time.monotonic() + SECONDS_TO_JOIN
        while len(self.clients) < count or connecting:
            while len(self.clients) < count and len(connecting) < MAX_CONNECTING:
                client = Client(port)
                fd = client.sock.fileno()
                self.clients[fd] = client
                connecting.add(fd)
                self.poll.register(fd, select.EPOLLOUT)
            if time.monotonic() > deadline:
                raise SystemExit(f"only {len(self.clients)} of {count} clients can connect")
            for fd, event in self.poll.poll(1):
                if self._advance(fd, event):
                    connecting.discard(fd)

    def _advance(self, fd: int, event: int) -> bool:
        """Takes one client a step further; tells whether it has joined."""
        client = self.clients[fd]
        greeting, answer = self.dialect.greeting(f"c{fd:05}", True)
        if event & select.EPOLLOUT:
            if client.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise SystemExit("connection refused")
            client.sock.send(greeting)
            self.poll.modify(fd, select.EPOLLIN)
            return not answer
        client.received += self._read(client)
        return answer in client.received

    def _read(self, client: Client) -> bytes:
        data = client.sock.recv(65536)
        if not data:
            raise SystemExit("relay closed an idle client")
        if self.dialect.ping and self.dialect.ping in data:
            client.sock.send(self.dialect.pong)
        return data

    def fan_out(self, tokens: list[bytes], seconds: float) -> int:
        """Sends from the client that came last; returns the messages missing."""
        others = {fd: c for fd, c in self.clients.items() if c is not self.last}
        missing = len(others) * len(tokens)
        for client in self.clients.values():
            client.received = b""
            client.heard = 0
        self.last.sock.send(b"".join(map(self.dialect.wrap, tokens)))
        deadline = time.monotonic() + seconds
        while missing and time.monotonic() < deadline:
            for fd, _ in self.poll.poll(1):
                client = self.clients[fd]
                client.received += self._read(client)
                if client is self.last:
                    continue
                while client.heard < len(tokens) and tokens[client.heard] in client.received:
                    client.heard += 1
                    missing -= 1
        return missing


def run_idle(dialect: Raw, port: int, count: int, pid: int) -> dict[str, object]:
    """Connects, lets the last one be heard by all, measures memory, fans out."""
    before = resident_bytes(pid)
    start = time.perf_counter()
    crowd = Crowd(dialect, port, count)
    hello, *tokens = make_tokens(1 + FAN_OUTS)
    deaf = crowd.fan_out([hello], SECONDS_TO_JOIN)
    connected = time.perf_counter() - start
    time.sleep(SETTLE_SECONDS)
    grown = resident_bytes(pid) - before
    start = time.perf_counter()
    missing = crowd.fan_out(tokens, SECONDS_TO_JOIN)
    troubles = [f"{deaf} clients were deaf"] if deaf else []
    return {
        "connectSeconds": connected,
        "bytesPerClient": grown / count,
        "fanOutSeconds": time.perf_counter() - start,
        "troubles": troubles + ([f"{missing} messages did not arrive"] if missing else []),
    }


def resident_bytes(pid: int) -> int:
    """Resident memory of a process."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
