/** A program as a dataflow graph: what it gives back, and what its state becomes. */

import type { Node } from './node.ts';
import type { Span } from './span.ts';
import { nodesUnder } from './walk.ts';

export interface Output {
  /** Unique among the program's outputs. */
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
  /** The module's name. */
  readonly name: string;
  /** The program's, unique in its module; a word of letters, digits and `_`. */
  readonly program: string;
  readonly outputs: readonly Output[];
  readonly updates: readonly Update[];
  /** Of a training step; the updates say all that they say. */
  readonly fusions?: readonly Fusion[];
  /** Where the pipeline stands. */
  readonly span: Span;
}

/** All that the graph computes, changes, and hands to kernels of its engine. */
export function rootsOf({ outputs, updates, fusions = [] }: Graph): Node[] {
  return [
    ...outputs.map(({ value }) => value),
    ...updates.flatMap(({ target, value }) => [value, target]),
    ...fusions.flatMap(({ operands, targets }) => [...operands, ...targets]),
  ];
}

/** All nodes that outputs and updates need, each after its inputs; the order depends on the graph alone. */
export function topological({ outputs, updates }: Pick<Graph, 'outputs' | 'updates'>): Node[] {
  const updated = updates.flatMap(({ target, value }) => [value, target]);
  return nodesUnder([...outputs.map(({ value }) => value), ...updated]);
}
