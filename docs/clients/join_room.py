#!/usr/bin/env python3
"""Joins a room with an invitation code, written from docs/PROTOCOL.md alone.

    join_room.py <ip> <port> <nickname> < code

Reads the four words from standard input, so that they show in no list of processes. Prints the
room's key (the line of secret.key), and the id and the nickname of who invited, one a line. It is somebody new at each
start, and stores nothing. It needs the package cryptography (38 or later).
"""
import base64, hashlib, hmac, os, re, socket, sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

P, A = 2**255 - 19, 486662
LABEL = b"encrypted-chatroom/v1 invitation"


def b64(data): return base64.urlsafe_b64encode(data).decode().rstrip("=")
def unb64(text): return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
def sha512(*parts): return hashlib.sha512(b"".join(parts)).digest()
def x25519(u): return scalar.exchange(X25519PublicKey.from_public_bytes(u))
def say(line): sock.sendall(line.encode() + b"\n")


def lv_cat(*parts):  # All parts here have less than 128 bytes.
    return b"".join(bytes([len(part)]) + part for part in parts)


def map_to_curve(data):
    r = int.from_bytes(data, "little") % 2**255 % P
    u = -A * pow(1 + 2 * r * r, -1, P) % P
    is_square = pow(u**3 + A * u**2 + u, (P - 1) // 2, P) in (0, 1)
    return (u if is_square else (-u - A) % P).to_bytes(32, "little")


def listen():
    for line in lines:
        if line.startswith("!PASS %s " % slot): return unb64(line.split(" ")[2])
        if line.startswith("!CHAL "): sys.exit("the relay is too old for invitations")
        if line.startswith("!ERR "): sys.exit(line[1:])
    sys.exit("the relay is gone")


ip, port, nickname = sys.argv[1:]
slot, *words = re.split(r"[\s-]+", sys.stdin.readline().strip().lower())
me, scalar = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
own = me.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

head = lv_cat(b"CPace255", "-".join(words).encode())
padding = bytes(max(0, 127 - len(head)))
ya = x25519(map_to_curve(sha512(head, lv_cat(padding, LABEL + b"\0" + slot.encode(), b""))[:32]))
ad_a, ad_b = LABEL + b" joiner", LABEL + b" inviter"

sock = socket.create_connection((ip, int(port)), timeout=11)
lines = (line.rstrip("\r\n") for line in sock.makefile(encoding="latin1"))
say("!MEET %s %s" % (slot, b64(ya)))
say("!HELLO 1 %s backlog=0" % b64(os.urandom(16)))

answer = listen()
yb, tb = answer[:32], answer[32:]
transcript = lv_cat(ya, ad_a) + lv_cat(yb, ad_b)
isk = sha512(lv_cat(b"CPace255_ISK", b"", x25519(yb)), transcript)
mac_key = sha512(b"CPaceMac", isk)
say("!PASS %s %s" % (slot, b64(hmac.digest(mac_key, lv_cat(ya, ad_a), "sha512"))))
if not hmac.compare_digest(tb, hmac.digest(mac_key, lv_cat(yb, ad_b), "sha512")):
    sys.exit("the code is wrong")


def derive(info): return HKDF(hashes.SHA256(), 32, b"", info).derive(isk)


try:
    box = AESGCM(derive(ad_b + b" box")).decrypt(bytes(12), listen(), None)
except InvalidTag:
    sys.exit("the box does not open")
secret, about = box[:-128], box[-128:]
inviter, signature, name = about[:32], about[32:96], about[96:].rstrip(b"\0")
Ed25519PublicKey.from_public_bytes(inviter).verify(
    signature, ad_b + b"\0" + derive(ad_b + b" id")
)
who = own + me.sign(ad_a + b"\0" + derive(ad_a + b" id")) + nickname.encode().ljust(32, b"\0")
say("!PASS %s %s" % (slot, b64(AESGCM(derive(ad_a + b" box")).encrypt(bytes(12), who, None))))
sock.shutdown(socket.SHUT_WR)
for line in lines: pass
if len(secret) == 32:
    key = b64(secret) + "="
else:  # A room that has moved on.
    generation, day = int.from_bytes(secret[32:36], "big"), int.from_bytes(secret[36:40], "big")
    key = "room2.%s.%d.%d.%s" % (b64(secret[:32]), generation, day, b64(secret[40:72]))
    key += "." + b64(secret[72:])
print(key, b64(inviter), name.decode(), sep="\n")
