/** Long contents in pieces, so that timers and sockets are served between them. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** A piece is hashed in about a millisecond. */
export const pieceBytes = 1 << 20;

/** A content, piece by piece. A piece is valid until the next one is asked for. */
export type Pieces = Iterable<Uint8Array>;

export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** How long work may go on before others go first, in milliseconds. */
const slice = 2;

/** Lets others go first after each piece's worth of work, and where less took long. */
export class Turns {
  private done = 0;
  private since = performance.now();

  async after(bytes: number): Promise<void> {
    this.done += bytes;
    if (this.done < pieceBytes && performance.now() - this.since < slice) return;
    await setImmediate();
    this.done = 0;
    this.since = performance.now();
  }
}

export interface Digest {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export async function digestOf(pieces: Pieces | AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  const turns = new Turns();
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
    await turns.after(piece.length);
  }
  return { bytes, sha256: hash.digest('hex') };
}
