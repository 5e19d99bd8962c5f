/** What every metric promises: the value of its examples, and the same value however the rows are batched. */
import { nodeOf } from '../compiler/ir/node.ts';
import type { MetricExample, MetricFacts } from '../compiler/op/define/define-metric.ts';
import type { Domain } from '../compiler/op/domain.ts';
import { input } from '../compiler/op/leaf.ts';
import type { Metric } from '../compiler/op/metric.ts';
import type { Values } from '../compiler/op/values.ts';
import type { DType } from '../dsl/tensor.ts';
import { evaluate } from '../runtime/engines/reference/evaluate.ts';
import { Draws } from './draw.ts';
import type { LawTest } from './law-test.ts';
import { alike, holds } from './law-test.ts';
import { dtypeOf, scalar } from './sample.ts';

/** Rows as lists of numbers, one or several a row. */
type Rows = readonly (readonly number[])[];

const flat = (value: unknown): number[] => (Array.isArray(value) ? value.flatMap(flat) : [Number(value)]);
const rowsOf = (list: readonly unknown[]): Rows => list.map(flat);

/** The totals of a metric over batches of the given size, put into its formula. */
export function evaluated(
  make: (yTrue: ReturnType<typeof input>, yPred: ReturnType<typeof input>) => Metric,
  truth: Rows,
  predicted: Rows,
  batch: number,
  dtypes: readonly [DType, DType],
): number {
  const shapeOf = (rows: Rows): number[] => (rows[0]!.length === 1 ? [] : [rows[0]!.length]);
  const leaves = [truth, predicted].map((rows, i) => input(`y${i}`, ['B', ...shapeOf(rows)], dtypes[i]!));
  const { sums, result } = make(leaves[0]!, leaves[1]!);
  const names = Object.keys(sums);
  const totals = names.map(() => 0);
  for (let from = 0; from < truth.length; from += batch) {
    const part = (rows: Rows, dtype: DType): Values => {
      const data = rows.slice(from, from + batch);
      return { dtype, shape: [data.length, ...shapeOf(rows)], data: Float64Array.from(data.flat()) };
    };
    const feeds = new Map([
      [leaves[0]!, part(truth, dtypes[0])],
      [leaves[1]!, part(predicted, dtypes[1])],
    ]);
    const size = Math.min(batch, truth.length - from);
    evaluate(
      names.map((name) => nodeOf(sums[name]!)),
      feeds,
      { B: size },
    ).forEach((value, i) => {
      holds(value.shape.length === 0, `the sum ${names[i]} is no scalar`);
      totals[i] = totals[i]! + value.data[0]!;
    });
  }
  const held = names.map((name) => input(name, [], 'float32'));
  const formula = nodeOf(result(Object.fromEntries(names.map((name, i) => [name, held[i]!]))));
  holds(formula.shape.length === 0, 'the result is no scalar');
  return evaluate([formula], new Map(held.map((node, i) => [node, scalar(totals[i]!)])))[0]!.data[0]!;
}

function givesItsExample(facts: MetricFacts, { rows, options, gives }: MetricExample): void {
  const [truth, predicted] = rows.map(rowsOf) as [Rows, Rows];
  const dtypes = [facts.domain ? dtypeOf(facts.domain.yTrue) : 'float32', 'float32'] as const;
  const got = evaluated((a, b) => facts.make(a, b, options), truth, predicted, truth.length, dtypes);
  alike([got], [gives], 'the example', { relative: 1e-6, absolute: 1e-7 });
}

function isTheSameInBatches(facts: MetricFacts, options: object | undefined): void {
  const { domain } = facts;
  if (!domain) return;
  const draw = new Draws(9);
  const dtypes = [dtypeOf(domain.yTrue), dtypeOf(domain.yPred)] as const;
  const column = (of: Domain, length: number): Rows => Array.from({ length }, () => [draw.element(of)]);
  for (const length of [1, 2, 7, 40]) {
    const [truth, predicted] = [column(domain.yTrue, length), column(domain.yPred, length)];
    const value = (batch: number): number =>
      evaluated((a, b) => facts.make(a, b, options), truth, predicted, batch, dtypes);
    const whole = value(length);
    holds(Number.isFinite(whole), `over ${length} rows it is ${whole}`);
    for (const batch of [1, 3, length - 1].filter((size) => size >= 1))
      alike([value(batch)], [whole], `${length} rows in batches of ${batch}`, {
        relative: 1e-9,
        absolute: 1e-12,
      });
  }
}

/** The laws of one kind of metric, for each of its examples. */
export function lawsOfMetric(facts: MetricFacts): LawTest[] {
  const perExample = facts.examples.flatMap((example, i) => [
    { name: `example ${i + 1} has its value`, run: () => givesItsExample(facts, example) },
    {
      name: `example ${i + 1} is the same however the rows are batched`,
      run: () => isTheSameInBatches(facts, example.options),
    },
  ]);
  const shown = {
    name: 'has examples and a domain',
    run: () => holds(facts.examples.length > 0 && !!facts.domain, `${facts.name} lacks examples or a domain`),
  };
  return [shown, ...perExample];
}
