/** Which part of a step a node belongs to: what the model computes, a gradient, or an optimizer's update. */
import { isVariable } from '../../../compiler/ir/facts.ts';
import type { Graph, Update } from '../../../compiler/ir/graph.ts';
import { Node } from '../../../compiler/ir/node.ts';
import type { Scope } from '../../../compiler/ir/site.ts';
import { innermostLayer } from '../../../compiler/ir/site.ts';
import { nodesUnder } from '../../../compiler/ir/walk.ts';
import type { StateEntry } from '../../../compiler/module.ts';

export interface PartOfStep {
  readonly part: 'forward' | 'gradient' | 'update';
  readonly of: string | undefined;
  readonly within: readonly string[];
  readonly parameter: string | undefined;
}

export class PartsOfStep {
  private readonly forward: ReadonlySet<Node>;
  private readonly updating: ReadonlySet<Node>;
  private readonly updates: readonly Update[];

  constructor(graph: Graph, roleOf: (id: string) => StateEntry['role'] | undefined) {
    const isTrained = ({ target }: Update): boolean =>
      ['param', 'slot'].includes(roleOf(target.name ?? '') ?? '');
    const others = graph.updates.filter((update) => !isTrained(update));
    const forward = new Set(nodesUnder([...graph.outputs, ...others].map(({ value }) => value)));
    this.forward = forward;
    this.updates = graph.updates.filter(isTrained);
    // From a new value down to the gradient that it was made from.
    this.updating = new Set(
      nodesUnder(
        this.updates.map(({ value }) => value),
        (node) => node.inputs.filter((input) => !forward.has(input) && !isGradient(input)),
      ).filter((node) => !forward.has(node) && !isGradient(node)),
    );
  }

  of(node: Node): PartOfStep {
    if (this.forward.has(node))
      return { part: 'forward', of: undefined, within: calledIn(node.scope), parameter: undefined };
    const made = scopesOf(node.scope).find(({ owner }) => owner instanceof Node);
    const owner = made?.owner instanceof Node ? made.owner : undefined;
    if (this.updating.has(node)) {
      const isOwn = owner !== undefined && isVariable(owner);
      const parameter = isOwn ? owner.name : this.firstReached(node)?.target.name;
      return { part: 'update', of: isOwn ? made?.name : undefined, within: [], parameter };
    }
    const of = owner && !isVariable(owner) ? owner : undefined;
    return { part: 'gradient', of: of?.card.name, within: calledIn(of?.scope), parameter: undefined };
  }

  /** The first of the updates that need the node. */
  private firstReached(node: Node): Update | undefined {
    return this.updates.find(({ value }) => nodesUnder([value]).includes(node));
  }
}

/** Differentiation names what it ends in after the parameter, and what is on the way there after its op. */
function isGradient(node: Node): boolean {
  const isNamed = node.name?.startsWith('∂') ?? false;
  return (
    isNamed || scopesOf(node.scope).some(({ name, owner }) => owner instanceof Node && name.startsWith('∂'))
  );
}

function scopesOf(scope: Scope | undefined): Scope[] {
  const scopes: Scope[] = [];
  for (let each = scope; each; each = each.outer) scopes.push(each);
  return scopes;
}

/** The innermost layer and the op that was called in it, as far as these are not the node itself. */
function calledIn(scope: Scope | undefined): string[] {
  const layer = innermostLayer(scope);
  const scopes = scopesOf(scope);
  const inside = layer ? scopes.slice(0, scopes.indexOf(layer)) : scopes;
  const called = inside.at(-1);
  return [...(layer ? [layer.name] : []), ...(called ? [called.name] : [])];
}
