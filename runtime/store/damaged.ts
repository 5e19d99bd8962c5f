/** Thrown by the readers of stored bytes; whoever opened the file turns it into a diagnostic with the file's name. */
export class Damaged extends Error {
  /** Bytes from the start of the file. */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(what);
    this.name = 'Damaged';
    this.offset = offset;
  }
}
