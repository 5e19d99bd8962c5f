/** Comma-separated values read while training: rows as objects, from any byte offset. */
import type { Column, Schema } from '../../../dsl/column.ts';
import type { CsvFormat } from '../../../dsl/dataset.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import type { Numbers } from '../../engines/engine.ts';
import { CsvDecoder } from '../csv/csv-decoder.ts';
import type { CsvRecord } from '../csv/csv-scanner.ts';
import { CsvScanner } from '../csv/csv-scanner.ts';
import type { Refused } from '../intake/bad-rows.ts';
import { RefusedRow } from '../intake/refused-row.ts';
import { rowReader } from '../table/row-of.ts';
import { room, widthOf } from '../table/table.ts';
import { bytesOf } from './bytes.ts';
import { delimiterOf } from './delimiter.ts';
import type { LinePosition } from './json-lines-format.ts';
import { fileStart } from './json-lines-format.ts';
import { LineCutter } from './line-cutter.ts';
import type { RowFormat } from './placed-row.ts';
import { PlacedRow } from './placed-row.ts';

/** `skip` counts records after the offset: where several end in one line, by carriage returns. */
export interface CsvPosition extends LinePosition {
  readonly skip: number;
}

const carriage = 13;
const newline = 10;

export function csvFormat(
  schema: Schema,
  format: CsvFormat & Pick<RowOptions, 'missing'>,
): RowFormat<CsvPosition> {
  return async function* (path, at) {
    const begun = at ?? { ...fileStart, skip: 0 };
    const rows = new CsvRows(path, schema, format, begun);
    if (begun.offset > 0 && (format.header ?? true)) {
      for await (const piece of bytesOf(path)) if (rows.header(piece.toString('utf8'))) break;
    }
    let cutter: LineCutter | undefined;
    for await (const piece of bytesOf(path, begun.offset)) {
      cutter ??= new LineCutter(begun.offset, 1, piece.includes(newline) ? newline : carriage);
      yield rows.of(cutter.cut(piece));
    }
    const last = cutter?.last();
    if (last) yield rows.of([last]);
    yield rows.last();
  };
}

/** The rows of one file, as its lines come. */
export class CsvRows {
  private readonly path: string;
  private readonly decoder: CsvDecoder;
  private readonly scanner: CsvScanner;
  private readonly delimiter: string;
  private readonly columns: ReadonlyMap<string, Numbers | Float64Array>;
  private readonly reals: ReadonlyMap<string, Float64Array>;
  private readonly read: (row: number) => object;
  private refused: Refused | undefined;
  private records: { readonly row: unknown; readonly line: number }[] = [];
  /** Where the last record ended at a line's end, and how many have ended since. */
  private clean: LinePosition;
  private since = 0;
  private skip: number;

  constructor(
    path: string,
    schema: Schema,
    format: CsvFormat & Pick<RowOptions, 'missing'>,
    { skip, ...begun }: CsvPosition,
  ) {
    this.path = path;
    this.clean = begun;
    this.skip = skip;
    this.delimiter = delimiterOf(format);
    this.decoder = new CsvDecoder(path, schema, format, (refused) => {
      this.refused = refused;
    });
    const isReal = ([, { kind }]: readonly [string, Column]): boolean => kind === 'float';
    const entries = Object.entries(schema);
    // Reals as they stand in the file: finding the decimals that were meant by 32 bits takes longer than all the rest.
    this.reals = new Map(entries.filter(isReal).map(([name]) => [name, new Float64Array(1)]));
    const others = Object.fromEntries(entries.filter((entry) => !isReal(entry)));
    const columns = new Map<string, Numbers>(
      Object.entries(others).map(([name, column]) => [name, room(column, widthOf(column))]),
    );
    this.columns = new Map<string, Numbers | Float64Array>([...columns, ...this.reals]);
    this.read = rowReader({ schema: others, rows: 1, columns, textAt: this.decoder.textAt });
    this.scanner = new CsvScanner(path, this.delimiter, (record) => this.take(record), { line: begun.line });
  }

  /** Reads the header out of the beginning of the file; true when it was found. */
  header(text: string): boolean {
    let found = false;
    const scanner = new CsvScanner(this.path, this.delimiter, (record) => {
      if (!found) this.decoder.row(record, this.columns, 0);
      found = true;
    });
    scanner.write(text);
    return found;
  }

  *of(lines: Iterable<{ readonly text: string; readonly end: number }>): Generator<PlacedRow<CsvPosition>> {
    for (const { text, end } of lines) {
      this.scanner.write(text);
      yield* this.taken(end);
    }
  }

  /** A record that the file ended in. */
  *last(): Generator<PlacedRow<CsvPosition>> {
    this.scanner.end();
    yield* this.taken(undefined);
  }

  private *taken(end: number | undefined): Generator<PlacedRow<CsvPosition>> {
    const { records, scanner } = this;
    this.records = [];
    for (const [at, { row, line }] of records.entries()) {
      this.since++;
      if (at === records.length - 1 && end !== undefined && scanner.isBetweenRecords) {
        this.clean = { offset: end, line: scanner.nextLine };
        this.since = 0;
      }
      if (row !== undefined) yield new PlacedRow(row, this.path, line, { ...this.clean, skip: this.since });
    }
  }

  /** The header, and records that were given before, count and give no row. */
  private take(record: CsvRecord): void {
    const { line } = record;
    const isGood = this.decoder.row(record, this.columns, 0);
    const refused = this.refused;
    this.refused = undefined;
    const isSkipped = this.skip > 0;
    if (isSkipped) this.skip--;
    if (isSkipped) this.records.push({ row: undefined, line });
    else if (refused) this.records.push({ row: new RefusedRow(refused.row, refused.error), line });
    else this.records.push({ row: isGood ? this.row() : undefined, line });
  }

  private row(): object {
    const row: Record<string, unknown> = { ...this.read(0) };
    for (const [name, [value]] of this.reals) row[name] = value;
    return row;
  }
}
