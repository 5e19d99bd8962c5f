/** A layer that learns which of its features to let through, with a state and dropout of its own. */

import type { Tensor } from 'millrace';
import { add, glorotUniform, matmul, mean, multiply, sigmoid, tanh, where } from 'millrace';
import type { LayerOptions } from 'millrace/op';
import { check, defineLayer, param, random, state, training, update } from 'millrace/op';

export interface GatedOptions extends LayerOptions {
  /** How likely a feature is left out while training, from 0 to 1. Default 0. */
  readonly rate?: number | undefined;
}

/** How slowly the moving average of open gates follows. */
const momentum = 0.9;

/**
 * tanh(x·V) · σ(x·G): f32[…, n] to f32[…, units] (Dauphin et al. 2017). Keeps a moving average of how far its gates are open,
 * which saved models hold as `openness`.
 */
export const gated = defineLayer(
  'gated',
  (units: number, options: GatedOptions = {}) => {
    const { rate = 0 } = options;
    return {
      build: (x) => {
        const features = Number(x.shape.at(-1));
        return {
          value: param([features, units], { initializer: glorotUniform() }),
          gate: param([features, units], { initializer: glorotUniform() }),
          openness: state([units]),
        };
      },
      call: ({ value, gate, openness }, x: Tensor) => {
        const open = sigmoid(matmul(x, gate));
        const axes = open.shape.slice(0, -1).map((_, axis) => axis);
        const average = add(multiply(openness, momentum), multiply(mean(open, { axis: axes }), 1 - momentum));
        const seen = update(
          multiply(tanh(matmul(x, value)), open),
          openness,
          where(training, average, openness),
        );
        if (rate === 0) return seen;
        const kept = random.bernoulli(seen.shape, { probability: 1 - rate });
        return where(training, where(kept, multiply(seen, 1 / (1 - rate)), 0), seen);
      },
    };
  },
  {
    arguments: { units: check.count },
    options: { rate: check.rate },
    examples: [
      { of: [3], on: [[4]] },
      { of: [2, { rate: 0.5 }], on: [[5]] },
    ],
  },
);
