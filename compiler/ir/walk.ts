/** The one walk over a graph: every node once, after all that it depends on. It keeps a stack of its own: chains may be long. */
import type { Node } from './node.ts';

/** What must come before a node. */
export type Dependencies = (node: Node) => readonly Node[];

/** The nodes that were walked already; a map from nodes to what became of them will do. */
interface Done {
  has(node: Node): boolean;
}

const inputsOf: Dependencies = ({ inputs }) => inputs;

/** With what parameters and states start with. */
export const withInitials: Dependencies = ({ inputs, initial }) => (initial ? [...inputs, initial] : inputs);

/** Calls `visit` for all nodes under `roots` that are not `done`; `visit` must make its node be among these. */
export function walk(
  roots: Iterable<Node>,
  done: Done,
  visit: (node: Node, dependencies: readonly Node[]) => void,
  dependenciesOf: Dependencies = inputsOf,
): void {
  const stack: { readonly node: Node; readonly dependencies: readonly Node[]; next: number }[] = [];
  const enter = (node: Node): void => {
    if (!done.has(node)) stack.push({ node, dependencies: dependenciesOf(node), next: 0 });
  };
  for (const root of roots) {
    enter(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const before = top.dependencies[top.next++];
      if (before) {
        enter(before);
        continue;
      }
      stack.pop();
      if (!done.has(top.node)) visit(top.node, top.dependencies);
    }
  }
}

/** All nodes under the roots, each after what it depends on; the order depends on the graph alone. */
export function nodesUnder(roots: Iterable<Node>, dependenciesOf: Dependencies = inputsOf): Node[] {
  const found = new Set<Node>();
  walk(roots, found, (node) => found.add(node), dependenciesOf);
  return [...found];
}
