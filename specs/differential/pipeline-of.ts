/** A pipeline from a list of numbers: any layers, activation, loss, metrics and optimizer that go together. */
import type { AnyPipeline } from '../../compiler/1-read/reader/trace.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import {
  abs,
  activation,
  adam,
  add,
  arrays,
  binaryAccuracy,
  binaryCrossentropy,
  bool,
  cast,
  categoricalAccuracy,
  categoricalCrossentropy,
  constant,
  defineLayer,
  dense,
  divide,
  dropout,
  elu,
  exp,
  flatten,
  float,
  gather,
  gelu,
  heNormal,
  int,
  leakyRelu,
  logSoftmax,
  matmul,
  mean,
  meanAbsoluteError,
  meanSquaredError,
  multiply,
  normal,
  oneHot,
  param,
  pipeline,
  precision,
  program,
  relu,
  reshape,
  rootMeanSquaredError,
  sequential,
  sgd,
  sigmoid,
  silu,
  softmax,
  softplus,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  sqrt,
  stack,
  state,
  subtract,
  tanh,
  transpose,
  uniform,
  update,
  vector,
  where,
} from '../../stdlib/index.ts';
import { Choices } from './choices.ts';

export const classes = 3;
export const capacity = 5;

const activations = [relu, tanh, sigmoid, elu, gelu, silu, softplus, leakyRelu, softmax, logSoftmax];

type Apply = (x: Tensor) => Tensor;

/** Keeps a running mean of what passes; a layer with a state and an update. */
const tracked = defineLayer('tracked', () => ({
  build: (x) => ({ average: state([x.shape.at(-1) as number], { name: 'average' }) }),
  call: ({ average }, x) => {
    const next = add(multiply(average, 0.75), multiply(mean(x, { axis: 0 }), 0.25));
    return update(subtract(x, multiply(average, 0.125)), average, next);
  },
}));

/** Embeds, mixes by hand-made parameters, and skips: what layers of a user's own are like. */
const mixing = defineLayer('mixing', (width: number) => ({
  build: (x) => ({
    mix: param([width, x.shape.at(-1) as number], { initializer: uniform({ min: -0.5, max: 0.5 }) }),
    scale: param([], { initializer: constant(0.5) }),
  }),
  call: ({ mix, scale }, x) => {
    const turned = transpose(matmul(mix, transpose(x)));
    return multiply(turned, scale);
  },
}));

function layerFrom(choices: Choices): Apply {
  const width = choices.of([3, 4, 1, 5, 8]);
  switch (choices.below(9)) {
    case 1:
      return activation(choices.of(activations));
    case 2:
      return dropout(choices.of([0.25, 0.5, 0]));
    case 3:
      return tracked();
    case 4:
      return mixing(width);
    case 5:
      return sequential(dense(2 * width), reshape([2, width]), dense(2, { activation: tanh }), flatten());
    case 6: {
      const inner = dense(width, { activation: choices.of(activations) });
      const outer = dense(width, { useBias: false });
      return (x) => add(inner(x), outer(x));
    }
    case 7: {
      const shared = dense(width, { kernelInitializer: heNormal() });
      const narrow = dense(width);
      return (x) => shared(tanh(shared(narrowed(narrow, x, width))));
    }
    default:
      return dense(width, {
        activation: choices.of(activations),
        kernelInitializer: choices.of([heNormal(), normal({ stddev: 0.5 })]),
        biasInitializer: choices.of([constant(0.25), uniform({ min: -0.5, max: 0.5 })]),
      });
  }
}

/** A layer called twice needs a result as wide as its input. */
function narrowed(narrow: Apply, x: Tensor, width: number): Tensor {
  const y = narrow(x);
  return y.shape.at(-1) === width && x.shape.at(-1) === width ? where(cast(abs(x), 'bool'), x, y) : y;
}

const schema = { features: vector(3), size: float, kind: int, mark: bool };
type Row = Parameters<NonNullable<Parameters<typeof pipeline<typeof schema, Tensor>>[0]['model']>>[0];

interface Task {
  readonly units: number;
  readonly loss: (out: Tensor, row: Row) => Tensor;
  readonly metrics: Readonly<
    Record<string, (out: Tensor, row: Row) => Tensor | ReturnType<typeof precision>>
  >;
}

