/** Runs a plan's kernels in plain JavaScript by the cards' scalar meaning: what emitted modules are held to. */
import type { FoldKind, LoopKernel, Plan, Stage, Step, Store } from '../../compiler/5-plan/plan.ts';
import { product, valueOf } from '../../compiler/ir/dim.ts';
import type { PlanMemory } from './plan-memory.ts';
import { stepValue } from './step-value.ts';

/** How the interpreter rounds float32 values, and whether it spoils memory that the plan has given up. */
export interface InterpreterOptions {
  /** `float64` keeps what the reference keeps; `float32` rounds each value as an engine does. */
  readonly precision?: 'float64' | 'float32';
}

/** Runs the program on the first `rows` rows of the inputs in `memory`. */
export function interpret(
  plan: Plan,
  memory: PlanMemory,
  rows: number,
  options: InterpreterOptions = {},
): void {
  const round = options.precision === 'float32' ? Math.fround : (value: number): number => value;
  const run = memory.open(plan, rows);
  plan.kernels.forEach((kernel, at) => {
    const sizeOf = (dim: number | string): number => valueOf(dim, { B: rows });
    if (kernel.kind === 'loop') runLoop(kernel, run, sizeOf, round);
    else {
      const { batch, rows: height, columns, depth, left, right, body, stores } = kernel;
      const term = (operand: typeof left, at: readonly number[], free: number, k: number): number =>
        run.read(
          operand.region,
          at.reduce((sum, index, i) => sum + index * sizeOf(operand.batch[i]!), operand.offset) +
            free * sizeOf(operand.free) +
            k * sizeOf(operand.depth),
        );
      const whole = plan.regions[left.region]!.dtype === 'int32';
      const times = whole ? Math.imul : (a: number, b: number): number => round(a * b);
      each(batch.map(sizeOf), (point) => {
        each([sizeOf(height), sizeOf(columns)], ([row, column]) => {
          let total = 0;
          for (let k = 0; k < sizeOf(depth); k++) {
            const sum = total + times(term(left, point, row!, k), term(right, point, column!, k));
            total = whole ? sum | 0 : round(sum);
          }
          const stage = { body, stores, values: [] as number[] };
          const place = { at: [...point, row!, column!], sizeOf, round, accumulator: total, earlier: [] };
          compute(stage.body, stage.values, place, run);
          for (const store of stores) put(store, stage.values, place, run);
        });
      });
    }
    run.finished(at);
  });
}

/** Where the loops of a kernel are, and what its earlier stages found there. */
export interface Place {
  readonly at: readonly number[];
  readonly sizeOf: (dim: number | string) => number;
  readonly round: (value: number) => number;
  readonly accumulator: number;
  /** The values of each stage that has run at this point: its body's, then its folds'. */
  readonly earlier: readonly (readonly number[])[];
}

type Run = ReturnType<PlanMemory['open']>;

function runLoop(
  { outer, inner, stages }: LoopKernel,
  run: Run,
  sizeOf: Place['sizeOf'],
  round: Place['round'],
): void {
  each(outer.map(sizeOf), (point) => {
    const earlier: number[][] = [];
    for (const stage of stages) {
      if (stage.over === 'outer') {
        const place = {
          at: [...point, ...inner.map(() => 0)],
          sizeOf,
          round,
          accumulator: Number.NaN,
          earlier,
        };
        const values: number[] = [];
        compute(stage.body, values, place, run);
        for (const store of stage.stores) put(store, values, place, run);
        earlier.push(values);
        continue;
      }
      const totals = stage.folds.map(({ fold, value }) => startOf(fold, stage.body[value]!));
      each(inner.map(sizeOf), (turn) => {
        const place = { at: [...point, ...turn], sizeOf, round, accumulator: Number.NaN, earlier };
        const values: number[] = [];
        compute(stage.body, values, place, run);
        stage.folds.forEach(({ fold, value }, k) => {
          totals[k] = combine(fold, totals[k]!, values[value]!, stage.body[value]!, round);
        });
        for (const store of stage.stores) put(store, values, place, run);
      });
      earlier.push([...stage.body.map(() => Number.NaN), ...totals]);
    }
  });
}

function compute(body: Stage['body'], values: number[], place: Place, run: Run): void {
  for (const step of body) values.push(stepValue(step, values, place, run));
}

function put({ access, value, add }: Store, values: readonly number[], place: Place, run: Run): void {
  const at = run.address(access, values, place);
  if (!add) {
    run.write(access.region, at, values[value]!);
    return;
  }
  const sum = run.read(access.region, at) + values[value]!;
  run.write(access.region, at, run.isWhole(access.region) ? sum | 0 : place.round(sum));
}

function startOf(fold: FoldKind, { dtype }: Step): number {
  if (fold === 'add') return 0;
  if (fold === 'multiply') return 1;
  const [low, high] = dtype === 'int32' ? [-(2 ** 31), 2 ** 31 - 1] : [-Infinity, Infinity];
  return fold === 'max' ? low : high;
}

function combine(
  fold: FoldKind,
  total: number,
  value: number,
  { dtype }: Step,
  round: Place['round'],
): number {
  if (fold === 'max') return Math.max(total, value);
  if (fold === 'min') return Math.min(total, value);
  if (dtype === 'int32') return fold === 'add' ? (total + value) | 0 : Math.imul(total, value);
  return round(fold === 'add' ? total + value : total * value);
}

/** Calls `visit` with each point of a box, in row-major order. */
export function each(sizes: readonly number[], visit: (at: readonly number[]) => void): void {
  if (sizes.some((size) => size === 0)) return;
  const at = sizes.map(() => 0);
  for (;;) {
    visit(at);
    let axis = sizes.length - 1;
    for (; axis >= 0; axis--) {
      at[axis] = at[axis]! + 1;
      if (at[axis]! < sizes[axis]!) break;
      at[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** How many elements a region has in a run. */
export function elementsOf(shape: readonly (number | string)[], rows: number): number {
  return valueOf(product(shape), { B: rows });
}
