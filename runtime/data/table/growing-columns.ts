/** Columns of a number of rows not known in advance: their arrays double. */
import type { Schema } from '../../../dsl/column.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { Table } from './table.ts';
import { room, widthOf } from './table.ts';

export class GrowingColumns {
  readonly columns = new Map<string, Numbers>();
  rows = 0;
  private readonly schema: Schema;
  private capacity = 1024;

  constructor(schema: Schema) {
    this.schema = schema;
    this.resize(this.capacity);
  }

  /** What was written as row `rows` stays; there is room for the next one. */
  keepRow(): void {
    this.rows++;
    if (this.rows === this.capacity) this.resize(this.capacity * 2);
  }

  table(): Table {
    this.resize(this.rows);
    return { schema: this.schema, rows: this.rows, columns: this.columns };
  }

  private resize(capacity: number): void {
    this.capacity = capacity;
    for (const [name, column] of Object.entries(this.schema)) {
      const before = this.columns.get(name);
      const length = capacity * widthOf(column);
      const after = room(column, length);
      if (before) after.set(before.length > length ? before.subarray(0, length) : before);
      this.columns.set(name, after);
    }
  }
}
