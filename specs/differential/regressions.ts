/** Programs that once broke a law, as text: written when a generated one fails, replayed ever after. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import { isVariable } from '../../compiler/ir/facts.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import type { StateEntry } from '../../compiler/module.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import type { Setting } from './turns.ts';

const folder = new URL('./regressions/', import.meta.url);

/** The program's own name tells how it is run: rows, capacity, seed. */
export const nameFor = ({ rows, capacity, seed }: Omit<Setting, 'state'>): string =>
  `rows${rows}of${capacity}seed${seed}`;

export function settingOf(graph: Graph): Setting {
  const [, rows, capacity, seed] = /^rows(\d+)of(\d+)seed(\d+)$/.exec(graph.name) ?? [];
  if (seed === undefined) throw new Error(`internal: ${graph.name} does not say how to run it`);
  return { rows: Number(rows), capacity: Number(capacity), seed: Number(seed), state: stateOf(graph) };
}

/** The state that a graph reads or sets, in the order in which it does. */
export function stateOf(graph: Graph): StateEntry[] {
  return topological(expandGraph(graph))
    .filter(isVariable)
    .map((leaf) => {
      const { dtype, shape } = typeOf(leaf);
      return {
        id: leaf.name!,
        label: leaf.name!,
        dtype,
        shape: shape as readonly number[],
        role: leaf.card.name as 'param' | 'state',
      };
    });
}

export function regressions(): { readonly file: string; readonly graph: Graph }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ir'))
    .sort()
    .map((file) => ({ file, graph: parse(readFileSync(new URL(file, folder), 'utf8'), vocabulary, file) }));
}

/** Keeps a failing program under a name made from the law it breaks; rename it after the fault when that is found. */
export function keep(law: string, graph: Graph): string {
  const text = print(graph, { spans: false });
  const file = `${law.replace(/[^\w]+/g, '-')}-${hash(text)}.ir`;
  writeFileSync(new URL(file, folder), text);
  return file;
}

function hash(text: string): string {
  let sum = 0x811c9dc5;
  for (const letter of text) sum = Math.imul(sum ^ letter.codePointAt(0)!, 0x01000193);
  return (sum >>> 0).toString(36);
}
