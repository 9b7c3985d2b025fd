"""Checks the examples of docs/PROTOCOL.md about keys that move on, with nothing but that page.

Written from "Moving on" and "Knocking" alone, with the cryptography package. Its argument is the page.
"""

import base64, hashlib, json, re, sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = bytes(12)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hkdf(secret, info, length):
    return HKDF(hashes.SHA256(), length, salt=b"", info=info).derive(secret)


def raw(key):
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def examples(page, kind):
    for block in re.findall(rf"^```example {kind}\n(.*?)^```$", page, re.M | re.S):
        yield dict(line.split(": ", 1) for line in block.splitlines())


def check_rekey(example):
    root = unb64(example["key"])
    assert example["parent"] == b64(hashlib.sha256(root).digest())
    chain = bytes.fromhex(example["chain"])
    assert example["mark"] == b64(hashlib.sha256(chain).digest())
    sender = raw(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(example["sender-seed"])).public_key())
    day_key = X25519PrivateKey.from_private_bytes(bytes.fromhex(example["recipient-private"]))
    assert example["recipient-public"] == b64(raw(day_key.public_key()))
    ephemeral = X25519PrivateKey.from_private_bytes(bytes.fromhex(example["ephemeral-private"]))
    assert example["ephemeral-public"] == b64(raw(ephemeral.public_key()))
    secret = ephemeral.exchange(day_key.public_key())
    assert secret == day_key.exchange(ephemeral.public_key())
    assert example["secret"] == secret.hex()
    parts = [sender, raw(ephemeral.public_key()), raw(day_key.public_key())]
    made = hkdf(secret, b"encrypted-chatroom/v2 rekey\0" + b"".join(parts), 40)
    key, tag = made[:32], made[32:]
    assert (example["box-key"], example["tag"]) == (key.hex(), tag.hex())
    assert example["box"] == (tag + AESGCM(key).encrypt(NONCE, chain, None)).hex()
    return example


def check_knock(example):
    root = unb64(example["key"])
    lobby = base64.urlsafe_b64encode(hkdf(root, b"encrypted-chatroom/v2 lobby", 32)).decode()
    assert example["lobby-key"] == lobby
    seeds = [bytes.fromhex(example[name]) for name in ("holder-seed", "knocker-seed")]
    holder, knocker = [raw(Ed25519PrivateKey.from_private_bytes(seed).public_key()) for seed in seeds]
    knock = X25519PrivateKey.from_private_bytes(bytes.fromhex(example["knock-private"]))
    answer = X25519PrivateKey.from_private_bytes(bytes.fromhex(example["ephemeral-private"]))
    assert example["knock-public"] == b64(raw(knock.public_key()))
    assert example["ephemeral-public"] == b64(raw(answer.public_key()))
    secret = knock.exchange(answer.public_key())
    assert example["secret"] == secret.hex()
    parts = [holder, knocker, raw(answer.public_key()), raw(knock.public_key())]
    key = hkdf(secret, b"encrypted-chatroom/v2 knock\0" + b"".join(parts), 32)
    assert example["answer-key"] == key.hex()
    body = bytes.fromhex(example["body"])
    assert AESGCM(key).decrypt(NONCE, body, None).decode() == example["text"]
    return example


def check_message(example, kind):
    header = json.loads(example["J"])
    body = bytes.fromhex(example.get("body-hex", ""))
    if "bh" in header:
        assert (header["bl"], header["bh"]) == (len(body), b64(hashlib.sha256(body).digest()))
    room_id = hkdf(unb64(example["key"]), b"encrypted-chatroom/v1 room-id", 16)
    signed = b"encrypted-chatroom/v1 message\0" + room_id + example["J"].encode()
    Ed25519PublicKey.from_public_bytes(unb64(header["id"])).verify(unb64(example["S"]), signed)
    assert header["k"] == kind
    return header, body


page = open(sys.argv[1], encoding="utf-8").read()
[rekey] = [check_rekey(example) for example in examples(page, "rekey")]
[knock] = [check_knock(example) for example in examples(page, "knock")]
told = {"rekey": [], "knock": []}
for example in examples(page, "message"):
    kind = json.loads(example["J"])["k"]
    if kind in told:
        told[kind].append(check_message(example, kind))
[(header, body)] = told["rekey"]
text = json.loads(header["b"])
assert (text["gen"], text["parent"], text["fp"]) == (1, rekey["parent"], rekey["mark"])
assert (text["eph"], body.hex()) == (rekey["ephemeral-public"], rekey["box"])
assert header["id"] in text["to"]
[(question, nothing), (answer, sealed)] = told["knock"]
assert (question["x"], question["n"], nothing) == (knock["knock-public"], "-", b"")
assert json.loads(question["b"]) == {"gen": 0, "fp": rekey["parent"]}
assert (answer["to"], answer["b"]) == (question["id"], question["x"])
assert (answer["x"], sealed.hex()) == (knock["ephemeral-public"], knock["body"])
assert json.loads(knock["text"])["chain"] == b64(bytes.fromhex(rekey["chain"]))
print("all examples are true")
