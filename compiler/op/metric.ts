/** What a metric is: sums over all rows of a dataset, and a formula on the sums; so it is exact, not a mean of means. */
import type { Tensor } from '../../dsl/tensor.ts';

/** Each sum is added up over the batches; `result` turns the totals into the reported scalar. */
export interface Metric<Sums extends string = string> {
  readonly sums: Readonly<Record<Sums, Tensor>>;
  readonly result: (totals: Readonly<Record<Sums, Tensor>>) => Tensor;
}

/** A metric from its sums: `metric({ hits, seen }, ({ hits, seen }) => div(hits, seen))`. */
export function metric<Sums extends string>(
  sums: Readonly<Record<Sums, Tensor>>,
  result: (totals: Readonly<Record<Sums, Tensor>>) => Tensor,
): Metric {
  return { sums, result } as unknown as Metric;
}

export function isMetric(value: Tensor | Metric): value is Metric {
  return 'sums' in value;
}
