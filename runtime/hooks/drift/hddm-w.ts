/** HDDM_W: weighted averages before and since the best cut, by McDiarmid's bound. */
import { defineDetector } from './define-detector.ts';
import { between0And1, upTo1 } from './detector-rules.ts';
import type { Direction } from './sided.ts';
import { directionRule, sided } from './sided.ts';

export interface HddmWOptions {
  /** The chance of a false drift in one test. Default 0.001. */
  readonly driftConfidence?: number | undefined;
  /** The chance of a false warning in one test. Default 0.005. */
  readonly warningConfidence?: number | undefined;
  /** The weight of the newest value, the paper's λ. Default 0.05. */
  readonly lambda?: number | undefined;
  /** Which changes are drift. Default `up`: errors become more. */
  readonly direction?: Direction | undefined;
}

interface Average {
  readonly mean: number;
  /** The sum of the squared weights: what McDiarmid's bound asks for. */
  readonly squares: number;
}

export interface HddmWSide {
  readonly all: Average | null;
  /** The average at the cut, where average + bound was least. */
  readonly before: Average | null;
  /** Of the values since the cut. */
  readonly since: Average | null;
}

const start: HddmWSide = { all: null, before: null, since: null };

/**
 * The W-test of HDDM (Frías-Blanco et al. 2015): exponentially weighted averages, whose squared weights sum up to v, up to
 * the cut and since then; (since − before) above √((v_before + v_since)·ln(1/α)/2) is a drift at α = 0.001 and a warning at
 * 0.005. The cut moves on whenever average + ε is below that of the cut. For slow changes of values in [0, 1].
 * With `both`, each side has half of the chance.
 */
export const hddmW = defineDetector(
  'hddmW',
  ({
    driftConfidence = 0.001,
    warningConfidence = 0.005,
    lambda = 0.05,
    direction = 'up',
  }: HddmWOptions = {}) => {
    const sides = direction === 'both' ? 2 : 1;
    const bound = (squares: number, chance: number): number =>
      Math.sqrt((squares * Math.log(sides / chance)) / 2);
    const reach = ({ mean, squares }: Average): number => mean + bound(squares, driftConfidence);
    const including = (average: Average | null, value: number): Average =>
      average === null
        ? { mean: value, squares: 1 }
        : {
            mean: lambda * value + (1 - lambda) * average.mean,
            squares: lambda ** 2 + (1 - lambda) ** 2 * average.squares,
          };
    return sided<HddmWSide>(direction, (sign) => ({
      initialState: start,
      update(state, given) {
        const value = sign === 1 ? given : 1 - given;
        const all = including(state.all, value);
        if (state.before === null || reach(all) < reach(state.before))
          return { state: { all, before: all, since: null }, verdict: 'stable' };
        const { before } = state;
        const since = including(state.since, value);
        const isBeyond = (chance: number): boolean =>
          since.mean - before.mean > bound(before.squares + since.squares, chance);
        if (isBeyond(driftConfidence)) return { state: start, verdict: 'drift' };
        return { state: { all, before, since }, verdict: isBeyond(warningConfidence) ? 'warning' : 'stable' };
      },
    }));
  },
  {
    takes: 'fractions',
    options: {
      driftConfidence: between0And1,
      warningConfidence: between0And1,
      lambda: upTo1,
      direction: directionRule,
    },
    examples: [
      { of: { lambda: 0.02 }, falseAlarms: 1, delay: 150 },
      { of: { direction: 'both', lambda: 0.02 }, falseAlarms: 1, delay: 150 },
      { of: {}, on: 'errors', falseAlarms: 2, delay: 60 },
    ],
  },
);
