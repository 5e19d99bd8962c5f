/** A program as a dataflow graph: what it gives back, and what its state becomes. */

import type { Node } from './node.ts';
import type { Span } from './span.ts';

/** `init` gives state its first values · `step` trains on a batch · `evaluate` judges one · `predict` answers one. */
export type ProgramName = 'init' | 'step' | 'evaluate' | 'predict';

export const programNames: readonly ProgramName[] = ['init', 'step', 'evaluate', 'predict'];

export interface Output {
  readonly name: string;
  readonly value: Node;
}

/** `target` is a param or state leaf; it takes `value` when the program ends. */
export interface Update {
  readonly target: Node;
  readonly value: Node;
}

/** Updates that an engine may make together, by a kernel of its own that does the same in one pass. */
export interface Fusion {
  /** How the engine calls it. */
  readonly kernel: string;
  /** The states that it sets, all of which have updates as well; the kernel takes them in this order. */
  readonly targets: readonly Node[];
  /** What it takes beside them. */
  readonly operands: readonly Node[];
  readonly flags: Readonly<Record<string, boolean>>;
}

export interface Graph {
  /** The pipeline's name. */
  readonly name: string;
  readonly program: ProgramName;
  readonly outputs: readonly Output[];
  readonly updates: readonly Update[];
  /** Of a training step just made; text does not keep them, since the updates say all. */
  readonly fusions?: readonly Fusion[];
  /** Where the pipeline stands. */
  readonly span: Span;
}

/** All nodes, each after its inputs; the order depends on the graph alone. */
export function topological(graph: Pick<Graph, 'outputs' | 'updates'>): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // An explicit stack: long chains must not exhaust the call stack.
  const visit = (root: Node): void => {
    const stack: { node: Node; next: number }[] = [{ node: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (top.next === 0 && seen.has(top.node)) {
        stack.pop();
        continue;
      }
      seen.add(top.node);
      const child = top.node.inputs[top.next];
      top.next++;
      if (child) {
        if (!seen.has(child)) stack.push({ node: child, next: 0 });
      } else {
        order.push(top.node);
        stack.pop();
      }
    }
  };
  for (const { value } of graph.outputs) visit(value);
  for (const { target, value } of graph.updates) {
    visit(value);
    visit(target);
  }
  return order;
}
