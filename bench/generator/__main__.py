"""The load generator: `python3 bench/generator '{"work": "stream", ...}'`.

One process, one thread. Prints the result as JSON.
"""

import json
import sys

from dialects import DIALECTS
from room import Room
from stream import run_stream
from latency import run_latency
from ping_pong import run_ping_pong
from idle import run_idle


def main() -> None:
    """Does what the first argument says."""
    job = json.loads(sys.argv[1])
    dialect = DIALECTS[job["dialect"]]
    pid = job["pid"]
    port = job["port"]
    if job["work"] == "idle":
        result = run_idle(dialect, port, job["clients"], pid)
    elif job["work"] == "pingpong":
        result = run_ping_pong(dialect, port, job["seconds"])
    else:
        room = Room(dialect, port, job["senders"], job["receivers"])
        if job["work"] == "stream":
            result = run_stream(room, job["tokens"], pid)
        else:
            result = run_latency(room, job["perSecond"], job["seconds"])
    print(json.dumps(result))


main()
