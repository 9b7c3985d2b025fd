import assert from "node:assert/strict";
import { CLIENT_SPEC } from "../../../lib/cli/client_spec.ts";
import { formatCompletions } from "../../../lib/cli/generate/shell_completions.ts";
import { COMMON_OPTIONS, listSpellings } from "../../../lib/cli/spec.ts";
import { testNeeding } from "../../support/needs.ts";
import { Program } from "../../support/programs.ts";
import { withDirectory } from "../../support/temporary.ts";

const LONG = [...CLIENT_SPEC.options, ...COMMON_OPTIONS].flatMap(listSpellings);

/** What a shell offers for a command line whose last word is being typed. */
type Complete = (...words: string[]) => Promise<string[]>;

async function run(command: string, args: string[], cwd: string): Promise<string> {
  const env = { LC_ALL: "C.UTF-8", HOME: cwd, XDG_CONFIG_HOME: cwd, TERM: "xterm" };
  await using program = Program.spawn([command, ...args], { cwd, env });
  await program.child.stdin.close();
  const { code, stdout, stderr } = await program.finished();
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
}

function sorted(lines: string): string[] {
  return lines.split("\n").map((line) => line.trim()).filter((line) => line !== "").sort();
}

/** The same expectations of each shell. */
async function assertCompletes(complete: Complete): Promise<void> {
  assert.deepEqual(await complete("co"), ["completions", "config"]);
  assert.deepEqual(await complete("completions", ""), ["bash", "fish", "zsh"]);
  assert.deepEqual(await complete("--bell", ""), ["all", "mention", "off", "pm"]);
  assert.deepEqual(await complete("a", "80", "--color", "a"), ["always", "auto"]);
  assert.deepEqual(await complete("--key", "roo"), ["room one.key"]);
  assert.deepEqual(await complete("a", "--sta"), ["--stay"]);
  assert.deepEqual(await complete("config", "--pa"), ["--path"]);
  assert.deepEqual(await complete("--pa"), []);
  assert.deepEqual(await complete("fr"), ["friends", "friends-2"]);
  assert.deepEqual(await complete("ro"), ["rooms", "rooftop", "rotate"].sort());
  assert.deepEqual(await complete("config", "w"), ["work"]);
  assert.deepEqual(await complete("admission", "roo"), ["rooftop"]);
  assert.deepEqual(await complete("rooms", ""), ["add", "remove"]);
  assert.deepEqual(await complete("rooms", "remove", "w"), ["work"]);
  assert.deepEqual(await complete("rooms", "remove", "--y"), ["--yes"]);
  assert.deepEqual(await complete("rooms", "add", "--ni"), ["--nick"]);
  assert.deepEqual(await complete("rooms", "--ni"), []);
  assert.deepEqual(await complete("identity", "ex"), ["export"]);
  assert.deepEqual(await complete("identity", "import", "ot"), ["other"]);
  const options = await complete("--");
  assert.deepEqual(options.filter((word) => word.startsWith("--")), [...LONG].sort());
}

/** Where a shell's completions of chat-client are: hidden, so that none completes their path. */
const SCRIPTS = {
  bash: ".completions/chat-client.bash",
  fish: ".completions/chat-client.fish",
  zsh: ".completions/_chat-client",
} as const;

async function writeScript(cwd: string, shell: keyof typeof SCRIPTS): Promise<void> {
  await Deno.mkdir(`${cwd}/.completions`);
  await Deno.writeTextFile(`${cwd}/${SCRIPTS[shell]}`, formatCompletions(shell, CLIENT_SPEC));
}

/** Registers a test in a directory that has files to be completed. */
function testShell(shell: keyof typeof SCRIPTS, makeComplete: (cwd: string) => Complete): void {
  const name = `${shell} completes the command line of chat-client`;
  testNeeding(["read", "write", "run", "env", shell], name, async () => {
    await withDirectory(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/room one.key`, "");
      await Deno.writeTextFile(`${cwd}/other`, "");
      for (const room of ["friends", "friends-2", "rooftop", "work"]) {
        await Deno.mkdir(`${cwd}/encrypted-chatroom/rooms/${room}`, { recursive: true });
      }
      await writeScript(cwd, shell);
      await assertCompletes(makeComplete(cwd));
    });
  });
}

function quote(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

testShell("bash", (cwd) => async (...words) => {
  const script = `
    source ${SCRIPTS.bash}
    [[ $(complete -p chat-client) == 'complete -F _chat_client chat-client' ]] || exit 1
    COMP_WORDS=(chat-client ${quote(words)})
    COMP_CWORD=${words.length}
    _chat_client
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return sorted(await run("bash", ["--norc", "-c", script], cwd));
});

testNeeding(
  ["read", "write", "run", "env", "bash"],
  "bash completes the value in --name=value",
  async () => {
    const words = { "= ": "off pm mention all", "= p": "pm", "=": "off pm mention all" };
    await withDirectory(async (cwd) => {
      await writeScript(cwd, "bash");
      for (const [text, expected] of Object.entries(words)) {
        const list = text.split(" ").map((word) => `'${word}'`);
        const script = `
        source ${SCRIPTS.bash}
        COMP_WORDS=(chat-client --bell ${list.join(" ")})
        COMP_CWORD=${list.length + 1}
        _chat_client
        echo "\${COMPREPLY[*]}"`;
        assert.equal((await run("bash", ["--norc", "-c", script], cwd)).trim(), expected);
      }
    });
  },
);

testShell("fish", (cwd) => async (...words) => {
  // A word that is quoted would be completed with the quotes.
  const line = ["chat-client", ...words].join(" ");
  const script = `source ${SCRIPTS.fish}; complete -C '${line}'`;
  const offered = await run("fish", ["--no-config", "-c", script], cwd);
  return sorted(offered.replaceAll(/\t.*$/gm, "").replaceAll("\\", ""));
});

testShell("zsh", (cwd) => async (...words) => {
  const line = ["chat-client", ...words].join(" ");
  // A shell in a pseudo-terminal, whose compadd tells what is offered.
  const script = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "PS1= PS2= RPS1=; stty -echo; unsetopt zle_bracketed_paste prompt_cr prompt_sp"
    zpty -w shell 'fpath=(${cwd}/.completions $fpath); autoload -Uz compinit; compinit -u -d ${cwd}/.zd'
    zpty -w shell 'compadd() {
      local -a words; builtin compadd -A words "$@"; print -rl -- OFFER:\${^words}; builtin compadd "$@"
    }'
    zpty -w shell 'zle -C offers complete-word offers; offers() { _main_complete; print END:; compstate[insert]= compstate[list]= }'
    zpty -w shell 'bindkey "^X" offers; print REA""DY'
    zpty -r -m shell text '*READY*'
    zpty -w -n shell $'${line}\\x18'
    zpty -r -m shell text '*END:*'
    print -r -- $text`;
  const offered = await run("zsh", ["-f", "-c", script], cwd);
  const found = [...offered.matchAll(/OFFER:([^\r\n]+)/g)].map(([, word]) => word!);
  return [...new Set(found.map((word) => word.replace(/=$/, "").replaceAll("\\", "")))].sort();
});
