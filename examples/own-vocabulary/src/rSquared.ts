/** How much of the variance of the targets is explained. */
import { divide, equal, multiply, square, subtract, sum, where } from 'millrace';
import { defineMetric, dimension, metric, reals } from 'millrace/op';

/** 1 − Σ(y − ŷ)² / Σ(y − ȳ)² over all rows: 1 at best, 0 for a guess of the mean. yTrue and yPred: f32[B]. */
export const rSquared = defineMetric(
  'rSquared',
  (yTrue, yPred) =>
    metric(
      {
        rows: dimension('B'),
        targets: sum(yTrue),
        squares: sum(square(yTrue)),
        residuals: sum(square(subtract(yTrue, yPred))),
      },
      ({ rows, targets, squares, residuals }) => {
        const spread = subtract(squares, divide(multiply(targets, targets), rows));
        return subtract(1, divide(residuals, where(equal(spread, 0), 1, spread)));
      },
    ),
  {
    domain: { yTrue: reals(), yPred: reals() },
    examples: [
      {
        rows: [
          [1, 2, 3],
          [1, 2, 3],
        ],
        gives: 1,
      },
      {
        rows: [
          [1, 2, 3],
          [2, 2, 2],
        ],
        gives: 0,
      },
    ],
  },
);
