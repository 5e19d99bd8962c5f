/** An overflow policy that loses nothing: rows that wait do so on the disk. */

export interface Spool {
  readonly spool: URL | string;
  readonly bytes: number;
}

export interface SpoolOptions {
  /** How much may lie on the disk; a source that would need more fails with DAT711. Default 1 GiB. */
  readonly bytes?: number | undefined;
}

/**
 * Writes the rows of a source that pushes to a journal in a directory, and reads them from there: none is lost when training
 * is slower, nor when the process dies. What a durable checkpoint has gone past is removed, so it needs checkpoints. A
 * directory belongs to one source of one process.
 *
 * ```ts
 * from(schema, socket$, { overflow: spool('runs/clicks/spool', { bytes: 2 ** 30 }) })
 * ```
 */
export function spool(directory: URL | string, { bytes = 2 ** 30 }: SpoolOptions = {}): Spool {
  return { spool: directory, bytes };
}
