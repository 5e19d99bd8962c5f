/** All that the compiler needs to know of the language: its cards by name, its rules, and who plays which role. */
import type { Roles } from '../compiler/op/roles.ts';
import type { Vocabulary } from '../compiler/op/vocabulary.ts';
import { vocabularyOf } from '../compiler/op/vocabulary.ts';
import { cards } from './cards.ts';
import { add } from './ops/arithmetic/add.ts';
import { divide } from './ops/arithmetic/divide.ts';
import { floorDivide } from './ops/arithmetic/floorDivide.ts';
import { mod } from './ops/arithmetic/mod.ts';
import { multiply } from './ops/arithmetic/multiply.ts';
import { subtract } from './ops/arithmetic/subtract.ts';
import { equal } from './ops/comparison/equal.ts';
import { where } from './ops/comparison/where.ts';
import { contract } from './ops/contraction/parts/contract.ts';
import { cast } from './ops/conversion/cast.ts';
import { reshape } from './ops/movement/reshape.ts';
import { transpose } from './ops/movement/transpose.ts';
import { sum } from './ops/reduction/sum.ts';
import { rules } from './rules.ts';

const roles: Roles = {
  add: (a, b) => add(a, b),
  subtract: (a, b) => subtract(a, b),
  multiply: (a, b) => multiply(a, b),
  divide: (a, b) => divide(a, b),
  floorDivide: (a, b) => floorDivide(a, b),
  mod: (a, b) => mod(a, b),
  equal: (a, b) => equal(a, b),
  where: (condition, a, b) => where(condition, a, b),
  sum: (x, options) => sum(x, options),
  reshape: (x, shape) => reshape(x, shape),
  transpose: (x, axes) => transpose(x, { axes }),
  contract: (left, right, pairs) => contract(left, right, pairs),
  cast: (x, dtype) => cast(x, dtype),
};

/** The standard vocabulary, as the compiler takes it: cards, simplification rules, and the ops that it speaks itself. */
export const vocabulary: Vocabulary = vocabularyOf({ cards, rules, roles });
