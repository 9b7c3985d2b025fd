"""Runs a program in a bare pseudo-terminal, without a shell that would repair it.

Takes a plan as its argument, and then commands, one JSON object a line: "type" (base64), "signal" (a
number), "resize" ([columns, rows]), "pause" (to read nothing more) or "hangup". Tells, one JSON object a line, what was written
("output", base64), whether the modes changed, and in the end how the program left.
"""

import base64
import fcntl
import json
import os
import select
import struct
import subprocess
import sys
import termios
import time

plan = json.loads(sys.argv[1])
master, slave = os.openpty()


def resize(columns, rows):
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def own_terminal():
    # Ctrl-C is a signal only to those whose terminal it is.
    os.setsid()
    if plan["isControlling"]:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def tell(**fields):
    print(json.dumps(fields), flush=True)


def drain():
    """Tells what was written; false if there was nothing."""
    if master is None or not select.select([master], [], [], 0)[0]:
        return False
    tell(output=base64.b64encode(os.read(master, 65536)).decode())
    return True


resize(plan["columns"], plan["rows"])
before = termios.tcgetattr(slave)
was_raw = False
child = subprocess.Popen(plan["command"], stdin=slave, stdout=slave, stderr=slave, cwd=plan["cwd"],
    env={**os.environ, **plan["env"]}, preexec_fn=own_terminal)
tell(pid=child.pid)
pending = b""
hung_up_at = None
is_paused = False
while child.poll() is None:
    ready, _, _ = select.select([0] if master is None or is_paused else [0, master], [], [], 0.01)
    if master is not None:
        was_raw = was_raw or termios.tcgetattr(slave) != before
    if master in ready:
        drain()
    if 0 not in ready:
        continue
    chunk = os.read(0, 65536)
    if not chunk:
        child.kill()
        break
    *lines, pending = (pending + chunk).split(b"\n")
    for line in lines:
        command = json.loads(line)
        if "type" in command:
            os.write(master, base64.b64decode(command["type"]))
        if "signal" in command and child.poll() is None:
            child.send_signal(command["signal"])
        if "resize" in command:
            resize(*command["resize"])
        is_paused = is_paused or command.get("pause", False)
        if command.get("hangup"):
            hung_up_at = time.monotonic()
            os.close(slave)
            os.close(master)
            master = None
code = child.wait()
after = None if master is None else termios.tcgetattr(slave)
ended_after = None if hung_up_at is None else time.monotonic() - hung_up_at
while drain():
    pass
tell(code=code if code >= 0 else 128 - code, isSame=before == after, wasRaw=was_raw,
    secondsAfterHangup=ended_after)
