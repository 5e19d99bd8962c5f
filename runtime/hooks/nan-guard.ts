/** What a run does about a step that gives NaN or an infinity. */
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions } from '../run/check-options.ts';
import type { OnNonFinite } from '../run/non-finite/policies.ts';
import { defineHookKind } from './define-hook.ts';

export interface NanGuardOptions {
  /**
   * `fail` ends the run with RUN802, which names the op, its place and the row · `skip` leaves the batch out · `clip` takes the
   * step, with no parameter changed by more than so much · `rollback` goes back to where all was finite and leaves out the
   * batches since. Default `fail`.
   */
  readonly onNonFinite?: OnNonFinite | undefined;
}

const rules: OptionRules<NanGuardOptions> = {
  onNonFinite: {
    expected: "'fail', 'skip', 'rollback' or { clip: limit }",
    fits: (policy) =>
      ['fail', 'skip', 'rollback'].includes(policy as string) ||
      (typeof policy === 'object' && policy !== null && isLimit((policy as { clip?: unknown }).clip)),
  },
};

const isLimit = (value: unknown): boolean => typeof value === 'number' && value > 0 && Number.isFinite(value);

/**
 * On with its defaults in every run unless it is told `nanGuard: false`. The run looks at the loss of each step, remembers the
 * last ones, and makes them again op by op when it is no number: `nanGuard({ onNonFinite: 'skip' })`.
 */
export const nanGuard = defineHookKind(
  'nanGuard',
  (options: NanGuardOptions = {}) => {
    checkOptions('nanGuard', options, rules);
    return {
      initialState: undefined,
      onNonFinite: options.onNonFinite ?? 'fail',
      events: [],
      on: () => undefined,
    };
  },
  { examples: [[]] },
);
