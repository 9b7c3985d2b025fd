/**
 * Reading a running server's metrics.
 *
 * @module
 */

import { until } from "./process_info.ts";
import type { Server } from "./programs.ts";

/** Options with which a server serves metrics on a free port. */
export const METRICS = ["--metrics", "127.0.0.1:0"] as const;

/** Waits until a server says where its metrics are: `http://` and address, without path. */
export async function metricsUrl({ program }: Pick<Server, "program">): Promise<string> {
  const [, url] = await program.waitFor(
    "stderr",
    /^metrics: (http:\/\/127\.0\.0\.1:\d+)\/metrics$/m,
  );
  return url!;
}

/** The values now, by name with labels. */
export async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const space = line.lastIndexOf(" ");
    return [line.slice(0, space), Number(line.slice(space + 1))];
  }));
}

/** Waits until so many are in the room: who is connected is not yet accepted. */
export async function untilClients(url: string, count: number): Promise<void> {
  const areIn = async () => {
    const seen = await scrape(url);
    const classes = [...seen].filter(([name]) => name.startsWith("chat_clients{"));
    return classes.reduce((sum, [, clients]) => sum + clients, 0) === count;
  };
  await until(areIn, `${count} in the room`);
}
