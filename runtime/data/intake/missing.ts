/** What stands for missing values: undefined and null of rows, empty fields of text. */
import type { Column, Schema } from '../../../dsl/column.ts';
import type { Missing } from '../../../dsl/row-options.ts';
import type { Numbers } from '../../engines/engine.ts';
import { room, widthOf } from '../table/table.ts';
import { valueWriter } from '../write-value.ts';

/** The value that stands for a missing one of this column; undefined where it must not be missing. */
export function fillOf(name: string, column: Column, missing: Missing | undefined): unknown {
  if (missing === undefined || missing === 'error') return undefined;
  if (missing !== 'nan') return missing[name];
  return column.dtype === 'float32' && column.shape.length === 0 ? Number.NaN : undefined;
}

/** Gives rows in which missing values are filled; the same object where none is. */
export function filler(
  schema: Schema,
  missing: Missing | undefined,
): ((row: unknown) => unknown) | undefined {
  const fills = Object.entries(schema)
    .map(([name, column]) => ({ name, fill: fillOf(name, column, missing) }))
    .filter(({ fill }) => fill !== undefined);
  if (fills.length === 0) return undefined;
  return (row) => {
    if (typeof row !== 'object' || row === null) return row;
    const given: Readonly<Record<string, unknown>> = { ...row };
    const lacking = fills.filter(({ name }) => given[name] === undefined || given[name] === null);
    if (lacking.length === 0) return row;
    return { ...given, ...Object.fromEntries(lacking.map(({ name, fill }) => [name, fill])) };
  };
}

/** The same as the numbers that stand for it, of columns for which a value was given. */
export function fillNumbers(name: string, column: Column, missing: Missing | undefined): Numbers | undefined {
  if (typeof missing !== 'object' || missing[name] === undefined) return undefined;
  const numbers = room(column, widthOf(column));
  valueWriter(name, column, () => 'missing')(missing[name], numbers, 0, 0);
  return numbers;
}
