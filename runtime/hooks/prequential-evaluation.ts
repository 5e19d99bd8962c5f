/** Tells at intervals how good the predictions of a stream have been lately. */
import { report } from '../commands/report.ts';
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import { batchValue, checkBatchMonitor } from './batch-value.ts';
import { defineHookKind } from './define-hook.ts';
import type { PrequentialOptions } from './prequential.ts';
import { prequential, prequentialRules } from './prequential.ts';

export interface PrequentialEvaluationOptions extends PrequentialOptions {
  /** `loss`, `losses.NAME` of an objective, or a metric by its name, which must be a mean over rows. Default `loss`. */
  readonly monitor?: string | undefined;
  /** After how many steps the estimate is told, again and again. Default 100. */
  readonly every?: number | undefined;
}

const rules: OptionRules<PrequentialEvaluationOptions> = {
  ...prequentialRules,
  monitor: rule.text,
  every: rule.positive('of steps'),
};

/**
 * Makes a `prequentialEvaluated` event every so many steps: the estimate of `prequential` on the values of batches, which are
 * of the weights before the batch was trained on: each row is a test first, and an example afterwards. A batch counts as one value, and
 * `window` and `delay` are in batches. Values that are no numbers are passed over.
 *
 *     prequentialEvaluation({ monitor: 'accuracy', window: 1000, every: 500 })
 *
 * Refuses a wrong option with RUN801, and what the run does not have with RUN805.
 */
export const prequentialEvaluation = defineHookKind(
  'prequentialEvaluation',
  (options: PrequentialEvaluationOptions = {}) => {
    checkOptions('prequentialEvaluation', options, rules);
    const { monitor = 'loss', every = 100, window, fading, delay } = options;
    const machine = prequential({ window, fading, delay });
    return {
      initialState: machine.initialState,
      events: ['runStarted', 'runResumed', 'batchFinished'],
      batchMetrics: monitor !== 'loss',
      on(state, event) {
        if (event.type === 'runStarted' || event.type === 'runResumed')
          checkBatchMonitor('prequentialEvaluation', monitor, event);
        if (event.type !== 'batchFinished') return undefined;
        const value = batchValue('prequentialEvaluation', monitor, event);
        if (!Number.isFinite(value)) return undefined;
        const { state: next, estimate } = machine.update(state, value);
        const isDue = estimate !== null && event.step % every === 0;
        return {
          state: next,
          commands: isDue
            ? [report({ type: 'prequentialEvaluated', monitor, estimate, count: next.count })]
            : [],
        };
      },
    };
  },
  { examples: [[{ every: 1 }], [{ monitor: 'error', window: 3, delay: 2, every: 2 }]] },
);
