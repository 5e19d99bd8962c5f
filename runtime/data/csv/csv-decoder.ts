/** Maps the fields of records to columns of numbers by the header's names, and collects what does not fit. */
import { DAT702, DAT703, DAT715 } from '../../../compiler/diagnostics/data.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError, refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../../compiler/diagnostics/nearest.ts';
import { shortened } from '../../../compiler/diagnostics/shortened.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import { topOf } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';
import type { CsvFormat } from '../../../dsl/dataset.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { Refused } from '../intake/bad-rows.ts';
import { fillNumbers, fillOf } from '../intake/missing.ts';
import { widthOf } from '../table/table.ts';
import type { TextWriter } from '../words/text-words.ts';
import { textWriter } from '../words/text-words.ts';
import { oddCharacter } from '../write-value.ts';
import type { FieldReader } from './csv-field.ts';
import { fieldReader } from './csv-field.ts';
import { fieldsByName } from './csv-header.ts';
import type { CsvRecord } from './csv-scanner.ts';
import { fieldSpan } from './csv-scanner.ts';

/** Where the numbers of one field go. */
interface Slot {
  readonly field: number;
  readonly column: string;
  readonly width: number;
  readonly element: number;
  readonly reader: FieldReader;
}

/** Where the words of a field go, and the text itself. */
interface TextSlot {
  readonly field: number;
  readonly column: string;
  readonly width: number;
  readonly write: TextWriter;
  /** Stands for a field that is empty. */
  readonly missing: string;
  readonly texts: string[];
}

type CsvSettings = CsvFormat & Pick<RowOptions, 'missing'>;

/** How many bad records are told of before reading stops. */
const tellAtMost = 10;

/**
 * A column of one value a row, and one of text, takes the field of its name; one of larger shape takes the fields `NAME.0`, `NAME.1`
 * and so on, row-major. Without a header, fields are taken in the schema's order. Fields of no column are passed over.
 */
export class CsvDecoder {
  private readonly file: string;
  private readonly schema: Schema;
  private readonly options: CsvSettings;
  private readonly onBad: ((refused: Refused) => void) | undefined;
  private readonly problems: Diagnostic[] = [];
  private slots: readonly Slot[] | undefined;
  private textSlots: readonly TextSlot[] = [];
  private fieldCount = 0;

  /** Without `onBad`, bad records are collected and refused together. */
  constructor(file: string, schema: Schema, options: CsvSettings, onBad?: (refused: Refused) => void) {
    this.file = file;
    this.schema = schema;
    this.options = options;
    this.onBad = onBad;
  }

  /** Writes a record as row `at`; true when it was a good row. The first record is the header, where there is one. */
  row(record: CsvRecord, columns: ReadonlyMap<string, Numbers | Float64Array>, at: number): boolean {
    if (this.slots === undefined) {
      const header = this.options.header ?? true;
      this.slots = this.slotsFor(header ? record : undefined);
      this.fieldCount = header ? record.count : this.slots.length + this.textSlots.length;
      if (header) return false;
    }
    const problem = this.shapeProblem(record);
    if (problem) {
      this.tell([problem], record);
      return false;
    }
    const problems: Diagnostic[] = [];
    for (const { field, column, width, element, reader } of this.slots) {
      const text = record.fields[field]!;
      const value = reader.read(text);
      if (value === undefined) {
        problems.push(reader.problem(text, fieldSpan(this.file, record, field)));
      } else columns.get(column)![at * width + element] = value;
    }
    for (const { field, column, width, write, missing, texts } of this.textSlots) {
      const text = record.fields[field] || missing;
      const words = columns.get(column);
      // Words are numbered by whole numbers.
      if (words instanceof Int32Array) write(text, words, at * width);
      texts[at] = text;
    }
    if (problems.length > 0) this.tell(problems, record);
    return problems.length === 0;
  }

  /** The text of a row in a column of text. */
  readonly textAt = (name: string, row: number): string | undefined =>
    this.textSlots.find(({ column }) => column === name)?.texts[row];

  /** Refuses what was collected. Call it when the file has ended. */
  finish(): void {
    if (this.problems.length > 0) throw new DiagnosticError(this.problems);
  }

  private tell(problems: readonly Diagnostic[], record: CsvRecord): void {
    if (this.onBad) {
      const place = `${this.file}:${record.line}`;
      this.onBad({ place, row: this.asGiven(record), error: new DiagnosticError(problems) });
      return;
    }
    for (const problem of problems) {
      this.problems.push(problem);
      if (this.problems.length >= tellAtMost) this.finish();
    }
  }

