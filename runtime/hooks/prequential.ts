/** The prequential estimate: how good predictions have been lately, each made before its label was learned from. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import { upTo1 } from './drift/detector-rules.ts';

export interface PrequentialOptions {
  /** The estimate is the mean of so many of the newest values. */
  readonly window?: number | undefined;
  /** Each value counts so much as the one after it, in (0, 1]: 1 is the mean of all. Default 0.999. */
  readonly fading?: number | undefined;
  /** How many values later a label comes, and its value counts. Default 0. */
  readonly delay?: number | undefined;
}

export interface PrequentialState {
  /** Values whose labels are still to come, the oldest first. */
  readonly pending: readonly number[];
  /** The values in the window; none with `fading`. */
  readonly window: readonly number[];
  /** The faded sum of values, and of as many ones. */
  readonly sum: number;
  readonly weight: number;
  /** How many values have counted. */
  readonly count: number;
}

/** What a value makes of the estimate: null while no label has come. */
export interface Estimated {
  readonly state: PrequentialState;
  readonly estimate: number | null;
}

/** A Mealy machine on losses, with a state of plain data that is never changed in place. */
export interface Prequential {
  readonly initialState: PrequentialState;
  update(state: PrequentialState, value: number): Estimated;
}

/** The rules of these options. */
export const prequentialRules: OptionRules<PrequentialOptions> = {
  window: rule.positive('of values'),
  fading: upTo1,
  delay: rule.count('of values'),
};

const start: PrequentialState = { pending: [], window: [], sum: 0, weight: 0, count: 0 };

/**
 * The predictive sequential error (Gama, Sebastião & Rodrigues 2013, "On evaluating stream learning algorithms"): over a
 * sliding `window`, or with a `fading` factor α, S ← x + α·S, N ← 1 + α·N, estimate S/N. A window remembers its values, a
 * factor two numbers. Refuses both at once with RUN801.
 *
 *     const { initialState, update } = prequential({ window: 1000 });
 *     const { state, estimate } = update(initialState, 0.25);
 */
export function prequential(options: PrequentialOptions = {}): Prequential {
  checkOptions('prequential', options, prequentialRules);
  const { window, fading = 0.999, delay = 0 } = options;
  if (window !== undefined && options.fading !== undefined) refuseBoth();
  return {
    initialState: start,
    update(state, value) {
      const pending = [...state.pending, value];
      if (pending.length <= delay) return { state: { ...state, pending }, estimate: estimateOf(state) };
      const [due = 0, ...waiting] = pending;
      const known = { ...state, pending: waiting, count: state.count + 1 };
      const next =
        window === undefined
          ? { ...known, sum: due + fading * state.sum, weight: 1 + fading * state.weight }
          : { ...known, window: [...state.window, due].slice(-window) };
      return { state: next, estimate: estimateOf(next) };
    },
  };
}

function estimateOf({ window, sum, weight }: PrequentialState): number | null {
  if (weight > 0) return sum / weight;
  // Added up anew, so that nothing that has left the window leaves its rounding behind.
  return window.length > 0 ? window.reduce((all, value) => all + value, 0) / window.length : null;
}

function refuseBoth(): never {
  return refuse(
    RUN801({
      message: 'a prequential estimate has a window or fades, not both',
      span: siteSpan(),
      expected: 'window or fading',
      received: 'both',
    }),
  );
}
