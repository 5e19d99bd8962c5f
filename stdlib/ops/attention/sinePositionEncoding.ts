/** Positions of a sequence as waves of many lengths. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { iota, literal } from '../../../compiler/op/leaf.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { add } from '../arithmetic/add.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { broadcast } from '../movement/broadcast.ts';
import { sin } from '../trigonometric/sin.ts';

type SinePositionEncoding = <X extends Tensor>(
  x: X,
  options?: { readonly maxWavelength?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/**
 * What the features of x at each position of its sequence are to be shifted by: [..., sequence, features] → the same
 * shape, to be added to x. At position p feature i is sin(p / w^(i / features)) for even i and cos(p / w^((i − 1) /
 * features)) for odd i, with w the `maxWavelength`, 10,000 by default (Vaswani et al. 2017).
 */
export const sinePositionEncoding: Op<SinePositionEncoding> = composite({
  name: 'sinePositionEncoding',
  inputs: { x: float },
  options: { maxWavelength: option.number(10_000) },
  body: ({ x }, { maxWavelength }) => {
    const features = x.shape.at(-1);
    if (x.shape.length < 2 || typeof features !== 'number') {
      throw new TypeMismatch({
        message: 'sinePositionEncoding needs a sequence of features',
        blame: 0,
        expected: 'f32[B, sequence, features]',
        received: typeText(x),
      });
    }
    const each = Array.from({ length: features }, (_, i) => i);
    const frequencies = each.map((i) => maxWavelength ** (-(i - (i % 2)) / features));
    // A cosine is a sine a quarter of a turn later.
    const phases = each.map((i) => (i % 2) * (Math.PI / 2));
    const positions = iota([x.shape.at(-2)!, features], 0, 'float32');
    const angles = add(multiply(positions, literal(frequencies, [features])), literal(phases, [features]));
    return broadcast(sin(angles), x.shape);
  },
  domain: { x: reals() },
  examples: [
    [
      [
        [
          [7, 7],
          [7, 7],
        ],
      ],
      [
        [0, 1],
        [0.8414709848078965, 0.5403023058681398],
      ],
    ],
  ],
});