  /** What stands in the record: by columns, where it has the fields of one, with the text of those that are no value. */
  private asGiven(record: CsvRecord): unknown {
    if (record.problem || record.fields.length !== this.fieldCount) return [...record.fields];
    const row: Record<string, unknown> = {};
    for (const { field, column } of this.textSlots) row[column] = record.fields[field] ?? '';
    for (const { field, column, width, reader } of this.slots ?? []) {
      const text = record.fields[field] ?? '';
      const value = this.schema[column]?.kind === 'category' ? text : (reader.read(text) ?? text);
      if (width === 1 && this.schema[column]?.shape.length === 0) row[column] = value;
      else row[column] = [...((row[column] as readonly unknown[] | undefined) ?? []), value];
    }
    return row;
  }

  private shapeProblem(record: CsvRecord): Diagnostic | undefined {
    if (record.problem) return record.problem;
    const { count } = record;
    if (count === this.fieldCount) return undefined;
    return wrongCount(
      record,
      this.fieldCount,
      fieldSpan(this.file, record, Math.min(count - 1, this.fieldCount)),
    );
  }

  private slotsFor(header: CsvRecord | undefined): Slot[] {
    const fieldOf = header && fieldsByName(this.file, header);
    const missing: Diagnostic[] = [];
    const slots: Slot[] = [];
    const textSlots: TextSlot[] = [];
    for (const [column, definition] of Object.entries(this.schema)) {
      if (definition.items) refuse(noSequences(column, this.file));
      const width = widthOf(definition);
      if (definition.kind === 'text') {
        const field = fieldOf ? fieldOf(column) : slots.length + textSlots.length;
        const fill = fillOf(column, definition, this.options.missing);
        if (field === undefined && header) missing.push(missingColumn(column, header, this.file));
        else if (field !== undefined)
          textSlots.push({
            field,
            column,
            width,
            write: textWriter(column, definition),
            missing: typeof fill === 'string' ? fill : '',
            texts: [],
          });
        continue;
      }
      const reader = fieldReader(column, { ...definition, shape: [] }, this.options);
      const fills = fillNumbers(column, definition, this.options.missing);
      for (let element = 0; element < width; element++) {
        const name = definition.shape.length === 0 ? column : `${column}.${element}`;
        const field = fieldOf ? fieldOf(name) : slots.length + textSlots.length;
        if (field === undefined) {
          if (header) missing.push(missingColumn(name, header, this.file));
          break;
        }
        const fill = fills?.[element];
        slots.push({
          field,
          column,
          width,
          element,
          reader: fill === undefined ? reader : filled(reader, fill),
        });
      }
    }
    if (missing.length > 0) throw new DiagnosticError(missing);
    this.textSlots = textSlots;
    return slots;
  }
}

function noSequences(column: string, file: string): ReturnType<typeof DAT715> {
  return DAT715({
    message: `a file of comma-separated values holds no sequences, such as ${column}`,
    span: topOf(file),
    expected: 'a column of one value a row, or of fixed size',
    received: 'sequence(…)',
    hint: 'jsonLines holds lists of any length; map makes them of a text',
  });
}

/** The refusal of a record that is shorter or longer than the others. */
export function wrongCount({ count }: CsvRecord, expected: number, span: Span): Diagnostic {
  return DAT703({
    message: `the line has ${count} ${count === 1 ? 'field' : 'fields'} instead of ${expected}`,
    span,
    expected: `${expected} fields`,
    received: `${count} fields`,
  });
}

/** The names of a header, as far as a message has room for them. */
export function headerText({ fields }: CsvRecord): string {
  return shortened(fields.slice(0, 100).join(', '));
}

/** An empty field is read as the value that stands for a missing one. */
function filled({ read, problem }: FieldReader, fill: number): FieldReader {
  return { read: (text) => (text.trim() === '' ? fill : read(text)), problem };
}

function missingColumn(name: string, header: CsvRecord, file: string): Diagnostic {
  const guess = nearest(name, header.fields);
  const odd = header.fields.map(oddCharacter).find((found) => found !== undefined);
  const hint = odd ?? (guess && `did you mean ${guess}?`);
  const last = fieldSpan(file, header, header.fields.length - 1);
  return DAT702({
    message: `the file has no column ${name}`,
    span: { ...fieldSpan(file, header, 0), endLine: last.endLine, endColumn: last.endColumn },
    label: 'the header',
    expected: name,
    received: headerText(header),
    ...(hint !== undefined && { hint }),
  });
}
