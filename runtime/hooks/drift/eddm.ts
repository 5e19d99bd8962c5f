/** EDDM: errors should come at longer and longer distances; where they come closer together, the source has changed. */
import { defineDetector } from './define-detector.ts';
import { atLeast2, between0And1 } from './detector-rules.ts';
import type { Moments } from './moments.ts';
import { including, noMoments } from './moments.ts';

export interface EddmOptions {
  /** Below this share of the greatest distance there is a warning. Default 0.95. */
  readonly alpha?: number | undefined;
  /** Below this share there is a drift. Default 0.9. */
  readonly beta?: number | undefined;
  /** Errors before the first verdict. Default 30. */
  readonly minErrors?: number | undefined;
}

export interface EddmState {
  /** Values since the last error, null before the first. */
  readonly since: number | null;
  /** The distances between errors. */
  readonly distances: Moments;
  /** The greatest mean + 2·deviation so far; 0 before there are enough errors. */
  readonly greatest: number;
}

const start: EddmState = { since: null, distances: noMoments, greatest: 0 };

/**
 * The early drift detection method (Baena-García et al. 2006): of the distances between errors, with mean p′ and deviation
 * s′, it keeps the greatest p′ + 2·s′ from the 30th error on; p′ + 2·s′ below 0.95 of it is a warning, below 0.9 a drift.
 * For slow changes; quick to give false alarms where errors are many.
 */
export const eddm = defineDetector(
  'eddm',
  ({ alpha = 0.95, beta = 0.9, minErrors = 30 }: EddmOptions = {}) => ({
    initialState: start,
    update(state, value) {
      const since = state.since === null ? null : state.since + 1;
      const distances = value === 1 && since !== null ? including(state.distances, since) : state.distances;
      const next = { since: value === 1 ? 0 : since, distances };
      // So many errors have one distance less between them.
      if (distances.size < minErrors - 1) return { state: { ...next, greatest: 0 }, verdict: 'stable' };
      const reach = distances.mean + 2 * Math.sqrt(distances.spread / distances.size);
      const greatest = Math.max(state.greatest, reach);
      if (reach < beta * greatest) return { state: start, verdict: 'drift' };
      return { state: { ...next, greatest }, verdict: reach < alpha * greatest ? 'warning' : 'stable' };
    },
  }),
  {
    takes: 'errors',
    options: { alpha: between0And1, beta: between0And1, minErrors: atLeast2 },
    examples: [
      { of: {}, falseAlarms: 20, delay: 200 },
      { of: { minErrors: 100, alpha: 0.9, beta: 0.8 }, falseAlarms: 1, delay: 350 },
    ],
  },
);
