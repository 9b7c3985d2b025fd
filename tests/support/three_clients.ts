/**
 * A conversation of three people at three terminals, with every command.
 *
 * @module
 */

import { type Build, commandLine, startServer } from "./programs.ts";
import { quote, Terminal } from "./tmux.ts";

/** The three. */
export const PEOPLE = ["alice", "bob", "carol"] as const;

type Person = (typeof PEOPLE)[number];

/** Something one of them enters, and what is on their screens before anything else is done. */
type Step = readonly [by: Person, text: string, seen: Readonly<Partial<Record<Person, RegExp>>>];

/** How they talk. */
export interface Setting {
  readonly cwd: string;
  readonly build: Build;
  readonly columns: number;
  readonly rows: number;
  /** Whether they see colours. */
  readonly hasColors: boolean;
}

/** What they say, up to the end. */
export const STEPS: readonly Step[] = [
  ["alice", "hi both, did you get the key?", { bob: /get the key\?/, carol: /get the key\?/ }],
  ["bob", "on a USB stick, thanks 🔑 it just works", { alice: /just works/, carol: /just works/ }],
  ["alice", "/help", { alice: /^ {6,}-- \/quit|\/quit +Leave/m }],
  ["alice", "/help msg", { alice: /to no other\.$/m }],
  ["bob", "/names", { bob: /-- here: you, alice, carol\nbob>/ }],
  ["bob", "/whois alice", { bob: /here with 1 client$/m }],
  ["carol", "/me waves 👋", { alice: /\* carol waves/, bob: /\* carol waves/ }],
  ["bob", "carol: 你好, welcome", { carol: /»bob/, alice: /你好/ }],
  ["alice", "/msg bob and this one only you can read", { bob: /alice → you {2}and this/ }],
  ["bob", "/reply nobody else can", { alice: /bob → you {2}nobody else/ }],
  ["alice", "/query bob", { alice: /^alice → bob>$/m }],
  ["alice", "lunch at noon?", { bob: /lunch at noon/ }],
  ["alice", "/me nods", { alice: /not sent: a private/ }],
  ["alice", "/query", { alice: /to the room again$/m }],
  ["carol", "/ignore bob", { carol: /bob is ignored from now on/ }],
  ["bob", "carol cannot see this", { alice: /cannot see this/ }],
  ["carol", "/ignore", { carol: /-- ignored: bob/ }],
  ["carol", "/unignore bob", { carol: /bob is no longer ignored/ }],
  ["bob", "but this", { alice: /but this/, carol: /but this/ }],
  ["bob", "/verify alice", { bob: /nobody is in between/ }],
  ["bob", "/trust alice", { bob: /no new key of alice to accept/ }],
  ["bob", "/invite dave", { bob: /others need its address$/m }],
  ["alice", "/rotate without bob", { alice: /move the room on\? \(y\/n\)$/m }],
  ["alice", "n", { alice: /the room stays with its key/ }],
  ["bob", "/send no-such-file", { bob: /there is no no-such-file/ }],
  ["bob", "/files", { bob: /no files are offered/ }],
  ["bob", "/take 9", { bob: /there is no offer 9/ }],
  ["bob", "/cancel 8", { bob: /there is no offer 8/ }],
  ["bob", "/away in the kitchen", {
    alice: /-- bob is away: in the kitchen/,
    carol: /-- bob is away: in the kitchen/,
  }],
  ["alice", "/names", { alice: /bob \(away: in the kitchen\)/ }],
  ["bob", "/back", { alice: /-- bob is back/, carol: /-- bob is back/ }],
  ["carol", "/nick caroline", { alice: /is now caroline/, bob: /is now caroline/ }],
  ["carol", "/bell all", { carol: /the bell rings for: all/ }],
  ["carol", "/bell loudly", { carol: /usage: \/bell/ }],
  ["carol", "/timestamps", { carol: /times are hidden/ }],
  ["alice", "//etc is where it lies", { bob: /\/etc is where/, carol: /^alice {2}\/etc is/m }],
  ["carol", "/timestamps", { carol: /times are shown/ }],
  ["alice", "/nonsense", { alice: /no command \/nonsense/ }],
  ["bob", "/lastlog KEY", { bob: /found:[^]*get the key/ }],
  ["bob", "/status", { bob: /not shown: none/ }],
  ["bob", "/clear", { bob: /^bob>$/ }],
  ["carol", "/quit", { alice: /caroline left/, bob: /caroline left/ }],
];

