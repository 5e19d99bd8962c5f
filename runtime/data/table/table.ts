/** A table: rows held column by column in typed arrays, so that a batch is gathered without making objects. */
import type { Column, Schema } from '../../../dsl/column.ts';
import type { Numbers } from '../../engines/engine.ts';

/** Where in a run a row is asked for. Both count from 0. */
export interface Place {
  readonly epoch: number;
  /** Of the row among those of the epoch. */
  readonly index: number;
}

export interface Table {
  readonly schema: Schema;
  readonly rows: number;
  /** Row-major within a column: the values of row `r` begin at `r · widthOf(column)`. */
  readonly columns: ReadonlyMap<string, Numbers>;
  /** Computes a row that is made on demand; absent where all rows are there. */
  readonly ensure?: (row: number, place: Place) => void;
  /** The text of a row in a column of text; absent where no column is text, or `given` has it. */
  readonly textAt?: (name: string, row: number) => unknown;
  /** The row as host code gave it; absent where the numbers are all there is. */
  readonly given?: (row: number) => object;
}

/** How many numbers a row holds in this column. A sequence is the number of its items, then as many as there may be. */
export function widthOf(column: Column): number {
  const { items } = column;
  if (items) return 1 + items.most * widthOf(items.of);
  return column.shape.reduce<number>((width, dim) => {
    if (typeof dim !== 'number') throw new Error(`internal: a column with the symbolic axis ${dim}`);
    return width * dim;
  }, 1);
}

/** What host code sees in a column of text, which its numbers do not tell. */
export function textOf(table: Table, name: string, row: number): unknown {
  return table.given ? Reflect.get(table.given(row), name) : table.textAt?.(name, row);
}

/** Room for `length` numbers of a column's dtype. */
export function room(column: Column, length: number): Numbers {
  return column.dtype === 'float32' ? new Float32Array(length) : new Int32Array(length);
}

/** Copies the given rows of one column, in order, to the beginning of `target`. */
export function gather(
  source: Numbers,
  width: number,
  rows: Int32Array,
  count: number,
  target: Numbers,
): void {
  if (width === 1) {
    for (let i = 0; i < count; i++) target[i] = source[rows[i]!]!;
  } else if (width < 16) {
    for (let i = 0, to = 0; i < count; i++) {
      const from = rows[i]! * width;
      for (let k = 0; k < width; k++) target[to++] = source[from + k]!;
    }
  } else {
    for (let i = 0; i < count; i++) {
      const from = rows[i]! * width;
      target.set(source.subarray(from, from + width), i * width);
    }
  }
}
