"""Checks that a receiver gets every byte, in order. The work is done by the C
library's memory functions, so that checking is cheap beside receiving."""

import os
import socket

from dialects import Frame, Raw
from tokens import CHARS, FIRST_MARK, SECOND_MARK, letters_of, marks_of

LF = 0x0A


class OrderedCheck:
    """Compares all bytes with what one sender's stream must become."""

    def __init__(self, sock: socket.socket, dialect: Raw, frame: bytes, expected: bytes) -> None:
        self.sock = sock
        self.recv_into = sock.recv_into
        self.dialect = dialect
        self.frame = frame
        self.expected = expected
        self.total = len(expected)
        self.received = 0
        self.done = False
        self._held = b""
        self._troubles: set[str] = set()

    def take(self, view: memoryview, count: int) -> None:
        """Takes the bytes `view[:count]`."""
        if self._held or not self.expected.startswith(view[:count], self.received):
            self._take_slowly(self._held + bytes(view[:count]))
        else:
            self.received += count
        self.done = self.done or self.received >= self.total

    def _take_slowly(self, data: bytes) -> None:
        """Answers a relay's ping, which stands between two messages."""
        data = self._without_ping(data)
        if self.expected.startswith(data, self.received):
            self.received += len(data)
        else:
            expected = self.expected[self.received : self.received + len(data)]
            at = len(os.path.commonprefix([data, expected]))
            self.fail(f"{data[at : at + 20]!r} instead of {expected[at : at + 20]!r}")

    def _without_ping(self, data: bytes) -> bytes:
        self._held = b""
        ping = self.dialect.ping
        if not ping:
            return data
        head, found, tail = data.partition(ping)
        if found:
            self.sock.send(self.dialect.pong)
            return head + tail
        for part in range(len(ping) - 1, 0, -1):
            if data.endswith(b"\n" + ping[:part]) or data == ping[:part]:
                self._held = data[-part:]
                return data[:-part]
        return data

    def fail(self, trouble: str) -> None:
        """Gives this receiver up."""
        self._troubles.add(trouble)
        self.done = True

    def finish(self) -> set[str]:
        """Returns what was wrong."""
        if not self.done:
            self._troubles.add("lines are missing")
        return self._troubles


class MixedCheck(OrderedCheck):
    """Checks the streams of several senders, in whatever order they mix.

    Of every line of every receiver: that LF ends it where the frame's length
    says, and that its sender's marks follow each other without a gap. Receivers
    with `keep` also compare every whole line with what was sent.
    """

    def __init__(
        self,
        sock: socket.socket,
        dialect: Raw,
        frames: list[Frame],
        batches: list[list[bytes]],
        keep: bool,
    ) -> None:
        prefix, suffix = frames[0]
        super().__init__(sock, dialect, prefix + batches[0][0] + suffix, b"")
        self.frames = frames
        self.batches = batches
        self.keep = keep
        self.total = len(self.frame) * len(batches) * len(batches[0])
        self.columns = {
            len(prefix) + FIRST_MARK: bytearray(),
            len(prefix) + SECOND_MARK: bytearray(),
            len(self.frame) - 1: bytearray(),
        }
        self.kept = bytearray()

    def take(self, view: memoryview, count: int) -> None:
        data = view.obj
        if self.dialect.ping:
            data = self._without_ping(self._held + bytes(view[:count]))
            count = len(data)
        size = len(self.frame)
        for column, values in self.columns.items():
            values += data[(column - self.received) % size : count : size]
        if self.keep:
            self.kept += data[:count]
        self.received += count
        self.done = self.done or self.received >= self.total

    def finish(self) -> set[str]:
        troubles = super().finish()
        first, second, ends = self.columns.values()
        lines = self.total // len(self.frame)
        torn = ends.count(LF) != lines
        if self.received != self.total:
            troubles.add("bytes are missing or foreign")
        for sender, batch in enumerate(self.batches):
            others = bytes(set(range(256)) - set(letters_of(sender)))
            got = first.translate(None, others), second.translate(None, others)
            torn = torn or got != marks_of(sender, len(batch))
        if self.keep and not torn:
            sent = {
                frame.prefix + token + frame.suffix
                for frame, batch in zip(self.frames, self.batches)
                for token in batch
            }
            torn = not sent.issuperset(self._lines())
        if torn:
            troubles.add("lines are torn" + (f": {self._torn_share():.0%}" if self.keep else ""))
        return troubles

    def _lines(self) -> list[bytes]:
        size = len(self.frame)
        return [bytes(self.kept[i : i + size]) for i in range(0, len(self.kept), size)]

    def _torn_share(self) -> float:
        sent = {token for batch in self.batches for token in batch}
        whole = sum(line in sent for line in bytes(self.kept).split(b"\n"))
        return 1 - whole / (self.total / len(self.frame))
