/** Page–Hinkley: how far the values have risen above their running mean, beyond what is allowed. */
import { rule } from '../../run/check-options.ts';
import { defineDetector } from './define-detector.ts';
import { notNegative, positive, upTo1 } from './detector-rules.ts';
import type { Direction } from './sided.ts';
import { directionRule, sided } from './sided.ts';

export interface PageHinkleyOptions {
  /** Values before the first verdict. Default 30. */
  readonly minInstances?: number | undefined;
  /** What a value may be above the mean without counting. Default 0.005. */
  readonly delta?: number | undefined;
  /** The sum at which there is a drift, the λ of the literature. Default 50. */
  readonly threshold?: number | undefined;
  /** How much of the sum is kept from one value to the next. Default 0.9999. */
  readonly alpha?: number | undefined;
  /** Which changes are drift. Default `up`. */
  readonly direction?: Direction | undefined;
}

export interface PageHinkleySide {
  readonly seen: number;
  readonly mean: number;
  /** The sum of rises above its least. */
  readonly sum: number;
}

const start: PageHinkleySide = { seen: 0, mean: 0, sum: 0 };

/**
 * The Page–Hinkley test (Page 1954, "Continuous inspection schemes"; in this form Gama et al. 2014, "A survey on concept
 * drift adaptation", §3.2.1): with x̄ the mean so far, g ← max(0, α·g + x − x̄ − δ), and a drift where g is above λ. `delta` and
 * `threshold` are in the values' units: with the defaults, an error rate that rises by 0.5 is found after about 100 values.
 */
export const pageHinkley = defineDetector(
  'pageHinkley',
  ({
    minInstances = 30,
    delta = 0.005,
    threshold = 50,
    alpha = 0.9999,
    direction = 'up',
  }: PageHinkleyOptions = {}) =>
    sided<PageHinkleySide>(direction, (sign) => ({
      initialState: start,
      update(state, given) {
        const value = sign * given;
        const seen = state.seen + 1;
        const mean = state.mean + (value - state.mean) / seen;
        const sum = Math.max(0, alpha * state.sum + value - mean - delta);
        if (seen >= minInstances && sum > threshold) return { state: start, verdict: 'drift' };
        return { state: { seen, mean, sum }, verdict: 'stable' };
      },
    })),
  {
    takes: 'numbers',
    options: {
      minInstances: rule.positive('of values'),
      delta: notNegative,
      threshold: positive,
      alpha: upTo1,
      direction: directionRule,
    },
    examples: [
      { of: {}, on: 'errors', falseAlarms: 1, delay: 180 },
      { of: { delta: 0.5, threshold: 12, direction: 'both', alpha: 1 }, falseAlarms: 1, delay: 25 },
    ],
  },
);
