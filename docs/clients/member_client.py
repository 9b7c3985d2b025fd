#!/usr/bin/env python3
"""A member of a room, written from docs/PROTOCOL.md alone.

    member_client.py <ip> <port> <nickname> [text...]

Sends each text, or else each line of standard input, then leaves. Prints what others write, and
marks what is old and who is not proven to be who it says. It needs secret.key in its working
directory and the package cryptography (38 or later).

It is small: it is somebody new at each start, keeps nothing on disk, pins a name to the first key
that it sees, does not wait for messages that are missing, sends none again, says "here" to nobody,
reads no private messages, and does not know rooms that have moved on to a new key.
"""
import base64, contextlib, itertools, json, os, re, socket, sys, threading, time

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

P, Y8 = 2**255 - 19, 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7


def b64(data): return base64.urlsafe_b64encode(data).decode().rstrip("=")
def unb64(text): return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
def label(name, *parts): return b"encrypted-chatroom/v1 " + name + b"\0" + b"".join(parts)
def derive(name, size): return HKDF(hashes.SHA256(), size, b"", label(name)[:-1]).derive(unb64(key))


def say(line):
    # Two threads speak, each in whole lines; the one that reads learns that a connection is gone.
    with lock, contextlib.suppress(OSError): sock.sendall(line.encode() + b"\n")


def write(kind, **fields):
    header = {"v": 1, "k": kind, "id": own, "n": nickname, "e": epoch, "q": next(numbers)}
    j = json.dumps({**header, "t": int(time.time()), **fields}, ensure_ascii=False).encode()
    plaintext = b"\x1e%b\n%b\n" % (j, b64(me.sign(label(b"message", room, j))).encode())
    size = min(n for n in (511, 1023, 2047, 4095, *range(8191, 45056, 4096)) if n >= len(plaintext))
    # Who comes and goes is nothing to those who come later.
    say("!FLEETING\n" * (kind != "chat") + fernet.encrypt(plaintext.ljust(size)).decode())


def send():
    write("join", cid=int(cid.removeprefix("cid=")))
    for text in words or sys.stdin: write("chat", b=text.rstrip("\n"))
    write("leave")
    say("!BYE")
    sock.shutdown(socket.SHUT_WR)


def read(token):
    plaintext, seconds = fernet.decrypt(token), fernet.extract_timestamp(token)
    mark, text = unb64(token)[-32:], "(unverified) " + plaintext.decode(errors="replace")
    if plaintext[:1] == b"\x1e":
        j, signature, _ = plaintext[1:].split(b"\n", 2)
        m, signed = json.loads(j), label(b"message", room, j)
        who, mark, seconds = m["id"], (m["id"], m["e"], m["q"]), m["t"]
        public, name = unb64(who), re.sub(r"[\s<>]", "?", m["n"])
        Ed25519PublicKey.from_public_bytes(public).verify(unb64(signature.decode()), signed)
        # Under a key of small order one signature fits many messages.
        y = int.from_bytes(public, "little") % 2**255 % P
        if y in (0, 1, P - 1, Y8, P - Y8) or who == own or m["k"] != "chat": return
        is_known = pins.setdefault(name.casefold(), who) == who
        text = ("" if is_known else f"(NOT the known {name}!) ") + f"<{name}> {m['b']}"
    is_old = sender.ident is None or abs(time.time() - seconds) > 300
    text = "".join(c if c.isprintable() else "?" for c in "(old) " * is_old + text)
    if seen.setdefault(mark, token) is token: print(text, flush=True)


(ip, port, nickname, *words), key = sys.argv[1:], open("secret.key").read().strip()
fernet, room, me = Fernet(key), derive(b"room-id", 16), Ed25519PrivateKey.generate()
own = b64(me.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))
epoch, numbers = b64(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(2)), itertools.count()
seen, pins, lock, sender = {}, {}, threading.Lock(), threading.Thread(target=send, daemon=True)
sock, nonce = socket.create_connection((ip, int(port))), os.urandom(16)
say(f"!HELLO 1 {b64(nonce)} backlog=50")
for line in sock.makefile():
    match line.split():
        case ["!CHAL", "1", challenge, _]:
            admission = Ed25519PrivateKey.from_private_bytes(derive(b"admission", 32))
            say("!AUTH " + b64(admission.sign(label(b"admit", room, unb64(challenge), nonce))))
        case ["!WELCOME", "1", cid, *_]: pass
        case ["!LIVE"]: sender.start()
        case ["!PING", n]: say("!PONG " + n)
        case ["!ERR", *_]: sys.exit(line.strip())
        case [token] if token.startswith("g"):
            # What cannot be read, or has no good signature, shows nothing.
            with contextlib.suppress(Exception): read(token)
sender.join(1)
sys.exit("the connection is lost" if sender.is_alive() else 0)
