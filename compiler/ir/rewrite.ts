/** Rebuilding a graph bottom-up: the one way passes change graphs, so that sharing is always kept. */
import { make } from '../op/call/apply.ts';
import type { Graph } from './graph.ts';
import { Node } from './node.ts';
import { beside } from './site.ts';
import type { Dependencies } from './walk.ts';
import { walk } from './walk.ts';

/** Gives the node that stands for `node`, whose inputs have been rebuilt already. */
export type Rebuild = (node: Node, inputs: readonly Node[]) => Node;

/** Rebuilds all that `roots` depend on, each node once, and remembers it in `memo`. */
export function rebuildAll(
  roots: readonly Node[],
  rebuild: Rebuild,
  memo: Map<Node, Node> = new Map(),
  dependencies?: Dependencies,
): Node[] {
  const rebuilt = (node: Node): Node => memo.get(node)!;
  walk(roots, memo, (node, before) => memo.set(node, rebuild(node, before.map(rebuilt))), dependencies);
  return roots.map(rebuilt);
}

/** The graph by rebuilt nodes: what it gives back, what its states become, and what its fusions take. */
export function rebuildGraph(
  graph: Graph,
  rebuild: Rebuild,
  memo: Map<Node, Node> = new Map(),
  dependencies?: Dependencies,
): Graph {
  const { outputs, updates, fusions } = graph;
  const roots = [
    ...[...outputs, ...updates].map(({ value }) => value),
    ...updates.map(({ target }) => target),
    ...(fusions ?? []).flatMap(({ operands, targets }) => [...operands, ...targets]),
  ];
  rebuildAll(roots, rebuild, memo, dependencies);
  const to = (node: Node): Node => memo.get(node)!;
  return {
    ...graph,
    outputs: outputs.map((output) => ({ ...output, value: to(output.value) })),
    updates: updates.map(({ target, value }) => ({ target: to(target), value: to(value) })),
    ...(fusions && {
      fusions: fusions.map((fusion) => ({
        ...fusion,
        targets: fusion.targets.map(to),
        operands: fusion.operands.map(to),
      })),
    }),
  };
}

/** The same node on other inputs; itself when nothing changed. What a composite stands for changes with its inputs. */
export function withInputs(node: Node, inputs: readonly Node[]): Node {
  if (inputs.every((input, i) => input === node.inputs[i])) return node;
  if (!node.body) return copy(node, { inputs });
  const made = beside(node, () => make(node.card, inputs, node.attributes));
  made.name ??= node.name;
  return made;
}

/** A node that differs in the given parts. */
export function copy(node: Node, parts: Partial<ConstructorParameters<typeof Node>[0]>): Node {
  return new Node({ ...node, ...parts });
}
