"""Python's `cryptography` at work (f): `python3 fernet_python.py '{"bytes": 200, ...}'`."""

import json
import sys
import time

from cryptography.fernet import Fernet


def main() -> None:
    """Prints operations per second."""
    job = json.loads(sys.argv[1])
    fernet = Fernet(Fernet.generate_key())
    text = b"x" * job["bytes"]
    token = fernet.encrypt(text)
    work = fernet.encrypt if job["direction"] == "encrypt" else fernet.decrypt
    given = text if job["direction"] == "encrypt" else token
    for _ in range(20):
        work(given)
    done = 0
    start = time.perf_counter()
    while time.perf_counter() < start + job["seconds"]:
        work(given)
        done += 1
    print(done / (time.perf_counter() - start))


main()
