import { formatVersion } from "./lib/version.ts";

// Answered before the program is loaded: that alone takes longer than this.
if (Deno.args.length === 1 && Deno.args[0] === "--version") {
  console.log(formatVersion("chat-server"));
} else {
  const { runServer } = await import("./lib/programs/server.ts");
  await runServer();
}
