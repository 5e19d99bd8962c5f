/** Which layers own a parameter, and which of them are frozen: training then changes nothing that they hold. */
import type { LayerLike } from '../../dsl/pipeline.ts';
import { ARG101 } from '../diagnostics/argument.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import type { Node } from '../ir/node.ts';
import type { Scope } from '../ir/site.ts';
import { innermostLayer, siteSpan } from '../ir/site.ts';

/** Whether the value is a layer: what the kinds of `defineLayer` make. */
export function isLayer(value: unknown): value is LayerLike {
  return typeof value === 'function' && 'layer' in value;
}

/*
 * Facts about layer instances, kept beside them rather than on them, so that a layer stays a plain function to its users.
 */
const frozen = new WeakSet<object>();
const users = new WeakMap<object, Set<object>>();

/**
 * Keeps training away from a layer and from all layers that it calls: their parameters are not updated, nor are their
 * moving statistics, and batch normalization standardizes by the statistics that it has. Gradients still flow through to
 * what comes before. May be called before or after the layer is used; gives the layer back:
 * `sequential(freeze(pretrained), dense(10))`. The same as the option `trainable: false`. Refuses what is no layer, with
 * ARG101.
 */
export function freeze<L extends LayerLike>(layer: L): L {
  if (!isLayer(layer)) {
    const received = typeof layer === 'function' ? 'another function' : typeof layer;
    refuse(ARG101({ message: 'freeze takes a layer', span: siteSpan(), expected: 'a layer', received }));
  }
  frozen.add(layer);
  return layer;
}

/** Notes that `layer` is called inside the layers of `scope`: what it owns is theirs too. */
export function calledInside(layer: object, scope: Scope | undefined): void {
  const outer = innermostLayer(scope);
  if (!outer || outer.owner === layer) return;
  const known = users.get(layer);
  if (known) known.add(outer.owner);
  else users.set(layer, new Set([outer.owner]));
}

/** Whether what was made in this scope belongs to a frozen layer. Asked when a program is made, not when it is traced. */
export function isFrozen(scope: Scope | undefined): boolean {
  return [...ownersOf(scope)].some((layer) => frozen.has(layer));
}

/** Whether a parameter or state belongs to a layer: to itself, or to one that it calls, here or elsewhere. */
export function ownedBy(leaf: Node, layer: object): boolean {
  return ownersOf(leaf.scope).has(layer);
}

/** The layers of a scope, and all that have called one of them. */
function ownersOf(scope: Scope | undefined): ReadonlySet<object> {
  const found = new Set<object>();
  const add = (layer: object): void => {
    if (found.has(layer)) return;
    found.add(layer);
    for (const user of users.get(layer) ?? []) add(user);
  };
  for (let at = scope; at; at = at.outer) if (at.kind === 'layer') add(at.owner);
  return found;
}
