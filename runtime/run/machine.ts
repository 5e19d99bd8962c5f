/** The state of a loaded pipeline as the runtime handles it: metrics, learning rate, seed, snapshots. */
import type { Compiled, StateEntry } from '../../compiler/compiled.ts';
import type { Numbers, Runnable, Session } from '../engines/engine.ts';
import type { Judgement, Metrics } from '../events/event.ts';

/** The values of states by name. */
export type Snapshot = ReadonlyMap<string, Numbers>;

export class Machine {
  readonly compiled: Compiled;
  readonly session: Session;

  constructor(compiled: Compiled, session: Session) {
    this.compiled = compiled;
    this.session = session;
  }

  /** Gives all state its first values, drawn from the seed. */
  initialise(seed: number): void {
    this.writeSeed(seed);
    this.session.program('init').run(1);
  }

  /** The seed as its low and high 32 bits. */
  writeSeed(seed: number): void {
    if (this.has('run.seed'))
      this.session.write('run.seed', [seed | 0, Math.floor(seed / 0x1_0000_0000) | 0]);
    if (this.has('run.step')) this.session.write('run.step', [0]);
  }

  /** Forgets the sums of one epoch. */
  resetMetrics(of: 'train' | 'validation'): void {
    for (const entry of this.states('metric')) {
      if (entry.name.startsWith(`${of}.`)) this.session.write(entry.name, new Float64Array(sizeOf(entry)));
    }
  }

  /** Reads `metrics.loss` and the user's metrics as a program last gave them. */
  judge(program: Runnable): Judgement {
    return { loss: scalar(program, 'metrics.loss'), metrics: this.metrics(program) };
  }

  metrics(program: Runnable): Metrics {
    const metrics: Record<string, number> = {};
    for (const name of this.compiled.metrics) metrics[name] = scalar(program, `metrics.${name}`);
    return metrics;
  }

  get learningRate(): number | undefined {
    return this.has('run.learningRate') ? this.session.read('run.learningRate')[0] : undefined;
  }

  set learningRate(value: number) {
    this.session.write('run.learningRate', [value]);
  }

  /** All that training has changed. */
  snapshot(): Snapshot {
    const kept = this.states('param', 'state', 'slot');
    return new Map(kept.map(({ name }) => [name, this.session.read(name)]));
  }

  restore(snapshot: Snapshot): void {
    for (const [name, values] of snapshot) this.session.write(name, values);
  }

  states(...roles: readonly StateEntry['role'][]): StateEntry[] {
    return this.compiled.state.filter(({ role }) => roles.includes(role));
  }

  private has(state: string): boolean {
    return this.compiled.state.some(({ name }) => name === state);
  }
}

export function scalar(program: Runnable, output: string): number {
  const values = program.outputs[output];
  if (!values) throw new Error(`internal: the program gives no ${output}`);
  return values[0]!;
}

export function sizeOf({ shape }: StateEntry): number {
  return shape.reduce((size, dim) => size * dim, 1);
}
