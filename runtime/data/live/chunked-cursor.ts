/** Rows that come several at once, as a cursor: those of a chunk are there without a promise. */
import type { Span } from '../../../compiler/ir/span.ts';
import type { Positioned } from '../../../dsl/dataset.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import type { SourceCursor } from '../intake/checked-cursor.ts';
import { isPending } from './cursor.ts';
import type { SourceContext } from './open-source.ts';
import { pulledCursor } from './pulled-cursor.ts';
import { sourceFailure } from './source-failure.ts';

/** A row, the position after it, and where it stands. */
export interface ChunkedRow extends Positioned<unknown> {
  readonly span?: Span | undefined;
}

export interface ChunkedSource {
  open(position: unknown): AsyncIterable<Iterable<ChunkedRow>>;
  acknowledge?(position: unknown): void | Promise<void>;
}

interface ChunkedState {
  readonly position: unknown;
}

export function chunkedCursor(
  source: ChunkedSource,
  { from, rest, whenDurable }: Pick<SourceContext, 'from' | 'rest' | 'whenDurable'>,
): SourceCursor<ChunkedState> {
  let position = (from as ChunkedState | undefined)?.position;
  const chunks = pulledCursor(source.open(position), 0, rest);
  let chunk: Iterator<ChunkedRow> | undefined;
  let given: ChunkedRow | undefined;
  let closed = false;
  const opened = (next: unknown): unknown => {
    if (next === endOfRows || closed) return endOfRows;
    chunk = (next as Iterable<ChunkedRow>)[Symbol.iterator]();
    return pull();
  };
  const pull = (): unknown => {
    for (;;) {
      if (chunk) {
        const { done, value } = step(chunk);
        if (!done) {
          given = value;
          position = value.position;
          return value.row;
        }
        chunk = undefined;
      }
      const next = chunks.next();
      return isPending(next) ? next.then(opened) : opened(next);
    }
  };
  whenDurable(() => {
    const durable = position;
    return () => (durable === undefined ? undefined : source.acknowledge?.(durable));
  });
  return {
    next: () => (closed ? endOfRows : pull()),
    place: () => given?.place,
    span: () => given?.span,
    state: () => ({ position }),
    close() {
      closed = true;
      chunks.close();
    },
  };
}

function step(chunk: Iterator<ChunkedRow>): IteratorResult<ChunkedRow> {
  try {
    return chunk.next();
  } catch (error) {
    throw sourceFailure(error);
  }
}
