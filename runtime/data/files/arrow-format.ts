/** Apache Arrow, files and streams of it, a batch of rows at a time. */
import type { Schema } from '../../../dsl/column.ts';
import { peer } from '../peer.ts';
import { bytesOf } from './bytes.ts';
import { plainRows } from './foreign-rows.ts';
import type { RowFormat } from './placed-row.ts';
import { PlacedRow } from './placed-row.ts';
import { checkNames, unreadable } from './unreadable.ts';

interface RecordBatch {
  readonly numRows: number;
  getChild(name: string): { get(row: number): unknown } | null;
}

interface Arrow {
  readonly RecordBatchReader: {
    from(bytes: AsyncIterable<Uint8Array>): Promise<
      AsyncIterable<RecordBatch> & {
        open(): Promise<unknown>;
        readonly schema: { readonly fields: readonly { readonly name: string }[] };
      }
    >;
  };
}

/** Positions are numbers of rows; batches before one are read and passed over. */
export function arrowFormat(schema: Schema): RowFormat<number> {
  return async function* (path, at = 0) {
    const { RecordBatchReader } = await peer<Arrow>('apache-arrow', 'arrow');
    const reader = await unreadable(path, async () => {
      const opened = await RecordBatchReader.from(bytesOf(path));
      await opened.open();
      return opened;
    });
    const names = reader.schema.fields.map(({ name }) => name);
    checkNames(path, schema, names);
    const plain = plainRows(schema);
    const batches = reader[Symbol.asyncIterator]();
    for (let start = 0; ; ) {
      const next = await unreadable(path, () => batches.next());
      if (next.done) return;
      const batch = next.value;
      const columns = Object.keys(schema).map((name) => [name, batch.getChild(name)] as const);
      if (start + batch.numRows > at) {
        yield rowsOf(batch.numRows, Math.max(0, at - start), start, (row) =>
          plain(Object.fromEntries(columns.map(([name, column]) => [name, column?.get(row)]))),
        );
      }
      start += batch.numRows;
    }

    function* rowsOf(
      rows: number,
      first: number,
      start: number,
      read: (row: number) => object,
    ): Generator<PlacedRow<number>> {
      for (let row = first; row < rows; row++) {
        const number = start + row + 1;
        yield new PlacedRow(read(row), path, number, number);
      }
    }
  };
}
