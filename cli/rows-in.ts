/** Rows out of text as it arrives: JSON lines, or CSV with a header; the first character tells which. */
import { createReadStream } from 'node:fs';
import { saying } from '../compiler/diagnostics/because.ts';
import { DAT701, DAT716 } from '../compiler/diagnostics/data.ts';
import { refuse } from '../compiler/diagnostics/diagnostic.ts';
import { shortened } from '../compiler/diagnostics/shortened.ts';
import type { Span } from '../compiler/ir/span.ts';
import { nowhere } from '../compiler/ir/span.ts';
import type { Schema } from '../dsl/column.ts';
import { LongText } from '../runtime/data/long-text.ts';
import { CsvRows } from './csv-rows.ts';

/** A row and where it stands in the input. */
export interface RowIn {
  readonly row: object;
  readonly span: Span;
}

interface RowReader {
  /** The rows that end in this piece of text. */
  write(text: string): RowIn[];
  end(): RowIn[];
}

/** Rows of a file, or of standard input; no more come once the signal is aborted. */
export function rowsIn(
  file: string | undefined,
  schema: Schema,
  signal: AbortSignal,
): AsyncGenerator<RowIn[]> {
  const text = file === undefined ? process.stdin : createReadStream(file);
  signal.addEventListener('abort', () => text.destroy());
  return readRows(text, file ?? 'standard input', schema);
}

/** What a text may ask for before it is refused with DAT716. */
export interface RowLimits {
  /** Characters of a line of JSON, or of blanks before the first row. Default: 64 Mi. */
  readonly line?: number | undefined;
}

const longestLine = 1 << 26;

/** Gives the rows of each piece of text together, so that they can be answered together. */
export async function* readRows(
  text: NodeJS.ReadableStream,
  name: string,
  schema: Schema,
  { line = longestLine }: RowLimits = {},
): AsyncGenerator<RowIn[]> {
  text.setEncoding('utf8');
  let reader: RowReader | undefined;
  const blank = new LongText();
  try {
    for await (const given of text) {
      let piece = String(given);
      if (!reader) {
        const beginning = piece.trimStart();
        // Before the first character that is not blank, nothing tells what the text is.
        if (beginning === '') {
          blank.add(piece);
          if (blank.length > line) refuse(tooLong(placeIn(name, 1), line));
          continue;
        }
        piece = blank.take() + piece;
        reader = beginning.startsWith('{') ? new JsonRows(name, line) : new CsvRows(name, schema);
      }
      const rows = reader.write(piece);
      if (rows.length > 0) yield rows;
    }
  } catch (error) {
    if (!isFileError(error)) throw error;
    refuse(
      DAT701({
        message: `${name} cannot be read`,
        span: nowhere,
        received: error.message,
        hint: 'check the path',
      }),
    );
  }
  const last = reader?.end() ?? [];
  if (last.length > 0) yield last;
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

class JsonRows implements RowReader {
  private readonly name: string;
  private readonly limit: number;
  private line = 0;
  /** The present line, as far as it has come. */
  private readonly rest = new LongText();

  constructor(name: string, limit: number) {
    this.name = name;
    this.limit = limit;
  }

  write(text: string): RowIn[] {
    const rows: RowIn[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.add(text.slice(from, end));
      rows.push(...this.read(this.rest.take()));
      from = end + 1;
    }
    this.add(text.slice(from));
    return rows;
  }

  end(): RowIn[] {
    return this.read(this.rest.take());
  }

  private add(part: string): void {
    this.rest.add(part);
    if (this.rest.length > this.limit) refuse(tooLong(placeIn(this.name, this.line + 1), this.limit));
  }

  private read(line: string): RowIn[] {
    this.line++;
    const text = line.trim();
    if (text === '') return [];
    const span = placeIn(this.name, this.line, line.trimEnd().length);
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (error) {
      refuse(malformed(span, saying(error)));
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) refuse(malformed(span, text));
    return [{ row, span }];
  }
}

/** The first characters of a line. */
function placeIn(file: string, line: number, length = 1): Span {
  return { file, line, column: 1, endLine: line, endColumn: length + 1 };
}

function malformed(span: Span, received: string): ReturnType<typeof DAT716> {
  return DAT716({
    message: 'the line is not a JSON object',
    span,
    expected: '{"column": value, …}, one row a line',
    received: shortened(received),
  });
}

function tooLong(span: Span, limit: number): ReturnType<typeof DAT716> {
  const most = limit.toLocaleString('en');
  return DAT716({
    message: `the line is longer than ${most} characters`,
    span,
    expected: `one row a line, of at most ${most} characters`,
    received: 'no end of the line',
  });
}
