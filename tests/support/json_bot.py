"""Drives chat-client --json: says what it is ready for, sends texts, and tells what came."""

import json
import subprocess
import sys
import threading

count, texts_path, *command = sys.argv[1:]
texts = json.load(open(texts_path))
client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def send(fields):
    # Lone surrogates and all else leave as escapes of ASCII.
    client.stdin.write(json.dumps(fields).encode() + b"\n")


def write():
    sys.stdin.readline()
    for ref, text in enumerate(texts):
        send({"type": "message", "text": text, "ref": ref})
    client.stdin.flush()


threading.Thread(target=write, daemon=True).start()
events = []
answered = 0
received = 0
for line in client.stdout:
    event = json.loads(line)
    events.append(event)
    if event["type"] == "live":
        print("live", flush=True)
    answered += event["type"] in ("taken", "error")
    received += event["type"] == "message"
    if answered == len(texts) and received == int(count):
        answered += 1
        send({"type": "quit"})
        client.stdin.flush()
code = client.wait()
json.dump({"code": code, "events": events}, open("events-" + sys.argv[2].split("-")[-1], "w"))
