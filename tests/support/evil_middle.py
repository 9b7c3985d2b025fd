#!/usr/bin/env python3
"""A machine between a relay and two who pair, written from docs/PROTOCOL.md alone.

    evil_middle.py <port of the relay> <deed> [<index of a message>]

Prints its own port, and takes two connections. The messages of the pairing have the indices 0 to 4,
in the order of "Pairing". It reads a line of standard input when it needs it: three words for the
deed guess, and for the deed replay the messages of another pairing as JSON. When both connections are over, it prints as
JSON which messages it saw, in hexadecimal, and the room's key if it has learned that.
"""
import base64, hashlib, hmac, json, os, re, socket, sys, threading

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LABEL = b"encrypted-chatroom/v1 invitation"
AD_A, AD_B = LABEL + b" joiner", LABEL + b" inviter"
P, A = 2**255 - 19, 486662


def b64(data): return base64.urlsafe_b64encode(data).decode().rstrip("=")
def unb64(text): return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
def sha512(*parts): return hashlib.sha512(b"".join(parts)).digest()
def lv_cat(*parts): return b"".join(bytes([len(part)]) + part for part in parts)


def generator(words, slot):
    head = lv_cat(b"CPace255", words)
    data = sha512(head, lv_cat(bytes(max(0, 127 - len(head))), LABEL + b"\0" + slot, b""))[:32]
    r = int.from_bytes(data, "little") % 2**255 % P
    u = -A * pow(1 + 2 * r * r, -1, P) % P
    is_square = pow(u**3 + A * u**2 + u, (P - 1) // 2, P) in (0, 1)
    return (u if is_square else (-u - A) % P).to_bytes(32, "little")


class Guess:
    """Plays one side of a pairing with words that may be wrong."""

    def __init__(self, words, slot, own):
        self.scalar, self.own = X25519PrivateKey.generate(), own
        self.share = self.times(generator(words, slot))

    def times(self, u): return self.scalar.exchange(X25519PublicKey.from_public_bytes(u))

    def agree(self, other):
        ya, yb = (self.share, other) if self.own == AD_A else (other, self.share)
        transcript = lv_cat(ya, AD_A) + lv_cat(yb, AD_B)
        self.isk = sha512(lv_cat(b"CPace255_ISK", b"", self.times(other)), transcript)

    def tag(self):
        key = sha512(b"CPaceMac", self.isk)
        return hmac.digest(key, lv_cat(self.share, self.own), "sha512")

    def derive(self, info): return HKDF(hashes.SHA256(), 32, b"", info).derive(self.isk)

    def open(self, box):
        other = AD_B if self.own == AD_A else AD_A
        try:
            return AESGCM(self.derive(other + b" box")).decrypt(bytes(12), box, None)
        except InvalidTag:
            return None

    def seal(self, key, nickname):
        me = Ed25519PrivateKey.generate()
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        signature = me.sign(self.own + b"\0" + self.derive(self.own + b" id"))
        who = me.public_key().public_bytes(*raw) + signature + nickname.ljust(32, b"\0")
        return AESGCM(self.derive(self.own + b" box")).encrypt(bytes(12), key + who, None)


class Middle:
    def __init__(self, deed, target):
        self.deed, self.target = deed, target
        self.seen, self.held, self.key, self.lock = [], None, None, threading.Lock()

    def pass_on(self, slot, message):
        """The messages that go on in place of one, and those that go back to who sent it."""
        index = len(self.seen)
        self.seen.append(message)
        if self.deed == "guess": return [self.guess(slot, index, message)], []
        if self.held is not None and index == self.target + 2: return [message, self.held], []
        if index != self.target: return [message], []
        if self.deed == "drop": return [], []
        if self.deed == "swap": return [], [message]
        if self.deed == "twice": return [message, message], []
        if self.deed == "cut": return [message[:-1]], []
        if self.deed == "flip": return [bytes([message[0] ^ 1]) + message[1:]], []
        if self.deed == "zeros": return [bytes(len(message))], []
        if self.deed == "replay": return [bytes.fromhex(json.loads(sys.stdin.readline())[index])], []
        if self.deed == "reorder":
            self.held = message
            return [], []
        return [message], []

    def guess(self, slot, index, message):
        """To the inviter it is the joiner, and to the joiner the inviter."""
        if index == 0:
            words = sys.stdin.readline().strip().encode()
            self.to_joiner, self.to_inviter = Guess(words, slot, AD_B), Guess(words, slot, AD_A)
            self.to_joiner.agree(message)
            return self.to_inviter.share
        if index == 1:
            self.to_inviter.agree(message[:32])
            return self.to_joiner.share + self.to_joiner.tag()
        if index == 2: return self.to_inviter.tag()
        if index == 3:
            opened = self.to_inviter.open(message)
            self.key = opened and opened[:32]
            return self.to_joiner.seal(self.key or os.urandom(32), b"alice")
        return self.to_inviter.seal(b"", b"bob")

    def serve(self, client, relay):
        with client.makefile("rb") as lines:
            for line in lines:
                match = re.match(rb"!(MEET|PASS) ([a-z]+) ([\w-]+)$", line)
                if not match:
                    relay.sendall(line)
                    continue
                verb, slot, text = match.groups()
                with self.lock: on, back = self.pass_on(slot, unb64(text.decode()))
                for message in on: relay.sendall(b"!%s %s %s\n" % (verb, slot, b64(message).encode()))
                for message in back: client.sendall(b"!PASS %s %s\n" % (slot, b64(message).encode()))
        relay.shutdown(socket.SHUT_WR)


def copy(relay, client):
    while data := relay.recv(65536): client.sendall(data)
    client.shutdown(socket.SHUT_WR)


def guarded(work, *ends):
    try: work(*ends)
    except OSError:  # One end is gone: the other one goes, too.
        for end in ends: end.close()


port, deed, *target = sys.argv[1:]
middle = Middle(deed, int(target[0]) if target else -1)
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threads = []
for _ in range(2):
    client, _ = listener.accept()
    relay = socket.create_connection(("127.0.0.1", int(port)))
    for work, *ends in ((middle.serve, client, relay), (copy, relay, client)):
        threads.append(threading.Thread(target=guarded, args=(work, *ends)))
        threads[-1].start()
for thread in threads: thread.join()
key = middle.key and b64(middle.key) + "="
print(json.dumps({"seen": [message.hex() for message in middle.seen], "key": key}))
