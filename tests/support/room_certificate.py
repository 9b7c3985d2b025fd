"""Makes a room's certificate from docs/PROTOCOL.md alone, and compares it with the one given.

Reads the room's key and the certificate (PEM); prints the certificate in hex.
"""

import base64
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive(root, info, length):
    kdf = HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info.encode())
    return kdf.derive(root)


key, pem = sys.argv[1], sys.argv[2]
root = base64.urlsafe_b64decode(key)
seed = derive(root, "encrypted-chatroom/v1 tls", 32)
room_id = derive(root, "encrypted-chatroom/v1 room-id", 16)
signer = Ed25519PrivateKey.from_private_bytes(seed)
public = signer.public_key().public_bytes(
    serialization.Encoding.Raw, serialization.PublicFormat.Raw
)

host = (room_id.hex() + ".chatroom.invalid").encode()
name = bytes.fromhex("303c313a303806035504030c31") + host
algorithm = bytes.fromhex("300506032b6570")
content = b"".join([
    bytes.fromhex("30820162a003020102020101"),
    algorithm,
    name,
    bytes.fromhex("3020170d3730303130313030303030305a180f39393939313233313233353935395a"),
    name,
    bytes.fromhex("302a300506032b6570032100") + public,
    bytes.fromhex("a38186308183"),
    bytes.fromhex("300c0603551d130101ff04023000"),
    bytes.fromhex("300e0603551d0f0101ff040403020780"),
    bytes.fromhex("30130603551d25040c300a06082b06010505070301"),
    bytes.fromhex("304e0603551d11044730458231") + host + bytes.fromhex("8210") + b"chatroom.invalid",
])
signature = signer.sign(content)
made = bytes.fromhex("308201b0") + content + algorithm + bytes.fromhex("034100") + signature

given = x509.load_pem_x509_certificate(open(pem, "rb").read())
signer.public_key().verify(given.signature, given.tbs_certificate_bytes)
assert given.tbs_certificate_bytes == content
names = given.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
assert names.get_values_for_type(x509.DNSName) == [host.decode(), "chatroom.invalid"]
assert given.public_bytes(serialization.Encoding.DER) == made
print(made.hex())
