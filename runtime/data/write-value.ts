/** Writes what host code gives for one column of one row into an array of numbers, refusing what does not fit. */
import { DAT702, DAT705, DAT706, DAT707 } from '../../compiler/diagnostics/data.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Column } from '../../dsl/column.ts';
import type { Numbers } from '../engines/engine.ts';
import { widthOf } from './table/table.ts';
import { valueText } from './value-text.ts';

/** Writes `value` at `target[at]` and on. `row` is for messages. */
export type ValueWriter = (value: unknown, target: Numbers, at: number, row: number) => void;

/** Where a row stands, for messages: `row 3 of rows(…)`. */
export type RowText = (row: number) => string;

/** The writer of a column. Rows count from 0 in messages, as in code. */
export function valueWriter(name: string, column: Column, rowText: RowText): ValueWriter {
  const place = (row: number): string => `${rowText(row)}, column ${name}`;
  const scalar = scalarWriter(name, column, place);
  if (column.shape.length === 0) return scalar;
  const dims = column.shape as readonly number[];
  const width = widthOf(column);
  return (value, target, at, row) => {
    if (
      ArrayBuffer.isView(value) &&
      column.dtype === 'float32' &&
      isFloats(value) &&
      value.length === width
    ) {
      target.set(value, at);
      return;
    }
    const end = writeNested(value, dims, 0, { target, row, at, scalar, place });
    if (end !== at + width) throw new Error('internal: a value was written beyond its column');
  };
}

function isFloats(value: ArrayBufferView): value is Float32Array | Float64Array {
  return value instanceof Float32Array || value instanceof Float64Array;
}

interface Writing {
  readonly target: Numbers;
  readonly row: number;
  readonly at: number;
  readonly scalar: ValueWriter;
  readonly place: RowText;
}

/** Writes nested arrays of exactly the dimensions, or flat ones of as many numbers; gives where the next value goes. */
function writeNested(value: unknown, dims: readonly number[], axis: number, writing: Writing): number {
  const { target, row, at, scalar, place } = writing;
  const rest = dims.slice(axis).reduce((product, dim) => product * dim, 1);
  const list = isArrayLike(value) ? value : undefined;
  const nested = axis < dims.length - 1 && list !== undefined && isArrayLike(list[0]);
  if (list === undefined || list.length !== (nested ? dims[axis] : rest)) {
    return refuse(
      DAT707({
        message: `${place(row)}: the shape of the value differs from the column's`,
        span: nowhere,
        expected: `an array of shape [${dims.slice(axis).join(', ')}]`,
        received: valueText(value),
      }),
    );
  }
  let next = at;
  for (let i = 0; i < list.length; i++) {
    if (nested) next = writeNested(list[i], dims, axis + 1, { ...writing, at: next });
    else scalar(list[i], target, next++, row);
  }
  return next;
}

export function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

function scalarWriter(name: string, column: Column, place: RowText): ValueWriter {
  const wrong = (value: unknown, row: number, expected: string): never =>
    refuse(
      value === undefined
        ? DAT702({
            message: `${place(row)}: the value is missing`,
            span: nowhere,
            expected,
            received: 'undefined',
          })
        : DAT705({
            message: `${place(row)}: the value is not ${expected}`,
            span: nowhere,
            expected,
            received: valueText(value),
          }),
    );
  if (column.kind === 'category') {
    const labels = column.labels ?? [];
    const numbers = new Map(labels.map((label, number) => [label, number]));
    return (value, target, at, row) => {
      const number = numbers.get(value as string);
      if (number !== undefined) target[at] = number;
      else if (typeof value !== 'string') wrong(value, row, `one of the labels of ${name}`);
      else refuse(unknownLabel(`${place(row)}: `, value, labels));
    };
  }
  if (column.dtype === 'bool') {
    return (value, target, at, row) => {
      if (typeof value === 'boolean') target[at] = value ? 1 : 0;
      else wrong(value, row, 'a truth value');
    };
  }
  if (column.dtype === 'int32') {
    return (value, target, at, row) => {
      if (typeof value === 'number' && (value | 0) === value) target[at] = value;
      else wrong(value, row, 'a whole number of 32 bits');
    };
  }
  return (value, target, at, row) => {
    if (typeof value === 'number') target[at] = value;
    else wrong(value, row, 'a number');
  };
}

/** The refusal of a label that is none of its category's. */
export function unknownLabel(
  place: string,
  value: string,
  labels: readonly string[],
  span = nowhere,
): ReturnType<typeof DAT706> {
  const trimmed = labels.find((label) => label === value.trim());
  const guess = trimmed ?? nearest(value, labels);
  const hint = trimmed === undefined ? guess && `did you mean ${guess}?` : 'there are spaces around it';
  return DAT706({
    message: `${place}${JSON.stringify(value)} is not one of the labels`,
    span,
    expected: labels.join(', '),
    received: value,
    ...(hint !== undefined && { hint }),
  });
}
