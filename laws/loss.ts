/** What every loss promises beyond the laws of its card: it is finite, and least where the predictions are the targets. */
import { apply } from '../compiler/op/call/apply.ts';
import type { Card } from '../compiler/op/card.ts';
import { reals } from '../compiler/op/domain.ts';
import { input } from '../compiler/op/leaf.ts';
import type { Values } from '../compiler/op/values.ts';
import { evaluate } from '../runtime/engines/reference/evaluate.ts';
import { Draws } from './draw.ts';
import type { LawTest } from './law-test.ts';
import { holds } from './law-test.ts';
import { valuesOf } from './sample.ts';

/** How many other predictions are compared with the targets themselves. */
const others = 30;

type Nested = number | readonly Nested[];
const flat = (value: Nested): number[] => (typeof value === 'number' ? [value] : value.flatMap(flat));
const shapeOf = (value: Nested): number[] =>
  typeof value === 'number' ? [] : [value.length, ...shapeOf(value[0] ?? 0)];

/** Targets of an example, and the predictions that say just that: the shares or values, or 1 for a class by its number. */
function perfect(card: Card, [targets, predictions]: readonly [Nested, Nested]): readonly [Values, Values] {
  const shape = shapeOf(predictions);
  const truth = flat(targets);
  const byNumber = card.inputs.yTrue?.accepts.every((dtype) => dtype === 'int32') === true;
  const classes = shape.at(-1) ?? 1;
  const said = byNumber
    ? truth.flatMap((label) => Array.from({ length: classes }, (_, k) => Number(k === label)))
    : truth;
  return [
    { dtype: byNumber ? 'int32' : 'float32', shape: shapeOf(targets), data: Float64Array.from(truth) },
    { dtype: 'float32', shape, data: Float64Array.from(said) },
  ];
}

/** The loss of each row. */
function lossesOf(card: Card, yTrue: Values, yPred: Values): Float64Array {
  const leaves = [yTrue, yPred].map(({ shape, dtype }, i) => input(`y${i}`, shape, dtype));
  const node = apply(card, leaves);
  holds(`${node.shape}` === `${yPred.shape.slice(0, 1)}`, `it gives [${node.shape}], not one value a row`);
  return evaluate(
    [node],
    new Map([
      [leaves[0]!, yTrue],
      [leaves[1]!, yPred],
    ]),
  )[0]!.data;
}

function isLeastAtTheTargets(card: Card): void {
  const plain = card.examples.filter(([call]) => call.length === 2);
  // One without any example is refused by the laws of its card.
  holds(plain.length > 0 || card.examples.length === 0, `${card.name} has no example without options`);
  const draw = new Draws(8);
  for (const [call] of plain) {
    const [yTrue, yPred] = perfect(card, call as readonly [Nested, Nested]);
    const least = lossesOf(card, yTrue, yPred);
    const worse = new Set<number>();
    for (let i = 0; i < others; i++) {
      const losses = lossesOf(card, yTrue, valuesOf(card.domain.yPred ?? reals(), yPred.shape, draw));
      losses.forEach((loss, row) => {
        if (loss > least[row]! + 1e-3) worse.add(row);
        holds(Number.isFinite(loss), `row ${row} has the loss ${loss}`);
        holds(
          loss >= least[row]! - 1e-9,
          `row ${row}: ${loss} is less than ${least[row]}, that of the targets`,
        );
      });
    }
    holds(worse.size === least.length, 'it is the same whatever is predicted');
  }
}

/** The laws of one loss. */
export function lawsOfLoss(card: Card): LawTest[] {
  return [{ name: 'is least where the predictions are the targets', run: () => isLeastAtTheTargets(card) }];
}
