/** Makes the plain row that host code sees out of the numbers of a table. */
import type { Column, Schema } from '../../dsl/column.ts';
import type { Numbers } from '../engines/engine.ts';
import type { Table } from './table.ts';
import { widthOf } from './table.ts';

/** Gives a function from a row's number to the row as an object, each value as its column's type says. */
export function rowReader(table: Table): (row: number) => object {
  const fields = Object.entries(table.schema as Schema).map(([name, column]) => ({
    name,
    read: valueReader(column, table.columns.get(name)!),
  }));
  return (row) => {
    table.ensure?.(row);
    return Object.fromEntries(fields.map(({ name, read }) => [name, read(row)]));
  };
}

function valueReader(column: Column, values: Numbers): (row: number) => unknown {
  if (column.shape.length > 0) {
    const width = widthOf(column);
    const dims = column.shape as readonly number[];
    return (row) => nested(values.slice(row * width, (row + 1) * width), dims);
  }
  const { labels } = column;
  if (column.kind === 'category' && labels) return (row) => labels[values[row]!];
  if (column.dtype === 'bool') return (row) => values[row] === 1;
  return (row) => values[row];
}

/** Row-major numbers as arrays in arrays; the innermost stay typed. */
export function nested(values: Numbers, dims: readonly number[]): unknown {
  if (dims.length <= 1) return values;
  const [outer, ...inner] = dims as [number, ...number[]];
  const width = values.length / outer;
  return Array.from({ length: outer }, (_, i) => nested(values.subarray(i * width, (i + 1) * width), inner));
}
