/** Where two graphs first compute something else; names of variables and places in files do not count. */

import { typeText } from '../op/type-text.ts';
import { isColumn } from './facts.ts';
import type { Graph } from './graph.ts';
import { topological } from './graph.ts';
import type { Node } from './node.ts';

/** The first nodes, in the order of their computing, that differ; absent where one graph has no more. */
export interface Difference {
  readonly a: Node | undefined;
  readonly b: Node | undefined;
}

export function firstDifference(a: Graph, b: Graph): Difference | undefined {
  const [left, right] = [topological(a), topological(b)];
  const [ofA, ofB] = [keyed(left), keyed(right)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if (ofA[i] !== ofB[i]) return { a: left[i], b: right[i] };
  }
  // All the same nodes, but other results: the results tell.
  const results = ({ outputs }: Graph, nodes: readonly Node[]): [string, number][] =>
    outputs.map(({ name, value }) => [name, nodes.indexOf(value)]);
  const [resultsOfA, resultsOfB] = [results(a, left), results(b, right)];
  const at = resultsOfA.findIndex((result, i) => String(result) !== String(resultsOfB[i]));
  if (at < 0 && resultsOfA.length === resultsOfB.length) return undefined;
  const index = at < 0 ? resultsOfA.length : at;
  return { a: a.outputs[index]?.value, b: b.outputs[index]?.value };
}

/** Each node as text: what it computes from which of the nodes before it. A column is known by its name. */
function keyed(nodes: readonly Node[]): string[] {
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  return nodes.map((node) => {
    const { card, inputs, attributes, type, name } = node;
    const told = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
    const column = isColumn(node) ? name : undefined;
    const from = inputs.map((input) => numbers.get(input));
    return JSON.stringify([card.name, column, from, told, type && typeText(type)]);
  });
}
