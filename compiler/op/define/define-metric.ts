/** What a kind of metric is: sums over all rows of a dataset and a formula on the sums, made of targets and predictions. */
import type { Tensor } from '../../../dsl/tensor.ts';
import type { Check, Takes } from '../arguments.ts';
import { checkArguments } from '../arguments.ts';
import type { Domain } from '../domain.ts';
import type { Metric } from '../metric.ts';

/** Rows that a metric judges, options, and what it gives: `{ rows: [[1, 0], [0.9, 0.2]], gives: 1 }`. */
export interface MetricExample<Options = object> {
  readonly rows: readonly [yTrue: readonly unknown[], yPred: readonly unknown[]];
  readonly options?: Options;
  readonly gives: number;
}

/** What else an author may say: what it takes, so that mistakes are refused, and what the laws try. */
export interface MetricClaims<Options> {
  readonly options?: Takes<[options?: Options]>['options'];
  /** Where the laws sample targets and predictions, one number a row. */
  readonly domain?: { readonly yTrue: Domain; readonly yPred: Domain };
  readonly examples?: readonly MetricExample<Options>[];
}

/** A kind of metric, as registries and laws know it. */
export interface MetricFacts {
  readonly family: 'metric';
  readonly name: string;
  readonly domain: MetricClaims<object>['domain'];
  readonly examples: readonly MetricExample[];
  readonly make: (yTrue: Tensor, yPred: Tensor, options?: object) => Metric;
}

/** The function that makes metrics of one kind: `precision(species, logits)`. */
export type MetricKind<Options> = ((yTrue: Tensor, yPred: Tensor, options?: Options) => Metric) & {
  readonly facts: MetricFacts;
};

const tensor: Check = {
  expects: 'a tensor',
  fits: (value) => typeof value === 'object' && value !== null && 'dtype' in value,
};

/** Defines a kind of metric: `defineMetric('recall', (yTrue, yPred, options: RecallOptions = {}) => metric({ … }, …))`. */
export function defineMetric<Options extends object = Record<never, never>>(
  kind: string,
  define: (yTrue: Tensor, yPred: Tensor, options?: Options) => Metric,
  claims: MetricClaims<Options> = {},
): MetricKind<Options> {
  const options: Readonly<Record<string, Check>> | undefined = claims.options;
  const make = (...args: [yTrue: Tensor, yPred: Tensor, options?: Options]): Metric => {
    checkArguments(kind, { yTrue: tensor, yPred: tensor }, options ?? {}, args);
    return define(...args);
  };
  Object.defineProperty(make, 'name', { value: kind });
  const facts: MetricFacts = {
    family: 'metric',
    name: kind,
    domain: claims.domain,
    examples: claims.examples ?? [],
    // Options of examples are typed where they are written.
    make: (yTrue, yPred, given) => (given ? make(yTrue, yPred, given as Options) : make(yTrue, yPred)),
  };
  return Object.assign(make, { facts });
}
