/** What the columns of a dataset hold, in a few numbers each. */
import type { Column, Schema } from '../../../dsl/column.ts';
import type { Dataset } from '../../../dsl/dataset.ts';
import { Batches } from '../../../dsl/dataset.ts';
import type { Numbers } from '../../engines/engine.ts';
import { widthOf } from '../table/table.ts';
import { iterateBatches } from './iterate-batches.ts';
import type { ReadOptions } from './read-options.ts';

/** Of a column of numbers. Of one with an array a row, over all numbers in it. Those without a count are NaN. */
export interface NumberDescription {
  readonly kind: 'numbers';
  /** How many numbers there are, the missing ones left out. */
  readonly count: number;
  /** How many are NaN. */
  readonly missing: number;
  readonly mean: number;
  /** Of a sample: divided by one less than the count. */
  readonly std: number;
  readonly min: number;
  /** A quarter, a half and three quarters of the numbers are below; between two numbers, in proportion. */
  readonly quartiles: readonly [lower: number, median: number, upper: number];
  readonly max: number;
}

/** Of a column of labels or truth values. */
export interface LabelDescription {
  readonly kind: 'labels';
  readonly count: number;
  /** How often each label comes, those that never come included. */
  readonly labels: Readonly<Record<string, number>>;
}

/** Of a column of text. */
export interface TextDescription {
  readonly kind: 'text';
  readonly count: number;
  /** How many words the texts have, of those that the column takes. */
  readonly words: NumberDescription;
}

export type ColumnDescription = NumberDescription | LabelDescription | TextDescription;

export interface Description<S extends Schema = Schema> {
  readonly rows: number;
  readonly columns: { readonly [K in keyof S]: ColumnDescription };
}

/**
 * The columns of one epoch: `(await describe(data)).columns.age`. Numbers are those that training sees, rounded to their
 * dtype. All of a column are kept in memory, eight bytes each: of data without an end, describe a part, such as
 * `data.take(10_000)`.
 */
export function describe<S extends Schema>(
  dataset: Dataset<S>,
  options?: ReadOptions,
): Promise<Description<S>>;
export async function describe(dataset: Dataset, options: ReadOptions = {}): Promise<Description> {
  const all = new Map<string, Numbers[]>(Object.keys(dataset.schema).map((name) => [name, []]));
  let rows = 0;
  for await (const batch of iterateBatches(new Batches(dataset, 1024), options)) {
    rows += batch.rows;
    for (const [name, values] of Object.entries(batch.columns)) all.get(name)?.push(values);
  }
  const columns = Object.entries(dataset.schema).map(([name, column]) => [
    name,
    describeColumn(column, all.get(name) ?? []),
  ]);
  return { rows, columns: Object.fromEntries(columns) };
}

function describeColumn(column: Column, parts: readonly Numbers[]): ColumnDescription {
  const { kind, labels, dtype } = column;
  if (kind === 'text') return describeTexts(column, parts);
  if (column.items) return describeColumn(column.items.of, itemsOf(column.items.of, widthOf(column), parts));
  if (labels) return describeLabels(labels, parts);
  return dtype === 'bool' ? describeLabels(['false', 'true'], parts) : describeNumbers(parts);
}

/** The items of sequences, one after the other. */
function itemsOf(of: Column, stride: number, parts: readonly Numbers[]): readonly Numbers[] {
  const width = widthOf(of);
  return parts.flatMap((part) =>
    Array.from({ length: part.length / stride }, (_, row) => {
      const first = row * stride + 1;
      return part.subarray(first, first + (part[first - 1] ?? 0) * width);
    }),
  );
}

function describeLabels(labels: readonly string[], parts: readonly Numbers[]): LabelDescription {
  const counts = labels.map(() => 0);
  let count = 0;
  for (const part of parts) {
    for (const label of part) counts[label] = (counts[label] ?? 0) + 1;
    count += part.length;
  }
  return {
    kind: 'labels',
    count,
    labels: Object.fromEntries(labels.map((label, number) => [label, counts[number] ?? 0])),
  };
}

/** 0 stands after the last word of a text; one that is looked up whole is one word. */
function describeTexts(column: Column, parts: readonly Numbers[]): TextDescription {
  const width = widthOf(column);
  const isWhole = column.shape.length === 0;
  const counts = parts.map((part) =>
    Float32Array.from({ length: part.length / width }, (_, row) => {
      const end = part.subarray(row * width, (row + 1) * width).indexOf(0);
      return isWhole || end < 0 ? width : end;
    }),
  );
  const words = describeNumbers(counts);
  return { kind: 'text', count: words.count, words };
}

function describeNumbers(parts: readonly Numbers[]): NumberDescription {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let count = 0;
  for (const part of parts) for (const value of part) if (!Number.isNaN(value)) all[count++] = value;
  const values = all.subarray(0, count).sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const below = (share: number): number => quantile(values, share);
  return {
    kind: 'numbers',
    count,
    missing: all.length - count,
    mean,
    std: Math.sqrt(squares / (count - 1)),
    min: values[0] ?? Number.NaN,
    quartiles: [below(0.25), below(0.5), below(0.75)],
    max: values[count - 1] ?? Number.NaN,
  };
}

/** Of numbers in order, by the line between the two that are nearest. */
function quantile(values: Float64Array, share: number): number {
  const place = share * (values.length - 1);
  const lower = values[Math.floor(place)] ?? Number.NaN;
  const upper = values[Math.ceil(place)] ?? Number.NaN;
  const part = place - Math.floor(place);
  return part === 0 ? lower : lower * (1 - part) + upper * part;
}
