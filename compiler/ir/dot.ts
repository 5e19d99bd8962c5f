/** A graph in Graphviz's language, for pictures. */

import { typeText } from '../op/type-text.ts';
import { leafOf } from './facts.ts';
import type { Graph } from './graph.ts';
import { topological } from './graph.ts';
import { nameAll } from './node-names.ts';

/** Of what a program shares with the world. */
const shapes: Readonly<Record<string, string>> = {
  column: 'invhouse',
  parameter: 'box3d',
  state: 'cylinder',
};

export function dot(graph: Graph): string {
  const order = topological(graph);
  const names = nameAll(order);
  const number = new Map(order.map((node, i) => [node, i]));
  const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return [
    `digraph ${quoted(`${graph.name}.${graph.program}`)} {`,
    '  rankdir=TB; node [shape=box, fontname="monospace", fontsize=10]; edge [fontname="monospace", fontsize=9];',
    ...order.map((node, i) => {
      const form = shapes[leafOf(node)?.is ?? ''];
      const title = `${node.card.name}${form ? ' ' : '\\n'}${names.get(node)}`;
      const shape = form ? `, shape=${form}` : '';
      return `  n${i} [label=${quoted(title).replaceAll('\\\\n', '\\n')}${shape}];`;
    }),
    ...order.flatMap((node, i) =>
      node.inputs.map(
        (input) =>
          `  n${number.get(input)} -> n${i} [label=${quoted(input.type ? typeText(input.type) : '?')}];`,
      ),
    ),
    ...graph.outputs.flatMap(({ name, value }, i) => [
      `  r${i} [label=${quoted(name)}, shape=house];`,
      `  n${number.get(value)} -> r${i};`,
    ]),
    ...graph.updates.map(
      ({ target, value }) =>
        `  n${number.get(value)} -> n${number.get(target)} [style=dashed, constraint=false];`,
    ),
    '}',
    '',
  ].join('\n');
}
