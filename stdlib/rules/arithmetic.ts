/** Rules of arithmetic that hold exactly in IEEE 754, special values included. */

import { constantOf } from '../../compiler/ir/facts.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { constant } from '../../compiler/op/leaf.ts';
import type { Rule } from '../../compiler/op/vocabulary.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { add } from '../ops/arithmetic/add.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { maximum } from '../ops/arithmetic/maximum.ts';
import { minimum } from '../ops/arithmetic/minimum.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { neg } from '../ops/arithmetic/neg.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { power } from '../ops/exponential/power.ts';

const isNeg = (node: Node | undefined): node is Node => node?.card === neg.card;

/** Whether 1/x is exact: x is a power of two, and so is its reciprocal, both well inside float32. */
function hasExactReciprocal(x: number): boolean {
  const exponent = Math.log2(Math.abs(x));
  return Number.isInteger(exponent) && Math.abs(exponent) <= 100 && 2 ** exponent === Math.abs(x);
}

/** The constant operand of a product and the other one. */
function constantFactor([a, b]: readonly Node[]):
  | { readonly factor: number; readonly other: Node }
  | undefined {
  const [left, right] = [constantOf(a), constantOf(b)];
  if (right !== undefined) return { factor: right, other: a! };
  return left === undefined ? undefined : { factor: left, other: b! };
}

const ones = (x: Node): Tensor => constant(1, x.type!.shape);

export const arithmetic: readonly Rule[] = [
  {
    name: 'x · −1 = −x',
    rewrite: ({ card, inputs }) => {
      if (card !== multiply.card) return undefined;
      const part = constantFactor(inputs);
      return part?.factor === -1 ? neg(part.other) : undefined;
    },
    examples: (x) => [multiply(x, -1), multiply(-1, x)],
  },
  {
    name: '−x · c = x · −c',
    rewrite: ({ card, inputs }) => {
      if (card !== multiply.card) return undefined;
      const part = constantFactor(inputs);
      return part && isNeg(part.other) ? multiply(part.other.inputs[0]!, -part.factor) : undefined;
    },
    examples: (x) => [multiply(neg(x), 3), multiply(0.5, neg(x))],
  },
  {
    name: '−(x · c) = x · −c',
    rewrite: ({ card, inputs: [product] }) => {
      if (card !== neg.card || product?.card !== multiply.card) return undefined;
      const part = constantFactor(product.inputs);
      return part ? multiply(part.other, -part.factor) : undefined;
    },
    examples: (x) => [neg(multiply(x, 3))],
  },
  {
    name: '−x · −y = x · y',
    rewrite: ({ card, inputs: [a, b] }) =>
      card === multiply.card && isNeg(a) && isNeg(b) ? multiply(a.inputs[0]!, b.inputs[0]!) : undefined,
    examples: (x, y) => [multiply(neg(x), neg(y))],
  },
  {
    name: 'x + −y = x − y',
    rewrite: ({ card, inputs: [a, b] }) => {
      if (card !== add.card) return undefined;
      if (isNeg(b)) return subtract(a!, b.inputs[0]!);
      return isNeg(a) ? subtract(b!, a.inputs[0]!) : undefined;
    },
    examples: (x, y) => [add(x, neg(y)), add(neg(x), y)],
  },
  {
    name: 'x − −y = x + y',
    rewrite: ({ card, inputs: [a, b] }) =>
      card === subtract.card && isNeg(b) ? add(a!, b.inputs[0]!) : undefined,
    examples: (x, y) => [subtract(x, neg(y))],
  },
  {
    name: 'x / 2ⁿ = x · 2⁻ⁿ',
    rewrite: ({ card, inputs: [a, b] }) => {
      const divisor = constantOf(b);
      if (card !== divide.card || divisor === undefined || !hasExactReciprocal(divisor)) return undefined;
      return multiply(a!, 1 / divisor);
    },
    examples: (x) => [divide(x, 16), divide(x, -0.5)],
  },
  {
    name: 'max(x, x) = min(x, x) = x',
    rewrite: ({ card, inputs: [a, b] }) =>
      (card === maximum.card || card === minimum.card) && a === b ? a : undefined,
    examples: (x) => [maximum(x, x), minimum(x, x)],
  },
  {
    name: 'x⁰ = 1',
    rewrite: ({ card, inputs: [a, b] }) =>
      card === power.card && constantOf(b) === 0 ? ones(a!) : undefined,
    examples: (x) => [power(x, 0)],
  },
  {
    name: 'x² = x · x',
    rewrite: ({ card, inputs: [a, b] }) =>
      card === power.card && constantOf(b) === 2 ? multiply(a!, a!) : undefined,
    examples: (x) => [power(x, 2)],
  },
  {
    name: 'x⁻¹ = 1 / x',
    rewrite: ({ card, inputs: [a, b] }) =>
      card === power.card && constantOf(b) === -1 ? divide(1, a!) : undefined,
    examples: (x) => [power(x, -1)],
  },
];
