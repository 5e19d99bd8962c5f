/** Rows out of text as it arrives: JSON lines, or CSV with a header; the first character tells which. */
import { createReadStream } from 'node:fs';
import { DAT701, DAT716 } from '../compiler/diagnostics/data.ts';
import { refuse } from '../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../compiler/ir/span.ts';
import { nowhere } from '../compiler/ir/span.ts';
import type { Schema } from '../dsl/column.ts';
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

/** Gives the rows of each piece of text together, so that they can be answered together. */
async function* readRows(text: NodeJS.ReadableStream, name: string, schema: Schema): AsyncGenerator<RowIn[]> {
  text.setEncoding('utf8');
  let reader: RowReader | undefined;
  let blank = '';
  try {
    for await (const piece of text) {
      const part: string = blank + String(piece);
      // Before the first character that is not blank, nothing tells what the text is.
      if (!reader && part.trim() === '') {
        blank = part;
        continue;
      }
      blank = '';
      reader ??= part.trimStart().startsWith('{') ? new JsonRows(name) : new CsvRows(name, schema);
      const rows = reader.write(part);
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
  private line = 0;
  private rest = '';

  constructor(name: string) {
    this.name = name;
  }

  write(text: string): RowIn[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.read(line));
  }

  end(): RowIn[] {
    return this.read(this.rest);
  }

  private read(line: string): RowIn[] {
    this.line++;
    const text = line.trim();
    if (text === '') return [];
    const span = {
      file: this.name,
      line: this.line,
      column: 1,
      endLine: this.line,
      endColumn: line.trimEnd().length + 1,
    };
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (error) {
      refuse(malformed(span, error instanceof Error ? error.message : String(error)));
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) refuse(malformed(span, text));
    return [{ row, span }];
  }
}

function malformed(span: Span, received: string): ReturnType<typeof DAT716> {
  return DAT716({
    message: 'the line is not a JSON object',
    span,
    expected: '{"column": value, …}, one row a line',
    received: received.slice(0, 100),
  });
}
