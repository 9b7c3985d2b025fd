"""Measures how long programs take to start: until a prompt is on their terminal, or to their end.

Reads {"programs": [{"command": [...], "prompts": ["pattern", ...]}], "env": {...}, "rounds": N} as
its argument, and writes for each program and each of its prompts a list of N times in seconds; of
one without prompts those to its end. Rounds visit the programs in turns; one more warms up.
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

DEADLINE_SECONDS = 20


def until_end(command, env):
    began = time.perf_counter()
    subprocess.run(command, check=True, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return [time.perf_counter() - began]


def until_prompts(command, env, patterns):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    began = time.perf_counter()
    child = subprocess.Popen(
        command, env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    output, times = b"", []
    try:
        for pattern in patterns:
            while not re.search(pattern.encode(), output):
                left = began + DEADLINE_SECONDS - time.perf_counter()
                if left <= 0 or not select.select([master], [], [], left)[0]:
                    raise SystemExit(f"no prompt in {DEADLINE_SECONDS} s, but: {output!r}")
                output += os.read(master, 65536)
            times.append(time.perf_counter() - began)
        return times
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        os.close(master)
        os.close(slave)


def main():
    plan = json.loads(sys.argv[1])
    env = {**os.environ, **plan["env"]}
    times = []
    for _ in range(plan["rounds"] + 1):
        times.append([])
        for program in plan["programs"]:
            command, prompts = program["command"], program["prompts"]
            times[-1].append(
                until_prompts(command, env, prompts) if prompts else until_end(command, env)
            )
    print(json.dumps([list(zip(*rounds)) for rounds in zip(*times[1:])]))


main()
