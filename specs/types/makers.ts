/** Optimizers, initializers, metrics and hooks of users' own: typed on the outside as ours are. Compiled by tsc; never run. */
import type { Batch, Initializer, Metric, Optimizer, Schedule, Tensor } from 'millrace';
import {
  adam,
  add,
  cast,
  defineInitializer,
  defineMetric,
  defineOptimizer,
  dense,
  divide,
  glorotUniform,
  meanSquaredError,
  metric,
  multiply,
  pipeline,
  precision,
  rows,
  subtract,
  sum,
  vector,
  zeros,
} from 'millrace';
import { defineHookKind, stop, train } from 'millrace/runtime';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

/** A learning rate may be a function of the step. */
const decaying: Schedule = (step) => divide(0.1, add(cast(step, 'float32'), 1));
adam({ learningRate: decaying });
// @ts-expect-error an option of another library
adam({ lr: 1 });
// @ts-expect-error a rate is no word
adam({ learningRate: 'fast' });

const heavy = defineOptimizer(
  'heavy',
  (options: { readonly learningRate?: number; readonly mass?: number } = {}) => ({
    learningRate: options.learningRate ?? 0.01,
    slots: (parameter) => ({ speed: zeros(parameter.shape as readonly number[]) }),
    update: ({ parameter, gradient, slots, learningRate }) => {
      same<keyof typeof slots, 'speed'>(true);
      const speed = subtract(multiply(slots.speed, options.mass ?? 0.9), multiply(gradient, learningRate));
      return { parameter: add(parameter, speed), slots: { speed } };
    },
  }),
);
const one: Optimizer = heavy({ mass: 0.5 });
// @ts-expect-error an option that does not exist
heavy({ weight: 0.5 });
defineOptimizer('lossy', () => ({
  learningRate: 1,
  slots: () => ({ a: zeros([]) }),
  // @ts-expect-error slots must be given back under their names
  update: ({ parameter }) => ({ parameter, slots: {} }),
}));

const tilted = defineInitializer(
  'tilted',
  (slope: number) => (shape) => multiply(glorotUniform()(shape), slope),
);
const start: Initializer = tilted(2);
dense(3, { kernelInitializer: start });
// @ts-expect-error a slope is a number
tilted('steep');

const bias = defineMetric('bias', (yTrue, yPred, options: { readonly scale?: number } = {}) =>
  metric({ errors: sum(subtract(yPred, yTrue)) }, ({ errors }) => multiply(errors, options.scale ?? 1)),
);
declare const column: Tensor<readonly [Batch], 'float32'>;
const judged: Metric = bias(column, column, { scale: 2 });
precision(column, column, { threshold: 0.9 });
// @ts-expect-error an option that does not exist
bias(column, column, { scales: 2 });
// @ts-expect-error an option that does not exist
precision(column, column, { limit: 0.9 });

const patience = defineHookKind('patience', ({ epochs = 3 }: { readonly epochs?: number } = {}) => ({
  initialState: { passed: 0 },
  on: ({ passed }, event) =>
    event.type === 'epochFinished'
      ? { state: { passed: passed + 1 }, commands: passed >= epochs ? [stop('enough')] : [] }
      : undefined,
}));

const layer = dense(1);
train(
  pipeline({
    data: rows({ x: vector(2), y: vector(1) }, []).batch(2),
    model: ({ x }) => layer(x),
    loss: (predicted, { y }) => meanSquaredError(y, predicted),
    metrics: { bias: (predicted, { y }) => bias(y, predicted) },
    optimizer: heavy(),
  }),
  { hooks: [patience({ epochs: 2 })] },
);

export const unused = [one, judged];
