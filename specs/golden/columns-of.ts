/** Plausible rows for any schema: numbers in [−3, 3], labels that exist. */
import type { Schema, TextHashing, TextVocabulary } from '../../dsl/column.ts';
import type { Shape } from '../../dsl/tensor.ts';
import type { Columns } from '../differential/machines.ts';
import { numbersFor } from '../differential/numbers.ts';

export function columnsOf(schema: Schema, rows: number, batch: number): Columns {
  return Object.fromEntries(
    Object.entries(schema).map(([name, { kind, shape, dtype, labels, text }], place) => {
      const numbers = [...numbersFor({ dtype, shape: [rows, ...sizesOf(shape)] }, batch, place).data];
      const labelled = kind === 'category' || kind === 'int' || kind === 'text';
      const classes = labels?.length ?? sizeOf(text) ?? 10;
      return [name, labelled ? numbers.map((x) => Math.abs(x) % classes) : numbers];
    }),
  );
}

function sizeOf(text: TextHashing | TextVocabulary | undefined): number | undefined {
  return text && ('vocabulary' in text ? text.vocabulary : text.buckets);
}

function sizesOf(shape: Shape): number[] {
  return shape.map((size) => {
    if (typeof size === 'number') return size;
    throw new Error(`internal: a column of size ${size}`);
  });
}
