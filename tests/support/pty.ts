/**
 * A bare pseudo-terminal, without a shell that would repair it.
 *
 * @module
 */

import { runPython } from "./python.ts";
import { IMPORT_FLAGS, ROOT } from "./programs.ts";

/** What a program left behind on its terminal. */
export interface Left {
  /** All that it wrote, errors too. */
  readonly output: string;
  /** Its exit code. */
  readonly code: number;
  /** Whether tcgetattr says the same before and after. */
  readonly isSame: boolean;
  /** Whether it did not while the program ran. */
  readonly wasRaw: boolean;
}

/** Starts a program, waits for `ready`, signals or types, and drains its output to the end. */
const HARNESS = `
import fcntl, json, os, pty, select, signal, struct, subprocess, sys, termios, time
plan = json.loads(sys.argv[1])
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", plan["rows"], plan["columns"], 0, 0))
before = termios.tcgetattr(slave)
child = subprocess.Popen(plan["command"], stdin=slave, stdout=slave, stderr=slave,
    start_new_session=True)
output, during, acted = b"", before, False
deadline = time.time() + 30
while time.time() < deadline:
    if select.select([master], [], [], 0.05)[0]:
        output += os.read(master, 65536)
        if b"ready" in output and not acted:
            acted, during = True, termios.tcgetattr(slave)
            if plan["signal"]: child.send_signal(plan["signal"])
            if plan["type"]: os.write(master, plan["type"].encode())
    elif child.poll() is not None:
        break
if child.poll() is None: child.kill()
code = child.wait()
after = termios.tcgetattr(slave)
print(json.dumps({"output": output.decode("utf-8", "replace"), "code": code,
    "isSame": before == after, "wasRaw": before != during}))
`;

/** Runs `tests/support/tty_child.ts` in a terminal of 40x10. */
export async function runInPty(
  way: string,
  { signal = 0, type = "" }: { signal?: number; type?: string } = {},
): Promise<Left> {
  const child = `${ROOT}tests/support/tty_child.ts`;
  const command = [Deno.execPath(), "run", "-q", "--no-prompt", ...IMPORT_FLAGS, child, way];
  const plan = JSON.stringify({ command, signal, type, columns: 40, rows: 10 });
  return JSON.parse(await runPython(HARNESS, { cwd: ROOT, args: [plan] }));
}
