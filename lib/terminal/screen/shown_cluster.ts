/**
 * What people see of the characters that are typed: nothing that moves the cursor, and nothing that
 * hides.
 *
 * @module
 */

import { type Cluster, isDisputed, splitClusters, textWidth } from "../../text/cluster.ts";
import { sanitize } from "../../text/sanitize.ts";

/** The sign in place of a character that has no form of its own. */
export const UNSHOWABLE: Cluster = { text: "\uFFFD", width: 1 };
/** The sign that carries a combining mark without a character before it. */
const DOTTED_CIRCLE = "\u25CC";
const PLAIN = /^[ -~]+$/;
const JOINER_AT_END = /[\u200C\u200D]$/;
const LETTER_AT_START = /^\p{L}/u;

/** Whether it is visible ASCII, of one character or more. */
export function isStretch({ text, width }: Cluster): boolean {
  return width === text.length && PLAIN.test(text);
}

/**
 * Makes a function that shows one cluster after the other. It remembers what it made of each.
 *
 * @returns Shows a cluster. `next` is the cluster after it, which decides whether a joiner is of
 * use.
 */
export function clusterShower(): (cluster: Cluster, next: Cluster | undefined) => Cluster {
  const shown = new Map<string, Cluster>();
  return (cluster, next) => {
    if (isStretch(cluster)) return cluster;
    if (JOINER_AT_END.test(cluster.text)) return showCluster(cluster, next);
    let found = shown.get(cluster.text);
    if (!found) shown.set(cluster.text, found = showCluster(cluster, next));
    return found;
  };
}

/**
 * Shows a text.
 *
 * @param text Any text.
 * @returns Its clusters as people are to see them.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(showClusters("a\u202e").map(({ text }) => text), ["a", "\uFFFD"]);
 * ```
 */
export function showClusters(text: string): Cluster[] {
  const clusters = splitClusters(text);
  return clusters.map((cluster, i) => showCluster(cluster, clusters[i + 1]));
}

function showCluster(cluster: Cluster, next: Cluster | undefined): Cluster {
  if (!isDisputed(cluster)) return cluster;
  const safe = sanitizeBefore(next?.text, cluster.text);
  const isHiding = safe.length < cluster.text.length;
  const carried = /^\p{M}/u.test(safe) ? DOTTED_CIRCLE + safe : safe;
  const text = isHiding ? carried + UNSHOWABLE.text : carried;
  const width = text === cluster.text ? cluster.width : textWidth(text);
  return width === 0 ? UNSHOWABLE : { text, width };
}

/**
 * Makes a cluster safe to show. Whether a joiner at its end is of use depends on the letter behind
 * it, the first of the next cluster. At the end of the text that letter may be about to be typed.
 */
function sanitizeBefore(next: string | undefined, text: string): string {
  const safe = sanitize(text);
  const following = next ?? LETTER_AT_START.exec(text)?.[0];
  if (following === undefined || !JOINER_AT_END.test(text)) return safe;
  const letter = String.fromCodePoint(following.codePointAt(0)!);
  return sanitize(text + letter) === text + letter ? text : safe;
}
