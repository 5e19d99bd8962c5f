/** Whether two graphs are one by structure: node for node, with types, attributes, places, initial values and fusions. */
import { isConstant } from '../../compiler/ir/facts.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { rootsOf } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import type { Span } from '../../compiler/ir/span.ts';

export interface SameOptions {
  /** Whether places must agree; default true. */
  readonly spans?: boolean;
}

/** What differs first; undefined for nothing. A constant is its value: where it stands, and who shares it, is no matter. */
export function graphDifference(a: Graph, b: Graph, options: SameOptions = {}): string | undefined {
  const { spans = true } = options;
  if (a.name !== b.name || a.program !== b.program) return 'the names of the programs differ';
  if (spans && !sameSpan(a.span, b.span)) return 'the places of the programs differ';
  const borders = [a, b].map(({ outputs, updates, fusions = [] }) =>
    JSON.stringify([
      outputs.map(({ name }) => name),
      updates.length,
      fusions.map(({ kernel, targets, operands, flags }) => [kernel, targets.length, operands.length, flags]),
    ]),
  );
  if (borders[0] !== borders[1]) return `${borders[0]} is ${borders[1]}`;
  const partners = new Map<Node, Node>();
  const taken = new Set<Node>();
  const pairs = pairsOf(rootsOf(a), rootsOf(b));
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [one, other] = pair;
    if (isConstant(one) || !partners.has(one)) {
      const off = nodeDifference(one, other, spans);
      if (off) return off;
    }
    if (isConstant(one)) continue;
    if (partners.has(one)) {
      if (partners.get(one) !== other) return `${one.name ?? one.card.name} is two nodes`;
      continue;
    }
    if (taken.has(other)) return `${other.name} is one node for two`;
    partners.set(one, other);
    taken.add(other);
    pairs.push(...pairsOf(one.inputs, other.inputs));
    if (one.initial && other.initial) pairs.push([one.initial, other.initial]);
  }
  return undefined;
}

const pairsOf = (a: readonly Node[], b: readonly Node[]): [Node, Node][] =>
  a.map((node, i): [Node, Node] => [node, b[i]!]);

function nodeDifference(a: Node, b: Node, spans: boolean): string | undefined {
  const where = `${a.name ?? a.card.name} : ${a.span.line}`;
  if (a.card !== b.card) return `${where} is ${b.card.name}, not ${a.card.name}`;
  if (a.inputs.length !== b.inputs.length) return `${where} has ${b.inputs.length} inputs`;
  if (!same(a.attributes, b.attributes))
    return `${where} has attributes ${JSON.stringify(b.attributes)}, not ${JSON.stringify(a.attributes)}`;
  if (!same(a.type, b.type)) return `${where} has another type`;
  if ((a.initial === undefined) !== (b.initial === undefined)) return `${where} starts otherwise`;
  if (spans && !isConstant(a) && !sameSpan(a.span, b.span))
    return `${where} stands at ${JSON.stringify(b.span)}, not ${JSON.stringify(a.span)}`;
  return undefined;
}

function sameSpan(a: Span, b: Span): boolean {
  return same(a, b);
}

/** Equality of plain data that tells −0 from 0 and finds NaN equal to itself; the order of keys is no matter. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b].map((value) =>
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([x], [y]) => (x < y ? -1 : 1)),
  );
  return (
    left!.length === right!.length &&
    left!.every(([key, value], i) => key === right![i]![0] && same(value, right![i]![1]))
  );
}
