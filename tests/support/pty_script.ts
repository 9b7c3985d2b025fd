/**
 * A program in a bare pseudo-terminal, driven by a script: wait for this, then type that.
 *
 * @module
 */

import { runPython } from "./python.ts";

/** Waits until the output since the last step matches a Python pattern, and then types. */
export type Step = readonly [pattern: string, keys: string];

/** How the program is run. */
export interface ScriptOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly columns?: number;
  readonly rows?: number;
}

/** What came of it. */
export interface Ran {
  /** All that it wrote to the terminal. */
  readonly output: string;
  readonly code: number;
  /** The step that was waited for when it ended or time was over; as many as there are if none. */
  readonly done: number;
}

const HARNESS = `
import base64, fcntl, json, os, pty, re, select, struct, subprocess, sys, termios, time
plan = json.loads(sys.argv[1])
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", plan["rows"], plan["columns"], 0, 0))
child = subprocess.Popen(plan["command"], stdin=slave, stdout=slave, stderr=slave,
    start_new_session=True, cwd=plan["cwd"], env=plan["env"])
output, since, done = b"", 0, 0
deadline = time.time() + 30
while time.time() < deadline:
    if select.select([master], [], [], 0.05)[0]:
        output += os.read(master, 65536)
    elif child.poll() is not None:
        break
    if done < len(plan["steps"]):
        pattern, keys = plan["steps"][done]
        if re.search(pattern.encode(), output[since:], re.S):
            since, done = len(output), done + 1
            os.write(master, keys.encode())
if child.poll() is None: child.kill()
print(json.dumps({"output": base64.b64encode(output).decode(), "code": child.wait(), "done": done}))
`;

/** Runs a program to its end, 30 s at most. */
export async function runScript(command: readonly string[], options: ScriptOptions): Promise<Ran> {
  const { cwd, env, steps, columns = 80, rows = 24 } = options;
  const plan = JSON.stringify({ command, cwd, env, steps, columns, rows });
  const ran = JSON.parse(await runPython(HARNESS, { cwd, args: [plan] }));
  const bytes = Uint8Array.fromBase64(ran.output);
  return { ...ran, output: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
}
