/** What a program costs, as the compiler counts: nodes that compute, and multiplications. */
import { product, valueOf } from '../../compiler/ir/dim.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { typeOf } from '../../compiler/ir/node.ts';

/** Leaves are there, and moves only say where elements lie: neither computes. `rows` stand for the batch. */
export function workOf(
  graph: Graph,
  rows = 16,
): { readonly nodes: number; readonly multiplications: number } {
  const computing = topological(graph).filter(({ card }) => card.kind !== 'leaf' && card.kind !== 'move');
  const multiplications = computing.reduce((sum, node) => {
    const cost = node.card.kind === 'composite' ? 0 : node.card.cost;
    return sum + cost * valueOf(product(typeOf(node).shape), { B: rows });
  }, 0);
  return { nodes: computing.length, multiplications };
}
