"""How each kind of relay is spoken to."""

import socket
from typing import NamedTuple


class Frame(NamedTuple):
    """What stands around a token on its way to a receiver."""

    prefix: bytes
    suffix: bytes


class Raw:
    """Tokens and LF, as our relay and `ncat --broker` take them."""

    ping = b""
    pong = b""

    def join(self, sock: socket.socket, name: str, receives: bool) -> None:
        """Nothing: whoever is connected takes part."""

    def greeting(self, name: str, receives: bool) -> tuple[bytes, bytes]:
        """What a client writes first, and what then tells that it was understood."""
        return b"", b""

    def wrap(self, token: bytes) -> bytes:
        """What a sender writes."""
        return token + b"\n"

    def start_of_frame(self, received: bytes) -> int:
        """Where the message begins whose token comes right after these bytes."""
        return received.rfind(b"\n") + 1


class Nats(Raw):
    """The text protocol of NATS: one subject, senders do not subscribe."""

    ping = b"PING\r\n"
    pong = b"PONG\r\n"

    def greeting(self, name: str, receives: bool) -> tuple[bytes, bytes]:
        connect = b'CONNECT {"verbose":false,"pedantic":false,"echo":false}\r\n'
        return connect + (b"SUB room 1\r\n" if receives else b"") + b"PING\r\n", b"PONG\r\n"

    def join(self, sock: socket.socket, name: str, receives: bool) -> None:
        write_and_expect(sock, *self.greeting(name, receives))

    def wrap(self, token: bytes) -> bytes:
        return b"PUB room %d\r\n%b\r\n" % (len(token), token)

    def start_of_frame(self, received: bytes) -> int:
        return received.rfind(b"MSG ")


class Irc(Raw):
    """IRC: one channel."""

    def greeting(self, name: str, receives: bool) -> tuple[bytes, bytes]:
        text = f"NICK {name}\r\nUSER {name} 0 * :bench\r\nJOIN #room\r\n"
        return text.encode(), b" 366 "

    def join(self, sock: socket.socket, name: str, receives: bool) -> None:
        write_and_expect(sock, *self.greeting(name, receives))

    def wrap(self, token: bytes) -> bytes:
        return b"PRIVMSG #room :%b\r\n" % token


DIALECTS = {"raw": Raw(), "nats": Nats(), "irc": Irc()}


def write_and_expect(sock: socket.socket, greeting: bytes, answer: bytes) -> None:
    """Writes a greeting and reads until a line holds the answer."""
    sock.sendall(greeting)
    received = b""
    while answer not in received or not received.endswith(b"\n"):
        chunk = sock.recv(65536)
        if not chunk:
            raise SystemExit(f"relay closed the connection: {received[-300:]!r}")
        received += chunk
