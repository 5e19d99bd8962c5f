/** A value that exists only when the program runs: legal where data may be, refused where a shape is needed. */

/** Stands for such a value while the program is only read. `where` is the place in the source, for messages. */
export class HostReference {
  readonly why: string;
  readonly where: string;

  constructor(why: string, where: string) {
    this.why = why;
    this.where = where;
  }
}