function taskFrom(choices: Choices): Task {
  const labelSmoothing = choices.of([0, 0.125]);
  const shares = (row: Row): Tensor => oneHot(row.kind, classes);
  const marked = (row: Row): Tensor => reshape(cast(row.mark, 'float32'), ['B', 1]);
  switch (choices.below(6)) {
    case 1:
      return {
        units: classes,
        loss: (out, row) => sparseCategoricalCrossentropy(row.kind, out, { fromLogits: true }),
        metrics: { accuracy: (out, row) => sparseCategoricalAccuracy(row.kind, out) },
      };
    case 2:
      return {
        units: classes,
        loss: (out, row) => categoricalCrossentropy(shares(row), softmax(out), { labelSmoothing }),
        metrics: { accuracy: (out, row) => categoricalAccuracy(shares(row), out) },
      };
    case 3:
      return {
        units: 1,
        loss: (out, row) => binaryCrossentropy(marked(row), out, { fromLogits: true, labelSmoothing }),
        metrics: {
          accuracy: (out, row) => binaryAccuracy(marked(row), sigmoid(out)),
          precision: (out, row) => precision(marked(row), sigmoid(out)),
        },
      };
    case 4:
      return {
        units: 2,
        loss: (out, row) => mean(meanAbsoluteError(stack([row.size, row.size]), out)),
        metrics: { spread: (out) => mean(sqrt(add(multiply(out, out), 1))) },
      };
    case 5:
      return {
        units: classes,
        loss: (out, row) =>
          subtract(softplus(mean(out, { axis: -1 })), gather(exp(multiply(row.size, 0)), row.kind)),
        metrics: {},
      };
    default:
      return {
        units: 1,
        loss: (out, row) => meanSquaredError(reshape(row.size, ['B', 1]), out),
        metrics: { root: (out, row) => rootMeanSquaredError(reshape(row.size, ['B', 1]), out) },
      };
  }
}

function optimizerFrom(choices: Choices) {
  const learningRate = choices.of([
    0.03125,
    0.0078125,
    (step: Tensor): Tensor => divide(0.0625, add(cast(step, 'float32'), 1)),
  ]);
  switch (choices.below(4)) {
    case 1:
      return sgd({ learningRate, momentum: 0.5 });
    case 2:
      return sgd({ learningRate, momentum: 0.75, nesterov: true });
    case 3:
      return adam({ learningRate, amsgrad: choices.below(2) === 1 });
    default:
      return sgd({ learningRate });
  }
}

/** What a pipeline was made of, for the count, and the pipeline. */
export function pipelineOf(numbers: readonly number[]): AnyPipeline {
  const choices = new Choices(numbers);
  const { units, loss, metrics } = taskFrom(choices);
  const optimizer = optimizerFrom(choices);
  const layers = Array.from({ length: choices.below(4) }, () => layerFrom(choices));
  const network = sequential(...layers, dense(units, { name: 'last' }));
  const several = choices.once(4);
  const objectives = choices.below(4);
  const programs = choices.once(3) && {
    twice: program({ one: vector(3), other: vector(3) }, ({ one, other }) => network(add(one, other))),
  };
  const data = arrays(schema, { features: [0, 0, 0], size: [0], kind: [0], mark: [false] }).batch(capacity);
  const answer = ({ features, size, mark }: Row): Tensor =>
    network(add(features, reshape(multiply(size, cast(mark, 'float32')), ['B', 1])));
  const common = { data, ...(programs && { programs }) };
  // Plain and several outputs are two types of pipeline; the compiler takes any.
  return several
    ? (pipeline({
        ...common,
        model: (row) => ({ main: answer(row), other: tanh(row.size) }),
        ...trained(objectives, ({ main }: { readonly main: Tensor }, row: Row) => loss(main, row), optimizer),
        metrics: Object.fromEntries(
          Object.entries(metrics).map(([name, judge]) => [
            name,
            ({ main }: { readonly main: Tensor }, row: Row) => judge(main, row),
          ]),
        ),
      }) as unknown as AnyPipeline)
    : (pipeline({
        ...common,
        model: answer,
        ...trained(objectives, loss, optimizer),
        metrics,
      }) as unknown as AnyPipeline);
}

/** One loss, or several objectives: parts of the network by name, together or in turn, some not in every step. */
function trained<Out>(
  form: number,
  loss: (out: Out, row: Row) => Tensor,
  optimizer: ReturnType<typeof optimizerFrom>,
) {
  if (form < 2) return { loss, optimizer };
  const last = (name: string): boolean => name.startsWith('last');
  return {
    objectives: {
      end: { parameters: last, loss, optimizer, weight: 0.5 },
      rest: {
        // Where there is nothing before the last layer, in turn, the last layer is trained again.
        ...(form === 2 && { parameters: (name: string) => !last(name) || name === 'last.bias' }),
        loss,
        optimizer: sgd({ learningRate: 0.0625 }),
        every: 2,
      },
    },
    update: 'inTurn' as const,
  };
}
