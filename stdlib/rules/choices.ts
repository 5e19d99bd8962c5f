/** Rules of truths and of choices by them. */

import { constantOf } from '../../compiler/ir/facts.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { constant } from '../../compiler/op/leaf.ts';
import type { Rule } from '../../compiler/op/vocabulary.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { less } from '../ops/comparison/less.ts';
import { where } from '../ops/comparison/where.ts';
import { logicalAnd } from '../ops/logic/logicalAnd.ts';
import { logicalNot } from '../ops/logic/logicalNot.ts';
import { logicalOr } from '../ops/logic/logicalOr.ts';

const truths = (x: Tensor, value: 0 | 1): Tensor => constant(value, x.shape, 'bool');

/** The operand beside a constant one of the given value. */
function beside([a, b]: readonly Node[], value: 0 | 1): Node | undefined {
  if (constantOf(b) === value) return a;
  return constantOf(a) === value ? b : undefined;
}

export const choices: readonly Rule[] = [
  {
    name: 'where(true, a, b) = a, where(false, a, b) = b',
    rewrite: ({ card, inputs: [condition, a, b] }) => {
      if (card !== where.card) return undefined;
      const known = constantOf(condition);
      return known === undefined ? undefined : known ? a : b;
    },
    examples: (x, y) => [where(truths(x, 1), x, y), where(truths(x, 0), x, y)],
  },
  {
    name: 'where(c, a, a) = a',
    rewrite: ({ card, inputs: [, a, b] }) => (card === where.card && a === b ? a : undefined),
    examples: (x, y) => [where(less(x, y), x, x)],
  },
  {
    name: 'where(not c, a, b) = where(c, b, a)',
    rewrite: ({ card, inputs: [condition, a, b] }) =>
      card === where.card && condition?.card === logicalNot.card
        ? where(condition.inputs[0]!, b!, a!)
        : undefined,
    examples: (x, y) => [where(logicalNot(less(x, y)), x, y)],
  },
  {
    name: 'where(c, where(c, a, b), d) = where(c, a, d)',
    rewrite: ({ card, inputs: [condition, a, b] }) => {
      if (card !== where.card) return undefined;
      const same = (node: Node | undefined): boolean =>
        node?.card === where.card && node.inputs[0] === condition;
      if (same(a)) return where(condition!, a!.inputs[1]!, b!);
      return same(b) ? where(condition!, a!, b!.inputs[2]!) : undefined;
    },
    examples: (x, y) => {
      const condition = less(x, y);
      return [where(condition, where(condition, x, 1), y), where(condition, x, where(condition, 1, y))];
    },
  },
  {
    name: 'a and false = false, a or true = true',
    rewrite: ({ card, inputs }) => {
      if (card === logicalAnd.card && beside(inputs, 0)) return truths(inputs[0]!, 0);
      return card === logicalOr.card && beside(inputs, 1) ? truths(inputs[0]!, 1) : undefined;
    },
    examples: (x, y) => [logicalAnd(less(x, y), truths(x, 0)), logicalOr(truths(x, 1), less(x, y))],
  },
  {
    name: 'a and a = a or a = a',
    rewrite: ({ card, inputs: [a, b] }) =>
      (card === logicalAnd.card || card === logicalOr.card) && a === b ? a : undefined,
    examples: (x, y) => {
      const condition = less(x, y);
      return [logicalAnd(condition, condition), logicalOr(condition, condition)];
    },
  },
];
