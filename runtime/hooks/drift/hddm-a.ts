/** HDDM_A: the mean of all values against their mean up to the best cut, by Hoeffding's bound. */
import { defineDetector } from './define-detector.ts';
import { between0And1 } from './detector-rules.ts';
import type { Direction } from './sided.ts';
import { directionRule, sided } from './sided.ts';

export interface HddmAOptions {
  /** The chance of a false drift in one test. Default 0.001. */
  readonly driftConfidence?: number | undefined;
  /** The chance of a false warning in one test. Default 0.005. */
  readonly warningConfidence?: number | undefined;
  /** Which changes are drift. Default `up`: errors become more. */
  readonly direction?: Direction | undefined;
}

interface Sum {
  readonly size: number;
  readonly sum: number;
}

export interface HddmASide {
  readonly all: Sum;
  /** The values up to the cut, at which mean + bound was least. */
  readonly before: Sum;
}

const none: Sum = { size: 0, sum: 0 };
const start: HddmASide = { all: none, before: none };

/** Hoeffding: the mean of `size` values in [0, 1] is further above its expectation only with this chance. */
const bound = (size: number, chance: number): number => Math.sqrt(Math.log(1 / chance) / (2 * size));

/**
 * The A-test of HDDM (Frías-Blanco et al. 2015, "Online and non-parametric drift detection methods based on Hoeffding's
 * bounds"): the n values up to the cut have mean X̄, all n + m have Z̄; Z̄ − X̄ ≥ √(m/(2n(n + m))·ln(1/α)) is a drift at
 * α = 0.001 and a warning at 0.005. The cut moves on whenever Z̄ + ε is not above X̄ + ε. For abrupt changes of values in [0, 1],
 * errors of batches too. With `both`, each side has half of the chance.
 */
export const hddmA = defineDetector(
  'hddmA',
  ({ driftConfidence = 0.001, warningConfidence = 0.005, direction = 'up' }: HddmAOptions = {}) => {
    const sides = direction === 'both' ? 2 : 1;
    return sided<HddmASide>(direction, (sign) => ({
      initialState: start,
      update(state, given) {
        const value = sign === 1 ? given : 1 - given;
        const all = { size: state.all.size + 1, sum: state.all.sum + value };
        const before = reach(state.before) >= reach(all) ? all : state.before;
        const later = all.size - before.size;
        const rise = all.sum / all.size - before.sum / before.size;
        const isBeyond = (chance: number): boolean =>
          later > 0 && rise >= Math.sqrt((later / (2 * before.size * all.size)) * Math.log(sides / chance));
        if (isBeyond(driftConfidence)) return { state: start, verdict: 'drift' };
        return { state: { all, before }, verdict: isBeyond(warningConfidence) ? 'warning' : 'stable' };
      },
    }));

    /** The mean and its bound; of nothing it is beyond all. */
    function reach({ size, sum }: Sum): number {
      return size === 0 ? Number.POSITIVE_INFINITY : sum / size + bound(size, driftConfidence / sides);
    }
  },
  {
    takes: 'fractions',
    options: {
      driftConfidence: between0And1,
      warningConfidence: between0And1,
      direction: directionRule,
    },
    examples: [
      { of: {}, falseAlarms: 1, delay: 90 },
      { of: { direction: 'both', driftConfidence: 0.01 }, falseAlarms: 1, delay: 80 },
      { of: {}, on: 'errors', falseAlarms: 2, delay: 120 },
    ],
  },
);
