/** DDM: the error rate of a learner should fall; where it stands well above its least, the source has changed. */
import { rule } from '../../run/check-options.ts';
import { defineDetector } from './define-detector.ts';
import { positive } from './detector-rules.ts';

export interface DdmOptions {
  /** Values before the first verdict. Default 30. */
  readonly minInstances?: number | undefined;
  /** Standard deviations above the least rate at which there is a warning. Default 2. */
  readonly warningLevel?: number | undefined;
  /** The same for a drift. Default 3. */
  readonly driftLevel?: number | undefined;
}

export interface DdmState {
  readonly seen: number;
  readonly errors: number;
  /** Where rate + deviation was least; null before `minInstances`. */
  readonly least: { readonly rate: number; readonly deviation: number } | null;
}

const start: DdmState = { seen: 0, errors: 0, least: null };

/**
 * The drift detection method (Gama, Medas, Castillo & Rodrigues 2004, "Learning with drift detection"): of i errors (1) and
 * hits (0) with rate p and deviation s = √(p(1 − p)/i), it keeps the p and s at which p + s was least; p + s above
 * p_min + 2·s_min is a warning, above p_min + 3·s_min a drift. For abrupt changes; three numbers of memory.
 */
export const ddm = defineDetector(
  'ddm',
  ({ minInstances = 30, warningLevel = 2, driftLevel = 3 }: DdmOptions = {}) => ({
    initialState: start,
    update(state, value) {
      const seen = state.seen + 1;
      const errors = state.errors + value;
      if (seen < minInstances) return { state: { seen, errors, least: null }, verdict: 'stable' };
      const rate = errors / seen;
      const deviation = Math.sqrt((rate * (1 - rate)) / seen);
      const level = rate + deviation;
      const least =
        state.least && state.least.rate + state.least.deviation < level ? state.least : { rate, deviation };
      if (level > least.rate + driftLevel * least.deviation) return { state: start, verdict: 'drift' };
      const isWarning = level > least.rate + warningLevel * least.deviation;
      return { state: { seen, errors, least }, verdict: isWarning ? 'warning' : 'stable' };
    },
  }),
  {
    takes: 'errors',
    options: {
      minInstances: rule.positive('of values'),
      warningLevel: positive,
      driftLevel: positive,
    },
    examples: [
      { of: {}, falseAlarms: 5, delay: 400 },
      { of: { minInstances: 100, warningLevel: 2.5, driftLevel: 4 }, falseAlarms: 1, delay: 400 },
    ],
  },
);
