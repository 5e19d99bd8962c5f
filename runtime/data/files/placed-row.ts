/** A row of a file: where it stands, and the position after it. */
import type { Span } from '../../../compiler/ir/span.ts';

/** Where the rows after this one begin, in a format's own terms. */
export interface FilePosition {
  readonly file: string;
  readonly at: unknown;
}

/** Names and spans are made when somebody asks: most rows are good. */
export class PlacedRow {
  readonly row: unknown;
  readonly position: FilePosition;
  private readonly line: number;

  constructor(row: unknown, file: string, line: number, at: unknown) {
    this.row = row;
    this.position = { file, at };
    this.line = line;
  }

  get place(): string {
    return `${this.position.file}:${this.line}`;
  }

  get span(): Span {
    const { line, position } = this;
    return { file: position.file, line, column: 1, endLine: line, endColumn: 2 };
  }
}

/** Gives the rows of one file from a position of its own on, a piece of the file at a time. */
export type RowFormat = (path: string, at: unknown) => AsyncIterable<Iterable<PlacedRow>>;
