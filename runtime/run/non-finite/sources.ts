/** Walks back from numbers that are not finite to where they came into being, along what they really depend on. */
import { isConstant, leafOf } from '../../../compiler/ir/facts.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import { concreteAttributes } from '../../../compiler/ir/symbols.ts';
import type { Computed, Element, Part } from './made-of.ts';
import { isTold, madeOf, numberAt } from './made-of.ts';

export interface Sources {
  /** Elements that are not finite although all that they are made of is. */
  readonly sources: readonly Element[];
  /** Elements that are NaN and are made of infinities, not of other NaNs. */
  readonly births: readonly Element[];
}

/**
 * How many elements of one node are followed, the first that are met: where a NaN has spread over a large value, all its
 * elements lead to the same few sources.
 */
const followed = 1000;

/** The sources of the given elements. */
export function sourcesOf(start: readonly Element[], computed: Computed): Sources {
  const sources: Element[] = [];
  const births: Element[] = [];
  const seen = new Map<Node, Set<number>>();
  const waiting: Element[] = [];
  const follow = (element: Element): void => {
    const known = seen.get(element.node) ?? new Set();
    seen.set(element.node, known);
    // What is not told apart, element by element, needs to be followed once.
    if (known.has(element.at) || known.size >= (isTold(element.node) ? followed : 1)) return;
    known.add(element.at);
    waiting.push(element);
  };
  start.forEach(follow);
  for (let next = 0; next < waiting.length; next++) {
    const element = waiting[next];
    if (!element) break;
    const causes = causesOf(element, computed);
    if (causes.length === 0) sources.push(element);
    const isBorn = causes.length > 0 && causes.every((cause) => !Number.isNaN(numberAt(cause, computed)));
    if (isBorn && Number.isNaN(numberAt(element, computed))) births.push(element);
    causes.forEach(follow);
  }
  return { sources, births };
}

/** Whether an element was written down as it is: a constant of the program, or the margin that a move puts around. */
export function isWritten({ node }: Element): boolean {
  return isConstant(node) || leafOf(node)?.is === 'literal' || node.card.kind === 'move';
}

/** The parts of an element that are not finite and make it so. */
function causesOf(element: Element, computed: Computed): Part[] {
  const { node } = element;
  const parts = madeOf(element, computed);
  const bad = parts.filter((part) => !Number.isFinite(numberAt(part, computed)));
  const { card } = node;
  if (card.kind === 'composite' || bad.length === 0) return bad;
  if (card.kind === 'reduce' && (card.fold === 'max' || card.fold === 'min')) {
    // The largest of several is one of them; the others have no part in it.
    const result = numberAt(element, computed);
    return bad.filter((part) => Object.is(numberAt(part, computed), result));
  }
  if (card.kind !== 'zip') return bad;
  const alone = bad.filter((part) => !Number.isFinite(resultOf(node, parts, computed, part)));
  // Two infinities may meet in what neither makes alone, such as the larger of −∞ and −∞.
  return alone.length > 0 ? alone : bad;
}

/**
 * What an elementwise op gives when of all operands that are not finite only one stays. A choice that was made
 * otherwise, and a factor that has no part, so show themselves.
 */
function resultOf(node: Node, parts: readonly Part[], computed: Computed, staying: Part): number {
  return scalarOf(node, computed, (operand) => {
    const part = parts.find((each) => each.operand === operand);
    const value = part ? numberAt(part, computed) : Number.NaN;
    return Number.isFinite(value) || operand === staying.operand ? value : 1;
  });
}

/** An elementwise op on other numbers, in binary32. */
export function scalarOf(
  { card, inputs, attributes, dtype }: Node,
  { sizes }: Computed,
  operand: (position: number) => number,
): number {
  if (card.kind === 'composite' || !card.scalar) throw new Error(`internal: ${card.name} is not elementwise`);
  const names = Object.keys(card.inputs).slice(0, inputs.length);
  const xs = Object.fromEntries(names.map((name, position) => [name, operand(position)]));
  const value = card.scalar(xs, concreteAttributes(attributes, sizes), dtype);
  return dtype === 'float32' ? Math.fround(value) : value;
}
