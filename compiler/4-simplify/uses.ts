/** How many nodes need each value, while a graph becomes another. */
import type { Graph } from '../ir/graph.ts';
import { rootsOf } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodesUnder } from '../ir/walk.ts';

export class Uses {
  private readonly before = new Map<Node, number>();
  private readonly now = new Map<Node, number>();

  constructor(graph: Graph) {
    const roots = rootsOf(graph);
    const used = [...nodesUnder(roots).flatMap(({ inputs }) => [...new Set(inputs)]), ...new Set(roots)];
    for (const node of used) this.before.set(node, (this.before.get(node) ?? 0) + 1);
  }

  /** Says what stands for a node: those who needed the one need the other, beside those who do already. */
  become(node: Node, other: Node): void {
    this.now.set(other, this.of(other) + (this.before.get(node) ?? 0));
  }

  /** How many need the node, as far as is known yet. */
  of(node: Node): number {
    return this.now.get(node) ?? 0;
  }
}
