/**
 * Events of a cluster as lines of the server's log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Observability"
 */

import type { ClusterEvent } from "./events.ts";

/** What a line begins with, by event. */
const BEGINNINGS: Readonly<Record<ClusterEvent["kind"], string>> = {
  "cluster connected": "connected to the cluster at ",
  "cluster again": "lines are taken again at ",
  "cluster lost": "connection to the cluster lost: ",
  "cluster waiting": "waiting for the cluster: ",
  "cluster held": "lines are held: ",
  "cluster refused": "refused entries of the stream: ",
  "cluster missing": "entries are missing, of relay ",
  "cluster reset": "the stream is not what it was: ",
  "relay came": "another relay is here: ",
  "relay gone": "another relay is gone: ",
};

/** Tells whether an event is about the relay's own trouble. */
export function isTrouble({ kind }: ClusterEvent): boolean {
  return kind === "cluster lost" || kind === "cluster waiting" || kind === "cluster held";
}

/** Tells whether an event is of the usual kind. */
export function isUsual({ kind }: ClusterEvent): boolean {
  return kind === "relay came" || kind === "relay gone" || kind === "cluster connected" ||
    kind === "cluster again";
}

/** Describes an event, without its number. */
export function describeClusterEvent({ kind, message }: ClusterEvent): string {
  return BEGINNINGS[kind] + message;
}

/** Tells whether an event is of a cluster. */
export function isOfCluster(event: { readonly kind: string }): event is ClusterEvent {
  return Object.hasOwn(BEGINNINGS, event.kind);
}
