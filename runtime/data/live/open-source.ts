/** Opens what `from` was given: an iterable, a subscribable, or a function that makes one. */
import { DAT705, DAT710, DAT712, DAT715 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Edge, Overflow, Source, Subscribable } from '../../../dsl/dataset.ts';
import { valueText } from '../value-text.ts';
import type { Cursor } from './cursor.ts';
import { pulledCursor } from './pulled-cursor.ts';
import { pushedCursor } from './pushed-cursor.ts';
import { sourceFailure } from './source-failure.ts';

/** Rows that wait, where `capacity` is not given. */
const defaultCapacity = 1024;

const policies: readonly Overflow[] = ['block', 'dropOldest', 'dropNewest', 'latest', 'sample', 'error'];

/** Iterators that were opened: they give their rows once, to whoever comes first. */
const spent = new WeakSet<object>();

export interface SourceContext {
  readonly key: readonly number[];
  readonly onDropped: (rows: number) => void;
}

export function openSource(
  given: Source<object> | (() => Source<object>),
  edge: Edge,
  { key, onDropped }: SourceContext,
): Cursor {
  checkEdge(edge);
  const source = typeof given === 'function' && !isSource(given) ? made(given) : given;
  if (isSubscribable(source)) {
    const { capacity = defaultCapacity } = edge;
    return pushedCursor(source, { capacity, overflow: statedOverflow(edge), key, onDropped });
  }
  if (isIterable(source)) {
    refuseSpent(source);
    return pulledCursor(source);
  }
  return refuse(
    DAT705({
      message: 'from needs a source of rows',
      span: nowhere,
      expected: 'an Observable, an AsyncIterable, an Iterable, or a function that gives one',
      received: valueText(source),
    }),
  );
}

function made(make: () => Source<object>): Source<object> {
  try {
    return make();
  } catch (error) {
    throw sourceFailure(error);
  }
}

function isSubscribable(source: unknown): source is Subscribable<object> {
  return hasMember(source, 'subscribe');
}

function isIterable(source: unknown): source is AsyncIterable<object> | Iterable<object> {
  return hasMember(source, Symbol.asyncIterator) || hasMember(source, Symbol.iterator);
}

export function isSource(source: unknown): source is Source<object> {
  return isSubscribable(source) || isIterable(source);
}

function hasMember(value: unknown, key: PropertyKey): boolean {
  return value !== null && (typeof value === 'object' || typeof value === 'function') && key in value;
}

/** An iterator that is its own iterable cannot begin again, so a second reading would find nothing, silently. */
function refuseSpent(source: AsyncIterable<object> | Iterable<object>): void {
  const own: unknown =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator] : source[Symbol.iterator];
  const selfIterating = typeof own === 'function' && 'next' in source;
  if (!selfIterating) return;
  if (spent.has(source)) {
    refuse(
      DAT712({
        message: 'the source has been read already and cannot start again',
        span: nowhere,
        expected: 'a source for each epoch, part and run',
        received: 'one iterator',
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
  if (overflow !== undefined && !policies.includes(overflow)) {
    refuse(
      DAT715({
        message: 'there is no such overflow policy',
        span: nowhere,
        expected: policies.join(', '),
        received: valueText(overflow),
      }),
    );
  }
}

function statedOverflow({ overflow }: Edge): Exclude<Overflow, 'block'> {
  if (overflow !== undefined && overflow !== 'block') return overflow;
  return refuse(
    DAT710({
      message:
        overflow === undefined
          ? 'a source that pushes cannot be paused, and nothing says what happens when it is too fast'
          : "a source that pushes cannot be paused, so overflow: 'block' cannot be kept",
      span: nowhere,
      expected: policies.filter((policy) => policy !== 'block').join(', '),
      received: overflow ?? 'no overflow',
      hint: "from(schema, source, { capacity: 1024, overflow: 'dropOldest' }), or pass an AsyncIterable, which is pulled",
    }),
  );
}
