/** An engine that counts instead of computing: its weight is a fingerprint of every row it was trained on, in order. */
import type { Compiled } from '../../compiler/compile.ts';
import type { StateEntry } from '../../compiler/module.ts';
import type { EvaluationPorts } from '../../compiler/programs/contract.ts';
import { scramble } from '../../runtime/data/mix.ts';
import type { Engine, Numbers, Runnable, Session } from '../../runtime/engines/engine.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';

const entry = (
  id: string,
  dtype: 'int32' | 'float32',
  role: StateEntry['role'],
  size?: number,
): StateEntry => ({
  id,
  label: id,
  dtype,
  shape: size === undefined ? [] : [size],
  role,
});

const state: readonly StateEntry[] = [
  entry('weight', 'int32', 'param'),
  entry('train.rows', 'float32', 'metric'),
  entry('validation.rows', 'float32', 'metric'),
  entry('seed', 'int32', 'run', 2),
  entry('step', 'int32', 'run'),
  entry('rate', 'float32', 'run'),
];

/** A pipeline of one float column `x`; the metric `rows` counts the rows of the epoch. */
export function fakeCompiled(): Compiled {
  const x = { kind: 'float', shape: [], dtype: 'float32' } as const;
  const schema = { x };
  const epoch: EvaluationPorts = {
    loss: 'epoch.loss',
    losses: [],
    metrics: [{ label: 'rows', id: 'metrics.rows' }],
  };
  return {
    // The fake engine looks at no graph, and the runtime only hands them on.
    module: { name: 'fake', capacity: 64, programs: new Map(), state, vocabulary },
    contract: {
      schema,
      init: { program: 'init' },
      step: { program: 'step', batch: { loss: 'loss', losses: [] }, epoch },
      evaluate: { program: 'evaluate', epoch },
      predict: { program: 'predict' },
      answers: [
        { program: 'predict', schema, form: 'tensor', outputs: [{ label: 'outputs', id: 'outputs' }] },
      ],
      state: {
        step: 'step',
        seed: 'seed',
        rates: [{ label: '', id: 'rate' }],
        sums: { train: ['train.rows'], validation: ['validation.rows'] },
      },
    },
  };
}

export interface FakeOptions {
  readonly capacity?: number;
  /** Throws in this step, counted from 1. */
  readonly failAt?: number;
  /** The loss is NaN in this step, counted from 1. */
  readonly nanAt?: number;
  /** The loss that an evaluation gives, by its number from 0. */
  readonly validationLoss?: (evaluation: number) => number;
}

export interface FakeEngine extends Engine {
  /** Steps run in all. */
  readonly steps: number;
  /** The fingerprint of what it was trained on. */
  readonly weight: number;
}

export function fakeEngine(options: FakeOptions = {}): FakeEngine {
  const { capacity = 64, failAt, nanAt, validationLoss = () => 1 } = options;
  const held = new Map<string, Numbers>();
  let steps = 0;
  let evaluations = 0;
  const at = (name: string): Numbers => held.get(name)!;
  const runnable = (outputs: readonly string[], run: (self: Runnable, rows: number) => void): Runnable => {
    const self: Runnable = {
      capacity,
      inputs: { x: new Float32Array(capacity) },
      outputs: Object.fromEntries(outputs.map((name) => [name, new Float32Array(1)])),
      run: (rows) => run(self, rows),
    };
    return self;
  };
  const metrics = ['epoch.loss', 'metrics.rows'];
  const programs: Readonly<Record<string, Runnable>> = {
    init: runnable([], () => {
      at('weight')[0] = scramble(at('seed')[0]!);
      at('rate')[0] = 0.5;
    }),
    step: runnable(['loss', ...metrics], ({ inputs, outputs }, rows) => {
      steps++;
      if (steps === failAt) throw new Error(`the fake engine fails in step ${steps}`);
      for (let row = 0; row < rows; row++) {
        at('weight')[0] = scramble(at('weight')[0]! ^ Math.round(inputs.x![row]! * 1000));
      }
      at('train.rows')[0]! += rows;
      outputs.loss![0] = steps === nanAt ? Number.NaN : 1 / steps;
      outputs['epoch.loss']![0] = 1 / steps;
      outputs['metrics.rows']![0] = at('train.rows')[0]!;
    }),
    evaluate: runnable(metrics, ({ outputs }, rows) => {
      // The first batch of an evaluation finds its sums at zero.
      if (at('validation.rows')[0] === 0) evaluations++;
      at('validation.rows')[0]! += rows;
      outputs['epoch.loss']![0] = validationLoss(evaluations - 1);
      outputs['metrics.rows']![0] = at('validation.rows')[0]!;
    }),
    predict: runnable(['outputs'], () => {}),
  };
  const session: Session = {
    program: (name) => programs[name]!,
    read: (name) => at(name).slice(),
    write: (name, values) => {
      held.set(name, Object.assign(at(name), Array.from(values)));
    },
    dispose: () => {},
  };
  return {
    name: 'fake',
    load: async (module) => {
      for (const { id: name, dtype, shape } of module.state) {
        const size = shape.reduce((product, dim) => product * dim, 1);
        held.set(name, dtype === 'float32' ? new Float32Array(size) : new Int32Array(size));
      }
      return session;
    },
    get steps() {
      return steps;
    },
    get weight() {
      return at('weight')[0]!;
    },
  };
}
