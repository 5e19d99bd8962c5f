/** Rows as readers of other formats give them, as rows of a schema: their own kinds of numbers, truth values and lists made plain. */
import type { Column, Schema } from '../../../dsl/column.ts';

/** Columns that the schema does not name are left out. */
export function plainRows(
  schema: Schema,
): (given: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> {
  const columns = Object.entries(schema);
  return (given) => {
    const row: Record<string, unknown> = {};
    for (const [name, column] of columns) {
      const value = plainValue(given[name], column);
      if (value !== undefined) row[name] = value;
    }
    return row;
  };
}

function plainValue(value: unknown, column: Column): unknown {
  if (column.shape.length > 0) return plainList(value);
  if (column.dtype === 'bool' && (value === 0 || value === 1 || value === 0n || value === 1n)) {
    return Number(value) === 1;
  }
  return plainNumber(value);
}

/** Integers of 64 bits as numbers, where they are exact. */
export function plainNumber(value: unknown): unknown {
  // Exact, or too large for any column; then its text stands for it in the message.
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value ?? undefined;
}

function plainList(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof BigInt64Array)) return value;
  if (isIterable(value) && typeof value !== 'string') {
    return Array.from(value, (each) => (isIterable(each) ? plainList(each) : plainNumber(each)));
  }
  return value ?? undefined;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
