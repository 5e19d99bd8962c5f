/** Writes what host code gives for one column of one row into an array of numbers, refusing what does not fit. */
import { kindOfError, refuseBecause, saying } from '../../compiler/diagnostics/because.ts';
import { DAT702, DAT705, DAT706, DAT707 } from '../../compiler/diagnostics/data.ts';
import { DiagnosticError, refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { quoted, shortened } from '../../compiler/diagnostics/shortened.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Column } from '../../dsl/column.ts';
import type { Numbers } from '../engines/engine.ts';
import { firstNotFinite, isFiniteFloat, notFinite, takesNotFinite } from './finite.ts';
import { widthOf } from './table/table.ts';
import { valueText } from './value-text.ts';
import { textWriter } from './words/text-words.ts';

/** Writes `value` at `target[at]` and on. `row` is for messages. */
export type ValueWriter = (value: unknown, target: Numbers, at: number, row: number) => void;

/** Where a row stands, for messages: `row 3 of rows(…)`. */
export type RowText = (row: number) => string;

/** The writer of a column. Rows count from 0 in messages, as in code. */
export function valueWriter(name: string, column: Column, rowText: RowText): ValueWriter {
  const place = (row: number): string => `${rowText(row)}, column ${name}`;
  if (column.kind === 'text') {
    const write = textWriter(name, column);
    return (value, target, at, row) => {
      if (typeof value === 'string') write(value, target, at);
      else refuseValue(value, place(row), 'a text');
    };
  }
  const scalar = scalarWriter(name, column, place);
  if (column.items) return sequenceWriter(name, column.items, place, rowText);
  if (column.shape.length === 0) return scalar;
  const dims = column.shape as readonly number[];
  const width = widthOf(column);
  const takesAll = takesNotFinite(column);
  return (value, target, at, row) => {
    if (
      ArrayBuffer.isView(value) &&
      column.dtype === 'float32' &&
      isFloats(value) &&
      value.length === width
    ) {
      target.set(value, at);
      const bad = takesAll ? undefined : firstNotFinite(target, at, at + width);
      if (bad !== undefined) refuse(notFinite(place(row), `${value[bad - at]} at element ${bad - at}`));
      return;
    }
    const end = writeNested(value, dims, 0, { target, row, at, scalar, place });
    if (end !== at + width) throw new Error('internal: a value was written beyond its column');
  };
}

/** How many items there are, then these, then 0. */
function sequenceWriter(
  name: string,
  { of, most }: NonNullable<Column['items']>,
  place: RowText,
  rowText: RowText,
): ValueWriter {
  const width = widthOf(of);
  const write = valueWriter(name, of, rowText);
  return (value, target, at, row) => {
    const list = isArrayLike(value) ? value : undefined;
    // Read once: see writeNested.
    const length = list?.length ?? -1;
    if (list === undefined || length > most) {
      refuse(
        DAT707({
          message: `${place(row)}: ${list ? `the sequence is longer than ${most} items` : 'the value is no list'}`,
          span: nowhere,
          expected: `a list of at most ${most} items`,
          received: list ? `${length} items` : valueText(value),
        }),
      );
    }
    target[at] = length;
    for (let i = 0; i < length; i++) write(list[i], target, at + 1 + i * width, row);
    target.fill(0, at + 1 + length * width, at + 1 + most * width);
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
  // Read once: a proxy may tell another length each time, and what is written must stay within the column.
  const length = list?.length ?? -1;
  if (list === undefined || length !== (nested ? dims[axis] : rest)) {
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
  for (let i = 0; i < length; i++) {
    if (nested) next = writeNested(list[i], dims, axis + 1, { ...writing, at: next });
    else scalar(list[i], target, next++, row);
  }
  return next;
}

/** What looking at a value threw: a getter of the row's own, or a proxy. Refusals pass as they are. */
export function refuseUnreadable(error: unknown, place: string): never {
  if (error instanceof DiagnosticError) throw error;
  return refuseBecause(
    DAT705({
      message: `${place}: the value cannot be read: ${saying(error)}`,
      span: nowhere,
      expected: 'plain data',
      received: kindOfError(error),
    }),
    error,
  );
}

export function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

function scalarWriter(name: string, column: Column, place: RowText): ValueWriter {
  const wrong = (value: unknown, row: number, expected: string): never =>
    refuseValue(value, place(row), expected);
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
  const takesAll = takesNotFinite(column);
  return (value, target, at, row) => {
    if (typeof value !== 'number') wrong(value, row, 'a number');
    else if (takesAll || isFiniteFloat(value)) target[at] = value;
    else refuse(notFinite(place(row), String(value)));
  };
}

function refuseValue(value: unknown, place: string, expected: string): never {
  return refuse(
    value === undefined
      ? DAT702({ message: `${place}: the value is missing`, span: nowhere, expected, received: 'undefined' })
      : DAT705({
          message: `${place}: the value is not ${expected}`,
          span: nowhere,
          expected,
          received: valueText(value),
        }),
  );
}

/** The refusal of a label that is none of its category's. */
export function unknownLabel(
  place: string,
  value: string,
  labels: readonly string[],
  span = nowhere,
): ReturnType<typeof DAT706> {
  const trimmed = value.trim();
  const guess = nearest(value, labels);
  const hint = labels.includes(trimmed)
    ? 'there are spaces around it'
    : (oddCharacter(value) ?? (guess && `did you mean ${guess}?`));
  return DAT706({
    message: `${place}${quoted(value)} is not one of the labels`,
    span,
    expected: shortened(labels.join(', ')),
    received: shortened(value),
    ...(hint !== undefined && { hint }),
  });
}

/** What is said of a text with a character in it that no text editor writes; nothing of other texts. */
export function oddCharacter(text: string): string | undefined {
  if (text.includes('\0')) return 'it holds a NUL character, as UTF-16 that is read as UTF-8 does';
  if (text.includes('\ufffd')) return 'it holds U+FFFD, which stands for bytes that are no UTF-8';
  return undefined;
}
