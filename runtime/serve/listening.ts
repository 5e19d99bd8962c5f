/** A server that listens, in this thread or in another. */

export interface Listening {
  readonly port: number;
  /** Takes no more, answers what was asked, and ends. */
  close(): Promise<void>;
}

/** Why an address was refused: what the system says, on its way to a diagnostic. */
export class ListenFailure {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
