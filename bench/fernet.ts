/**
 * Work (f): `lib/fernet.ts` beside Python's `cryptography` and npm packages.
 *
 * @module
 */

import { type Direction, listContenders } from "./fernet_contenders.ts";
import { formatSpeed, type Section } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

const SIZES = [{ name: "200 B", bytes: 200 }, { name: "47 KB", bytes: 47_000 }];
const DIRECTIONS: readonly Direction[] = ["encrypt", "decrypt"];
const IN_FLIGHT = [1, 16];
const SECONDS = 0.12;
const WARM_UP_SECONDS = 0.05;

/** Runs every cell in every round, the contenders one after the other. */
export async function runFernet({ rounds, share }: Effort): Promise<Section> {
  const { contenders, missing } = await listContenders();
  const cells = SIZES.flatMap((size) =>
    DIRECTIONS.flatMap((direction) =>
      IN_FLIGHT.map((inFlight) => ({ ...size, direction, inFlight }))
    )
  );
  const speeds = cells.map(() => contenders.map((): number[] => []));
  for (let round = -1; round < rounds; round++) {
    for (const [c, { bytes, direction, inFlight }] of cells.entries()) {
      for (const [i, contender] of contenders.entries()) {
        if (inFlight > 1 && contender.isBlocking) continue;
        const seconds = round < 0 ? WARM_UP_SECONDS : SECONDS * share;
        const speed = await contender.measure({ bytes, direction, inFlight, seconds });
        // The first round warms up.
        if (round >= 0) speeds[c]![i]!.push(speed);
      }
    }
  }
  const middles = speeds.map((row, c) =>
    row.map((values, i) => {
      // A blocking one has nothing in flight: its other figure stands for both.
      const own = values.length > 0 ? values : speeds[c - 1]![i]!;
      return median(own);
    })
  );
  return {
    title: "(f) Fernet, operations per second (and how many times lib/fernet.ts is as fast)",
    head: ["work", ...contenders.map(({ name }) => name)],
    rows: cells.map(({ name, direction, inFlight }, c) => [
      `${name} ${direction}, ${inFlight} at a time`,
      ...middles[c]!.map((value, i) => {
        const ratio = (middles[c]![0]! / value).toFixed(2);
        return i === 0 ? formatSpeed(value) : `${formatSpeed(value)} (${ratio} x)`;
      }),
    ]),
    notes: [
      "Python works on one at a time; that figure stands in both rows.",
      ...missing.map((reason) => `Skipped: ${reason}.`),
    ],
  };
}
