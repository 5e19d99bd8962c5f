/** Makes the plain row that host code sees out of the numbers of a table. */
import type { Column, Schema } from '../../../dsl/column.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { Place, Table } from './table.ts';
import { textOf, widthOf } from './table.ts';

/** Gives a function from a row's number to the row as an object, each value as its column's type says. */
export function rowReader(table: Table): (row: number, place?: Place) => object {
  if (table.given) return table.given;
  const fields = Object.entries(table.schema as Schema).map(([name, column]) => ({
    name,
    read:
      column.kind === 'text'
        ? (row: number) => textOf(table, name, row)
        : valueReader(column, table.columns.get(name)!),
  }));
  return (row, place = { epoch: 0, index: row }) => {
    table.ensure?.(row, place);
    return Object.fromEntries(fields.map(({ name, read }) => [name, read(row)]));
  };
}

function valueReader(column: Column, values: Numbers): (row: number) => unknown {
  if (column.items) return sequenceReader(column.items, widthOf(column), values);
  if (column.shape.length > 0) {
    const width = widthOf(column);
    const dims = column.shape as readonly number[];
    return (row) => nested(values.slice(row * width, (row + 1) * width), dims);
  }
  const { labels } = column;
  if (column.kind === 'category' && labels) return (row) => labels[values[row]!];
  if (column.dtype === 'bool') return (row) => values[row] === 1;
  if (column.dtype === 'float32') return (row) => shortest(values[row]!);
  return (row) => values[row];
}

function sequenceReader(
  { of }: NonNullable<Column['items']>,
  stride: number,
  values: Numbers,
): (row: number) => unknown {
  const width = widthOf(of);
  return (row) => {
    const first = row * stride + 1;
    const length = values[first - 1] ?? 0;
    const items = values.subarray(first, first + length * width);
    const read = valueReader(of, items);
    return Array.from({ length }, (_, item) => read(item));
  };
}

/**
 * The shortest decimal that 32 bits hold as this number: 5.1 and not 5.099999904632568, so that host code can compare
 * with what stands in the file. Nine digits tell any two numbers of 32 bits apart.
 */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return Number(value.toPrecision(9));
}

/** Row-major numbers as arrays in arrays; the innermost stay typed. */
export function nested(values: Numbers, dims: readonly number[]): unknown {
  if (dims.length <= 1) return values;
  const [outer, ...inner] = dims as [number, ...number[]];
  const width = values.length / outer;
  return Array.from({ length: outer }, (_, i) => nested(values.subarray(i * width, (i + 1) * width), inner));
}
