/** Reads columns that lie in memory as arrays into a table. */
import { DAT702, DAT705, DAT706, DAT707, DAT708 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Column, Schema } from '../../../dsl/column.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { EventLoopSlices } from '../../run/event-loop-slices.ts';
import { firstNotFinite, notFinite, takesNotFinite } from '../finite.ts';
import { valueText } from '../value-text.ts';
import type { RowText, ValueWriter } from '../write-value.ts';
import { isArrayLike, refuseUnreadable, valueWriter } from '../write-value.ts';
import type { Table } from './table.ts';
import { room, widthOf } from './table.ts';

export type Arrays = Readonly<Record<string, ArrayLike<unknown>>>;

/**
 * A Float32Array of a float column and an Int32Array of an int column are used where they lie, not copied. A column
 * of larger shape is flat, row after row, or an array of one value a row. Categories may be given as labels or
 * as the labels' numbers, truth values as booleans or 0 and 1.
 */
export async function arraysTable(arrays: Arrays, schema: Schema, slices: EventLoopSlices): Promise<Table> {
  const rows = countRows(arrays, schema);
  const columns = new Map<string, Numbers>();
  for (const [name, column] of Object.entries(schema)) {
    columns.set(name, await readColumn(name, column, given(arrays, name), rows, slices));
  }
  return { schema, rows, columns, textAt: (name, row) => given(arrays, name)[row] };
}

/** The same rows one by one, as objects, for those who look at each. */
export function* arrayRows(
  arrays: Arrays,
  schema: Schema,
): Generator<{ readonly row: object; readonly place: string }> {
  const rows = countRows(arrays, schema);
  const readers = Object.entries(schema).map(([name, column]) => ({
    name,
    read: valueAt(column, given(arrays, name)),
  }));
  for (let row = 0; row < rows; row++) {
    yield {
      row: Object.fromEntries(readers.map(({ name, read }) => [name, read(row)])),
      place: `arrays: row ${row}`,
    };
  }
}

function valueAt(column: Column, values: ArrayLike<unknown>): (row: number) => unknown {
  if (isFlat(column, values)) {
    const width = widthOf(column);
    return (row) => Array.from({ length: width }, (_, at) => values[row * width + at]);
  }
  const { labels } = column;
  if (column.kind === 'category' && labels) {
    return (row) => {
      const value = values[row];
      return typeof value === 'number' ? (labels[value] ?? value) : value;
    };
  }
  if (column.dtype !== 'bool' || column.shape.length > 0) return (row) => values[row];
  return (row) => {
    const value = values[row];
    return value === 0 || value === 1 ? value === 1 : value;
  };
}

function countRows(arrays: Arrays, schema: Schema): number {
  let rows: number | undefined;
  let first = '';
  for (const [name, column] of Object.entries(schema)) {
    const count = rowsIn(name, column, given(arrays, name));
    if (rows !== undefined && count !== rows) {
      refuse(
        DAT708({
          message: `column ${name} has ${count} rows, column ${first} has ${rows}`,
          span: nowhere,
          expected: `${rows} rows`,
          received: `${count} rows`,
        }),
      );
    }
    if (rows === undefined) first = name;
    rows = count;
  }
  return rows ?? 0;
}

function given(arrays: Arrays, name: string): ArrayLike<unknown> {
  const values: unknown = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
  if (isArrayLike(values)) return values;
  const expected = 'an array with a value for each row';
  return refuse(
    values === undefined
      ? DAT702({
          message: `arrays: there is no column ${name}`,
          span: nowhere,
          expected,
          received: Object.keys(arrays).join(', ') || 'no columns',
        })
      : DAT705({
          message: `arrays: column ${name} is not an array`,
          span: nowhere,
          expected,
          received: valueText(values),
        }),
  );
}

function isFlat(column: Column, values: ArrayLike<unknown>): boolean {
  return column.kind !== 'text' && !column.items && column.shape.length > 0 && !isArrayLike(values[0]);
}

function rowsIn(name: string, column: Column, values: ArrayLike<unknown>): number {
  if (!isFlat(column, values)) return values.length;
  const width = widthOf(column);
  const count = width === 0 ? 0 : values.length / width;
  if (Number.isInteger(count)) return count;
  return refuse(
    DAT707({
      message: `arrays: the length of column ${name} is no multiple of a row's`,
      span: nowhere,
      expected: `a multiple of ${width} numbers, for rows of [${column.shape.join(', ')}]`,
      received: `${values.length} numbers`,
    }),
  );
}

async function readColumn(
  name: string,
  column: Column,
  values: ArrayLike<unknown>,
  rows: number,
  slices: EventLoopSlices,
): Promise<Numbers> {
  const flat = isFlat(column, values);
  const width = widthOf(column);
  if (column.shape.length === 0 || flat) {
    if (column.dtype === 'float32' && values instanceof Float32Array) {
      if (!takesNotFinite(column)) await refuseNotFinite(name, values, width, slices);
      return values;
    }
    if (column.kind === 'int' && values instanceof Int32Array) return values;
  }
  const target = room(column, rows * width);
  const text: RowText = (index) => `arrays: row ${flat ? Math.floor(index / width) : index}`;
  const write = columnWriter(name, flat ? { ...column, shape: [] } : column, text);
  const stride = flat ? 1 : width;
  const { length } = values;
  for (let i = 0; i < length; i++) {
    try {
      write(values[i], target, i * stride, i);
    } catch (error) {
      refuseUnreadable(error, `${text(i)}, column ${name}`);
    }
    // Reading the clock costs more than writing a number.
    if ((i & 255) === 0 && slices.due()) await slices.rest();
  }
  return target;
}

/** How many numbers are looked at before the clock is. */
const stretch = 1 << 16;

async function refuseNotFinite(
  name: string,
  values: Float32Array,
  width: number,
  slices: EventLoopSlices,
): Promise<void> {
  for (let from = 0; from < values.length; from += stretch) {
    const bad = firstNotFinite(values, from, Math.min(values.length, from + stretch));
    if (bad !== undefined) {
      refuse(notFinite(`arrays: row ${Math.floor(bad / width)}, column ${name}`, String(values[bad])));
    }
    if (slices.due()) await slices.rest();
  }
}

/** As for rows, but labels' numbers and 0 and 1 are taken as well, since arrays often hold them. */
function columnWriter(name: string, column: Column, text: RowText): ValueWriter {
  const write = valueWriter(name, column, text);
  if (column.shape.length > 0) return write;
  if (column.kind === 'category') {
    const labels = column.labels ?? [];
    return (value, target, at, row) => {
      if (typeof value !== 'number') return write(value, target, at, row);
      if (!(Number.isInteger(value) && value >= 0 && value < labels.length)) {
        refuse(
          DAT706({
            message: `${text(row)}, column ${name}: ${value} is not the index of a label`,
            span: nowhere,
            expected: `0 … ${labels.length - 1}, or one of ${labels.join(', ')}`,
            received: String(value),
          }),
        );
      }
      target[at] = value;
    };
  }
  if (column.dtype === 'bool') {
    return (value, target, at, row) => {
      if (value === 0 || value === 1) target[at] = value;
      else write(value, target, at, row);
    };
  }
  return write;
}
