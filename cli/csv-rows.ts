/** Rows of CSV as plain objects; columns that the header does not name are left out. */
import { DAT702 } from '../compiler/diagnostics/data.ts';
import { refuse } from '../compiler/diagnostics/diagnostic.ts';
import type { Column, Schema } from '../dsl/column.ts';
import { headerText, wrongCount } from '../runtime/data/csv/csv-decoder.ts';
import type { FieldReader } from '../runtime/data/csv/csv-field.ts';
import { fieldReader } from '../runtime/data/csv/csv-field.ts';
import { fieldsByName } from '../runtime/data/csv/csv-header.ts';
import type { CsvRecord } from '../runtime/data/csv/csv-scanner.ts';
import { CsvScanner, fieldSpan } from '../runtime/data/csv/csv-scanner.ts';
import type { RowIn } from './rows-in.ts';

interface Slot {
  readonly name: string;
  readonly column: Column;
  readonly reader: FieldReader;
  /** One field for a plain value, one an element for values of larger shape. */
  readonly fields: readonly number[];
}

export class CsvRows {
  private readonly name: string;
  private readonly schema: Schema;
  private readonly scanner: CsvScanner;
  private slots: readonly Slot[] | undefined;
  private width = 0;
  private rows: RowIn[] = [];

  constructor(name: string, schema: Schema) {
    this.name = name;
    this.schema = schema;
    this.scanner = new CsvScanner(name, ',', (record) => this.record(record));
  }

  write(text: string): RowIn[] {
    this.scanner.write(text);
    return this.taken();
  }

  end(): RowIn[] {
    this.scanner.end();
    return this.taken();
  }

  private taken(): RowIn[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  private record(record: CsvRecord): void {
    if (!this.slots) {
      this.slots = slotsFor(this.schema, record, this.name);
      this.width = record.count;
      return;
    }
    if (record.problem) refuse(record.problem);
    const last = fieldSpan(this.name, record, record.fields.length - 1);
    if (record.count !== this.width) refuse(wrongCount(record, this.width, last));
    const row = Object.fromEntries(this.slots.map((slot) => [slot.name, this.value(slot, record)]));
    this.rows.push({
      row,
      span: { ...fieldSpan(this.name, record, 0), endLine: last.endLine, endColumn: last.endColumn },
    });
  }

  private value({ column, reader, fields }: Slot, record: CsvRecord): unknown {
    if (column.kind === 'text') return record.fields[fields[0] ?? 0] ?? '';
    const values = fields.map((field) => {
      const text = record.fields[field]!;
      const number = reader.read(text);
      if (number === undefined) refuse(reader.problem(text, fieldSpan(this.name, record, field)));
      if (column.kind === 'category') return text;
      return column.dtype === 'bool' ? number !== 0 : number;
    });
    return column.shape.length === 0 ? values[0] : values;
  }
}

/** The names of a column's fields: its own, text included, or one for each element of a larger value. */
function fieldNames(name: string, { kind, shape }: Column): string[] {
  if (kind === 'text' || shape.length === 0) return [name];
  const size = shape.reduce<number>((product, dim) => product * Number(dim), 1);
  return Array.from({ length: size }, (_, i) => `${name}.${i}`);
}

function slotsFor(schema: Schema, header: CsvRecord, file: string): Slot[] {
  const fieldOf = fieldsByName(file, header);
  const slots = Object.entries(schema).flatMap(([name, column]): Slot[] => {
    const found = fieldNames(name, column).map(fieldOf);
    const fields = found.filter((field) => field !== undefined);
    if (fields.length < found.length) return [];
    return [{ name, column, reader: fieldReader(name, { ...column, shape: [] }, {}), fields }];
  });
  if (slots.length > 0) return slots;
  const wanted = Object.entries(schema).map(([name, column]) => {
    const names = fieldNames(name, column);
    return names.length > 3 ? `${names[0]}, …, ${names.at(-1)}` : names.join(', ');
  });
  return refuse(
    DAT702({
      message: 'the header names no column of the model',
      span: fieldSpan(file, header, 0),
      expected: wanted.join(', '),
      received: headerText(header),
    }),
  );
}
