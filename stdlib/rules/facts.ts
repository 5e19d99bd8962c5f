/** What follows from the facts that cards declare: neutral elements, opposites that cancel, repetitions that do nothing. */

import { sameShape } from '../../compiler/ir/dim.ts';
import { constantOf, isConstant } from '../../compiler/ir/facts.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { make } from '../../compiler/op/call/apply.ts';
import { constant } from '../../compiler/op/leaf.ts';
import type { Rule } from '../../compiler/op/vocabulary.ts';
import { abs } from '../ops/arithmetic/abs.ts';
import { add } from '../ops/arithmetic/add.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { neg } from '../ops/arithmetic/neg.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { exp } from '../ops/exponential/exp.ts';
import { power } from '../ops/exponential/power.ts';
import { broadcast } from '../ops/movement/broadcast.ts';
import { sum } from '../ops/reduction/sum.ts';
import { floor } from '../ops/rounding/floor.ts';

/** Whether a constant operand is the neutral element; a float's 0 and −0 are two different numbers. */
function isNeutral(node: Node, value: number): boolean {
  const held = constantOf(node);
  return held !== undefined && (node.type!.dtype === 'float32' ? Object.is(held, value) : held === value);
}

export const facts: readonly Rule[] = [
  {
    name: 'f(x, e) = x',
    rewrite: ({ card, inputs: [a, b] }) => {
      if (card.kind !== 'zip' || !card.identity || !a || !b) return undefined;
      const { value, side } = card.identity;
      if (isNeutral(b, value)) return a;
      return side === 'both' && isNeutral(a, value) ? b : undefined;
    },
    examples: (x) => [multiply(x, 1), multiply(1, x), divide(x, 1), add(x, -0), subtract(x, 0), power(x, 1)],
  },
  {
    name: 'f(f(x)) = x',
    rewrite: ({ card, inputs: [inner] }) =>
      card.kind === 'map' && card.involution && inner?.card === card ? inner.inputs[0] : undefined,
    examples: (x) => [neg(neg(x))],
  },
  {
    name: 'f(f(x)) = f(x)',
    rewrite: ({ card, inputs: [inner] }) =>
      card.kind === 'map' && card.idempotent && inner?.card === card ? inner : undefined,
    examples: (x) => [abs(abs(x)), floor(floor(x))],
  },
  {
    // Elementwise work on what was stretched is the same work on less.
    name: 'f(stretch x, …) = stretch f(x, …)',
    rewrite: (node) => {
      const { card, inputs, attributes, type } = node;
      if (card.kind !== 'map' && card.kind !== 'zip') return undefined;
      // What has no elements costs nothing already.
      if (type?.shape.includes(0)) return undefined;
      const stretched = inputs.filter((input) => input.card === broadcast.card);
      const source = stretched[0]?.inputs[0]?.type?.shape;
      if (!source || stretched.length + inputs.filter(isConstant).length < inputs.length) return undefined;
      if (!stretched.every((input) => sameShape(input.inputs[0]!.type!.shape, source))) return undefined;
      const before = inputs.map((input) =>
        isConstant(input) ? constant(constantOf(input)!, source, input.type!.dtype) : input.inputs[0]!,
      );
      return broadcast(make(card, before, attributes), type!.shape);
    },
    examples: (x) => {
      const row = sum(x, { axis: 0 });
      return [
        exp(broadcast(row, x.shape)),
        multiply(broadcast(row, x.shape), 3),
        add(broadcast(row, x.shape), broadcast(abs(row), x.shape)),
      ];
    },
  },
];
