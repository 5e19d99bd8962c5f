/** A name for each node of a graph: the user's where there is one, else where the node stands. */

import { isColumn, isShared } from './facts.ts';
import type { Node } from './node.ts';
import { ScopeNames } from './scope-names.ts';
import type { Scope } from './site.ts';

/** Unique names; what is held across steps keeps its own, which says what it is. */
export function nameAll(order: readonly Node[], fromUser = true): Map<Node, string> {
  const scopes = new ScopeNames();
  const bases = new Map<Node, string>();
  for (const node of order) {
    const own = fromUser || isColumn(node) ? node.name : node.given;
    bases.set(node, own ?? [...scopePath(node.scope, scopes), node.card.name].join('.'));
  }
  const names = new Map<Node, string>();
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  const name = (node: Node): void => {
    const base = bases.get(node)!;
    let count = counts.get(base) ?? 0;
    let unique: string;
    do unique = ++count === 1 ? base : `${base}#${count}`;
    while (taken.has(unique));
    counts.set(base, count);
    taken.add(unique);
    names.set(node, unique);
  };
  for (const node of order) if (isShared(node)) name(node);
  for (const node of order) if (!names.has(node)) name(node);
  return names;
}

function scopePath(scope: Scope | undefined, names: ScopeNames): string[] {
  if (!scope) return [];
  const outer = scopePath(scope.outer, names);
  return [...outer, scope.kind === 'layer' ? names.nameOf(scope) : scope.name];
}
