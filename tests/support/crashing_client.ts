/**
 * `chat-client`, which fails where it should not: SIGUSR1 makes a timer throw, SIGUSR2 makes a
 * promise that nobody waits for reject.
 *
 * @module
 */

import { runClient } from "../../lib/programs/client.ts";

Deno.addSignalListener("SIGUSR1", () => {
  setTimeout(() => {
    throw new Error("planned");
  });
});
Deno.addSignalListener("SIGUSR2", () => void Promise.reject(new Error("planned")));
await runClient();
