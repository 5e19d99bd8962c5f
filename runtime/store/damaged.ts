/** Thrown by the readers of stored bytes; whoever opened the file turns it into a diagnostic with the file's name. */
export class Damaged extends Error {
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Its name in the folder, where the reader knows it. */
  readonly file: string | undefined;

  constructor(what: string, offset: number, file?: string, cause?: unknown) {
    super(what, { cause });
    this.name = 'Damaged';
    this.offset = offset;
    this.file = file;
  }
}
