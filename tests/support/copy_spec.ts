import type { ProgramSpec } from "../../lib/cli/spec.ts";

/** A small program for the tests of options and help. */
export const COPY_SPEC: ProgramSpec = {
  name: "copy",
  summary: "Copies a file.",
  args: [["from", "File to read"], ["to", "File to write"]],
  options: [
    { name: "mode", short: "m", value: "MODE", help: "Mode of the copy [0600]" },
    { name: "owner", value: "NAME", help: "Owner of the copy" },
    { name: "force", short: "f", help: "Overwrite" },
    { name: "dry-run", help: "Only tell" },
  ],
  notes: ["Environment: COPY_MODE.", "Exit codes: 0 copied."],
};
