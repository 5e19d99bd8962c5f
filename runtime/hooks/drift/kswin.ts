/** KSWIN: the newest values of a window against a sample of the older ones, by the Kolmogorov–Smirnov test. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import { mix } from '../../data/mix.ts';
import { rule } from '../../run/check-options.ts';
import { defineDetector } from './define-detector.ts';
import { atLeast2, between0And1 } from './detector-rules.ts';
import type { Direction } from './sided.ts';
import { directionRule } from './sided.ts';

export interface KswinOptions {
  /** The chance of a false alarm in one test, about. Default 0.005. */
  readonly alpha?: number | undefined;
  /** Values in the window, the paper's n. Default 100. */
  readonly windowSize?: number | undefined;
  /** How many of the newest are compared with as many of the others, the paper's r. Default 30. */
  readonly statSize?: number | undefined;
  /** `up`: the values become larger; `both`: their distribution changes in any way. Default `both`. */
  readonly direction?: Direction | undefined;
  /** Draws the samples. Default 0. */
  readonly seed?: number | undefined;
}

export interface KswinState {
  /** Values so far: counts the samples. */
  readonly seen: number;
  /** The newest values, the oldest of them first. */
  readonly window: readonly number[];
}

/**
 * Kolmogorov–Smirnov windowing (Raab, Heusinger & Schleif 2020, "Reactive soft prototype computing for concept drift
 * streams"): of the last n values, the newest r and r drawn from the others have distribution functions that are more than
 * √(−ln α / r) apart: drift, and only the newest r stay. Sees changes of any kind, of values of any size; it tests at each value,
 * so false alarms are more frequent than α suggests.
 */
export const kswin = defineDetector(
  'kswin',
  ({ alpha = 0.005, windowSize = 100, statSize = 30, direction = 'both', seed = 0 }: KswinOptions = {}) => {
    if (windowSize < 2 * statSize) refuseSizes(windowSize, statSize);
    const critical = Math.sqrt(-Math.log(alpha) / statSize);
    const initialState: KswinState = { seen: 0, window: [] };
    return {
      initialState,
      update(state, value) {
        const seen = state.seen + 1;
        const window = [...state.window.slice(-(windowSize - 1)), value];
        if (window.length < windowSize) return { state: { seen, window }, verdict: 'stable' };
        const newest = window.slice(-statSize);
        const sample = drawn(window.slice(0, -statSize), statSize, seed, seen);
        if (distance(sample, newest, direction) <= critical)
          return { state: { seen, window }, verdict: 'stable' };
        return { state: { seen, window: newest }, verdict: 'drift' };
      },
    };
  },
  {
    takes: 'numbers',
    options: {
      alpha: between0And1,
      windowSize: atLeast2,
      statSize: rule.positive('of values'),
      direction: directionRule,
      seed: rule.seed,
    },
    examples: [
      { of: {}, falseAlarms: 45, delay: 100 },
      { of: { alpha: 0.0001, windowSize: 300, statSize: 50, direction: 'up' }, falseAlarms: 2, delay: 50 },
    ],
  },
);

function refuseSizes(windowSize: number, statSize: number): never {
  return refuse(
    RUN801({
      message: 'kswin cannot use this value of windowSize',
      span: siteSpan(),
      expected: `${2 * statSize} or more: statSize newest values, and as many others at least`,
      received: String(windowSize),
    }),
  );
}

/** `count` of the values, each once: the first steps of a Fisher–Yates shuffle, by counter. */
function drawn(values: number[], count: number, seed: number, counter: number): number[] {
  for (let i = 0; i < count; i++) {
    const at = i + Math.floor((mix(seed, counter, i) / 2 ** 32) * (values.length - i));
    const [here = 0, there = 0] = [values[i], values[at]];
    values[i] = there;
    values[at] = here;
  }
  return values.slice(0, count);
}

/** The largest gap between the distribution functions; of `up`, where the newer values are the larger ones. */
function distance(older: readonly number[], newer: readonly number[], direction: Direction): number {
  const [a, b] = [older, newer].map((values) => values.toSorted((x, y) => x - y));
  let [up, down, i, j] = [0, 0, 0, 0];
  if (!a || !b) return 0;
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i] ?? 0, b[j] ?? 0);
    // Equal values are passed together: the functions are compared between jumps.
    while (i < a.length && a[i] === x) i++;
    while (j < b.length && b[j] === x) j++;
    const gap = i / a.length - j / b.length;
    up = Math.max(up, gap);
    down = Math.max(down, -gap);
  }
  return direction === 'up' ? up : direction === 'down' ? down : Math.max(up, down);
}
