/** Rebuilding a graph bottom-up: the one way passes change graphs, so that sharing is always kept. */
import { make } from '../op/define.ts';
import { Node } from './node.ts';
import { beside } from './site.ts';

/** Gives the node that stands for `node`, whose inputs have been rebuilt already. */
export type Rebuild = (node: Node, inputs: readonly Node[]) => Node;

/** What must be rebuilt before a node: its inputs, unless a pass says otherwise. */
export type Dependencies = (node: Node) => readonly Node[];

/** Rebuilds all that `roots` depend on, each node once, and remembers it in `memo`. No recursion: chains may be long. */
export function rebuildAll(
  roots: readonly Node[],
  rebuild: Rebuild,
  memo: Map<Node, Node> = new Map(),
  dependencies: Dependencies = (node) => node.inputs,
): Node[] {
  for (const root of roots) {
    const stack: { node: Node; dependencies: readonly Node[]; next: number }[] = [];
    const push = (node: Node): void => {
      if (!memo.has(node)) stack.push({ node, dependencies: dependencies(node), next: 0 });
    };
    push(root);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const child = top.dependencies[top.next++];
      if (child) {
        push(child);
        continue;
      }
      stack.pop();
      if (!memo.has(top.node)) {
        memo.set(
          top.node,
          rebuild(
            top.node,
            top.dependencies.map((dependency) => memo.get(dependency)!),
          ),
        );
      }
    }
  }
  return roots.map((root) => memo.get(root)!);
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
