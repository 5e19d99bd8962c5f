/** What parameters and state are called in saved models and dumps: by their layer and their author's word. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { PIP104 } from '../diagnostics/pipeline.ts';
import { isVariable } from '../ir/facts.ts';
import type { Node } from '../ir/node.ts';
import { ScopeNames } from '../ir/scope-names.ts';
import { innermostLayer } from '../ir/site.ts';
import { isOurs, ours } from '../ir/state-ids.ts';

export interface LeafNames {
  readonly names: ReadonlyMap<Node, string>;
  /** Names that two authors gave, and names that only the compiler may give. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Names for the leaves that are held across steps, each once: `dense.kernel`, `param`, `param_1`. */
export function leafNames(order: readonly Node[]): LeafNames {
  const scopes = new ScopeNames();
  const names = new Map<Node, string>();
  const taken = new Map<string, Node>();
  const diagnostics: Diagnostic[] = [];
  for (const node of order) {
    for (let scope = node.scope; scope; scope = scope.outer) if (scope.kind === 'layer') scopes.nameOf(scope);
    if (!isVariable(node)) continue;
    const layer = innermostLayer(node.scope);
    const own = node.given ?? node.card.name;
    const base = layer ? `${scopes.nameOf(layer)}.${own}` : own;
    const first = taken.get(base);
    if (first && node.given !== undefined) diagnostics.push(calledTwice(base, first, node));
    if (isOurs(own)) diagnostics.push(reserved(own, node));
    let name = base;
    for (let k = 1; taken.has(name); k++) name = `${base}_${k}`;
    taken.set(name, node);
    names.set(node, name);
  }
  return { names, diagnostics };
}

function calledTwice(name: string, first: Node, second: Node): Diagnostic {
  return PIP104({
    message: `two values are called ${name}`,
    span: second.span,
    labels: [{ span: first.span, text: 'the first is declared here' }],
    expected: 'a name of its own for each parameter and state',
    received: `${name} twice`,
    hint: 'give one of them another name, or none: then it is numbered',
  });
}

function reserved(name: string, node: Node): Diagnostic {
  return PIP104({
    message: `names that begin with ${ours} are the compiler's own`,
    span: node.span,
    expected: `a name without ${ours} in front`,
    received: name,
  });
}
