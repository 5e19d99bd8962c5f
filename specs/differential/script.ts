/** A short life of a pipeline: initial values, a few steps with batches of several sizes, a judgement, an answer. */
import type { Columns, Machine, Numbers } from './machines.ts';
import { numbersFor } from './numbers.ts';
import { capacity, classes } from './pipeline-of.ts';

export interface Stage {
  readonly program: string;
  readonly rows: number;
  readonly columns: Columns;
}

/** Which programs run, on how many rows; `own` are those of the pipeline's own. */
export function stagesFor(seed: number, own: readonly string[] = [], steps = 4): Stage[] {
  const stage = (program: string, rows: number, batch: number): Stage => ({
    program,
    rows,
    columns: columnsFor(rows, seed + 31 * batch),
  });
  const training = Array.from({ length: steps }, (_, i) =>
    stage('step', i === 1 ? 1 + (seed % capacity) : capacity, i),
  );
  return [
    ...training,
    stage('evaluate', capacity, 10),
    stage('evaluate', 2, 11),
    stage('predict', 3, 12),
    ...own.map((program) => stage(program, 2, 14)),
    stage('step', 1, 13),
  ];
}

export function columnsFor(rows: number, seed: number): Columns {
  const reals = (shape: readonly number[], place: number): number[] => [
    ...numbersFor({ dtype: 'float32', shape }, seed, place).data,
  ];
  return {
    features: reals([rows, 3], 1),
    one: reals([rows, 3], 5),
    other: reals([rows, 3], 6),
    size: reals([rows], 2),
    kind: reals([rows], 3).map((x) => Math.floor(((x + 3) / 6.001) * classes)),
    mark: reals([rows], 4).map((x) => Number(x > 0)),
  };
}

/** Runs the stages after `init` and keeps what each gave, then all state: comparable turn by turn. */
export function play(machine: Machine, seed: number, stages: readonly Stage[]): Numbers[] {
  machine.write('§seed', [seed, 12345 - seed]);
  machine.run('init', 1, {});
  const first = machine.state();
  return [
    prefixed('state ', first),
    ...stages.map(({ program, rows, columns }) => {
      const outputs = machine.run(program, rows, columns);
      return { ...prefixed(`${program} `, outputs), ...prefixed('state ', machine.state()) };
    }),
  ];
}

function prefixed(prefix: string, numbers: Numbers): Numbers {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, values]) => [prefix + name, [...Array.from(values)]]),
  );
}