/** What alice and bob do when somebody with another key comes as carol. */
const LATER: readonly Step[] = [
  ["carol", "it's me, on a new laptop", { alice: /known carol!\)[^]*laptop/, bob: /known carol!/ }],
  ["alice", "/verify carol", { alice: /carol \(NOT the known one!\): / }],
  ["alice", "/trust carol", { alice: /new key of carol is accepted/ }],
  ["carol", "thank you", { alice: /carol {2}thank you/, bob: /known carol!\)[^]*thank you/ }],
];

/** Three people in one room. */
export class ThreeClients implements AsyncDisposable {
  readonly #setting: Setting;
  readonly #port: number;
  #stack = new AsyncDisposableStack();
  /** Their terminals. */
  readonly terminals: Readonly<Record<Person, Terminal>>;

  private constructor(
    setting: Setting,
    port: number,
    terminals: Readonly<Record<Person, Terminal>>,
  ) {
    this.#setting = setting;
    this.#port = port;
    this.terminals = terminals;
  }

  /** Opens a server and three terminals; they come one after the other. */
  static async open(setting: Setting): Promise<ThreeClients> {
    await using stack = new AsyncDisposableStack();
    const { port } = stack.use(await startServer(setting));
    const open = async (name: Person) => {
      const shell = `exec env PS1='$ ' PATH="${setting.cwd}/bin-${name}:$PATH" sh`;
      return stack.use(await Terminal.open(shell, setting));
    };
    const [alice, bob, carol] = await Promise.all(PEOPLE.map(open));
    const terminals = { alice: alice!, bob: bob!, carol: carol! };
    const people = new ThreeClients(setting, port, terminals);
    await people.#enter("alice", /here: only you\nalice>$/);
    await people.#enter("bob", /here: you, alice\nbob>$/);
    await people.#enter("carol", /here: you, alice, bob\ncarol>$/);
    people.#stack = stack.move();
    return people;
  }

  /** Goes through the conversation, or a part of it. */
  async talk(steps: readonly Step[] = STEPS): Promise<void> {
    for (const [by, text, seen] of steps) {
      await this.terminals[by].type(text);
      await this.terminals[by].press("Enter");
      await Promise.all(PEOPLE.map(async (name) => {
        if (seen[name]) await this.terminals[name].waitFor(seen[name]);
      }));
    }
  }

  /** Has carol come again with other keys, and the others leave in their own ways. */
  async part(): Promise<void> {
    const { alice, bob, carol } = this.terminals;
    await carol.waitFor(/^\$$/m);
    await this.#enter("carol", /here: you, alice, bob\ncarol>$/, "elsewhere");
    await alice.waitFor(/WARNING[^]*writes as carol/);
    await this.talk(LATER);
    await carol.press("C-d");
    await bob.waitFor(/carol \(NOT the known one!\) left/);
    await alice.type("/quit");
    await alice.press("Enter");
    await bob.waitFor(/-- alice left/);
    await bob.press("C-c");
    await bob.waitFor(/Ctrl-C again leaves/);
    await bob.press("C-c");
    await Promise.all(PEOPLE.map((name) => this.terminals[name].waitFor(/\n\$$/)));
  }

  /** Closes all of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #enter(name: Person, isHere: RegExp, state: string = name): Promise<void> {
    const { cwd, build, hasColors } = this.#setting;
    const settings = [
      ...["LC_ALL=C.UTF-8", "TERM=tmux-256color", `NO_COLOR=${hasColors ? "" : 1}`],
      ...[`XDG_STATE_HOME=${cwd}/${state}`, `XDG_CONFIG_HOME=${cwd}/config`],
    ];
    const words = await commandLine("client", build);
    if (build === "source") words.splice(2, 0, "-q");
    const args = ["127.0.0.1", `${this.#port}`, "--nick", name];
    // A script of that name, so that the terminal shows what people type.
    const script = `#!/bin/sh\nexec ${quote(["env", ...settings, ...words])} "$@"\n`;
    await Deno.mkdir(`${cwd}/bin-${name}`, { recursive: true });
    await Deno.writeTextFile(`${cwd}/bin-${name}/chat-client`, script, { mode: 0o755 });
    const terminal = this.terminals[name];
    await terminal.waitFor(/^\$$/m);
    await terminal.type(`chat-client ${args.join(" ")}`);
    await terminal.press("Enter");
    await terminal.waitFor(isHere);
  }
}
