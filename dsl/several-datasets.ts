/** Datasets made of several others: side by side, and in turns. */
import type { Schema } from './column.ts';
import { Dataset } from './dataset.ts';
import { oddColumns } from './row-stages.ts';
import { stageOf } from './stage.ts';

/** What of a dataset matters beside others: its columns, and where they come from. */
export type Described = Pick<Dataset, 'schema' | 'stage'>;

/** The columns of several datasets together. */
export type Together<D extends readonly Described[]> = D extends readonly [
  infer First extends Described,
  ...infer Rest extends readonly Described[],
]
  ? First['schema'] & Together<Rest>
  : unknown;

/** Datasets of which no two share a column; one that shares some with those before it is what says which. */
export type Distinct<D extends readonly Described[], Seen = never> = D extends readonly [
  infer First extends Described,
  ...infer Rest extends readonly Described[],
]
  ? [
      [keyof First['schema'] & Seen] extends [never]
        ? First
        : { readonly 'columns of both': keyof First['schema'] & Seen },
      ...Distinct<Rest, Seen | keyof First['schema']>,
    ]
  : [];

/**
 * Rows with the columns of several datasets side by side: the first of each, the second of each, until one of them ends.
 * Their columns must differ in name.
 */
export function zip<const D extends readonly [Described, Described, ...Described[]]>(
  ...datasets: D & Distinct<D>
): Together<D> extends infer S extends Schema ? Dataset<S> : never;
export function zip(...datasets: readonly Described[]): Dataset {
  const names = datasets.flatMap(({ schema }) => Object.keys(schema));
  const clash = names.filter((name, place) => names.indexOf(name) !== place);
  const schema = Object.fromEntries(datasets.flatMap(({ schema }) => Object.entries(schema)));
  const stages = datasets.map(({ stage }) => stage);
  const bounded = stages.some((stage) => stage.bounded);
  return new Dataset(schema, stageOf('zip', stages, { clash }, schema, bounded));
}

export interface InterleaveOptions {
  /** How many rows one dataset gives before it is the next one's turn. Default 1. */
  readonly block?: number | undefined;
  /** How often each dataset is chosen, rather than in turns: by draws that are the same in every run with the same seed. */
  readonly weights?: readonly number[] | undefined;
  /** Of those draws. Default: the run's. */
  readonly seed?: number | undefined;
}

/**
 * The rows of several datasets with the same columns, in turns: `interleave([clicks, views], { block: 4 })`, or by chance:
 * `{ weights: [0.9, 0.1] }`. One that has ended is passed over; the rows end with the last of them.
 */
export function interleave<S extends Schema>(
  datasets: readonly [Dataset<S>, ...Dataset<NoInfer<S>>[]],
  { block = 1, weights, seed }: InterleaveOptions = {},
): Dataset<S> {
  const [{ schema }] = datasets;
  const stages = datasets.map(({ stage }) => stage);
  const args = { count: datasets.length, block, weights, seed, odd: oddColumns(schema, stages) };
  return new Dataset(schema, stageOf('interleave', stages, args, schema));
}
