/** Cuts text of comma-separated values into records (RFC 4180), with the place of every field. */
import { DAT701, DAT704 } from '../../../compiler/diagnostics/data.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import { LongText } from '../long-text.ts';

/** One record. Its arrays are used again for the next one. */
export interface CsvRecord {
  /** The first million of the first record's; of the others, 4096 or one more than the first has. */
  readonly fields: readonly string[];
  /** How many there are, kept or not. */
  readonly count: number;
  /** The line where the record begins, from 1. */
  readonly line: number;
  /** Where each field begins. */
  readonly lines: readonly number[];
  readonly columns: readonly number[];
  /** What is wrong with its quotes, if anything. */
  readonly problem: Diagnostic | undefined;
}

/** Of a field: from its first character to its last, on its first line. */
export function fieldSpan(file: string, record: CsvRecord, field: number): Span {
  const line = record.lines[field] ?? record.line;
  const column = record.columns[field] ?? 1;
  const length = Math.max(1, record.fields[field]?.length ?? 1);
  return { file, line, column, endLine: line, endColumn: column + length };
}

/** What a file may ask for. A text that exceeds it is refused with DAT701: as a rule, a quote was never closed. */
export interface CsvLimits {
  /** Characters of a field. Default: 16 Mi. */
  readonly field?: number | undefined;
  /** Characters of a record, line ends and quotes not counted. Default: 64 Mi. */
  readonly record?: number | undefined;
}

/** Fields of the first record that are kept, and at least how many of the others: one more than the first has, if more. */
const mostFields = 1 << 20;
const usualFields = 4096;

const quote = 34;
const newline = 10;
const carriage = 13;

/** Takes text in pieces of any size; calls `onRecord` for each record. Lines that are empty are passed over. */
export class CsvScanner {
  private readonly file: string;
  private readonly delimiter: number;
  private readonly onRecord: (record: CsvRecord) => void;

  private readonly fields: string[] = [];
  private readonly lines: number[] = [];
  private readonly columns: number[] = [];
  /** The present field so far. */
  private readonly text = new LongText();
  private readonly fieldLimit: number;
  private readonly recordLimit: number;
  /** Characters of the present record's fields that have ended. */
  private recordLength = 0;
  /** Fields of the present record that have ended. */
  private count = 0;
  private keep = mostFields;
  private isFirst = true;
  /** Bytes of the pieces of text before the present one. */
  private bytes = 0;
  private state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  private problem: Diagnostic | undefined;
  private line = 1;
  private column = 1;
  private recordLine = 1;
  private fieldLine = 1;
  private fieldColumn = 1;
  private afterCarriage = false;
  private atBeginning: boolean;

  /** `line` is that of the first text, where it is not the beginning of the file. */
  constructor(
    file: string,
    delimiter: string,
    onRecord: (record: CsvRecord) => void,
    { field = 1 << 24, record = 1 << 26, line = 1 }: CsvLimits & { readonly line?: number } = {},
  ) {
    this.file = file;
    this.atBeginning = line === 1;
    this.line = this.recordLine = this.fieldLine = line;
    this.delimiter = delimiter.charCodeAt(0);
    this.onRecord = onRecord;
    this.fieldLimit = field;
    this.recordLimit = record;
  }

  /** Whether all text so far belongs to records that have ended. */
  get isBetweenRecords(): boolean {
    return this.state === 'start' && this.fields.length === 0;
  }

  /** The line that the next character stands in. */
  get nextLine(): number {
    return this.line;
  }

  write(text: string): void {
    let at = 0;
    if (this.atBeginning && text.length > 0) {
      this.atBeginning = false;
      if (text.charCodeAt(0) === 0xfeff) at = 1;
    }
    while (at < text.length) {
      at = this.state === 'quoted' ? this.quoted(text, at) : this.unquoted(text, at);
      if (this.text.length > this.fieldLimit || this.recordLength + this.text.length > this.recordLimit)
        this.tooLong(text, at);
    }
    this.bytes += Buffer.byteLength(text);
  }

  /** There is no more text. */
  end(): void {
    if (this.state === 'quoted') {
      this.line = this.fieldLine;
      this.column = this.fieldColumn;
      this.wrong('a quoted field does not end', 'a closing "');
    }
    if (this.state !== 'start' || this.count > 0) this.endRecord();
  }

