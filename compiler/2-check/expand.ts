/** Replaces composites by what they stand for. */
import type { Graph } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import type { Rebuild } from '../ir/rewrite.ts';
import { rebuildAll, rebuildGraph, withInputs } from '../ir/rewrite.ts';
import type { Dependencies } from '../ir/walk.ts';
import type { Card } from '../op/card.ts';

/** Which composites stay. */
type Keep = (card: Card) => boolean;

const none: Keep = () => false;

/** Those whose gradient has a formula of its own: they are needed whole until differentiation is done. */
export const withGradient: Keep = (card) => card.kind === 'composite' && card.gradient !== undefined;

/** The same values in primitives. Nodes shared between the roots stay shared; `memo` shares across calls. */
export function expand(roots: readonly Node[], memo: Map<Node, Node> = new Map(), keep: Keep = none): Node[] {
  return rebuildAll(roots, expanding(keep), memo, below(keep));
}

/** The same program in primitives. */
export function expandGraph(graph: Graph): Graph {
  return rebuildGraph(graph, expanding(none), new Map(), below(none));
}

function expanding(keep: Keep): Rebuild {
  return (node, inputs) => {
    if (!node.body || keep(node.card)) return withInputs(node, inputs);
    const body = inputs[0]!;
    body.name ??= node.name;
    return body;
  };
}

function below(keep: Keep): Dependencies {
  return (node) => (node.body && !keep(node.card) ? [node.body] : node.inputs);
}
