/** ADWIN: a window that grows while its values agree, and drops its older part when the two parts have different means. */
import { rule } from '../../run/check-options.ts';
import { defineDetector } from './define-detector.ts';
import { between0And1 } from './detector-rules.ts';
import type { Moments } from './moments.ts';
import { joined, noMoments } from './moments.ts';
import type { Direction } from './sided.ts';
import { directionRule } from './sided.ts';

export interface AdwinOptions {
  /** Bounds the chance of a false alarm. Default 0.002. */
  readonly delta?: number | undefined;
  /** How many buckets of one size there may be, the paper's M. Default 5. */
  readonly maxBuckets?: number | undefined;
  /** After how many values the window is looked at. Default 32; the paper looks at each. */
  readonly clock?: number | undefined;
  /** How many values each part must have. Default 5. */
  readonly minWindow?: number | undefined;
  /** How many values the window must have before it is looked at. Default 10. */
  readonly gracePeriod?: number | undefined;
  /** Which changes are told; the window forgets at all of them. Default `both`. */
  readonly direction?: Direction | undefined;
}

export interface AdwinState {
  /** Values so far. */
  readonly seen: number;
  /** The window: neighbouring values in groups of 1, 2, 4, …, the oldest first. */
  readonly buckets: readonly Moments[];
}

const start: AdwinState = { seen: 0, buckets: [] };

/**
 * ADWIN2 (Bifet & Gavaldà 2007, "Learning from time-changing data with adaptive windowing", §4): where the window W of n
 * values can be cut into n₀ older and n₁ newer ones whose means are at least ε = √((2/m)·σ²·ln(2/δ′)) + (2/3m)·ln(2/δ′)
 * apart, 1/m = 1/n₀ + 1/n₁, δ′ = δ/ln n, the oldest bucket goes, and again until no cut is left. Keeps O(M·log(n/M))
 * numbers. The bound is proven for values in [0, 1]; for others of about that size it is a good test. `clock`, `minWindow`
 * and `gracePeriod` are as in the authors' implementation in MOA.
 */
export const adwin = defineDetector(
  'adwin',
  ({
    delta = 0.002,
    maxBuckets = 5,
    clock = 32,
    minWindow = 5,
    gracePeriod = 10,
    direction = 'both',
  }: AdwinOptions = {}) => ({
    initialState: start,
    update(state, value) {
      const seen = state.seen + 1;
      let buckets = compressed([...state.buckets, { size: 1, mean: value, spread: 0 }], maxBuckets);
      let isDrift = false;
      while (seen % clock === 0) {
        const change = firstCut(buckets, { delta, minWindow, gracePeriod });
        if (change === 0) break;
        buckets = buckets.slice(1);
        if (direction === 'both' || direction === (change > 0 ? 'up' : 'down')) isDrift = true;
      }
      return { state: { seen, buckets }, verdict: isDrift ? 'drift' : 'stable' };
    },
  }),
  {
    takes: 'numbers',
    options: {
      delta: between0And1,
      maxBuckets: rule.positive('of buckets'),
      clock: rule.positive('of values'),
      minWindow: rule.positive('of values'),
      gracePeriod: rule.count('of values'),
      direction: directionRule,
    },
    examples: [
      { of: {}, on: 'errors', falseAlarms: 1, delay: 96 },
      { of: { delta: 0.05, clock: 1, maxBuckets: 3 }, on: 'fractions', falseAlarms: 1, delay: 40 },
      { of: { direction: 'up', minWindow: 20 }, on: 'fractions', falseAlarms: 1, delay: 96 },
    ],
  },
);

/** Joins the two oldest buckets of a size where there are more than `most`, which may make too many of twice that size. */
function compressed(buckets: Moments[], most: number): Moments[] {
  let end = buckets.length;
  for (let size = 1; ; size *= 2) {
    let first = end;
    while (first > 0 && buckets.at(first - 1)?.size === size) first--;
    const [oldest, next] = buckets.slice(first, first + 2);
    if (end - first <= most || !oldest || !next) return buckets;
    buckets.splice(first, 2, joined(oldest, next));
    end = first + 1;
  }
}

interface Limits {
  readonly delta: number;
  readonly minWindow: number;
  readonly gracePeriod: number;
}

/** By how much the newer mean is above the older one at the first cut that separates them; 0 where none does. */
function firstCut(buckets: readonly Moments[], { delta, minWindow, gracePeriod }: Limits): number {
  const whole = buckets.reduce(joined, noMoments);
  if (whole.size <= gracePeriod) return 0;
  const variance = whole.spread / whole.size;
  const log = Math.log((2 * Math.log(whole.size)) / delta);
  let older = noMoments;
  for (const bucket of buckets) {
    older = joined(older, bucket);
    const newer = whole.size - older.size;
    if (newer < minWindow || newer === 0) return 0;
    if (older.size < minWindow) continue;
    const inverse = 1 / older.size + 1 / newer;
    const bound = Math.sqrt(2 * inverse * variance * log) + (2 / 3) * inverse * log;
    // The mean of the rest follows from the whole: whole·n = older·n₀ + newer·n₁.
    const change = ((whole.mean - older.mean) * whole.size) / newer;
    if (Math.abs(change) >= bound) return change;
  }
  return 0;
}