  /** One step outside quotes: a whole run of plain characters, or one that means something. */
  private unquoted(text: string, from: number): number {
    const code = text.charCodeAt(from);
    const after = this.afterCarriage;
    this.afterCarriage = false;
    if (code === newline && after) {
      return from + 1;
    }
    if (code === this.delimiter) {
      this.endField();
      this.column++;
      this.fieldLine = this.line;
      this.fieldColumn = this.column;
      this.state = 'start';
      return from + 1;
    }
    if (code === newline || code === carriage) {
      this.afterCarriage = code === carriage;
      if (this.state !== 'start' || this.count > 0) this.endRecord();
      this.line++;
      this.column = 1;
      this.beginRecord();
      return from + 1;
    }
    if (code === quote && this.state === 'start') {
      this.state = 'quoted';
      this.column++;
      return from + 1;
    }
    if (code === quote && this.state === 'closed') {
      // "a""b": the quote that seemed to close the field was the first half of a quote in it.
      this.text.add('"');
      this.state = 'quoted';
      this.column++;
      return from + 1;
    }
    if (this.state === 'closed')
      this.wrong('text follows the closing quote of a field', 'a delimiter or a line end');
    if (code === quote)
      this.wrong(
        'a quote stands inside a field that has none around it',
        'the field in quotes, with "" inside',
      );
    this.state = 'plain';
    let to = from + 1;
    while (to < text.length) {
      const next = text.charCodeAt(to);
      if (next === this.delimiter || next === newline || next === carriage || next === quote) break;
      to++;
    }
    this.text.add(text.slice(from, to));
    this.column += to - from;
    return to;
  }

  /** One step inside quotes: up to the next quote, or the end of the text. */
  private quoted(text: string, from: number): number {
    const close = text.indexOf('"', from);
    const to = close < 0 ? text.length : close;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      const ends = code === carriage || (code === newline && !this.afterCarriage);
      this.afterCarriage = code === carriage;
      if (ends) {
        this.line++;
        this.column = 1;
      } else if (code !== newline) this.column++;
    }
    this.text.add(text.slice(from, to));
    if (close < 0) return to;
    this.afterCarriage = false;
    this.state = 'closed';
    this.column++;
    return close + 1;
  }

  private endField(): void {
    this.recordLength += this.text.length;
    const field = this.text.take();
    if (this.count++ >= this.keep) return;
    this.fields.push(field);
    this.lines.push(this.fieldLine);
    this.columns.push(this.fieldColumn);
  }

  private endRecord(): void {
    this.endField();
    const { fields, count, lines, columns, problem, recordLine: line } = this;
    if (this.isFirst) this.keep = Math.max(usualFields, fields.length + 1);
    this.isFirst = false;
    this.onRecord({ fields, count, lines, columns, problem, line });
    fields.length = lines.length = columns.length = 0;
    this.recordLength = this.count = 0;
  }

  private beginRecord(): void {
    this.recordLine = this.fieldLine = this.line;
    this.fieldColumn = 1;
    this.state = 'start';
    this.problem = undefined;
  }

  private tooLong(text: string, at: number): never {
    const isField = this.text.length > this.fieldLimit;
    const [line, column] = isField ? [this.fieldLine, this.fieldColumn] : [this.recordLine, 1];
    const limit = (isField ? this.fieldLimit : this.recordLimit).toLocaleString('en');
    return refuse(
      DAT701({
        message: `the ${isField ? 'field' : 'record'} that begins here has more than ${limit} characters`,
        span: { file: this.file, line, column, endLine: line, endColumn: column + 1 },
        expected: `at most ${limit} characters`,
        received: `no end up to byte ${this.bytes + Buffer.byteLength(text.slice(0, at))}`,
        ...(this.state === 'quoted' && { hint: 'is the quote at its beginning closed?' }),
      }),
    );
  }

  private wrong(message: string, expected: string): void {
    const { file, line, column } = this;
    this.problem ??= DAT704({
      message,
      span: { file, line, column, endLine: line, endColumn: column + 1 },
      expected,
      received: this.state === 'quoted' ? 'the end of the file' : '"',
    });
  }
}
