/**
 * What the user types: messages, and commands that begin with a slash.
 *
 * @module
 */

/** A command, as its help shows it. */
interface CommandSpec {
  readonly name: string;
  /** Its arguments; the last one takes the rest of the line. */
  readonly args: readonly string[];
  readonly help: string;
}

/** The commands, in the order of the help. */
export const COMMANDS = [
  { name: "help", args: [], help: "Show the commands" },
  { name: "names", args: [], help: "Show who is here" },
  { name: "me", args: ["text"], help: "Tell what you do" },
  { name: "msg", args: ["nick", "text"], help: "Write to one member alone" },
  { name: "reply", args: ["text"], help: "Answer the last private message" },
  { name: "nick", args: ["name"], help: "Go on under another name" },
  { name: "verify", args: ["nick"], help: "Show both safety numbers, to compare them" },
  { name: "trust", args: ["nick"], help: "Accept the new key of a member" },
  { name: "status", args: [], help: "Show the connection, the room and what was refused" },
  { name: "quit", args: [], help: "Leave" },
] as const satisfies readonly CommandSpec[];

/** The name of a command. */
export type CommandName = (typeof COMMANDS)[number]["name"];

/** A line that the user entered. */
export type UserInput =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "command"; readonly name: CommandName; readonly args: readonly string[] }
  /** It is not sent; `reason` says why. */
  | { readonly kind: "mistake"; readonly reason: string };

/**
 * Reads a line.
 *
 * @param line What was entered, without its end.
 * @returns A message; a command with exactly its arguments; or what is wrong. `//x` is the
 * message `/x`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseInput("//etc"), { kind: "text", text: "/etc" });
 * const command = { kind: "command", name: "msg", args: ["bob", "a b"] };
 * assert.deepEqual(parseInput("/msg bob a b"), command);
 * assert.equal(parseInput("/nonsense").kind, "mistake");
 * ```
 */
export function parseInput(line: string): UserInput {
  if (!line.startsWith("/")) return { kind: "text", text: line };
  if (line.startsWith("//")) return { kind: "text", text: line.slice(1) };
  const [, word = "", rest = ""] = /^\/(\S*)\s*(.*)$/su.exec(line) ?? [];
  const spec = COMMANDS.find(({ name }) => name === word.toLowerCase());
  if (!spec) {
    return {
      kind: "mistake",
      reason: `there is no command /${word}; see /help, or type //${word}`,
    };
  }
  const args = splitArguments(rest, spec.args.length);
  if (!args) return { kind: "mistake", reason: `usage: ${formatUsage(spec)}` };
  return { kind: "command", name: spec.name, args };
}

/**
 * Writes the commands and what they do.
 *
 * @returns One line for each.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(formatCommands()[3]!, /^\/msg <nick> <text> {2,}Write to one member alone$/);
 * ```
 */
export function formatCommands(): string[] {
  return COMMANDS.map((spec) => `${formatUsage(spec).padEnd(22)}${spec.help}`);
}

function formatUsage({ name, args }: CommandSpec): string {
  return [`/${name}`, ...args.map((arg) => `<${arg}>`)].join(" ");
}

/** Words, of which the last takes the rest; undefined if they are too few or too many. */
function splitArguments(text: string, count: number): string[] | undefined {
  const args: string[] = [];
  let rest = text;
  for (let i = 1; i < count; i++) {
    const [, word = "", more = ""] = /^(\S*)\s*(.*)$/su.exec(rest) ?? [];
    args.push(word);
    rest = more;
  }
  if (count > 0) args.push(rest.trimEnd());
  const isWhole = count > 0 ? args.every((arg) => arg !== "") : rest.trim() === "";
  return isWhole ? args : undefined;
}
