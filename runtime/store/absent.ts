/** Thrown by readers where nothing that was saved is there; whoever was asked for it turns it into a diagnostic. */
export class Absent extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Absent';
  }
}
