"""Clients in a room, all known to hear each other before the clock starts."""

import resource
import socket
import time

from dialects import Frame, Raw

PROBE = b"gAAAAAprobe".ljust(140, b"A")
MARKER = b"gAAAAAmarker".ljust(140, b"A")
SECONDS_TO_JOIN = 30


def connect(port: int) -> socket.socket:
    """Connects to the relay."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_JOIN)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


class Room:
    """Senders and receivers of one measurement."""

    def __init__(self, dialect: Raw, port: int, senders: int, receivers: int) -> None:
        self.dialect = dialect
        self.senders = [self._join(port, f"s{i:03}", False) for i in range(senders)]
        self.receivers = [self._join(port, f"r{i:03}", True) for i in range(receivers)]
        self.frames = self._learn_frames()

    def _join(self, port: int, name: str, receives: bool) -> socket.socket:
        sock = connect(port)
        self.dialect.join(sock, name, receives)
        return sock

    def _learn_frames(self) -> list[Frame]:
        """Lets each sender be heard; returns what its tokens are wrapped in."""
        self._probe()
        frames = []
        for sender in self.senders:
            sender.sendall(self.dialect.wrap(MARKER))
            heard = [self._read_through_marker(sock) for sock in self.receivers]
            before, _, suffix = heard[0].partition(MARKER)
            prefix = before[self.dialect.start_of_frame(before) :]
            frames.append(Frame(prefix, suffix))
        self._drain_senders()
        return frames

    def _probe(self) -> None:
        """Sends until every receiver has heard something: then all are connected."""
        waiting = set(self.receivers)
        deadline = time.monotonic() + SECONDS_TO_JOIN
        while waiting:
            if time.monotonic() > deadline:
                raise SystemExit(f"{len(waiting)} receivers hear nothing")
            self.senders[0].sendall(self.dialect.wrap(PROBE))
            time.sleep(0.05)
            for sock in list(waiting):
                sock.setblocking(False)
                try:
                    if PROBE in sock.recv(65536, socket.MSG_PEEK):
                        waiting.remove(sock)
                except BlockingIOError:
                    pass

    def _read_through_marker(self, sock: socket.socket) -> bytes:
        sock.settimeout(SECONDS_TO_JOIN)
        received = b""
        while MARKER not in received or not received.endswith(b"\n"):
            chunk = sock.recv(65536)
            if not chunk:
                raise SystemExit("relay closed a receiver")
            received += chunk
        return received

    def _drain_senders(self) -> None:
        time.sleep(0.05)
        for sock in self.senders:
            sock.setblocking(False)
            try:
                while sock.recv(65536):
                    pass
            except BlockingIOError:
                pass


def generator_cpu_seconds() -> float:
    """CPU time of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def relay_cpu_seconds(pid: int) -> float:
    """CPU time of all threads of the relay so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
