/** Tells of an element all that a person needs to mend it: names, operands, row, part of the step. */
import { quotient } from '../../../compiler/ir/dim.ts';
import { isColumn, isConstant, isVariable } from '../../../compiler/ir/facts.ts';
import type { Graph } from '../../../compiler/ir/graph.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import { typeOf } from '../../../compiler/ir/node.ts';
import { isOurs, ours } from '../../../compiler/ir/state-ids.ts';
import type { FailedStep } from './failed-step.ts';
import { entryOf } from './failed-step.ts';
import type { NonFinite, Operand, Why } from './found.ts';
import type { Computed, Element, Part } from './made-of.ts';
import { coordinatesOf, madeOf, numberAt } from './made-of.ts';
import { PartsOfStep } from './parts-of-step.ts';
import { isWritten, scalarOf } from './sources.ts';

interface Described {
  readonly element: Element;
  readonly written: readonly Element[];
  readonly reached: NonFinite['reached'];
  readonly became: number;
  readonly graph: Graph;
  readonly step: FailedStep;
  readonly computed: Computed;
}

export function describe({ element, written, reached, became, graph, step, computed }: Described): NonFinite {
  const { node, at } = element;
  const { module } = step.compiled;
  const parts = new PartsOfStep(graph, (id) => module.state.find((entry) => entry.id === id)?.role);
  const origin = originOf(element);
  const isOp = origin === 'op';
  const row = rowOf(element, computed);
  return {
    origin,
    node,
    op: node.card.name,
    attributes: node.attributes,
    span: node.span,
    value: numberAt(element, computed),
    index: coordinatesOf(computed.of(node).shape, at),
    row,
    operands: isOp ? operandsOf(element, computed) : [],
    why: isOp ? whyOf(element, computed) : undefined,
    ...parts.of(node),
    column: origin === 'column' ? node.name : undefined,
    state: origin === 'state' ? entryOf(module, node) : undefined,
    written: written.map((each) => each.node.span),
    reached,
    became,
    largest: largestParameter(step),
    rowValues: row === undefined ? {} : rowValues(step, row),
  };
}

function originOf(element: Element): NonFinite['origin'] {
  const { node } = element;
  if (isColumn(node)) return 'column';
  if (isVariable(node)) return 'state';
  return isWritten(element) ? 'constant' : 'op';
}

/** The row of the batch that an element belongs to, followed back where rows and other axes are one. */
function rowOf(element: Element, computed: Computed): number | undefined {
  let each: Element | undefined = element;
  while (each) {
    const { node, at }: Element = each;
    const { shape } = typeOf(node);
    const place = coordinatesOf(computed.of(node).shape, at);
    const axis = shape.indexOf('B');
    if (axis >= 0) return place[axis];
    const shared = shape.find((dim) => typeof dim === 'string');
    if (shared === undefined) return undefined;
    each = behind(each, computed);
    if (!each) {
      const width = quotient(shared, 'B');
      return typeof width === 'number' ? Math.floor((place[shape.indexOf(shared)] ?? 0) / width) : undefined;
    }
  }
  return undefined;
}

/** The element of an operand that stands in the same row, of ops that leave rows where they are or move them as a whole. */
function behind(element: Element, computed: Computed): Element | undefined {
  const { kind } = element.node.card;
  if (kind !== 'map' && kind !== 'zip' && kind !== 'move') return undefined;
  return madeOf(element, computed).find(({ node }) =>
    typeOf(node).shape.some((dim) => typeof dim === 'string'),
  );
}

function operandsOf(element: Element, computed: Computed): Operand[] {
  const { card, inputs } = element.node;
  const parts = madeOf(element, computed);
  const names = Object.entries(card.inputs).flatMap(([name, { list }]) =>
    list ? inputs.map((_, i) => `${name}[${i}]`) : [name],
  );
  return inputs.flatMap((input, position) => {
    const own = parts.filter(({ operand }) => operand === position).map((part) => numberAt(part, computed));
    const value = furthest(own);
    if (value === undefined) return [];
    return [{ name: nameOf(input) ?? names[position] ?? 'x', value, among: own.length }];
  });
}

/** The user's name of a value, or what a state is called, which moving it does not change; of a constant, none. */
function nameOf(node: Node): string | undefined {
  if (isConstant(node)) return undefined;
  if (node.name !== undefined) return isOurs(node.name) ? node.name.slice(ours.length) : node.name;
  const [input] = node.inputs;
  return node.card.kind === 'move' && node.inputs.length === 1 && input ? nameOf(input) : undefined;
}

/** What is not finite is furthest of all. */
function furthest(values: readonly number[]): number | undefined {
  const distance = (value: number): number =>
    Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value);
  return values.length === 0
    ? undefined
    : values.reduce((most, value) => (distance(value) > distance(most) ? value : most));
}

/** How far beside a pole an op is tried. */
const beside = 1e-6;

/** Why an op gave what it gave, by trying its meaning beside what it received. */
function whyOf(element: Element, computed: Computed): Why | undefined {
  const { node } = element;
  const parts = madeOf(element, computed);
  if (parts.some((part) => !Number.isFinite(numberAt(part, computed)))) return undefined;
  const overflow = { is: 'overflow', operand: undefined } as const;
  if (node.card.kind !== 'map' && node.card.kind !== 'zip') return overflow;
  const isFiniteWith = (moved: Part, change: (value: number) => number): boolean =>
    Number.isFinite(
      scalarOf(node, computed, (operand) => {
        const part = parts.find((each) => each.operand === operand);
        const value = part ? numberAt(part, computed) : 0;
        return operand === moved.operand ? change(value) : value;
      }),
    );
  const real = parts.filter(({ node: operand }) => typeOf(operand).dtype === 'float32');
  const pole = real.find((part) => isFiniteWith(part, (value) => value + beside));
  if (pole) return { is: 'pole', operand: pole.operand };
  const below = real.find((part) => numberAt(part, computed) < 0 && isFiniteWith(part, Math.abs));
  if (below && Number.isNaN(numberAt(element, computed))) return { is: 'domain', operand: below.operand };
  return Number.isNaN(numberAt(element, computed)) ? undefined : overflow;
}

function largestParameter({ compiled: { module }, states }: FailedStep): NonFinite['largest'] {
  let largest: NonFinite['largest'];
  for (const { id, label, role } of module.state) {
    if (role !== 'param') continue;
    for (const value of Array.from(states.get(id) ?? []))
      if (Number.isFinite(value) && Math.abs(value) > Math.abs(largest?.value ?? 0))
        largest = { parameter: label, value };
  }
  return largest;
}

function rowValues({ compiled: { contract }, inputs }: FailedStep, row: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(contract.schema).flatMap(([column, { shape }]) => {
      const value = shape.length === 0 ? inputs[column]?.[row] : undefined;
      return value === undefined ? [] : [[column, value]];
    }),
  );
}
