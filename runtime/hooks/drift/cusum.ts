/** CUSUM: the sum of standardised values beyond an allowance, from where it was last zero. */
import { rule } from '../../run/check-options.ts';
import { defineDetector } from './define-detector.ts';
import { atLeast2, notNegative, positive } from './detector-rules.ts';
import type { Moments } from './moments.ts';
import { including, noMoments } from './moments.ts';
import type { Direction } from './sided.ts';
import { directionRule, sided } from './sided.ts';

export interface CusumOptions {
  /** The mean while nothing is wrong. Default: that of the values so far. */
  readonly target?: number | undefined;
  /** The standard deviation while nothing is wrong. Default: that of the values so far. */
  readonly deviation?: number | undefined;
  /** What a value may be above the target without counting, in standard deviations: k. Default 0.5. */
  readonly slack?: number | undefined;
  /** The sum at which there is a drift, in standard deviations: h. Default 8. */
  readonly threshold?: number | undefined;
  /** Values that mean and deviation are learned from first, where one is not given. Default 30. */
  readonly minInstances?: number | undefined;
  /** Which changes are drift. Default `up`. */
  readonly direction?: Direction | undefined;
}

export interface CusumSide {
  readonly values: Moments;
  readonly sum: number;
}

const start: CusumSide = { values: noMoments, sum: 0 };

/**
 * The tabular CUSUM (Page 1954, "Continuous inspection schemes"): S ← max(0, S + (x − μ)/σ − k), and a drift where S is
 * above h. It finds shifts of 2k standard deviations the quickest. Of normal values with known μ and σ, a side gives a false alarm
 * about every (e^b − b − 1)/(2k²) values, b = 2k(h + 1.166) (Siegmund 1985): 19,000 with the defaults, 940 at h = 5. Without
 * `target` or `deviation` they are those of the values before this one, after `minInstances` of them (self-starting, Hawkins 1987).
 */
export const cusum = defineDetector(
  'cusum',
  ({
    target,
    deviation,
    slack = 0.5,
    threshold = 8,
    minInstances = 30,
    direction = 'up',
  }: CusumOptions = {}) => {
    const isKnown = target !== undefined && deviation !== undefined;
    return sided<CusumSide>(direction, (sign) => ({
      initialState: start,
      update({ values, sum }, value) {
        const scale = deviation ?? Math.sqrt(values.spread / Math.max(1, values.size - 1));
        const next = including(values, value);
        // Values that have all been alike give no scale.
        if ((!isKnown && values.size < minInstances) || scale === 0)
          return { state: { values: next, sum }, verdict: 'stable' };
        const above = (sign * (value - (target ?? values.mean))) / scale;
        const total = Math.max(0, sum + above - slack);
        if (total > threshold) return { state: start, verdict: 'drift' };
        return { state: { values: next, sum: total }, verdict: 'stable' };
      },
    }));
  },
  {
    takes: 'numbers',
    options: {
      target: rule.finite,
      deviation: positive,
      slack: notNegative,
      threshold: positive,
      minInstances: atLeast2,
      direction: directionRule,
    },
    examples: [
      { of: {}, falseAlarms: 2, delay: 20 },
      { of: { target: 0, deviation: 1, threshold: 5, direction: 'both' }, falseAlarms: 30, delay: 12 },
    ],
  },
);
