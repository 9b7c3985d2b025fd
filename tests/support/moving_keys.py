"""Keys that move on, as docs/PROTOCOL.md tells it: with nothing of lib/, and with the standard
library alone but for AES and curves.

    moving_keys.py chain            JSON of a chain: {"root", "day", "chain", "days"}
    moving_keys.py file             the text of a key file
    moving_keys.py open FILE...     tokens, one a line; FILEs are all that a thief has

The question comes on standard input, and the answer is JSON.
"""

import base64
import hashlib
import hmac
import json
import sys

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# How far a thief looks ahead from the day of a file.
DAYS_AHEAD = 40


def hkdf(secret: bytes, info: bytes) -> bytes:
    """32 bytes of HKDF-SHA256 with an empty salt: one block."""
    pseudo_random_key = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(pseudo_random_key, info + b"\x01", hashlib.sha256).digest()


def read64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def write64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def next_day(chain: bytes) -> bytes:
    return hkdf(chain, b"encrypted-chatroom/v2 next day")


def day_key(chain: bytes) -> bytes:
    return hkdf(chain, b"encrypted-chatroom/v2 fernet")


def describe_chain(question: dict) -> dict:
    chain = read64(question["chain"])
    answer = {
        "mark": write64(hashlib.sha256(chain).digest()),
        "lobby": write64(hkdf(read64(question["root"]), b"encrypted-chatroom/v2 lobby")) + "=",
        "chain": [],
        "fernet": [],
    }
    for day in range(question["day"], question["day"] + question["days"]):
        answer["chain"].append(f"{day} {write64(chain)}")
        answer["fernet"].append(f"{day} {write64(day_key(chain))}=")
        chain = next_day(chain)
    return answer


def describe_file(text: str) -> dict:
    newest = text.splitlines()[0].split(".")
    root, number, day = read64(newest[1]), int(newest[2]), int(newest[3])
    chain, mark = read64(newest[4]), read64(newest[5])
    label = b"encrypted-chatroom/v2 key-fingerprint\0"
    digest = hashlib.sha512(label + root + number.to_bytes(4, "big") + mark).digest()
    groups = [int.from_bytes(digest[i : i + 5], "big") % 100_000 for i in range(0, 20, 5)]
    numbers = number.to_bytes(4, "big") + day.to_bytes(4, "big")
    seed = hkdf(root, b"encrypted-chatroom/v1 admission")
    admission = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return {
        "fingerprint": " ".join(f"{group:05}" for group in groups),
        "handover": (root + numbers + chain + mark).hex(),
        "room-id": write64(hkdf(root, b"encrypted-chatroom/v1 room-id")[:16]),
        "admission-key": write64(admission.public_bytes(Encoding.Raw, PublicFormat.Raw)),
    }


def keys_of_line(line: str) -> list[Fernet]:
    """All Fernet keys that a line of a key file leads to."""
    if not line.startswith("room2."):
        return [Fernet(line)]
    _, _, number, _, chain_text, *_ = line.split(".")
    chain = read64(chain_text)
    if number == "0":
        return [Fernet(base64.urlsafe_b64encode(chain))]
    keys = []
    for _ in range(DAYS_AHEAD):
        keys.append(Fernet(base64.urlsafe_b64encode(day_key(chain))))
        chain = next_day(chain)
    return keys


class Loot:
    """What a thief makes of files: Fernet keys, and X25519 keys of private messages."""

    def __init__(self, paths: list[str]) -> None:
        self.keys: list[Fernet] = []
        self.private: list[bytes] = []
        for path in paths:
            with open(path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
            for line in lines:
                self.take(line)
            if lines and lines[0].startswith("days1 "):
                self.private += [read64(line.split(" ")[1]) for line in lines[1:]]

    def take(self, line: str) -> None:
        if line.startswith("room2.") or len(line) == 44 and line.endswith("="):
            self.keys += keys_of_line(line)
        if line.startswith("identity1."):
            self.private.append(read64(line.split(".")[2]))

    def open(self, token: str) -> dict | None:
        for key in self.keys:
            try:
                plaintext = key.decrypt(token.encode())
            except InvalidToken:
                continue
            return self.read(plaintext)
        return None

    def read(self, plaintext: bytes) -> dict:
        if not plaintext.startswith(b"\x1e"):
            return {"text": plaintext.decode()}
        header = json.loads(plaintext[1:].split(b"\n")[0])
        kind = header["k"]
        if kind != "dm":
            return {"kind": kind, "text": header.get("b")}
        return {"kind": kind, "text": self.open_private(header)}

    def open_private(self, header: dict) -> str | None:
        info = b"encrypted-chatroom/v1 dm\0" + read64(header["id"]) + read64(header["to"])
        for private in self.private:
            own = X25519PrivateKey.from_private_bytes(private)
            secret = own.exchange(X25519PublicKey.from_public_bytes(read64(header["x"])))
            key = Fernet(base64.urlsafe_b64encode(hkdf(secret, info)))
            for sealed in header.get("m", "").split(" "):
                try:
                    inner = key.decrypt(sealed.encode())
                    return Fernet(base64.urlsafe_b64encode(inner)).decrypt(header["b"]).decode()
                except (InvalidToken, ValueError):
                    pass
            try:
                return key.decrypt(header["b"].encode()).decode()
            except InvalidToken:
                pass
        return None


def main() -> None:
    command, *paths = sys.argv[1:]
    question = sys.stdin.read()
    if command == "chain":
        answer = describe_chain(json.loads(question))
    elif command == "file":
        answer = describe_file(question)
    else:
        loot = Loot(paths)
        answer = [loot.open(token) for token in question.split()]
    print(json.dumps(answer))


main()
