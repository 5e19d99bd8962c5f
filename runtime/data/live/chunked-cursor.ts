/** Rows that come several at once, as a cursor: those of a chunk are there without a promise. */
import type { Span } from '../../../compiler/ir/span.ts';
import type { StageContext } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import type { SourceCursor } from '../intake/checked-cursor.ts';
import { isPending } from './cursor.ts';
import { pulledCursor } from './pulled-cursor.ts';
import { sourceFailure } from './source-failure.ts';

/** A row, the position after it, and where it stands. */
export interface ChunkedRow<Position> {
  readonly row: unknown;
  readonly position: Position;
  readonly place?: string | undefined;
  readonly span?: Span | undefined;
}

export interface ChunkedSource<Position> {
  open(position: Position | undefined): AsyncIterable<Iterable<ChunkedRow<Position>>>;
  acknowledge?(position: Position): void | Promise<void>;
}

export interface ChunkedState<Position> {
  readonly position: Position | undefined;
}

export function chunkedCursor<Position>(
  source: ChunkedSource<Position>,
  {
    from,
    rest,
    whenDurable,
  }: Pick<StageContext<unknown, ChunkedState<Position>>, 'from' | 'rest' | 'whenDurable'>,
): SourceCursor<ChunkedState<Position>> {
  let position = from?.position;
  let before = position;
  const chunks = pulledCursor(source.open(position), 0, rest);
  let chunk: Iterator<ChunkedRow<Position>> | undefined;
  let given: ChunkedRow<Position> | undefined;
  let closed = false;
  const opened = (next: unknown): unknown => {
    if (next === endOfRows || closed) return endOfRows;
    chunk = (next as Iterable<ChunkedRow<Position>>)[Symbol.iterator]();
    return pull();
  };
  const pull = (): unknown => {
    for (;;) {
      if (chunk) {
        const { done, value } = step(chunk);
        if (!done) {
          given = value;
          before = position;
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
    unread() {
      position = before;
    },
    close() {
      closed = true;
      chunks.close();
    },
  };
}

function step<T>(chunk: Iterator<T>): IteratorResult<T> {
  try {
    return chunk.next();
  } catch (error) {
    throw sourceFailure(error);
  }
}
