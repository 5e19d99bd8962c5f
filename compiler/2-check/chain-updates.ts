/** One update for each state: where a layer is called twice, the second starts from what the first has left. */
import type { Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { rebuildAll, withInputs } from '../ir/rewrite.ts';
import { nodesUnder } from '../ir/walk.ts';

/** An update, and the value it stood beside: what flows on through a call does not wait for the state. */
export interface Passing extends Update {
  readonly through: Node;
}

/**
 * The last value of each target. Where an update speaks of its target it means the value before it, that of the update
 * before; but what flows through the call as well is computed once, from the state at the start of the step.
 */
export function chainUpdates(updates: readonly Passing[]): Update[] {
  const latest = new Map<Node, Node>();
  for (const { target, value, through } of updates) {
    const before = latest.get(target);
    latest.set(target, before ? startingFrom(before, value, target, through) : value);
  }
  return [...latest].map(([target, value]) => ({ target, value }));
}

function startingFrom(before: Node, value: Node, target: Node, through: Node): Node {
  const flowing = new Set(nodesUnder([through]));
  const [chained] = rebuildAll([value], (node, inputs) => {
    if (node === target) return before;
    return flowing.has(node) ? node : withInputs(node, inputs);
  });
  return chained!;
}
