/** Rewrites a program to an equal one that costs less: constants, rules, and each value computed once. */
import type { Graph } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import { rebuildAll, rebuildGraph, withInputs } from '../ir/rewrite.ts';
import { Shared } from '../ir/shared.ts';
import { at } from '../ir/site.ts';
import type { Vocabulary } from '../op/vocabulary.ts';
import { foldConstant } from './fold.ts';
import { Uses } from './uses.ts';

/** How many rules may fire in a row at one node; rules shrink the graph, so only a broken pair comes near. */
const fuel = 100;

export interface SimplifyOptions {
  /** Told of each rewrite: the rule's name and the node it replaced. */
  readonly onRewrite?: (rule: string, before: Node, after: Node) => void;
}

/** The same outputs and updates, by fewer or cheaper nodes. Dead nodes fall away: nothing refers to them. */
export function simplify(graph: Graph, vocabulary: Vocabulary, options: SimplifyOptions = {}): Graph {
  let current = graph;
  for (;;) {
    const { result, withheld, rewrites } = pass(current, vocabulary, options);
    // What kept a rule from firing may have been simplified away.
    if (withheld === 0 || rewrites === 0) return result;
    current = result;
  }
}

interface Pass {
  readonly result: Graph;
  /** How often a rule that consumes an input found others that need it. */
  readonly withheld: number;
  /** How often a node became another. */
  readonly rewrites: number;
}

function pass(graph: Graph, vocabulary: Vocabulary, options: SimplifyOptions): Pass {
  const shared = new Shared();
  const uses = new Uses(graph);
  const memo = new Map<Node, Node>();
  let withheld = 0;
  let rewrites = 0;

  const settle = (start: Node): Node => {
    let node = shared.of(start);
    for (let fired = 0; fired < fuel; fired++) {
      const next = rewriteOnce(node);
      if (!next) return node;
      node = shared.of(next);
    }
    throw new Error(`internal: the rules do not come to rest at ${node.card.name}`);
  };

  const rewriteOnce = (node: Node): Node | undefined => {
    const folded = foldConstant(node);
    if (folded) return folded;
    for (const rule of vocabulary.rules) {
      const result = at(node.span, () => rule.rewrite(node));
      if (!result) continue;
      if (rule.consumes && node.inputs.some((input) => uses.of(input) > 1)) {
        withheld++;
        continue;
      }
      const after = settleNew(nodeOf(result));
      after.name ??= node.name;
      options.onRewrite?.(rule.name, node, after);
      return after;
    }
    return undefined;
  };

  /** What a rule made is new graph on settled nodes: what is new in it is expanded and settled. */
  const settleNew = (root: Node): Node =>
    rebuildAll(
      [root],
      (node, inputs) => {
        if (shared.has(node)) return node;
        if (!node.body) return settle(withInputs(node, inputs));
        const [body] = inputs as [Node];
        body.name ??= node.name;
        return body;
      },
      memo,
      (node) => (shared.has(node) ? [] : node.body ? [node.body] : node.inputs),
    )[0]!;

  const result = rebuildGraph(
    graph,
    (node, inputs) => {
      const settled = settle(withInputs(node, inputs));
      uses.become(node, settled);
      if (settled !== node) rewrites++;
      return settled;
    },
    memo,
  );
  return { result, withheld, rewrites };
}
