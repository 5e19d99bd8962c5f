/** Expands composites, names what is held across steps, numbers random streams and takes `update`s out of the flow. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { copy, rebuildAll, withInputs } from '../ir/rewrite.ts';
import { nodesUnder } from '../ir/walk.ts';
import { runLeaves } from '../op/leaf.ts';
import type { Passing } from './chain-updates.ts';
import { chainUpdates } from './chain-updates.ts';
import { expand, withGradient } from './expand.ts';
import { leafNames } from './leaf-names.ts';

export interface Lowering {
  /** From a node of the reading to primitives. */
  readonly to: (node: Node) => Node;
  /** The same where the node may be no part of what was lowered. */
  readonly find: (node: Node) => Node | undefined;
  readonly updates: readonly Update[];
  readonly leaves: readonly Node[];
  readonly streams: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** `trained` is what a training step computes; what `others` do to the state of layers is left out. */
export function lower(trained: readonly Node[], others: readonly Node[]): Lowering {
  const expansion = new Map<Node, Node>();
  const expanded = expand([...trained, ...others], expansion, withGradient);
  const order = nodesUnder(expanded);
  const inStep = new Set(nodesUnder(expanded.slice(0, trained.length)));
  const { names, diagnostics } = leafNames(order.filter((node) => !runLeaves.includes(node)));
  const settled = new Map<Node, Node>();
  const updates: Passing[] = [];
  const leaves: Node[] = [];
  let streams = 0;
  rebuildAll(
    order,
    (node, inputs) => {
      const name = names.get(node);
      if (name !== undefined) {
        const leaf = copy(node, { name, given: name });
        leaves.push(leaf);
        return leaf;
      }
      if (node.card.kind === 'random') {
        return copy(node, { inputs, attributes: { ...node.attributes, stream: streams++ } });
      }
      if (node.card.kind === 'update') {
        const [through, target, value] = inputs as [Node, Node, Node];
        if (inStep.has(node)) updates.push({ target, value, through });
        return through;
      }
      return withInputs(node, inputs);
    },
    settled,
  );
  const find = (node: Node): Node | undefined => {
    const primitive = expansion.get(node);
    return primitive && settled.get(primitive);
  };
  const to = (node: Node): Node => {
    const found = find(node);
    if (!found) throw new Error(`internal: ${node.card.name} was not lowered`);
    return found;
  };
  return { to, find, updates: chainUpdates(updates), leaves, streams, diagnostics };
}
