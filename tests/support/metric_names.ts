/**
 * Whether expressions of Prometheus speak of numbers that the server has.
 *
 * @module
 */

import assert from "node:assert/strict";

/** What Prometheus itself makes of every target. */
const OF_PROMETHEUS = ["up"];

/** Numbers by name, each with the values of its labels. */
export type Known = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** Sorts what a server shows by name and label. */
export function listKnown(shown: Iterable<string>): Known {
  const known = new Map<string, Map<string, Set<string>>>();
  for (const series of shown) {
    const [, name, labels = ""] = /^([a-z_]+)(?:\{(.*)\})?$/.exec(series)!;
    const values = known.get(name!) ?? new Map<string, Set<string>>();
    known.set(name!, values);
    for (const [, label, value] of labels.matchAll(/([a-z_]+)="([^"]*)"/g)) {
      values.set(label!, (values.get(label!) ?? new Set()).add(value!));
    }
  }
  return known;
}

/** Fails if an expression names a number, a label or a value of one that is not there. */
export function checkExpression(expression: string, known: Known): void {
  const names = [...expression.matchAll(/\b((?:chat|process|up)\w*)(?:\{([^}]*)\})?/g)];
  assert.ok(names.length > 0, `${expression}: no number`);
  for (const [, name, matchers = ""] of names) {
    const labels = known.get(name!);
    assert.ok(labels || OF_PROMETHEUS.includes(name!), `${expression}: there is no ${name}`);
    for (const [, label, value] of matchers.matchAll(/(\w+)!?=~?"([^"]*)"/g)) {
      if (label === "job" || label === "instance") continue;
      assert.ok(labels?.get(label!)?.has(value!), `${expression}: no ${label}="${value}"`);
    }
  }
  for (const [, list] of expression.matchAll(/\bby \(([^)]*)\)/g)) {
    const all = names.flatMap(([, name]) => [...known.get(name!)?.keys() ?? []]);
    for (const label of list!.split(", ")) {
      assert.ok(all.includes(label), `${expression}: ${label}`);
    }
  }
}
