/** A row of a file: where it stands, and the position after it. */
import type { Span } from '../../../compiler/ir/span.ts';

/** Where the rows after this one begin, in a format's own terms. */
export interface FilePosition<At = unknown> {
  readonly file: string;
  readonly at: At;
}

/** Names and spans are made when somebody asks: most rows are good. */
export class PlacedRow<At = unknown> {
  readonly row: unknown;
  readonly position: FilePosition<At>;
  readonly line: number;

  constructor(row: unknown, file: string, line: number, at: At) {
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
export type RowFormat<At> = (path: string, at: At | undefined) => AsyncIterable<Iterable<PlacedRow<At>>>;
