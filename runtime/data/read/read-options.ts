/** How a dataset is read by hand: as one epoch of a run would. */

import { EventLoopSlices } from '../../run/event-loop-slices.ts';
import { defaultSeed } from '../../run/options.ts';
import type { DataContext } from '../rows.ts';

export interface ReadOptions {
  /** What shuffles and draws are keyed by. Default: that of runs. */
  readonly seed?: number | undefined;
  /** Which epoch is read, from 0. Default 0. */
  readonly epoch?: number | undefined;
  /** Ends the reading: it fails with the signal's reason, and the sources are closed. */
  readonly signal?: AbortSignal | undefined;
}

export function contextOf({ seed = defaultSeed, signal }: ReadOptions): DataContext {
  return {
    seed,
    slices: new EventLoopSlices(),
    tables: new Map(),
    onRejected: () => {},
    now: () => Date.now(),
    signal,
  };
}

/** Closes what is read when the signal says so, and gives a function that stops listening. */
export function closing(source: { close(): void }, signal: AbortSignal | undefined): () => void {
  const close = (): void => source.close();
  signal?.addEventListener('abort', close, { once: true });
  return () => {
    signal?.removeEventListener('abort', close);
    source.close();
  };
}
