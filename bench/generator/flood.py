"""Runs a client on a pseudo-terminal, types a draft, and watches what it writes.

Reads {"command": [...], "env": {...}, "columns": N, "rows": N, "total": N, "draft": "..."} as its
argument. Prints `ready` when the client is connected, and one line of JSON when as many messages
were shown, or none for a while. Messages are to begin with `line <number>:`.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

QUIET_SECONDS = 20
TYPE_EVERY_SECONDS = 0.03
LINE = re.compile(rb"line (\d{6}):")
LINE_BYTES = 12
REPAINT = b"\x1b[?2026h"
STYLES = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")


def memory_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1])


class Watch:
    """What has come so far."""

    def __init__(self):
        self.arrivals = []
        self.repaints = []
        self.tail = b""

    def take(self, chunk, now):
        data = self.tail + chunk
        self.repaints += [now] * (data.count(REPAINT) - self.tail.count(REPAINT))
        end = 0
        for match in LINE.finditer(data):
            end = match.end()
            self.arrivals.append((int(match[1]), now))
        # What is cut may begin a line or a repaint.
        self.tail = data[max(end, len(data) - LINE_BYTES) :]

    def busiest_second(self):
        if not self.arrivals:
            return 0
        first, last = self.arrivals[0][1], self.arrivals[-1][1]
        times = [at for at in self.repaints if first <= at <= last]
        begin, most = 0, 0
        for end, at in enumerate(times):
            while times[begin] <= at - 1:
                begin += 1
            most = max(most, end - begin + 1)
        return most


def run(plan, master, client):
    watch, draft, typed, typed_at = Watch(), plan["draft"].encode(), 0, 0.0
    is_ready, heard, last = False, time.time(), b""
    while time.time() - heard < QUIET_SECONDS:
        now = time.time()
        if watch.arrivals and typed < len(draft) and now - typed_at > TYPE_EVERY_SECONDS:
            os.write(master, draft[typed : typed + 1])
            typed, typed_at = typed + 1, now
        is_done = len(watch.arrivals) >= plan["total"] and typed == len(draft)
        if not select.select([master], [], [], 0.3 if is_done else TYPE_EVERY_SECONDS / 2)[0]:
            if is_done:
                break
            continue
        chunk = os.read(master, 1 << 20)
        now = time.time()
        last = (last + chunk)[-4096:]
        if not is_ready and b"alice> " in last:
            is_ready = True
            print("ready", flush=True)
        known = len(watch.arrivals)
        watch.take(chunk, now)
        if len(watch.arrivals) > known or not watch.arrivals:
            heard = now
    return watch, draft in STYLES.sub(b"", last)


def main():
    plan = json.loads(sys.argv[1])
    master, slave = pty.openpty()
    size = struct.pack("HHHH", plan["rows"], plan["columns"], 0, 0)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
    env = {**os.environ, **plan["env"]}
    client = subprocess.Popen(
        plan["command"], env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    os.close(slave)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        watch, has_draft = run(plan, master, client)
        result = {
            "isWhole": [number for number, _ in watch.arrivals] == list(range(plan["total"])),
            "arrivals": [(number, round(at * 1000)) for number, at in watch.arrivals],
            "repaintsInBusiestSecond": watch.busiest_second(),
            "hasDraft": has_draft,
            "peakKib": memory_kib(client.pid),
        }
        print(json.dumps(result), flush=True)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        client.kill()
        client.wait()


main()
