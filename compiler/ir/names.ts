/** Stable names: layers are numbered by first use, as Keras does; parameters are called by their layer. */
import type { Node } from './node.ts';
import type { Scope } from './site.ts';

/** Numbers the owners of scopes: `dense`, `dense_1`, … in the order in which they are asked for. */
export class ScopeNames {
  private readonly given = new Map<object, string>();
  private readonly taken = new Map<string, number>();

  nameOf(scope: Scope): string {
    const before = this.given.get(scope.owner);
    if (before !== undefined) return before;
    const count = this.taken.get(scope.name) ?? 0;
    this.taken.set(scope.name, count + 1);
    const name = count === 0 ? scope.name : `${scope.name}_${count}`;
    this.given.set(scope.owner, name);
    return name;
  }
}

/** Names for the leaves that are held across steps, each once: `dense.kernel`, `param`, `param_1`. */
export function leafNames(order: readonly Node[]): Map<Node, string> {
  const scopes = new ScopeNames();
  const names = new Map<Node, string>();
  const taken = new Set<string>();
  for (const node of order) {
    for (let scope = node.scope; scope; scope = scope.outer) if (scope.kind === 'layer') scopes.nameOf(scope);
    if (node.card.name !== 'param' && node.card.name !== 'state') continue;
    const layer = innermostLayer(node.scope);
    const own = node.given ?? node.card.name;
    const base = layer ? `${scopes.nameOf(layer)}.${own}` : own;
    let name = base;
    for (let k = 1; taken.has(name); k++) name = `${base}_${k}`;
    taken.add(name);
    names.set(node, name);
  }
  return names;
}

function innermostLayer(scope: Scope | undefined): Scope | undefined {
  let found = scope;
  while (found && found.kind !== 'layer') found = found.outer;
  return found;
}
