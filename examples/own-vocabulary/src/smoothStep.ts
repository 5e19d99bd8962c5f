/** A step from 0 to 1 without corners: a primitive, with a meaning, a gradient and a lowering of its own. */
import { clip, multiply, subtract } from 'millrace';
import type { Elementwise, Op } from 'millrace/op';
import { defineOp, float, preserving, reals, within } from 'millrace/op';

/** t²·(3 − 2t) of t = x, kept between 0 and 1: 0 before, 1 after, and smooth between. Any shape; the same comes out. */
export const smoothStep: Op<Elementwise> = defineOp({
  name: 'smoothStep',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => {
    const t = x < 0 ? 0 : x > 1 ? 1 : x;
    return t * t * (3 - 2 * t);
  },
  gradient: ({ inputs: { x }, dy }) => {
    const t = clip(x, 0, 1);
    return { x: multiply(dy, multiply(multiply(t, 6), subtract(1, t))) };
  },
  lower: {
    wasm: (s, { x }) => {
      const t = s.min(s.max(x, 0), 1);
      return s.mul(s.mul(t, t), s.sub(3, s.mul(t, 2)));
    },
  },
  domain: { x: reals({ min: -1, max: 2, kinks: [0, 1] }) },
  laws: [within(0, 1)],
  examples: [[[[-1, 0, 0.5, 1, 2]], [0, 0, 0.5, 1, 1]]],
  cost: 5,
});
