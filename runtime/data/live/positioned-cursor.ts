/** A source that is readable from any position, as a cursor: rows are pulled, and the position after each is kept. */
import { DAT705 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { ReplayableSource } from '../../../dsl/dataset.ts';
import type { SourceCursor } from '../intake/checked-cursor.ts';
import { valueText } from '../value-text.ts';
import { whenThere } from './cursor.ts';
import type { SourceContext } from './open-source.ts';
import { pulledCursor } from './pulled-cursor.ts';
import { sourceFailure } from './source-failure.ts';

interface PositionedState {
  readonly position: unknown;
}

/** A position is acknowledged when the checkpoint that holds it is durable, and never before. */
export function positionedCursor(
  source: ReplayableSource<object>,
  { from, rest, whenDurable }: SourceContext,
): SourceCursor<PositionedState> {
  let position = (from as PositionedState | undefined)?.position;
  let before = position;
  const rows = pulledCursor(opened(source, position), 0, rest);
  let place: string | undefined;
  const taken = (given: unknown): unknown => {
    if (typeof given !== 'object' || given === null || !('row' in given) || !('position' in given))
      refuseGiven(given);
    before = position;
    position = given.position;
    place = 'place' in given && typeof given.place === 'string' ? given.place : undefined;
    return given.row;
  };
  whenDurable(() => {
    const durable = position;
    return () => (durable === undefined ? undefined : source.acknowledge?.(durable));
  });
  return {
    next: () => whenThere(rows.next(), taken),
    place: () => place,
    state: () => ({ position }),
    unread() {
      position = before;
    },
    close: () => rows.close(),
  };
}

function opened(
  source: ReplayableSource<object>,
  position: unknown,
): AsyncIterable<object> | Iterable<object> {
  try {
    return source.open(position);
  } catch (error) {
    throw sourceFailure(error);
  }
}

function refuseGiven(given: unknown): never {
  return refuse(
    DAT705({
      message: 'a source with positions gives rows without one',
      span: nowhere,
      expected: '{ row, position }',
      received: valueText(given),
    }),
  );
}
