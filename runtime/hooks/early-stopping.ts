/** Stops training when what it watches has not become better for a while. */
import { atEnd, restore, snapshot } from '../commands/snapshot.ts';
import { stop } from '../commands/stop.ts';
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import { defineHookKind } from './define-hook.ts';
import { checkMonitor, directionOf, monitored } from './monitor.ts';

export interface EarlyStoppingOptions {
  /** `loss`, a metric's name, `validation.loss` or `validation.NAME`. Default `validation.loss`. */
  readonly monitor?: string | undefined;
  /** A change counts as better only when it is greater than this. Default 0. */
  readonly minDelta?: number | undefined;
  /** How many epochs in a row may pass without anything better. Default 0. */
  readonly patience?: number | undefined;
  /** Which way is better; default `auto`: losses and errors down, accuracies and the like up. */
  readonly mode?: 'auto' | 'min' | 'max' | undefined;
  /** A value that must be beaten as well before patience is renewed. */
  readonly baseline?: number | undefined;
  /** How many epochs pass before watching begins. Default 0. */
  readonly startFromEpoch?: number | undefined;
  /** Ends with the best epoch's weights, however the run ends: stopped, finished, cancelled or failed. */
  readonly restoreBest?: boolean | undefined;
}

export interface EarlyStoppingState {
  /** The best value so far; null before there is one. */
  readonly best: number | null;
  readonly bestEpoch: number;
  /** Epochs since patience was renewed. */
  readonly waited: number;
}

const generation = 'earlyStopping.best';

const rules: OptionRules<EarlyStoppingOptions> = {
  monitor: rule.text,
  minDelta: rule.finite,
  patience: rule.count('of epochs'),
  mode: rule.oneOf('auto', 'min', 'max'),
  baseline: rule.finite,
  startFromEpoch: rule.count('of epochs'),
  restoreBest: rule.flag,
};

/** Stops the run when `monitor` has not become better for `patience` epochs: Keras's EarlyStopping. */
export const earlyStopping = defineHookKind(
  'earlyStopping',
  (options: EarlyStoppingOptions = {}) => {
    const { monitor = 'validation.loss', minDelta = 0, patience = 0, baseline, startFromEpoch = 0 } = options;
    const { restoreBest = false } = options;
    checkOptions('earlyStopping', options, rules);
    const direction = directionOf('earlyStopping', monitor, options.mode ?? 'auto');
    const better = (value: number, than: number): boolean => direction * (value - than) > Math.abs(minDelta);
    const keep = restoreBest ? [snapshot(generation), atEnd(restore(generation))] : [];
    const initialState: EarlyStoppingState = { best: null, bestEpoch: 0, waited: 0 };
    return {
      initialState,
      events: ['runStarted', 'runResumed', 'epochFinished'],
      on(state, event) {
        if (event.type === 'runStarted' || event.type === 'runResumed')
          checkMonitor('earlyStopping', monitor, event);
        if (event.type !== 'epochFinished' || event.epoch <= startFromEpoch) return undefined;
        const value = monitored(monitor, event);
        // Without an evaluation in this epoch there is nothing to go by.
        if (value === undefined) return undefined;
        if (Number.isFinite(value) && (state.best === null || better(value, state.best))) {
          const renewed = baseline === undefined || better(value, baseline);
          const next = { best: value, bestEpoch: event.epoch, waited: renewed ? 0 : state.waited + 1 };
          return { state: next, commands: keep };
        }
        const next = { ...state, waited: state.waited + 1 };
        return { state: next, commands: event.epoch > 1 ? verdict(next) : [] };
      },
    };

    function verdict({ waited, best, bestEpoch }: EarlyStoppingState) {
      if (waited < patience) return [];
      const record = best === null ? 'it was never a number' : `the best was ${best} in epoch ${bestEpoch}`;
      return [stop(`earlyStopping: ${monitor} has not become better for ${waited} epochs; ${record}`)];
    }
  },
  {
    examples: [
      [{ monitor: 'loss', patience: 1 }],
      [{ patience: 2, restoreBest: true }],
      [{ monitor: 'validation.error', mode: 'max' }],
    ],
  },
);
