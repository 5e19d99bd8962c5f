/** An engine that counts instead of computing: its weight is a fingerprint of every row it was trained on, in order. */
import type { Compiled, CompiledProgram, StateEntry } from '../../compiler/compiled.ts';
import type { ProgramName } from '../../compiler/ir/graph.ts';
import { scramble } from '../../runtime/data/mix.ts';
import type { Engine, Numbers, Runnable, Session } from '../../runtime/engines/engine.ts';

const state: readonly StateEntry[] = [
  { name: 'weight', dtype: 'int32', shape: [], role: 'param' },
  { name: 'train.rows', dtype: 'float32', shape: [], role: 'metric' },
  { name: 'validation.rows', dtype: 'float32', shape: [], role: 'metric' },
  { name: 'run.seed', dtype: 'int32', shape: [2], role: 'run' },
  { name: 'run.step', dtype: 'int32', shape: [], role: 'run' },
  { name: 'run.learningRate', dtype: 'float32', shape: [], role: 'run' },
];

/** A pipeline of one float column `x`; the metric `rows` counts the rows of the epoch. */
export function fakeCompiled(): Compiled {
  const x = { kind: 'float', shape: [], dtype: 'float32' } as const;
  // The fake engine looks at no graph and no plan, and the runtime only hands them on.
  const programs = {} as Record<ProgramName, CompiledProgram>;
  return { name: 'fake', schema: { x }, programs, state, metrics: ['rows'], outputs: [] };
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
  const metrics = ['metrics.loss', 'metrics.rows'];
  const programs: Record<ProgramName, Runnable> = {
    init: runnable([], () => {
      at('weight')[0] = scramble(at('run.seed')[0]!);
      at('run.learningRate')[0] = 0.5;
    }),
    step: runnable(['loss', ...metrics], ({ inputs, outputs }, rows) => {
      steps++;
      if (steps === failAt) throw new Error(`the fake engine fails in step ${steps}`);
      for (let row = 0; row < rows; row++) {
        at('weight')[0] = scramble(at('weight')[0]! ^ Math.round(inputs.x![row]! * 1000));
      }
      at('train.rows')[0]! += rows;
      outputs.loss![0] = steps === nanAt ? Number.NaN : 1 / steps;
      outputs['metrics.loss']![0] = 1 / steps;
      outputs['metrics.rows']![0] = at('train.rows')[0]!;
    }),
    evaluate: runnable(metrics, ({ outputs }, rows) => {
      // The first batch of an evaluation finds its sums at zero.
      if (at('validation.rows')[0] === 0) evaluations++;
      at('validation.rows')[0]! += rows;
      outputs['metrics.loss']![0] = validationLoss(evaluations - 1);
      outputs['metrics.rows']![0] = at('validation.rows')[0]!;
    }),
    predict: runnable(['outputs'], () => {}),
  };
  const session: Session = {
    program: (name) => programs[name],
    read: (name) => at(name).slice(),
    write: (name, values) => {
      held.set(name, Object.assign(at(name), Array.from(values)));
    },
    dispose: () => {},
  };
  return {
    name: 'fake',
    load: async (compiled) => {
      for (const { name, dtype, shape } of compiled.state) {
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
