"""Tries to open recorded tokens with all that lies in a member's directory.

Arguments: the directory, and a file with one token a line. Prints the plaintexts, as JSON. It is
written from docs/PROTOCOL.md: the first key, the keys of each generation's days, and the lobby; and
for boxes and answers the member's lasting key and its keys of the day.
"""

import base64, glob, hashlib, json, os, sys, time

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hkdf(secret, info, length=32):
    return HKDF(hashes.SHA256(), length, salt=b"", info=info).derive(secret)


def fernet(raw):
    return Fernet(base64.urlsafe_b64encode(raw))


def days_of(chain, day):
    """The keys of a chain from its day on to the day after tomorrow."""
    while day <= time.time() // 86400 + 2:
        yield fernet(hkdf(chain, b"encrypted-chatroom/v2 fernet"))
        chain, day = hkdf(chain, b"encrypted-chatroom/v2 next day"), day + 1


directory, tokens = sys.argv[1:]
rooms, private = [], []
for line in open(f"{directory}/secret.key").read().split():
    if not line.startswith("room2."):
        root = unb64(line.rstrip("="))
        rooms.append(fernet(root))
    else:
        _, spelled, number, day, chain = line.split(".")[:5]
        root = unb64(spelled)
        if number == "0":
            rooms.append(fernet(root))
        else:
            rooms += days_of(unb64(chain), int(day))
rooms.append(fernet(hkdf(root, b"encrypted-chatroom/v2 lobby")))
for path in glob.glob(f"{directory}/state/**/*", recursive=True):
    if not os.path.isfile(path):
        continue
    words = open(path, errors="replace").read().replace(".", " ").split()
    # Whatever could be a key is tried as one.
    private += [unb64(word) for word in words if len(word) == 43 and len(unb64(word)) == 32]


def open_chain(header, body):
    """Opens whatever is sealed in a rekey or an answer, with any of the keys."""
    details = json.loads(header["b"]) if header["b"].startswith("{") else {}
    eph = unb64(details.get("eph", header.get("x", "")) or "A" * 43)
    for raw in private:
        key = X25519PrivateKey.from_private_bytes(raw)
        own = key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        secret = key.exchange(X25519PublicKey.from_public_bytes(eph))
        parts = unb64(header["id"]) + eph + own
        made = hkdf(secret, b"encrypted-chatroom/v2 rekey\0" + parts, 40)
        for at in range(0, len(body), 56):
            try:
                return AESGCM(made[:32]).decrypt(bytes(12), body[at + 8 : at + 56], None), details
            except InvalidTag:
                pass
    return None


def read(token):
    for room in rooms:
        try:
            return room.decrypt(token)
        except InvalidToken:
            pass
    return None


lines = open(tokens, "rb").read().split()
opened = {}
for _ in range(3):  # A chain that was opened may open more.
    for token in lines:
        plain = read(token) if token not in opened else None
        if plain is None:
            continue
        opened[token] = plain
        if plain[:1] != b"\x1e":
            continue
        head, signature, body = plain[1:].split(b"\n", 2)
        header = json.loads(head)
        if header["k"] == "rekey":
            found = open_chain(header, body[: header["bl"]])
            if found:
                assert hashlib.sha256(found[0]).digest() == unb64(found[1]["fp"])
                rooms += days_of(found[0], found[1]["day"])
plain = [opened[token] for token in lines if token in opened]
print(json.dumps([text.decode("utf-8", "replace") for text in plain]))
