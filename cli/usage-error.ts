/** A command line that cannot be understood: told on stderr, exit code 2. */

export class UsageError extends Error {
  /** The verb whose help fits; absent when the verb itself is not known. */
  readonly verb: string | undefined;

  constructor(message: string, verb?: string) {
    super(message);
    this.name = 'UsageError';
    this.verb = verb;
  }
}
