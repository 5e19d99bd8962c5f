/** Cuts bytes into lines of text, with the place in the file where each ends. */

export interface Line {
  readonly text: string;
  /** The offset after it, its line end included. */
  readonly end: number;
  /** From 1. */
  readonly number: number;
}

const newline = 10;

/** Takes bytes in pieces of any size. */
export class LineCutter {
  /** The beginning of a line that has not ended. */
  private rest: Buffer[] = [];
  private offset: number;
  private number: number;
  private readonly separator: number;

  constructor(offset = 0, line = 1, separator = newline) {
    this.offset = offset;
    this.number = line;
    this.separator = separator;
  }

  /** The lines that end in this piece, their ends included. To be gone through before the next piece is given. */
  *cut(piece: Buffer): Generator<Line> {
    let from = 0;
    for (;;) {
      const at = piece.indexOf(this.separator, from);
      if (at < 0) break;
      yield this.line(piece.subarray(from, at + 1));
      from = at + 1;
    }
    if (from < piece.length) this.rest.push(piece.subarray(from));
  }

  /** What stands after the last line end: a line of its own where there is no more to come. */
  last(): Line | undefined {
    return this.rest.length > 0 ? this.line(Buffer.alloc(0)) : undefined;
  }

  private line(end: Buffer): Line {
    const bytes = this.rest.length > 0 ? Buffer.concat([...this.rest, end]) : end;
    this.rest = [];
    this.offset += bytes.length;
    return { text: bytes.toString('utf8'), end: this.offset, number: this.number++ };
  }
}
