import assert from "node:assert/strict";
import { METRICS, metricsUrl, scrape } from "../support/metrics.ts";
import { testNeeding } from "../support/needs.ts";
import { startServer } from "../support/programs.ts";
import { startReturning } from "../support/strangers.ts";
import { withDirectory } from "../support/temporary.ts";
import { GUEST_NETWORK_RATE } from "../../lib/relay/limits.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;
const SECONDS = 3;
const MIB = 1024 * 1024;

testNeeding(NEEDS, "a guest that comes back again and again gets no new burst", async () => {
  for (const chars of [140, 16_332]) {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd, args: [...METRICS] });
      const url = await metricsUrl(server);
      const returning = { guests: 1, chars, seconds: 0.05 };
      await using _guest = await startReturning(server.port, returning);
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
      const numbers = await scrape(url);
      const [bytes, lines] = [
        numbers.get("chat_bytes_in_total")!,
        numbers.get("chat_lines_in_total")!,
      ];
      console.log(
        `lines of ${chars}: ${(bytes / MIB).toFixed(1)} MiB, ${lines} lines in ${SECONDS} s`,
      );
      const { bytesBurst, bytesPerSecond, linesBurst, linesPerSecond } = GUEST_NETWORK_RATE;
      // A second more for a busy machine, and what one read may take.
      assert.ok(bytes < bytesBurst + (SECONDS + 1) * bytesPerSecond + MIB / 4, `${bytes} bytes`);
      assert.ok(
        lines < linesBurst + (SECONDS + 1) * linesPerSecond + MIB / 4 / chars,
        `${lines} lines`,
      );
    });
  }
});
