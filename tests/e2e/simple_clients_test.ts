import assert from "node:assert/strict";
import { Member } from "../support/member.ts";
import { runPython } from "../support/python.ts";
import { roomTest } from "../support/room.ts";

/** `CHAT_SIMPLE_SECONDS` makes it longer. */
const SECONDS = Number(
  Deno.permissions.querySync({ name: "env" }).state === "granted" &&
      Deno.env.get("CHAT_SIMPLE_SECONDS") || 4,
);

/**
 * Waits for another, talks for some seconds, and waits for the other's end. Prints how many lines
 * came, and which were control lines.
 */
const SIMPLE_CLIENT = `
import json, socket, sys, threading, time
from cryptography.fernet import Fernet
room = Fernet(open("secret.key").read())
port, seconds, name, other = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4]
s = socket.create_connection(("127.0.0.1", port))
received = bytearray()
def listen():
    while chunk := s.recv(65536): received.extend(chunk)
thread = threading.Thread(target=listen)
thread.start()
def say(word):
    s.sendall(room.encrypt(f"<{name}> {word}".encode()) + b"\\n")
    time.sleep(0.05)
def texts():
    return [room.decrypt(line).decode() for line in bytes(received).split(b"\\n")[:-1] if line[:1] == b"g"]
def wait_for(begin):
    end = time.time() + 60
    while time.time() < end and not any(text.startswith(begin) for text in texts()): say("here")
wait_for(f"<{other}>")
end, sent = time.time() + seconds, 0
while time.time() < end:
    say(sent)
    sent += 1
say("done")
wait_for(f"<{other}> done")
s.shutdown(socket.SHUT_WR)
thread.join()
lines = bytes(received).split(b"\\n")
others = [line.decode("latin1") for line in lines if line and line[:1] != b"g"]
print(json.dumps({"sent": sent, "texts": texts(), "others": others, "bangs": received.count(b"!")}))
`;

interface Report {
  readonly sent: number;
  readonly texts: readonly string[];
  readonly others: readonly string[];
  readonly bangs: number;
}

roomTest(
  "simple clients get tokens and not one control byte, beside members that come and go",
  async ({ directory: cwd, keyText, port }) => {
    await using reader = await Member.enter({ keyText, port, nickname: "reader" });
    const names = ["ann", "ben"];
    const running = Promise.all(names.map(async (name): Promise<Report> => {
      const other = names.find((each) => each !== name)!;
      const args = [`${port}`, `${SECONDS}`, name, other];
      return JSON.parse(await runPython(SIMPLE_CLIENT, { cwd, args }));
    }));
    let isOver = false;
    running.finally(() => isOver = true).catch(() => {});
    for (let round = 0; !isOver; round++) {
      await using passing = await Member.enter({ keyText, port, nickname: `m${round}` });
      await passing.say(`round ${round}`);
      await reader.waitForText(`round ${round}`);
    }
    const reports = await running;
    for (const [i, { sent, texts, others, bangs }] of reports.entries()) {
      assert.equal(bangs, 0);
      assert.deepEqual(others, []);
      assert.ok(sent > SECONDS);
      // All that the other wrote came, in order and once.
      const other = names[1 - i]!;
      const ofOther = (text: string) => text.startsWith(`<${other}>`) && /\d+$/.test(text);
      const numbers = texts.filter(ofOther).map((text) => Number(text.split(" ")[1]));
      assert.deepEqual(numbers, Array.from({ length: reports[1 - i]!.sent }, (_, at) => at));
      // The member had all of it, marked as what it is.
      await reader.waitForText(`<${names[i]}> done`);
      const shown = reader.messages.filter((line) =>
        line.startsWith(`(unverified) <${names[i]}>`) && /\d+$/.test(line)
      );
      assert.equal(shown.length, sent);
    }
  },
  ["python3-cryptography"],
);
