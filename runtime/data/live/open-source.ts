/** Opens what `from` was given: an iterable, a subscribable, one that is readable from any position, or a function. */
import { DAT705, DAT710, DAT712, DAT715 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Edge, Overflow, ReplayableSource, Source, Subscribable } from '../../../dsl/dataset.ts';
import type { StageContext } from '../../../dsl/stage.ts';
import type { SourceCursor } from '../intake/checked-cursor.ts';
import { keptCount } from '../kept-count.ts';
import { valueText } from '../value-text.ts';
import { positionedCursor } from './positioned-cursor.ts';
import type { PulledState } from './pulled-cursor.ts';
import { pulledCursor } from './pulled-cursor.ts';
import { pushedCursor } from './pushed-cursor.ts';
import { sourceFailure } from './source-failure.ts';
import { isSpool, spooledCursor } from './spool/spooled-cursor.ts';

/** Rows that wait, where `capacity` is not given. */
const defaultCapacity = 1024;

const policies: readonly Overflow[] = ['block', 'dropOldest', 'dropNewest', 'latest', 'sample', 'error'];

/** Iterators and streams that were opened: they give their rows once, to whoever comes first. */
const spent = new WeakSet<object>();

/** What a source needs of the context of its stage. */
export type SourceContext = Pick<
  StageContext,
  'from' | 'epoch' | 'key' | 'reject' | 'holds' | 'rest' | 'whenDurable' | 'memory'
>;

export function openSource(
  given: Source<object> | (() => Source<object>),
  edge: Edge,
  context: SourceContext,
): SourceCursor {
  checkEdge(edge);
  const isMaker = typeof given === 'function' && !isSource(given);
  const source = observableOf(isMaker ? made(given) : given);
  if (isReplayable(source)) {
    refuseEdge(edge);
    return positionedCursor(source, context);
  }
  if (isSubscribable(source)) {
    if (isSpool(edge.overflow)) return spooledCursor(source, edge.overflow, context);
    const { capacity = defaultCapacity } = edge;
    return pushedCursor(source, { capacity, overflow: statedOverflow(edge) }, context);
  }
  if (isIterable(source)) {
    refuseEdge(edge);
    const once = isSpendable(source);
    if (once) refuseSpent(source);
    // Rows of a source that goes on where it was are not read again.
    const skipped = once && !isMaker ? 0 : keptCount((context.from as PulledState | undefined)?.given);
    return pulledCursor(source, skipped, context.rest);
  }
  return refuse(
    DAT705({
      message: 'from needs a source of rows',
      span: nowhere,
      expected: 'an Observable, an AsyncIterable, an Iterable, or a function that gives one',
      received: valueText(source),
      ...(hasMember(source, 'emit') &&
        hasMember(source, 'on') && {
          hint: "an emitter of events: from(schema, () => fromEvent(emitter, 'row'), { overflow: 'dropOldest' }), with fromEvent of rxjs",
        }),
    }),
  );
}

function made(make: () => Source<object>): unknown {
  try {
    return make();
  } catch (error) {
    throw sourceFailure(error);
  }
}

/** Libraries of streams give an Observable by a method of this name. */
function observableOf(source: unknown): unknown {
  const key = (Symbol as { readonly observable?: symbol }).observable ?? '@@observable';
  if (isSource(source) || !hasMember(source, key)) return source;
  const make: unknown = (source as Readonly<Record<PropertyKey, unknown>>)[key];
  return typeof make === 'function' ? made(() => Reflect.apply(make, source, []) as Source<object>) : source;
}

function isReplayable(source: unknown): source is ReplayableSource<object> {
  return hasMember(source, 'open') && typeof (source as { open: unknown }).open === 'function';
}

function isSubscribable(source: unknown): source is Subscribable<object> {
  return hasMember(source, 'subscribe');
}

function isIterable(source: unknown): source is AsyncIterable<object> | Iterable<object> {
  return hasMember(source, Symbol.asyncIterator) || hasMember(source, Symbol.iterator);
}

export function isSource(source: unknown): source is Source<object> {
  return isReplayable(source) || isSubscribable(source) || isIterable(source);
}

function hasMember(value: unknown, key: PropertyKey): boolean {
  return value !== null && (typeof value === 'object' || typeof value === 'function') && key in value;
}

/** An iterator that is its own iterable, or a stream: a second reading would find nothing, silently. */
function isSpendable(source: AsyncIterable<object> | Iterable<object>): boolean {
  return 'next' in source || 'pipe' in source || 'getReader' in source;
}

function refuseSpent(source: object): void {
  if (spent.has(source)) {
    refuse(
      DAT712({
        message: 'the source has been read already and cannot start again',
        span: nowhere,
        expected: 'a source for each epoch, part and run',
        received: 'one iterator or stream',
        hint: 'pass a function that opens the source anew: from(schema, () => readings(), …)',
      }),
    );
  }
  spent.add(source);
}

function checkEdge({ capacity, overflow }: Edge): void {
  if (capacity !== undefined && !(Number.isInteger(capacity) && capacity > 0)) {
    refuse(
      DAT715({
        message: 'the capacity of a source must be a whole number of rows',
        span: nowhere,
        expected: '1 or more',
        received: valueText(capacity),
      }),
    );
  }
  if (isSpool(overflow)) {
    if (capacity === undefined && overflow.bytes > 0) return;
    refuse(
      DAT715({
        message: 'a spool is bounded by bytes',
        span: nowhere,
        expected: 'spool(directory, { bytes }), and no capacity',
        received: capacity === undefined ? `bytes: ${valueText(overflow.bytes)}` : `capacity: ${capacity}`,
      }),
    );
  }
  if (overflow !== undefined && !policies.includes(overflow)) {
    refuse(
      DAT715({
        message: 'there is no such overflow policy',
        span: nowhere,
        expected: [...policies, 'spool(directory)'].join(', '),
        received: valueText(overflow),
      }),
    );
  }
}

/** Rows that are asked for one by one do not wait anywhere. */
function refuseEdge({ capacity, overflow }: Edge): void {
  if (capacity === undefined && (overflow === undefined || overflow === 'block')) return;
  refuse(
    DAT715({
      message: 'a source that is pulled has no rows waiting, so nothing can overflow',
      span: nowhere,
      expected: 'capacity and overflow for sources that push their rows only',
      received: overflow === undefined ? `capacity: ${capacity}` : `overflow: ${valueText(overflow)}`,
      hint: 'leave them out, or put .prefetch(rows) behind the source to read ahead',
    }),
  );
}

function statedOverflow({ overflow }: Edge): Exclude<Overflow, 'block'> {
  if (overflow !== undefined && overflow !== 'block' && !isSpool(overflow)) return overflow;
  return refuse(
    DAT710({
      message:
        overflow === undefined
          ? 'a source that pushes cannot be paused, and nothing says what happens when it is too fast'
          : "a source that pushes cannot be paused, so overflow: 'block' cannot be kept",
      span: nowhere,
      expected: [...policies.filter((policy) => policy !== 'block'), 'spool(directory)'].join(', '),
      received: overflow === undefined ? 'no overflow' : valueText(overflow),
      hint: "from(schema, source, { capacity: 1024, overflow: 'dropOldest' }), or pass an AsyncIterable, which is pulled",
    }),
  );
}
