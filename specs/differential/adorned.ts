/** Gives a generated graph what only real programs have: places with the calls that led there, initial values, fusions. */
import { isVariable } from '../../compiler/ir/facts.ts';
import type { Fusion, Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import { copy, rebuildAll } from '../../compiler/ir/rewrite.ts';
import { at } from '../../compiler/ir/site.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { constant, literal } from '../../compiler/op/leaf.ts';

const files = ['/home/me/a model.ts', 'C:\\models\\b.ts', 'c<d>.ts', '100%.ts'];

/** A place of its own for each number: on one line or several, at the end of no, one or two calls. */
function placeOf(number: number): Span {
  const file = files[number % files.length]!;
  const [line, column] = [1 + (number % 7), 1 + (number % 11)];
  const span = { file, line, column, endLine: line + (number % 3 === 0 ? 2 : 0), endColumn: column + 5 };
  const calls = number % 3;
  return calls === 0
    ? span
    : { ...span, via: Array.from({ length: calls }, (_, i) => placeOf(3 * number + 3 * i)) };
}

export function adorned(graph: Graph): Graph {
  const memo = new Map<Node, Node>();
  let number = 0;
  const adorn = (node: Node, inputs: readonly Node[]): Node => {
    number++;
    const isHeld = isVariable(node);
    const span = number % 5 === 0 ? nowhere : placeOf(number);
    return copy(node, { inputs, span, ...(isHeld && { initial: initialOf(node, number) }) });
  };
  const updates = graph.updates.flatMap(({ target, value }) => [value, target]);
  rebuildAll([...graph.outputs.map(({ value }) => value), ...updates], adorn, memo);
  const to = (node: Node): Node => memo.get(node)!;
  const made = {
    ...graph,
    span: placeOf(graph.outputs.length),
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: to(value) })),
    updates: graph.updates.map(({ target, value }) => ({ target: to(target), value: to(value) })),
  };
  return { ...made, fusions: fusionsOf(made) };
}

/** None, a number, numbers, or what other numbers come to. */
function initialOf(node: Node, number: number): Node | undefined {
  const { shape, dtype } = typeOf(node);
  const known = shape.every((size) => typeof size === 'number');
  if (number % 4 === 0 || !known) return undefined;
  return at(placeOf(number), () => {
    if (number % 4 === 1) return constant(number % 2, shape, dtype);
    const count = shape.reduce<number>((all, size) => all * Number(size), 1);
    return literal(
      Array.from({ length: count }, (_, i) => i % 2),
      shape.map(Number),
      dtype,
    );
  });
}

function fusionsOf(graph: Graph): Fusion[] {
  const operands = topological(graph).filter((_, i) => i % 4 === 0);
  const own = at(placeOf(7), () => [constant(0.5), literal([1, 2], [2])]);
  return graph.updates.map(({ target }, i) => ({
    kernel: `Apply${i}`,
    targets: [target],
    operands: i % 2 === 0 ? [...operands, ...own] : [],
    flags: i % 2 === 0 ? { use_locking: true, use_nesterov: false } : {},
  }));
}
