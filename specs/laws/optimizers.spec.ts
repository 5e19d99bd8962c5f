/** Our optimizers against plain arithmetic, written from the papers that describe them. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Values } from '../../compiler/op/values.ts';
import { alike } from '../../laws/law-test.ts';
import { Steps } from '../../laws/optimizer.ts';
import { adam, sgd } from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('optimizers against arithmetic', { steps: 500 });

/** Makes the update of one number: gets the gradient, gives the change of the parameter. */
type Oracle = () => (gradient: number) => number;

/** Sutskever et al. 2013, in Keras's form. */
const descent =
  (rate: number, momentum = 0, nesterov = false): Oracle =>
  () => {
    let v = 0;
    return (g) => {
      v = momentum * v - rate * g;
      return nesterov ? momentum * v - rate * g : v;
    };
  };

/** Kingma & Ba 2015, algorithm 1 in the order of section 2's last paragraph, with ε̂; Reddi et al. 2018 for amsgrad. */
const moments =
  (rate: number, beta1: number, beta2: number, epsilon: number, amsgrad = false): Oracle =>
  () => {
    let [m, v, largest, t] = [0, 0, 0, 0];
    return (g) => {
      t++;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      largest = Math.max(largest, v);
      const alpha = (rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
      return (-alpha * m) / (Math.sqrt(amsgrad ? largest : v) + epsilon);
    };
  };

const cases = [
  ['sgd', sgd({ learningRate: 0.1 }), descent(0.1)],
  ['sgd with momentum', sgd({ learningRate: 0.1, momentum: 0.9 }), descent(0.1, 0.9)],
  ['sgd with nesterov', sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }), descent(0.1, 0.9, true)],
  ['adam', adam(), moments(0.001, 0.9, 0.999, 1e-7)],
  ['adam with other rates', adam({ beta1: 0.5, beta2: 0.9, epsilon: 0.01 }), moments(0.001, 0.5, 0.9, 0.01)],
  ['adam with amsgrad', adam({ amsgrad: true }), moments(0.001, 0.9, 0.999, 1e-7, true)],
] as const;

const vector = (data: readonly number[]): Values => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float64Array.from(data),
});

describe.each(cases)('%s', (_, optimizer, oracle) => {
  test('is its paper’s formula', () => {
    const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(numbers, fc.array(numbers, { minLength: 1, maxLength: 20 }), (start, gradients) => {
        const steps = new Steps(optimizer, [2]);
        let at = steps.start(vector(start));
        const want = [...start];
        const oracles = start.map(oracle);
        gradients.forEach((gradient, step) => {
          at = steps.next(at, vector(gradient), step);
          gradient.forEach((g, i) => {
            want[i] = want[i]! + oracles[i]!(g);
          });
          alike(at.parameter.data, want, `step ${step + 1}`, { relative: 1e-9, absolute: 1e-9 });
          count('steps');
        });
      }),
      { numRuns: runs(25) },
    );
  });
});
