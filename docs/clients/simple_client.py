import json, socket; from cryptography.fernet import Fernet
room = Fernet(open("secret.key").read()); s = socket.create_connection(("127.0.0.1", 5050))
s.sendall(room.encrypt(b"<py> hello") + b"\n")
for text in (str(room.decrypt(t.strip()), errors="replace") for t in s.makefile("rb") if t[:1] == b"g"):
    m = json.loads(text[1:].split("\n")[0]) if text[:1] == "\x1e" else {"k": "plain"}
    if m["k"] in ("plain", "chat"): print(f"<{m['n']}> {m.get('b')}" if "n" in m else text)
