import json, socket; from cryptography.fernet import Fernet
room = Fernet(open("secret.key").read()); s = socket.create_connection(("127.0.0.1", 5050))
s.sendall(room.encrypt(b"<py> hello") + b"\n")
for text in (room.decrypt(line.strip()).decode() for line in s.makefile("rb") if line[:1] == b"g"):
    m = json.loads(text[1:].split("\n")[0]) if text[:1] == "\x1e" else {"k": "plain"}
    if m["k"] in ("plain", "chat"): print(f"<{m['n']}> {m.get('b')}" if "n" in m else text)
